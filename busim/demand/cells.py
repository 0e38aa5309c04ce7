"""Cells of a file of requests: text to value, or a reason why not."""

from __future__ import annotations

import math
import re

from busim.errors import did_you_mean
from busim.model.requests import PURPOSES
from busim.units import DAY_S, parse_clock

LATEST_S = 2 * DAY_S - 1
LARGEST_PARTY = 50
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_YES, _NO = ("1", "yes", "true", "y"), ("0", "no", "false", "n", "")


class Unreadable(ValueError):  # noqa: N818  (never leaves the package: it becomes a Problem)
    """A cell that cannot be read: what is wrong, and what would be right."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def time_s(text: str) -> int:
    """Read a time of the service day, as a clock or in seconds; parts of a second are rounded up."""
    remedy = 'write 07:45:00, or "25:30" past midnight, or seconds from midnight such as 27900'
    if _NUMBER.fullmatch(text):
        seconds = float(text)
        if seconds < 0:
            raise Unreadable(f"{text} is negative", "booked on the day before: write 00:00:00")
        if not seconds <= LATEST_S:
            raise Unreadable(f"{text} s is later than 47:59:59", remedy)
        return math.ceil(seconds)
    try:
        return parse_clock(text)
    except ValueError:
        what = f"'{text}' is not a time of day" if text else "is empty"
        raise Unreadable(what, remedy) from None


def number(text: str) -> float:
    """Read a finite decimal number."""
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        what = f"'{text}' is not a number" if text else "is empty"
        raise Unreadable(what, "write a decimal number with a point, such as 12.5")
    return value


def party(text: str) -> int:
    """Read the number of persons; empty is one."""
    if not text:
        return 1
    if not re.fullmatch(r"\d{1,9}", text) or not 1 <= int(text) <= LARGEST_PARTY:
        raise Unreadable(f"'{text}' is not a number of persons", f"a whole number from 1 to {LARGEST_PARTY}")
    return int(text)


def wheelchair(text: str) -> bool:
    """Read whether a wheelchair is used; empty is no."""
    if text.lower() not in (*_YES, *_NO):
        raise Unreadable(f"'{text}' is neither yes nor no", "write yes or no, or 1 or 0")
    return text.lower() in _YES


def purpose(text: str) -> int:
    """Read a purpose as an index into ``PURPOSES``; empty is other."""
    name = text.lower() or "other"
    if name not in PURPOSES:
        raise Unreadable(f"'{text}' is no purpose", did_you_mean(name, PURPOSES))
    return PURPOSES.index(name)


def patience_s(text: str) -> int:
    """Read minutes as seconds; empty is -1, the scenario's patience."""
    if not text:
        return -1
    value = number(text)
    if not 0 < value <= DAY_S / 60:
        raise Unreadable(f"{text} min is no time to wait", "more than 0, at most 1440 minutes; empty: the scenario's")
    return max(1, round(value * 60))

"""Clock times and unit conversions: live times are whole seconds from midnight of the service day."""

from __future__ import annotations

import re
from datetime import time

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400
JOULES_PER_KWH = 3.6e6
METRES_PER_DEGREE_LAT = 111_195.08  # mean Earth radius 6 371 008.8 m

_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$")


def clock(seconds: float) -> str:
    """Show seconds from midnight as ``HH:MM:SS``; hours may pass 24.

    >>> clock(91800)
    '25:30:00'
    """
    whole = int(seconds)
    return f"{whole // HOUR_S:02d}:{whole % HOUR_S // MINUTE_S:02d}:{whole % MINUTE_S:02d}"


def parse_clock(text: str | time) -> int:
    """Read a time of the service day as seconds from midnight; ``"25:30"`` is half past one the next morning.

    Raises
    ------
    ValueError
        If the text is not ``HH:MM`` or ``HH:MM:SS``, or is later than 47:59:59.
    """
    if isinstance(text, time):
        return text.hour * HOUR_S + text.minute * MINUTE_S + text.second
    match = _CLOCK.match(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a time of day; write HH:MM or HH:MM:SS, such as 06:30 or \"25:30\"")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if hours >= 48:
        raise ValueError(f"'{text}' is past 47:59:59")
    return hours * HOUR_S + minutes * MINUTE_S + seconds

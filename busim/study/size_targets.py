"""What a search is asked for: targets with their margins, and the range of a key; told wrong all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from busim.errors import InputError, Problem
from busim.metrics.kpi import Kpi
from busim.study.headline import readable
from busim.study.quantities import Amount, parse_amount
from busim.study.size_search import Target

MOST_CANDIDATES = 10_000
T = TypeVar("T")
_SIGNS = ("<=", ">=")
_AGAINST = {"lower": ">=", "higher": "<="}  # by the better direction of a KPI: the sign that asks for worse
_SHARE_ENDINGS = ("_share", "_rate", "_min", "_utilisation")
_RANGE = re.compile(r"\s*([\w.]+)\s*=\s*(-?\d+)\s*:\s*(-?\d+)\s*(?::\s*(\d+))?\s*")


@dataclass(frozen=True)
class Over:
    """The key that is searched over, and its values in ascending order."""

    key: str
    values: tuple[int, ...]

    def __str__(self) -> str:
        """Tell the range as people read it."""
        step = self.values[1] - self.values[0]
        return f"{self.key} {self.values[0]} to {self.values[-1]}" + (f" by {step}" if step > 1 else "")


def parse_over(text: str) -> Over:
    """Read ``fleet.size=5:60``, or ``fleet.size=10:60:5`` with a step.

    Raises
    ------
    InputError
        If it cannot be read, or has fewer than two values, or too many.
    """
    where, example = "--over", "write --over fleet.size=5:60, or with a step 10:60:5"
    match = _RANGE.fullmatch(text)
    if match is None:
        raise InputError.single(where, f"cannot be read: '{text}'", example)
    key, low, high, step = match[1], int(match[2]), int(match[3]), int(match[4] or 1)
    count = len(range(low, high + 1, step)) if step else 0
    if count < 2:
        what = f"'{text}' has {'no values' if count == 0 else 'only one value'}"
        raise InputError.single(where, what, "give a least and a greatest value, the least first")
    if count > MOST_CANDIDATES:
        raise InputError.single(where, f"has {count} values, at most {MOST_CANDIDATES} are allowed", "give a step")
    return Over(key, tuple(range(low, high + 1, step)))


def parse_targets(targets: Sequence[str], margins: Sequence[str] = ()) -> tuple[Target, ...]:
    """Read targets such as ``wait_p95_s <= 8 min``, and margins such as ``wait_p95_s +- 20 s``.

    Without a margin it is 5 % of the target; of a share a quarter of what is left to 0 or to 1, from 0.005 to 0.02.

    Raises
    ------
    InputError
        With all that cannot be read, met, or met together.
    """
    problems: list[Problem] = [] if targets else [Problem("--target", "is missing", _EXAMPLE)]
    wanted = _read(targets, lambda text: parse_amount(text, _SIGNS, "--target"), problems)
    given = _read(margins, lambda text: parse_amount(text, ("+-",), "--margin"), problems)
    problems += [problem for amount in wanted for problem in _impossible(amount)]
    problems += _contradictions(wanted)
    names = {amount.kpi.name for amount in wanted}
    for amount in given:
        if wanted and amount.kpi.name not in names:
            problems.append(Problem("--margin", f"there is no target for {amount.kpi.name}", "leave it out"))
        elif amount.value <= 0:
            problems.append(Problem("--margin", f"must be more than 0: '{amount.text}'", _NO_MARGIN))
    by_kpi = {amount.kpi.name: amount.value for amount in given}
    made = [_target(amount, by_kpi.get(amount.kpi.name, default_margin(amount))) for amount in wanted]
    problems += [
        Problem("--margin", f"is needed for {each.kpi}, as 5 % of 0 is 0", f"write --margin '{each.kpi} +- 1'")
        for each in made
        if each.margin == 0
    ]
    if problems:
        raise InputError(problems)
    return tuple(made)


_EXAMPLE = "write --target 'wait_p95_s <= 8 min'"
_NO_MARGIN = "it is the difference that does not matter to you; the smaller it is, the more runs it takes"


def _read(texts: Iterable[Any], read: Callable[[str], T], problems: list[Problem]) -> list[T]:
    found: list[T] = []
    for text in texts:
        try:
            found.append(read(str(text)))
        except InputError as error:
            problems += error.problems
    return found


def _target(amount: Amount, margin: float) -> Target:
    return Target(amount.kpi.name, amount.sign == "<=", amount.value, margin, text_of(amount.kpi, amount))


def text_of(kpi: Kpi, amount: Amount) -> str:
    """Write a target as people read it."""
    value, unit = readable(kpi.name, amount.value)
    return f"{kpi.name} {amount.sign} {value} {unit}".strip()


def is_share(kpi: Kpi) -> bool:
    """Tell whether a KPI lies between 0 and 1."""
    return kpi.unit == "1" and kpi.name.endswith(_SHARE_ENDINGS)


def default_margin(amount: Amount) -> float:
    """Give the difference that is taken not to matter."""
    if is_share(amount.kpi):
        left = min(amount.value, 1 - amount.value)
        return min(max(0.25 * left, 0.005), 0.02)
    return 0.05 * abs(amount.value)


def _impossible(amount: Amount) -> list[Problem]:
    kpi, found = amount.kpi, []
    if amount.sign == _AGAINST.get(kpi.direction):
        right = "<=" if amount.sign == ">=" else ">="
        what = f"'{amount.text}' asks {kpi.name} to be bad: {kpi.direction} is better"
        found.append(Problem("--target", what, f"write {kpi.name} {right} ..."))
    low, high = (0.0, 1.0) if is_share(kpi) else (float("-inf"), float("inf"))
    if is_share(kpi) and not low <= amount.value <= high:
        what = f"'{amount.text}' can never be met or missed: {kpi.name} is a share, between 0 and 1"
        found.append(Problem("--target", what, f"for {amount.value:g} % write {amount.value:g} %"))
    return found


def _contradictions(wanted: Sequence[Amount]) -> list[Problem]:
    found = []
    for name in dict.fromkeys(amount.kpi.name for amount in wanted):
        own = [amount for amount in wanted if amount.kpi.name == name]
        most = min((amount.value for amount in own if amount.sign == "<="), default=float("inf"))
        least = max((amount.value for amount in own if amount.sign == ">="), default=float("-inf"))
        if least > most:
            what = "no day can meet both " + " and ".join(f"'{amount.text}'" for amount in own)
            found.append(Problem("--target", what, "leave one of them out"))
    return found

"""Adding seeds until intervals are narrow enough: Stein's two stages, and more where the spread has grown since."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from busim.errors import InputError
from busim.model.network import Floats
from busim.study.comparing import Method, Values, columns_of
from busim.study.quantities import Amount, parse_amount
from busim.study.statistics import mean_interval, paired, seeds_for_half

MAX_SEEDS = 200
LEAST_FIRST = 10  # the spread of fewer days is too rough to plan with, and differences are not quite normal
_SLACK = 1e-9


@dataclass(frozen=True)
class Reached:
    """What became of one wish for precision.

    Parameters
    ----------
    wish
        As it was written.
    kpi
        Of which.
    half
        Half the width of the widest interval, in the KPI's unit.
    wanted
        What it should be at most.
    is_reached
        Whether it is.
    """

    wish: str
    kpi: str
    half: float
    wanted: float
    is_reached: bool


def parse_until(texts: Sequence[str], first: int, most: int, where: str = "--until") -> tuple[Amount, ...]:
    """Read ``wait_p95_s +- 20 s``, and check that the numbers of seeds make sense with it.

    Raises
    ------
    InputError
        If they do not, or a text cannot be read.
    """
    wishes = tuple(parse_amount(text, ("+-",), where) for text in texts)
    for wish in wishes:
        if wish.value <= 0:
            raise InputError.single(where, f"must be more than 0: '{wish.text}'", "write wait_p95_s +- 20 s")
    if wishes and first < LEAST_FIRST:
        what = f"needs at least {LEAST_FIRST} seeds to begin with, got {first}"
        raise InputError.single(where, what, f"the spread among them tells how many it takes: --seeds {LEAST_FIRST}")
    if wishes and most < first:
        raise InputError.single("--max-seeds", f"must be at least the {first} seeds to begin with, got {most}", "")
    return wishes


def seeds_wanted(values: Values, wishes: Sequence[Amount], method: Method, most: int) -> int:
    """Tell how many seeds there must be in all, from the spread of the first ones and that of all so far.

    Parameters
    ----------
    values
        Of the seeds so far [arms, seeds, KPIs].
    wishes
        What is to be reached in every difference to the base.
    method
        Says the base, and the seeds of the first stage.
    most
        There may be.

    Returns
    -------
    int
        As many as there are where all is reached, or there may be no more.
    """
    count = values.shape[1]
    needed: int = count
    for wish in wishes:
        found = columns_of(values, wish.kpi)
        for arm in range(len(found)):
            if arm != method.base:
                differences = found[arm] - found[method.base]
                needed = max(needed, _needed(differences, wish.value), _needed(differences[: method.first], wish.value))
    return int(min(needed, most))


def _needed(differences: Floats, half: float) -> int:
    """Tell the seeds that the spread of these differences asks for; 0 where it is not known."""
    made = mean_interval(differences)
    if not np.isfinite(made.sd):
        return 0
    # Days without this KPI do not count, and will be as frequent among those to come.
    return math.ceil(seeds_for_half(made.sd, half, made.n) * len(differences) / made.n)


def reached(values: Values, wishes: Sequence[Amount], method: Method) -> tuple[Reached, ...]:
    """Tell for each wish how wide the widest interval is in the end."""
    told = []
    for wish in wishes:
        found = columns_of(values, wish.kpi)
        others = (arm for arm in range(len(found)) if arm != method.base)
        halves = [paired(found[arm], found[method.base], first=method.first).half for arm in others]
        half = float(np.max(halves))  # nan where one cannot be told
        told.append(Reached(wish.text, wish.kpi.name, half, wish.value, half <= wish.value * (1 + _SLACK)))
    return tuple(told)

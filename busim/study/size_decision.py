"""A sequential test of a mean against a target: it stops as soon as the days seen so far have decided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from busim.model.network import Floats


@dataclass(frozen=True)
class Decision:
    """Whether a mean is at least 0, as far as the days tell.

    Parameters
    ----------
    is_met
        None while it is open.
    runs
        Days that it took, or the days seen so far.
    """

    is_met: bool | None
    runs: int


def slack_factor(error: float, first: int) -> float:
    """Give h^2 of the test, ``(n0 - 1) ((2 error)^(-2 / (n0 - 1)) - 1)``.

    Parameters
    ----------
    error
        Chance of a wrong decision where the mean is a margin away from 0, below a half.
    first
        Days of the first stage, n0, at least 2.
    """
    return float((first - 1) * ((2 * error) ** (-2 / (first - 1)) - 1))


def decide(slack: Sequence[float] | Floats, margin: float, error: float, first: int) -> Decision:
    """Tell whether the mean of what days have to spare is at least 0.

    The sum of the first r values is held against +-W(r), ``W(r) = max(0, (h^2 s^2 / d - d r) / 2)``, with the spread
    s of the first n0 days and the margin d: it stops early where the mean is far from 0, and in any case when W is 0.
    With independent normal values whose mean is at least d away from 0 the decision is wrong with at most the chance
    asked for; nearer to 0 either decision counts as right.
    Kim, S.-H., Nelson, B. L. (2001): A fully sequential procedure for indifference-zone selection in simulation.
    ACM Trans. Model. Comput. Simul. 11, 251-273; against a known standard, which has no spread of its own.

    Parameters
    ----------
    slack
        Per day, in the unit of the KPI; positive where the target is met [n]. ``nan``, a KPI that could not be told,
        is a target that is not met.
    margin
        Half the width of the zone in which either decision is right, more than 0.
    error
        Chance of a wrong decision outside that zone.
    first
        Days before anything is decided, at least 2.
    """
    values = np.asarray(slack, np.float64)
    if np.isnan(values).any():
        return Decision(False, int(np.isnan(values).argmax()) + 1)
    if len(values) < first:
        return Decision(None, len(values))
    runs = np.arange(first, len(values) + 1)
    totals = values.cumsum()[first - 1 :]
    width = slack_factor(error, first) * float(values[:first].var(ddof=1)) / margin
    bound = np.maximum(0.0, (width - margin * runs) / 2)
    is_over = (np.abs(totals) > bound) | (bound == 0)
    if not is_over.any():
        return Decision(None, len(values))
    at = int(is_over.argmax())
    return Decision(bool(totals[at] >= 0), int(runs[at]))


def most_runs(sd: float, margin: float, error: float, first: int) -> int:
    """Give the days after which the test has ended, whatever they bring, if the first ones have this spread."""
    return max(first, math.ceil(slack_factor(error, first) * (sd / margin) ** 2))

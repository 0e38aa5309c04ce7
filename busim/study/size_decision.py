"""A sequential test of a mean against a target: it stops as soon as the days seen so far have decided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from busim.model.network import Floats

EARLY = 0.2  # of the chance of error goes to the test that ends clear cases


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
    A small margin makes W wide; so a part of the error, ``EARLY``, goes to a test without margin, which ends clear
    cases at once: ``evidence``.
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
    width = slack_factor((1 - EARLY) * error, first) * float(values[:first].var(ddof=1)) / margin
    bound = np.maximum(0.0, (width - margin * runs) / 2)
    is_over = (np.abs(totals) > bound) | (bound == 0) | (evidence(values)[first - 1 :] > -math.log(EARLY * error))
    if not is_over.any():
        return Decision(None, len(values))
    at = int(is_over.argmax())
    return Decision(bool(totals[at] >= 0), int(runs[at]))


def evidence(values: Floats) -> Floats:
    """Give the logarithm of the Bayes factor against a mean of 0 after each value, in units of the spread N(0, 1).

    It is a martingale where the mean is 0, so it ever exceeds ``log(1 / a)`` with a chance of at most a (Ville), and
    on the wrong side still less where the mean is not 0: this needs no margin and no plan of looks.
    Lai, T. L. (1976): On confidence sequences. Ann. Statist. 4, 265-280; the factor as in Goenen, M. et al. (2005):
    The Bayesian two-sample t test. Am. Statist. 59, 252-257.

    Parameters
    ----------
    values
        In order [n].

    Returns
    -------
    ndarray
        [n]; 0 for the first, and where there is no spread.
    """
    n = np.arange(1, len(values) + 1)
    mean = values.cumsum() / n
    squares = np.maximum((values**2).cumsum() - n * mean**2, 0.0)
    told = np.zeros(len(values))
    known = (n > 1) & (squares > 1e-12 * np.maximum(1.0, (values**2).cumsum()))
    n, ratio = n[known], n[known] * mean[known] ** 2 / squares[known]  # t^2 / (n - 1)
    told[known] = n / 2 * (np.log1p(ratio) - np.log1p(ratio / (1 + n))) - np.log1p(n) / 2
    return told


def most_runs(sd: float, margin: float, error: float, first: int) -> int:
    """Give the days after which the test has ended, whatever they bring, if the first ones have this spread."""
    return max(first, math.ceil(slack_factor((1 - EARLY) * error, first) * (sd / margin) ** 2))

"""Statistics of replications: intervals by Student's t, paired differences, Holm's correction, numbers of seeds.

Everything works on plain arrays, one value per seed; ``nan``, a KPI that could not be told, is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import nctdtr, stdtr, stdtrit

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
POWER = 0.8
MOST_SEEDS = 1_000_000  # more than that is told as "more than a million"


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its interval.

    Parameters
    ----------
    mean
        Of the values; ``nan`` where there are none.
    low, high
        Bounds of the interval; ``nan`` below two values.
    sd
        Standard deviation, with n - 1.
    n
        Values counted.
    """

    mean: float
    low: float
    high: float
    sd: float
    n: int

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class Difference(Estimate):
    """A mean difference between two arms over common seeds.

    Parameters
    ----------
    p
        Two-sided p of the paired t test that the mean difference is 0; 1 where all differences are exactly 0.
    """

    p: float


def mean_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Estimate:
    """Estimate a mean, with Student's interval.

    Parameters
    ----------
    values
        One per seed [n].
    confidence
        Of the two-sided interval; for a bound on one side of 95 % take 0.9 and the side that is wanted.
    """
    return _estimate(_known(np.asarray(values, np.float64)), confidence)


def paired(
    values: ArrayLike, against: ArrayLike, confidence: float = CONFIDENCE, first: int | None = None
) -> Difference:
    """Estimate the mean of ``values - against``, seed by seed, with interval and test by the paired t.

    Parameters
    ----------
    values, against
        One value per seed of the two arms, in the same order of seeds [n].
    confidence
        Of the two-sided interval.
    first
        Where seeds were added after looks at the spread, beginning with so many: the interval is then the wider of
        that by the spread of these alone and that by the spread of all, p the larger. See ``seeds_for_half``.
    """
    differences = np.asarray(values, np.float64) - np.asarray(against, np.float64)
    known = _known(differences)
    made = _estimate(known, confidence)
    if first is None:
        return Difference(made.mean, made.low, made.high, made.sd, made.n, _p(made.mean, made.sd, made.n, made.n - 1))
    stage = _known(differences[:first])
    if len(stage) < 2:
        return Difference(made.mean, math.nan, math.nan, made.sd, made.n, math.nan)
    sd = float(stage.std(ddof=1))
    half = max(made.half, _half(sd, len(stage) - 1, made.n, confidence))
    p = max(_p(made.mean, sd, made.n, len(stage) - 1), _p(made.mean, made.sd, made.n, made.n - 1))
    return Difference(made.mean, made.mean - half, made.mean + half, made.sd, made.n, p)


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]


def _estimate(values: Floats, confidence: float) -> Estimate:
    n = len(values)
    mean = float(values.mean()) if n else math.nan
    if n < 2:
        return Estimate(mean, math.nan, math.nan, math.nan, n)
    sd = float(values.std(ddof=1))
    half = _half(sd, n - 1, n, confidence)
    return Estimate(mean, mean - half, mean + half, sd, n)


def _half(sd: float, df: int, n: int, confidence: float) -> float:
    return t_quantile(confidence, df) * sd / math.sqrt(n)


def t_quantile(confidence: float, df: int) -> float:
    """Give the t that a two-sided interval of this confidence reaches to."""
    return float(stdtrit(df, (1 + confidence) / 2))


def _p(mean: float, sd: float, n: int, df: int) -> float:
    if df < 1:
        return math.nan
    if sd == 0:
        return 1.0 if mean == 0 else 0.0
    return float(2 * stdtr(df, -abs(mean) * math.sqrt(n) / sd))


def holm(p: ArrayLike) -> Floats:
    """Adjust p values so that the chance of any false alarm among all of them stays below the level.

    Parameters
    ----------
    p
        Unadjusted [m]; ``nan`` is no test, stays, and is not counted.

    Returns
    -------
    ndarray
        Adjusted [m], each at most 1 and never in another order than the unadjusted ones.
        Holm, S. (1979): A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6, 65-70.
    """
    given = np.asarray(p, np.float64)
    adjusted = np.full(given.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(given))
    order = tests[np.argsort(given[tests], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * given[order])) if len(order) else 0.0
    return adjusted


def seeds_for_half(sd: float, half: float, count: int, confidence: float = CONFIDENCE) -> int:
    """Tell how many seeds make an interval at most ``half`` to either side, after ``count`` seeds with this spread.

    By Stein's two stages this is asked once, with the spread of the first seeds; where the spread of all has grown, it
    is asked again. ``paired`` with the same ``first`` gives the wider of both intervals. It covers the true difference
    with at least the stated confidence where differences are normal, however often one looks: whether to go on depends
    on spreads alone, which are independent of the mean there, and Stein's interval has exactly that confidence. The
    second interval is for skewed differences, whose first few may look too calm.
    Stein, C. (1945): A two-sample test for a linear hypothesis whose power is independent of the variance.
    Ann. Math. Statist. 16, 243-258.

    Parameters
    ----------
    sd
        Standard deviation of the differences.
    half
        Wanted, more than 0, in the unit of ``sd``.
    count
        Seeds that ``sd`` is taken from, at least 2.

    Returns
    -------
    int
        At least ``count``; ``MOST_SEEDS + 1`` for more than ``MOST_SEEDS``.
    """
    needed = (t_quantile(confidence, count - 1) * sd / half) ** 2
    return max(count, MOST_SEEDS + 1 if needed > MOST_SEEDS else math.ceil(needed * (1 - 1e-12)))


def seeds_to_show(sd: float, difference: float, alpha: float = 1 - CONFIDENCE, power: float = POWER) -> int:
    """Tell how many seeds a paired t test needs to find a difference of this size.

    Parameters
    ----------
    sd
        Standard deviation of the paired differences.
    difference
        The true one, not 0.
    alpha
        Two-sided level of the test.
    power
        Chance of finding it.

    Returns
    -------
    int
        At least 2; ``MOST_SEEDS + 1`` for more than ``MOST_SEEDS``.
    """
    low, high = 1, 2
    while high <= MOST_SEEDS and power_of(sd, difference, high, alpha) < power:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of(sd, difference, middle, alpha) >= power else (middle, high)
    return min(high, MOST_SEEDS + 1)


def power_of(sd: float, difference: float, n: int, alpha: float = 1 - CONFIDENCE) -> float:
    """Give the chance that a two-sided paired t test over n seeds finds a true difference."""
    if sd == 0:
        return 1.0
    shift, critical = abs(difference) / sd * math.sqrt(n), t_quantile(1 - alpha, n - 1)
    return float(1 - nctdtr(n - 1, shift, critical) + nctdtr(n - 1, shift, -critical))


def variance_ratio(values: ArrayLike, against: ArrayLike) -> float:
    """Tell how many times more seeds it would take if the arms had not met the same riders and traffic.

    Variance of the difference between independent arms, s_a^2 + s_b^2, over that between paired ones; above 1 common
    random numbers pay. ``inf`` where all differences are the same, ``nan`` below two seeds or where neither arm varies.
    """
    a, b = np.asarray(values, np.float64), np.asarray(against, np.float64)
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < 2:
        return math.nan
    apart = float(a[both].var(ddof=1) + b[both].var(ddof=1))
    together = float((a - b)[both].var(ddof=1))
    if together == 0:
        return math.inf if apart > 0 else math.nan
    return apart / together

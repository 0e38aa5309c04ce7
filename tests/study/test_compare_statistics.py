"""Intervals cover as often as they say, and corrections are those of the books."""

import math

import numpy as np
import pytest
from scipy import stats

from busim.study.comparing import Method
from busim.study.sequential import parse_until, seeds_wanted
from busim.study.statistics import (
    holm,
    mean_interval,
    paired,
    power_of,
    seeds_for_half,
    seeds_to_show,
    variance_ratio,
)
from busim.study.tasks import KPI_NAMES

STUDIES = 1000


def paired_study(rng, seeds, difference=3.0):
    """Draw two arms that share the day: its effect is large, their own noise is small."""
    day = rng.normal(100, 20, seeds)
    return day + difference + rng.normal(0, 4, seeds), day + rng.normal(0, 4, seeds)


def test_intervals_cover_a_known_difference():
    """In 1000 synthetic paired studies the 95 % intervals cover the true difference in 95 % +- 2 %."""
    rng = np.random.default_rng(7)
    made = [paired(*paired_study(rng, 12)) for _ in range(STUDIES)]
    covered = sum(each.low <= 3.0 <= each.high for each in made)
    assert 0.93 * STUDIES <= covered <= 0.97 * STUDIES


DAYS = {  # of unit spread around 3: skewness 0, 1, and 0.8 as a difference of two skewed ones
    "normal": lambda rng, n: 3 + rng.normal(0, 1, n),
    "skewed": lambda rng, n: 3 + rng.gamma(4, 0.5, n) - 2,
    "differences of skewed": lambda rng, n: 3 + (rng.gamma(2, 1, n) - rng.gamma(1, 1, n) - 1) / math.sqrt(3),
}


@pytest.mark.parametrize("kind", DAYS)
@pytest.mark.parametrize("half", [0.25, 0.5])
def test_sequential_intervals_cover_as_well(kind, half):
    """With seeds added until the interval is narrow, at least 93 % of 1000 intervals cover the true difference."""
    rng = np.random.default_rng(11)
    wish = parse_until([f"kwh_per_km +- {half}"], 10, 200)
    column = list(KPI_NAMES).index("kwh_per_km")
    covered = 0
    for _ in range(STUDIES):
        values, method = np.zeros((2, 10, len(KPI_NAMES))), Method(0, 10, 0.05)
        values[1, :, column] = DAYS[kind](rng, 10)
        while (wanted := seeds_wanted(values, wish, method, 200)) > values.shape[1]:
            more = np.zeros((2, wanted - values.shape[1], len(KPI_NAMES)))
            more[1, :, column] = DAYS[kind](rng, more.shape[1])
            values = np.concatenate([values, more], axis=1)
        made = paired(values[1, :, column], values[0, :, column], first=10)
        assert made.half <= half * (1 + 1e-9) or values.shape[1] == 200
        covered += made.low <= 3.0 <= made.high
    assert covered >= 0.93 * STUDIES


def test_looking_without_correction_would_not_cover():
    """Stopping at the first narrow interval among three seeds and more, as is tempting, covers too rarely."""
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(STUDIES):
        days = rng.normal(0, 2, 200)
        n = next(n for n in range(3, 201) if mean_interval(days[:n]).half <= 1.5)
        made = mean_interval(days[:n])
        covered += made.low <= 0 <= made.high
    assert covered < 0.93 * STUDIES


def test_paired_t_is_that_of_scipy():
    """Interval and p are those of scipy's paired t test."""
    a, b = paired_study(np.random.default_rng(1), 15)
    known = stats.ttest_rel(a, b)
    made = paired(a, b)
    assert made.p == pytest.approx(known.pvalue)
    assert (made.low, made.high) == pytest.approx(tuple(known.confidence_interval(0.95)))


def test_holm_by_hand():
    """0.005 x 4, 0.01 x 3, 0.03 x 2, then 0.04 x 1 raised to the one before; no test stays none and is not counted."""
    assert holm([0.01, 0.04, 0.03, 0.005, math.nan]) == pytest.approx([0.03, 0.06, 0.06, 0.02, math.nan], nan_ok=True)
    assert holm([0.6, 0.7]).tolist() == [1.0, 1.0]
    assert holm([]).tolist() == []


def test_identical_arms_differ_by_exactly_zero():
    """No difference, no width, p 1."""
    made = paired([1.5, 2.5, 3.5], [1.5, 2.5, 3.5])
    assert (made.mean, made.low, made.high, made.p) == (0.0, 0.0, 0.0, 1.0)


def test_a_constant_difference_is_certain():
    """Arms that differ by the same in every seed have an interval without width, and p 0."""
    made = paired([3.0, 4.0, 5.0], [1.0, 2.0, 3.0])
    assert (made.mean, made.low, made.high, made.p) == (2.0, 2.0, 2.0, 0.0)


def test_days_that_cannot_be_told_are_left_out():
    """Seeds where either arm has no value do not count; below two there is no interval."""
    made = paired([1.0, math.nan, 3.0, 5.0], [0.0, 1.0, math.nan, 2.0])
    assert (made.n, made.mean) == (2, 2.0)
    alone = paired([1.0, math.nan], [0.0, 1.0])
    assert alone.mean == 1.0
    assert math.isnan(alone.low)
    assert math.isnan(alone.p)


def test_seeds_to_show_a_difference():
    """One standard deviation takes 10 seeds, half of one 34 (tables of the paired t test at 80 % power)."""
    assert seeds_to_show(1, 1) == 10
    assert seeds_to_show(1, 0.5) == 34
    assert seeds_to_show(0, 1) == 2
    assert power_of(1, 0.5, 33) < 0.8 <= power_of(1, 0.5, 34)


def test_seeds_for_a_width_by_hand():
    """A spread of 10 over 20 seeds, wanted +- 2: (2.093 x 10 / 2)^2 = 109.5, so 110; never fewer than there are."""
    assert seeds_for_half(10, 2, 20) == 110
    assert seeds_for_half(1, 2, 20) == 20


def test_added_seeds_have_the_wider_interval_and_the_larger_p():
    """Where the first days were calm, the spread of all counts; where they were wild, theirs, with their own t."""
    calm, wild = [1.0, 2.0, 3.0], [1.0, 9.0, -4.0]
    for values, widest in (([*calm, *wild], 6), ([*wild, *calm], 3)):
        made = paired(values, np.zeros(6), first=3)
        assert made.half == pytest.approx(stats.t.ppf(0.975, widest - 1) * np.std(values[:widest], ddof=1) / 6**0.5)
        t = np.mean(values) * 6**0.5 / np.std(values[:widest], ddof=1)
        assert made.p == pytest.approx(2 * stats.t.sf(t, widest - 1))


def test_variance_ratio_by_hand():
    """Arms that vary by 1 and 1 and differ by 0 or 2, so with variance 2, gain nothing; common days gain much."""
    assert variance_ratio([0, 1, 2], [2, 1, 0]) == pytest.approx(0.5)
    assert variance_ratio([1, 2, 3], [0, 1, 2]) == math.inf
    a, b = paired_study(np.random.default_rng(5), 2000)
    assert variance_ratio(a, b) == pytest.approx(2 * (400 + 16) / 32, rel=0.15)

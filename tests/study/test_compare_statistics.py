"""Intervals cover as often as they say, and corrections are those of the books."""

import math

import numpy as np
import pytest
from scipy import stats

from busim.study.statistics import (
    holm,
    mean_interval,
    paired,
    power_of,
    seeds_to_show,
    stein_seeds,
    variance_ratio,
)

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


@pytest.mark.parametrize("kind", ["normal", "skewed"])
@pytest.mark.parametrize("half", [0.4, 1.0, 2.0])
def test_sequential_intervals_cover_as_well(kind, half):
    """Where the seeds follow from the first ten, at least 93 % of 1000 intervals cover (skewed days: 92 %)."""
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(STUDIES):
        draw = {"normal": lambda n: rng.normal(3, 2, n), "skewed": lambda n: 3 + 2 * (rng.gamma(4, 0.5, n) - 2)}[kind]
        first = draw(10)
        more = draw(stein_seeds(float(first.std(ddof=1)), half, 10) - 10)
        all_days = np.concatenate([first, more])
        made = paired(all_days, np.zeros(len(all_days)), first=10)
        assert made.half <= half * (1 + 1e-9)
        covered += made.low <= 3.0 <= made.high
    assert covered >= (0.93 if kind == "normal" else 0.92) * STUDIES


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


def test_stein_by_hand():
    """A spread of 10 over 20 seeds, wanted +- 2: (2.093 x 10 / 2)^2 = 109.5, so 110; never fewer than there are."""
    assert stein_seeds(10, 2, 20) == 110
    assert stein_seeds(1, 2, 20) == 20


def test_variance_ratio_by_hand():
    """Arms that vary by 1 and 1 and differ by 0 or 2, so with variance 2, gain nothing; common days gain much."""
    assert variance_ratio([0, 1, 2], [2, 1, 0]) == pytest.approx(0.5)
    assert variance_ratio([1, 2, 3], [0, 1, 2]) == math.inf
    a, b = paired_study(np.random.default_rng(5), 2000)
    assert variance_ratio(a, b) == pytest.approx(2 * (400 + 16) / 32, rel=0.15)

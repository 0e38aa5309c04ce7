"""Groups of riders."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from busim.metrics import by_group
from busim.metrics.groups import GROUPS, grouped_mean, grouped_quantile


def row_of(table, by, value):
    """Find the row of one group."""
    (index,) = np.flatnonzero((table["by"] == by) & (table["value"] == value))
    return table.row(int(index))


def test_zone(day):
    """Riders from the west: two served after 10 and 65 s, one refused, one gone."""
    west = row_of(by_group(day), "from_zone", "west")
    assert (west["requests"], west["persons"], west["served"], west["refused"], west["abandoned"]) == (4, 5, 2, 1, 1)
    assert (west["service_rate"], west["wait_mean_s"]) == (0.5, 37.5)


def test_wheelchair(day):
    """The rider in a wheelchair waits longest."""
    table = by_group(day)
    assert row_of(table, "wheelchair", "yes")["wait_mean_s"] == 380
    assert row_of(table, "wheelchair", "no")["wait_mean_s"] == 37.5
    assert row_of(table, "party", "2")["picked_up"] == 1


def test_nobody_is_lost(day):
    """Each way of grouping has every rider once, but for those without a zone."""
    table = by_group(day)
    sums = {by: table["requests"][table["by"] == by].sum() for by in GROUPS}
    assert sums == {**dict.fromkeys(GROUPS, 7), "from_zone": 6, "to_zone": 5}


def test_nobody_picked_up(day):
    """A group that nobody was picked up of has no wait."""
    assert np.isnan(row_of(by_group(day), "purpose", "leisure")["wait_p90_s"])


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1000) | st.just(np.nan)), max_size=30),
    st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]),
)
def test_against_numpy(pairs, share):
    """Grouped quantiles and means are numpy's, group by group."""
    group = np.array([pair[0] for pair in pairs], np.int64)
    values = np.array([pair[1] for pair in pairs], np.float64)
    quantiles, means = grouped_quantile(values, group, 4, share), grouped_mean(values, group, 4)
    for g in range(4):
        mine = values[(group == g) & ~np.isnan(values)]
        if len(mine):
            assert quantiles[g] == pytest.approx(np.quantile(mine, share))
            assert means[g] == pytest.approx(mine.mean())
        else:
            assert np.isnan(quantiles[g])
            assert np.isnan(means[g])

"""Legs whose sums are remembered against the walk along every edge."""

import numpy as np
import pytest
import worlds

from busim.core import plain_legs, travel


@pytest.mark.parametrize("seed", range(4))
def test_remembered_legs_are_those_of_the_walk(seed):
    """A leg takes the same seconds and metres as edge by edge, also across several breaks, asked once or again."""
    rng = np.random.default_rng([11, seed])
    town = worlds.town("grid", 5)
    breaks = (0, *sorted(rng.choice(np.arange(100, 900), 4, replace=False).tolist()))
    spec = worlds.scenario(
        travel={"breaks_s": breaks, "factors": {"default": tuple(rng.uniform(0.3, 1.5, 5).tolist())}}
    ).travel
    tables = travel.build(town, spec, 36.0).tables
    crossed = 0
    for start, end, time in zip(
        *rng.integers(0, 25, (2, 300)).tolist(), rng.integers(0, 1000, 300).tolist(), strict=True
    ):
        expected = travel.leg(tables, start, end, float(time))
        assert plain_legs.plain_leg(tables, start, end, float(time)) == expected
        assert plain_legs.plain_leg(tables, start, end, float(time)) == expected
        crossed += any(time < each < time + expected[0] for each in breaks)
    assert crossed > 20


def test_changed_tables_are_not_taken_for_those_remembered():
    """Tables that share an array with others but have seconds of their own give their own times."""
    town = worlds.town("line", 8)
    tables = travel.build(town, worlds.scenario().travel, 36.0).tables
    slower = tables._replace(times=2 * tables.times, seconds=2 * tables.seconds)
    assert plain_legs.plain_leg(tables, 0, 7, 0.0)[0] == 350
    assert plain_legs.plain_leg(slower, 0, 7, 0.0)[0] == 700
    assert plain_legs.plain_leg(tables, 0, 7, 0.0)[0] == 350

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


def test_tables_may_lie_in_memory_as_they_like():
    """Legs are read by their place in memory, also from tables that are parts of others or lie column by column."""
    town = worlds.town("grid", 5)
    spec = worlds.scenario(travel={"breaks_s": (0, 300), "factors": {"default": (1.0, 0.5)}}).travel
    tables = travel.build(town, spec, 36.0).tables
    columns = {name: np.asfortranarray(getattr(tables, name)) for name in ("times", "lengths", "most", "seconds")}
    halves = {name: np.repeat(getattr(tables, name), 2, axis=-1)[..., ::2] for name in ("before", "edge")}
    strange = tables._replace(**columns, **halves)
    assert not strange.times.flags.c_contiguous
    assert not strange.edge.flags.c_contiguous
    for end in range(1, 25):
        for time in (0.0, 290.0, 299.0):
            assert plain_legs.plain_leg(strange, 0, end, time) == travel.leg(tables, 0, end, time)
            assert plain_legs.legs_of(strange).way(0, end, time)[2] == travel.leg(tables, 0, end, time)[0]

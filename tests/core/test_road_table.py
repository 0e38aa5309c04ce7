"""Legs on the roads of a day: looked up in the table, they take what driving edge by edge gives, to the second."""

import numpy as np
import pytest

from busim import study
from busim.core.day_leg import day_leg
from busim.core.road_table import interval_at
from busim.core.roads import road_leg
from busim.study.hindsight_data import day_data
from busim.study.hindsight_live import live_day

SMALL = ("scenario.end=10:00:00", "demand.rides_per_day=300", "fleet.size=2")


@pytest.mark.parametrize("noise", ["0.0", "0.4"])
def test_table_gives_what_driving_edge_by_edge_gives(noise):
    """Random legs at random seconds, breaks between periods and time bins among them, take the same time both ways."""
    made = study.run(study.load("quick.toml", [*SMALL, f"travel.noise_cv={noise}", "travel.profile=weekday"]))
    data, _ = day_data(live_day(made))
    rng, ends = np.random.default_rng(1), data.leg_ends
    stops, size = np.flatnonzero(data.leg_row >= 0), len(data.leg_row)
    assert len(stops) > 5
    assert (len(ends) > 5) == (noise != "0.0")
    crossed = 0
    for _ in range(2000):
        start, end = int(rng.choice(stops)), int(rng.integers(size))
        time = float(rng.integers(6 * 3600, 11 * 3600))
        if rng.random() < 0.5:
            time = float(ends[rng.integers(len(ends) - 1)]) - float(rng.integers(0, 240))
        seconds, metres = day_leg(data, start, end, time)
        crossed += time + seconds >= ends[interval_at(ends, data.leg_since, data.leg_grid, time)]
        assert (seconds, metres) == road_leg(data.roads, start, end, time)
    assert crossed > 50


def test_table_that_would_be_too_large_is_left_out(monkeypatch):
    """With too many nodes for the table, legs are driven edge by edge."""
    monkeypatch.setattr("busim.core.road_table.MOST_ENTRIES", 10)
    data, _ = day_data(live_day(study.run(study.load("quick.toml", SMALL))))
    assert not (data.leg_row >= 0).any()
    assert day_leg(data, 3, 8, 30_000.0) == road_leg(data.roads, 3, 8, 30_000.0)

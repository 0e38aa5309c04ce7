"""Waits at a fixed line against closed forms: random arrivals, uneven headways, buses that fill up."""

import closed_forms
import numpy as np
import pytest
import worlds
from worlds import START_S

from busim.model.events import Kind

HEADWAY_S = 600
DAY_S = 60 * 3600
WARM_UP_S = 4 * 3600


def mean_wait(seed, per_s, cv, seats, buses):
    """Run a long day of a line, Poisson riders from stop 1 to stop 2; give the mean wait after the warm-up [s]."""
    rng = np.random.default_rng([1917, seed])
    asks = np.sort(rng.integers(0, DAY_S, rng.poisson(per_s * DAY_S)))
    spec = worlds.scenario(
        buses=buses,
        shift=(START_S, START_S + DAY_S + 8 * 3600),
        town_map=worlds.map_spec("line", 3),
        vehicle={"seats": seats, "battery_kwh": 1e6},
        service={"patience_s": 10**7},
        line={"stops": ("stop_0", "stop_1", "stop_2"), "headway_s": HEADWAY_S, "headway_cv": cv},
        seed=seed,
    )
    result = worlds.run(spec, [(START_S + t, 1, 2) for t in asks.tolist()])
    asked, boarded = (
        {e["rider"]: e["time"] for e in worlds.events(result, kind)} for kind in (Kind.REQUEST, Kind.BOARD)
    )
    assert set(boarded) == set(asked)
    return float(np.mean([boarded[r] - asked[r] for r in asked if asked[r] >= START_S + WARM_UP_S]))


def confidence(values):
    """Give the mean of independent runs and three standard errors."""
    return float(np.mean(values)), 3 * float(np.std(values, ddof=1)) / len(values) ** 0.5


@pytest.mark.parametrize(("cv", "expected_min"), [(0.0, 5.0), (0.5, 6.25), (0.5**0.5, 7.5), (1.0, 10.0)])
def test_w1_waits_grow_with_the_variation_of_headways(cv, expected_min):
    """Random arrivals wait H/2 (1 + CV^2): even, Erlang-4, Erlang-2, exponential headways of 10 min.

    Osuna & Newell 1972; enough buses stand ready, so that each departure runs at its time.
    """
    mean, spread = confidence([mean_wait(k, 0.004, cv, 1000, 12) for k in range(8)])
    assert spread < 80
    assert mean == pytest.approx(60 * expected_min, abs=spread + 0.5)


@pytest.mark.parametrize(("places", "load"), [(8, 0.8), (10, 0.9), (15, 0.8)])
def test_w2_waits_where_buses_fill_up(places, load):
    """A bus every 10 min with s places and Poisson riders: waits as Bailey 1954 and Powell 1985 give them."""
    expected = closed_forms.bulk_wait(HEADWAY_S, places, load)
    mean, spread = confidence([mean_wait(k, load * places / HEADWAY_S, 0.0, places, 2) for k in range(8)])
    assert spread < 0.2 * expected
    assert mean == pytest.approx(expected, abs=spread + 0.5)

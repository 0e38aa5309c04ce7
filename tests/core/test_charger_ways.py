"""The way to a plug that a bus can really have, where buses have different plugs."""

import numpy as np
import pytest

from busim.core.charger_ways import ChargerWays

AWAY_S = np.array([[60.0, 600.0, 300.0], [400.0, 100.0, 200.0], [250.0, 240.0, 900.0]])
AWAY_M = np.array([[500.0, 4000.0, 5000.0], [3000.0, 900.0, 1500.0], [2000.0, 2600.0, 8000.0]])


def test_one_kind_of_plug_takes_the_nearest():
    """Nearest by drive and queue; what it takes to get there is that site's own."""
    ways = ChargerWays(AWAY_S, AWAY_M, np.array([[True, True, True]]))
    assert ways.to_charger_s.tolist() == [60.0, 100.0, 240.0]
    assert ways.to_charger_m.tolist() == [500.0, 900.0, 2600.0]
    ways.tell(0, 1500.0, 1000.0)  # 500 s of queue: the third site is nearer now
    assert ways.to_charger_s.tolist() == [300.0, 100.0, 240.0]
    assert ways.plug_free.tolist() == [0.0, 0.0, 0.0]


def test_a_plug_that_does_not_fit_is_no_way_out():
    """A kind that fits the second site only does not count on the first, next door."""
    ways = ChargerWays(AWAY_S, AWAY_M, np.array([[False, True, False]]))
    assert ways.to_charger_s.tolist() == [600.0, 100.0, 240.0]
    ways.tell(1, 2000.0, 0.0)
    assert ways.plug_free.tolist() == [2000.0] * 3


@pytest.mark.parametrize("seed", range(20))
def test_every_kind_gets_to_its_own_plug(seed):
    """With mixed plugs each kind's nearest site asks for no more metres, seconds or queue than what is counted on."""
    rng = np.random.default_rng(seed)
    away_s, away_m = rng.integers(0, 900, (6, 4)).astype(float), rng.integers(0, 9000, (6, 4)).astype(float)
    fits = rng.random((3, 4)) < 0.5
    ways = ChargerWays(away_s, away_m, fits)
    for site in range(4):
        ways.tell(site, float(rng.integers(0, 2000)), 500.0)
    for kind in fits[fits.any(axis=1)]:
        there = np.where(kind, np.maximum(away_s, ways.free_s - 500.0), np.inf)
        best = there.argmin(axis=1)
        rows = np.arange(6)
        assert np.all(ways.to_charger_s >= away_s[rows, best])
        assert np.all(ways.to_charger_m >= away_m[rows, best])
        assert np.all(ways.plug_free >= ways.free_s[best])

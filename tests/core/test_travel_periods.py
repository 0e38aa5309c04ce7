"""Legs that cross into another period, and noise: first in is first out, and sums agree."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from busim.core import travel
from busim.core.travel import edge_arrival
from busim.model.network import ROAD_CLASSES
from busim.model.specs import TravelSpec
from busim.rng import Streams
from busim.sim.traffic import Traffic

FACTORS = st.lists(st.sampled_from([0.15, 0.3, 0.5, 0.8, 1.0]), min_size=1, max_size=5)


def spec_of(factors, gap_s, noise_cv=0.0):
    """Give periods of equal length with these speed factors, and maybe noise in bins of 100 s."""
    breaks = tuple(k * gap_s for k in range(len(factors)))
    return TravelSpec(breaks, {"default": tuple(factors)}, 1.0, noise_cv, 100)


@settings(max_examples=60, deadline=None)
@given(factors=FACTORS, gap_s=st.integers(20, 400), starts=st.lists(st.integers(0, 2000), min_size=2, max_size=2))
def test_who_enters_an_edge_first_leaves_it_first(factors, gap_s, starts):
    """Whatever breaks lie on the way, leaving later never means arriving earlier, and takes a second at least."""
    times = travel.build(worlds.town("line", 5), spec_of(factors, gap_s), 36.0)
    early, late = sorted(map(float, starts))
    arrivals = [edge_arrival(times.tables, 0, start) for start in (early, late)]
    assert early + 1 <= arrivals[0] <= arrivals[1]


@settings(max_examples=60, deadline=None)
@given(factors=FACTORS, gap_s=st.integers(20, 400), starts=st.lists(st.integers(0, 2000), min_size=2, max_size=2))
def test_legs_are_first_in_first_out_on_one_road(factors, gap_s, starts):
    """On a line, where there is one path, a whole leg keeps the order, and equals its edges one after the other."""
    times = travel.build(worlds.town("line", 5), spec_of(factors, gap_s), 36.0)
    arrivals = []
    for start in sorted(starts):
        now = float(start)
        for edge in times.path(0, 4, start):
            now = edge_arrival(times.tables, edge, now)
        assert times.leg_time(0, 4, start) == now - start
        arrivals.append(now)
    assert arrivals[0] <= arrivals[1]


def rush_times(seed, gap_s, num_periods=4):
    """Give a grid of three classes of roads whose speeds change apart, so that breaks change the fastest paths."""
    rng = np.random.default_rng([8, seed])
    town = worlds.town("grid", 5)
    town = replace(town, edge_class=rng.integers(1, 4, town.num_edges).astype(town.edge_class.dtype))
    factors = {name: tuple(rng.uniform(0.3, 1.0, num_periods).tolist()) for name in ROAD_CLASSES}
    breaks = tuple(k * gap_s for k in range(num_periods))
    return travel.build(town, TravelSpec(breaks, factors, 1.0, 0.0, 100), 36.0)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), end=st.integers(1, 24), gap_s=st.integers(900, 1500))
def test_nobody_comes_first_over_another_road(seed, end, gap_s):
    """Between any two nodes who leaves later arrives later or together, also where a break changes the best path."""
    times = rush_times(seed, gap_s)
    starts = np.arange(gap_s - 600, gap_s + 60, 7).tolist()
    arrivals = [start + times.leg_time(0, end, start) for start in starts]
    assert all(a <= b for a, b in itertools.pairwise(arrivals))


def test_a_leg_across_a_break_takes_the_better_of_both_paths():
    """In some days who leaves just before a break already takes the way that is fastest behind it, metres and all."""
    changed = 0
    for seed in range(40):
        times = rush_times(seed, 1000)
        for end, start in itertools.product(range(1, 25), (600, 990)):
            chosen, seconds = travel.choose_path(times.tables, 0, end, float(start))
            both = [travel.path_time(times.tables, period, 0, end, float(start)) for period in (0, 1)]
            crosses = start + times.times[0, 0, end] > 1000
            assert seconds == (min(both) if crosses else both[0])
            assert times.leg_metres(0, end, start) == times.lengths[chosen, 0, end]
            changed += crosses and both[1] < both[0]
    assert changed > 20


@settings(max_examples=40, deadline=None)
@given(
    factors=FACTORS,
    gap_s=st.integers(50, 400),
    seed=st.integers(0, 99),
    cv=st.sampled_from([0.1, 0.5, 1.0]),
    starts=st.lists(st.integers(0, 3000), min_size=2, max_size=2),
)
def test_noise_keeps_the_order(factors, gap_s, seed, cv, starts):
    """With noise, too, nobody overtakes: later departures pass every node of the road later or together."""
    spec = spec_of(factors, gap_s, cv)
    times = travel.build(worlds.town("line", 5), spec, 36.0)
    traffic = Traffic(times, spec, (0, 2000), Streams(seed))
    early, late = (traffic.drive(0, 4, start)[1] for start in sorted(starts))
    assert all(a < b for a, b in itertools.pairwise(early))
    assert all(a <= b for a, b in zip(early, late, strict=True))


@pytest.mark.parametrize("factors", [(1.0,), (1.0, 0.5, 0.2)])
def test_without_noise_buses_drive_as_planned(factors):
    """The road takes as long as the plan says, also across a break, and the metres are those of the matrix."""
    spec = spec_of(factors, 300)
    times = travel.build(worlds.town("grid", 4), spec, 36.0)
    traffic = Traffic(times, spec, (0, 900), Streams(1))
    for start in range(0, 900, 37):
        for end in (1, 7, 15):
            nodes, moments, metres = traffic.drive(0, end, start)
            assert moments[0] == start
            assert moments[-1] - start == times.leg_time(0, end, start)
            assert metres[-1] == times.leg_metres(0, end, start)
            assert nodes.tolist() == times.nodes(0, end, start).tolist()


def test_a_leg_across_a_break_is_driven_in_two_parts():
    """Entered 30 s before the speed halves, an edge of 50 s takes 30 s and then 40 s for the rest."""
    times = travel.build(worlds.town("line", 3), spec_of((1.0, 0.5), 100), 36.0)
    assert times.leg_time(0, 1, 70) == 70
    assert times.leg_time(0, 1, 50) == 50
    assert times.leg_time(0, 1, 100) == 100
    assert times.leg_time(0, 2, 70) == 170


def test_noise_depends_on_seed_edge_and_bin_alone():
    """Asked in another order, the road takes the same time; another seed gives other times; the mean factor is one."""
    spec = spec_of((1.0,), 1000, 0.3)
    network = worlds.town("grid", 8)
    times = travel.build(network, spec, 36.0)
    one, two, other = (Traffic(times, spec, (0, 36000), Streams(seed)) for seed in (3, 3, 4))
    legs = [(0, 63, 10), (5, 60, 5000), (0, 63, 20000)]
    forwards = [one.drive(*leg)[1].tolist() for leg in legs]
    backwards = [two.drive(*leg)[1].tolist() for leg in reversed(legs)]
    assert forwards == backwards[::-1]
    assert forwards != [other.drive(*leg)[1].tolist() for leg in legs]
    assert abs(one.noise.mean() - 1.0) < 4 * 0.3 / np.sqrt(one.noise.size)
    assert one.noise.std() == pytest.approx(0.3, rel=0.02)


@pytest.mark.slow
def test_nobody_overtakes_in_the_science_city():
    """At every break of its day, between 150 pairs of places, nobody comes first who left a second later."""
    import busim.network
    from busim.scenario import load

    spec = load("science_city.toml").spec
    network = busim.network.compile(spec.map)
    times = travel.build(network, spec.travel, spec.fleet.vehicles[0].top_speed_kmh)
    pairs = np.random.default_rng(1).choice(np.unique(network.places.node), (150, 2))
    before, now = [], []
    for end_s in times.breaks_s[1:-1].tolist():
        for start, end in pairs.tolist():
            early, late = (at + times.leg_time(start, end, at) for at in (end_s - 1, end_s))
            assert early <= late
            before.append(travel.path_time(times.tables, times.period(end_s - 1), start, end, float(end_s - 1)))
            now.append(early - end_s + 1)
    assert np.mean(np.array(now) < before) > 0.01  # else this would hold without a choice of paths

"""Where buses without work wait: the program of empty trips, forecasts and zones, and days on which buses move."""

from dataclasses import replace

import checker
import numpy as np
import pytest
import worlds
from worlds import START_S

import busim.network
from busim import demand, scenario, sim
from busim.core.forecast import Forecast, gather
from busim.core.rebalance import flows, shares
from busim.errors import InputError
from busim.model.events import Action, Kind
from busim.model.specs import StrategySpec
from busim.policy.registry import PolicyRegistry
from busim.rng import Streams, stream


def test_empty_trips_of_three_zones_by_hand():
    """Three idle buses in zone 0, one wanted in each: the cheaper way to zone 2 is direct, 100 + 150 s in all."""
    seconds = np.array([[0, 100, 150], [100, 0, 60], [150, 60, 0]], float)
    trips = flows(np.array([3, 0, 0]), np.array([3, 0, 0]), np.array([1, 1, 1]), seconds)
    assert trips.tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 0]]
    # with a bus in zone 1 and two wanted in zone 2, the neighbour goes and is replaced: 60 + 150 against 100 + 60
    trips = flows(np.array([2, 1, 0]), np.array([2, 1, 0]), np.array([1, 1, 1]), seconds)
    assert trips.sum() == 1
    assert (trips * seconds).sum() == 150


def test_buses_that_may_not_leave_and_too_few_buses():
    """Only buses that are free go; where they are too few, the nearest want is met and nothing is made up."""
    seconds = np.array([[0, 100, 150], [100, 0, 60], [150, 60, 0]], float)
    trips = flows(np.array([1, 0, 0]), np.array([3, 0, 0]), np.array([0, 2, 2]), seconds)
    assert trips.tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert not flows(np.array([2, 0]), np.array([2, 0]), np.array([2, 0]), seconds[:2, :2]).any()
    assert not flows(np.array([0, 0]), np.array([2, 0]), np.array([1, 1]), seconds[:2, :2]).any()


@pytest.mark.parametrize("seed", range(20))
def test_trips_conserve_buses_and_are_never_dearer_than_a_matching(seed):
    """No zone sends more than it has, wants are met as far as buses go, and the sum is that of the best assignment."""
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 7))
    there = rng.integers(0, 5, size)
    wanted = shares(rng.random(size), int(there.sum()))
    place = rng.random((size, 2))
    seconds = np.rint(1000 * np.hypot(*(place[:, None] - place).transpose(2, 0, 1)))
    trips = flows(there, there, wanted, seconds)
    assert (trips.sum(axis=1) <= there).all()
    assert (there - trips.sum(axis=1) + trips.sum(axis=0)).tolist() == wanted.tolist()
    start, end = (np.repeat(np.arange(size), n) for n in (np.maximum(0, there - wanted), np.maximum(0, wanted - there)))
    cost = seconds[np.ix_(start, end)]
    assert (trips * seconds).sum() == pytest.approx(cost[linear_sum_assignment(cost)].sum())


def test_whole_buses_are_shared_out_by_largest_remainder():
    """Of 7 buses for weights 5, 3, 2: 3.5, 2.1 and 1.4 give 4, 2 and 1; nothing for nobody."""
    assert shares(np.array([5.0, 3.0, 2.0]), 7).tolist() == [4, 2, 1]
    assert shares(np.zeros(3), 7).tolist() == [0, 0, 0]
    assert shares(np.array([1.0, 1.0]), 1).tolist() == [1, 0]


def test_a_forecast_counts_slots_by_the_share_that_lies_in_a_span():
    """A third of a slot counts a third; before and after the day nothing is expected."""
    forecast = Forecast(np.array([0.0, 900.0, 1800.0]), np.array([[3.0, 0.0], [0.0, 6.0]]))
    assert forecast.between(600.0, 1200.0).tolist() == [1.0, 2.0]
    assert forecast.between(-900.0, 5000.0).tolist() == [3.0, 6.0]
    assert forecast.between(2000.0, 3000.0).tolist() == [0.0, 0.0]


def test_zones_are_squares_with_riders_and_the_others_go_to_the_nearest():
    """Six nodes on a line, riders in the first and fourth square: two zones, each node in the nearer one."""
    x, y = np.array([0.0, 50.0, 120.0, 260.0, 310.0, 340.0]), np.zeros(6)
    zones = gather(x, y, np.array([1.0, 3.0, 0.0, 0.0, 2.0, 2.0]), 100.0)
    assert zones.of_node.tolist() == [0, 0, 0, 1, 1, 1]
    assert zones.centre.tolist() == [1, 4]
    assert len(gather(x, y, np.zeros(6), 100.0).centre) == 0


def day(rows, strategy, **changes):
    """Run a day in a line of 8 stops, and have the checker look at it."""
    spec = replace(worlds.scenario(**changes), idling=StrategySpec(*strategy))
    network = worlds.network_of(spec)
    table = worlds.requests(network, rows)
    result = sim.build(spec, network, table).run()
    assert checker.check(result.log, spec, network, table) == []
    return result


HISTORY = {"forecast": "history", "zone_m": 500.0, "ahead_min": 60.0}
COMERS = [(START_S + 300 + 60 * k, 6, 1) for k in range(8)]  # all from stop 6 to stop 1


@pytest.mark.parametrize("strategy", ["spread", "rebalance"])
def test_idle_buses_go_where_riders_have_come_from(strategy):
    """With riders from stop 6 alone, buses that have set down at stop 1 drive back to 6, and wait there."""
    result = day(COMERS, (strategy, HISTORY), buses=3)
    slots = [row for row in worlds.events(result, Kind.SLOT) if row["a"] == Action.MOVE]
    assert slots
    assert {row["node"] for row in slots} == {6}
    homes = [row["node"] for row in worlds.events(result, Kind.IDLE) if row["time"] > START_S + 800]
    assert 6 in homes
    assert result.log.sha256() == day(COMERS, (strategy, HISTORY), buses=3).log.sha256()


def test_a_bus_that_gets_a_rider_forgets_where_it_was_to_wait():
    """Called off on its way to stop 6, the bus serves the rider and does not go on to 6 first."""
    rows = [(START_S + 300, 6, 1), (START_S + 1000, 3, 0)]  # set down at 1 at 850 s, 1000 s: on the way, at stop 4
    result = day(rows, ("spread", HISTORY))
    moves = [row["other"] for row in worlds.events(result, Kind.LEAVE) if START_S + 800 < row["time"] < START_S + 1000]
    assert moves == [6]
    assert [row["other"] for row in worlds.events(result, Kind.TURN)] == [3]
    assert worlds.events(result, Kind.BOARD, rider=1)[0]["time"] == START_S + 1050
    assert worlds.events(result, Kind.ALIGHT, rider=1)[0]["time"] == START_S + 1200


def test_no_bus_is_sent_without_the_time_or_the_charge_to_come_back():
    """Half an hour before the end of the shift, or with a low battery, buses stay where they are."""
    late = [(time + 5400, *rest) for time, *rest in COMERS]
    for changes in ({}, {"start_charge": 0.12, "reserve": 0.1}):
        rows = late if not changes else COMERS
        result = day(rows, ("rebalance", HISTORY), buses=2, service={"max_wait_s": 1500, "patience_s": 1500}, **changes)
        late_moves = [r for r in worlds.events(result, Kind.SLOT) if r["a"] == Action.MOVE]
        assert all(r["time"] < START_S + 6300 for r in late_moves) or changes == {}


def test_what_cannot_be_forecast_is_told():
    """A file of riders tells no profile; a line has no idle buses; an unknown forecast is named."""
    for parameters, changes, what in (
        ({"forecast": "profil"}, {}, "forecast must be one of profile, history"),
        ({}, {"line": {"stops": ("stop_0", "stop_3")}}, "fixed line"),
    ):
        spec = replace(worlds.scenario(**changes), idling=StrategySpec("spread", parameters))
        with pytest.raises(InputError, match=what):
            worlds.run(spec, [])


def test_the_profile_is_a_mean_of_other_days():
    """It expects about as many riders as the scenario, and moves neither riders nor log when it is drawn."""
    spec = scenario.load("quick.toml", ["idling.strategy=spread", "idling.zone_m=500"], PolicyRegistry()).spec
    network = busim.network.compile(spec.map)
    table = demand.make(spec.demand, spec.service, network, Streams(spec.seed)["demand"], spec.start_s, spec.end_s)
    simulation = sim.build(spec, network, table)
    forecast = simulation.control.first_view.forecast
    total = forecast.between(spec.start_s, spec.end_s).sum()
    assert 0.85 * len(table) < total < 1.15 * len(table)
    plain = sim.build(replace(spec, idling=StrategySpec("stay")), network, table)
    assert plain.control.first_view.forecast is None
    draws = [s.control.rng.random() for s in (simulation, plain)]
    assert draws[0] == draws[1] == stream(spec.seed, "policy").random()

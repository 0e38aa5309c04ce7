"""The strategies in worlds where the right answer can be worked out by hand."""

import pytest
import worlds
from worlds import START_S

from busim.errors import InputError
from busim.model.events import Kind, Reason
from busim.model.specs import StrategySpec


def buses_of(result):
    """Give the bus of every rider who got one."""
    return {row["rider"]: row["bus"] for row in worlds.events(result, Kind.ACCEPT)}


def test_nearest_takes_the_idle_bus_that_is_there_first():
    """Of buses at stops 0 and 7, the second fetches a rider at stop 5 and the first one at stop 2."""
    spec = worlds.scenario(buses=2, depots=("depot", "stop_7"), dispatch="nearest")
    assert buses_of(worlds.run(spec, [(START_S + 10, 5, 3), (START_S + 20, 2, 3)])) == {0: 1, 1: 0}


def test_nearest_never_pools():
    """With its only bus under way, nearest refuses a rider whom insertion takes along."""
    rows = [(START_S + 10, 2, 6), (START_S + 20, 3, 5)]
    nearest, insertion = (worlds.run(worlds.scenario(dispatch=name), rows) for name in ("nearest", "insertion"))
    assert buses_of(nearest) == {0: 0}
    assert [row["a"] for row in worlds.events(nearest, Kind.REFUSE)] == [Reason.NO_BUS]
    assert buses_of(insertion) == {0: 0, 1: 0}


def test_nearest_breaks_ties_by_number():
    """Of two buses at one depot the first goes."""
    spec = worlds.scenario(buses=2, dispatch="nearest")
    assert buses_of(worlds.run(spec, [(START_S + 10, 2, 3)])) == {0: 0}


def test_insertion_takes_the_bus_that_adds_least():
    """A bus that drives by anyway takes the rider, though an idle one stands nearer."""
    spec = worlds.scenario(buses=2, depots=("depot", "stop_4"))
    rows = [(START_S, 1, 7), (START_S + 60, 3, 6)]
    result = worlds.run(spec, rows)
    assert buses_of(result) == {0: 0, 1: 0}


def test_insertion_sends_the_idle_bus_where_waiting_costs_more():
    """When waiting weighs ten times as much, the idle bus next door is cheaper than the one that comes by."""
    from dataclasses import replace

    spec = worlds.scenario(buses=2, depots=("depot", "stop_4"))
    spec = replace(spec, objective=replace(spec.objective, wait=10.0, distance=0.0, drive=0.0))
    result = worlds.run(spec, [(START_S, 1, 7), (START_S + 60, 4, 6)])
    assert buses_of(result) == {0: 0, 1: 1}


def test_threshold_charges_an_idle_bus_below_its_threshold():
    """A bus at 30 % of its battery goes to the charger at stop 4; at 40 % it stays."""
    for charge, goes in ((0.30, True), (0.40, False)):
        spec = worlds.scenario(
            charging=StrategySpec("threshold", {"below": 0.35}), start_charge=charge, vehicle={"standing_kw": 0.0}
        )
        assert bool(worlds.events(worlds.run(spec, []), Kind.PLUG_IN)) == goes


@pytest.mark.parametrize("parameters", [{"below": 0.9, "until": 0.5}, {"below": 0.05, "until": 0.9}])
def test_threshold_tells_which_scenarios_it_does_not_fit(parameters):
    """Below must lie between the reserve and the target."""
    spec = worlds.scenario(charging=StrategySpec("threshold", parameters), reserve=0.1)
    with pytest.raises(InputError, match="does not fit this scenario: needs reserve <= below < until"):
        worlds.run(spec, [])

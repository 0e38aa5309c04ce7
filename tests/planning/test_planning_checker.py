"""The checker finds every kind of fault."""

from dataclasses import replace

import pytest
from planning_worlds import random_instance

from busim.errors import InputError
from busim.planning import Settings, check, plan, read_solution


@pytest.fixture(scope="module")
def planned():
    """Make a problem whose plan has a charging stop."""
    instance = random_instance(1, riders=2, gamma=0.75)
    for seed in range(1, 40):
        instance = random_instance(seed, riders=2, gamma=0.75)
        found = plan(instance, Settings(seconds=None, iterations=20, steps_per_request=2))
        if found.is_feasible and any(stop.charge > 0.0 for bus in found.solution.buses for stop in bus.stops):
            return instance, found.solution
    raise AssertionError("no plan charges")


def change_stop(solution, choose, **values):
    """Give the plan with the first stop that fits changed."""
    for b, bus in enumerate(solution.buses):
        for s, stop in enumerate(bus.stops):
            if choose(stop):
                stops = (*bus.stops[:s], replace(stop, **values), *bus.stops[s + 1 :])
                buses = (*solution.buses[:b], replace(bus, stops=stops), *solution.buses[b + 1 :])
                return replace(solution, buses=buses)
    raise AssertionError("no such stop")


@pytest.mark.parametrize(
    ("choose", "values", "fault"),
    [
        (lambda stop: stop.node == 1, {"start": 1e4}, "window"),
        (lambda stop: stop.node == 1, {"start": -5.0}, "before arrival"),
        (lambda stop: stop.node == 1, {"departure": 0.0}, "before it is done"),
        (lambda stop: stop.node == 3, {"node": 4}, "let off|aboard|travel"),
        (lambda stop: stop.charge > 0.0, {"charge": 0.0}, "energy"),
        (lambda stop: stop.charge > 0.0, {"charge": 99.0}, "than the battery"),
        (lambda stop: stop.charge > 0.0, {"charge": -1.0}, "less than nothing"),
        (lambda stop: stop.node == 1, {"charge": 1.0}, "no station"),
        (lambda stop: stop.node == 1, {"energy": 0.0}, "energy is"),
        (lambda stop: stop.node == 1, {"node": 999}, "unknown"),
    ],
)
def test_each_fault_is_found(planned, choose, values, fault):
    """A plan with one number changed fails with the right sentence."""
    instance, solution = planned
    faults = " | ".join(check(instance, change_stop(solution, choose, **values)).faults)
    assert any(word in faults for word in fault.split("|"))


def test_cost_fleet_and_stations(planned):
    """A wrong cost, a missing bus and too many visits are found."""
    instance, solution = planned
    assert check(instance, solution).is_valid
    assert "cost is" in str(check(instance, replace(solution, cost=solution.cost - 0.1)).faults)
    assert "exactly one plan" in str(check(instance, replace(solution, buses=solution.buses[:1])).faults)
    assert "visited 1 times" in str(check(replace(instance, visits=instance.visits * 0), solution).faults)
    crowded = replace(instance, places=instance.places * 0)
    assert "more buses end there" in str(check(crowded, solution).faults)


def test_round_trip(planned, tmp_path):
    """A written plan reads back equal; other files are refused."""
    _, solution = planned
    solution.write(tmp_path / "plan.json")
    assert read_solution(tmp_path / "plan.json") == solution
    for text in ("{}", "[1]", "nonsense", '{"format": "busim-plan-1"}'):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(InputError, match=r"bad\.json"):
            read_solution(tmp_path / "bad.json")

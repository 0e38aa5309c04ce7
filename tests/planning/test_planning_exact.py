"""Tiny instances, solved to optimality by another way, and what can only get cheaper."""

from dataclasses import replace

import numpy as np
import pytest
from planning_program import optimal_cost
from planning_worlds import random_instance

from busim.errors import InputError
from busim.planning import Settings, check, plan

QUICK = Settings(seconds=None, iterations=240, steps_per_request=4, seed=1)


THOROUGH = replace(QUICK, iterations=1000, steps_per_request=10)


def best_cost(instance, settings=QUICK):
    """Give the planner's cost, None if it serves not everybody."""
    try:
        found = plan(instance, settings)
    except InputError:
        return None
    return found.solution.cost if found.is_feasible else None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gamma", [0.3, 0.75])
def test_equals_mixed_integer_program(seed, gamma):
    """Cost and feasibility equal an exact mixed-integer program's."""
    instance = random_instance(seed, riders=2, gamma=gamma)
    assert best_cost(instance) == pytest.approx(optimal_cost(instance), abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 22))
def test_equals_mixed_integer_program_of_three_riders(seed):
    """The same with three riders and two stations."""
    instance = random_instance(seed, riders=3, stations=2, gamma=0.75)
    assert best_cost(instance, THOROUGH) == pytest.approx(optimal_cost(instance), abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_relaxing_never_costs(seed):
    """Wider windows, longer rides, a larger battery or a lower end charge never make the optimum dearer."""
    tight = random_instance(40 + seed, riders=3, gamma=0.7)
    cost = best_cost(tight)
    looser = [
        replace(tight, late=np.minimum(tight.late + 10.0, 160.0)),
        replace(tight, max_ride=tight.max_ride + 10.0),
        replace(tight, battery=tight.battery + 1.0, energy_start=tight.energy_start + 1.0),
        replace(tight, end_ratio=tight.end_ratio * 0.5),
    ]
    for instance in looser:
        found = best_cost(instance)
        assert cost is None or (found is not None and found <= cost + 1e-6)


def test_same_seed_same_plan(tiny):
    """A seed and an iteration limit fix the plan to the last digit."""
    assert plan(tiny, QUICK).solution == plan(tiny, QUICK).solution


def test_every_plan_passes_the_checker(tiny):
    """The checker accepts the plan and computes the same cost."""
    solution = plan(tiny, QUICK).solution
    verdict = check(tiny, solution)
    assert verdict.faults == ()
    assert verdict.cost == pytest.approx(solution.cost, abs=1e-6)


def test_start_is_never_made_worse(tiny):
    """A search that starts from a given plan ends no worse."""
    first = plan(tiny, QUICK)
    riders = {1, 2, 3, 4}
    start = [[stop.node for stop in bus.stops if stop.node in riders] for bus in first.solution.buses]
    again = plan(tiny, replace(QUICK, iterations=1), start=start)
    assert again.solution.cost <= first.solution.cost + 1e-9


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"max_ride": np.array([1.0, 20.0])}, "rider 1 .*ride limit"),
        ({"capacity": np.array([0, 0])}, "places needed"),
        ({"late": np.array([4.0] + [120.0] * 11), "early": np.array([3.0] + [0.0] * 11)}, ""),
        ({"energy_start": np.zeros(2), "rate": np.full(2, 1e-5)}, "energy"),
        ({"late": np.array([3.0] + [120.0] * 11)}, "origin|windows"),
    ],
)
def test_infeasible_rider_is_named(tiny, change, reason):
    """What no bus can do is told with rider and rule; what is merely tight is planned."""
    changed = replace(tiny, **change)
    if not reason:
        assert plan(changed, QUICK).is_feasible
        return
    with pytest.raises(InputError, match=reason):
        plan(changed, QUICK)


def test_riders_may_be_left_out_at_a_price(tiny):
    """A request with a finite price is left out when serving it costs more."""
    found = plan(replace(tiny, skip_cost=np.array([0.5, np.inf])), QUICK)
    assert found.is_feasible
    assert found.solution.unserved == (1,)
    assert found.solution.skip_cost == 0.5


def test_too_few_buses_are_told():
    """Where each rider alone could be served but not all, the plan says who is left out."""
    instance = random_instance(3, riders=2, buses=1, stations=0, gamma=0.0)
    instance.energy_start[:] = instance.battery[:] = 100.0
    instance.early[:], instance.late[:] = 0.0, 160.0
    instance.early[:2], instance.late[:2] = 40.0, 40.5
    instance.max_ride[:] = 18.0
    found = plan(instance, QUICK)
    assert not found.is_feasible
    assert any("must be served" in fault for fault in found.faults)


def test_no_steps_without_limits():
    """Limits that mean nothing are refused together."""
    with pytest.raises(InputError, match="seconds") as caught:
        Settings(seconds=0.0, iterations=-1, seed=-2)
    assert len(caught.value.problems) == 3

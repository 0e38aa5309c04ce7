"""Costs of insertions that shift a plan, against those of the kernel that walks along it, bit for bit."""

import math

import numpy as np
from test_plain_insertion import HALT_S, costed, random_costs, random_rider
from test_plain_schedule import BUSES, random_fleet, random_plan, tables_of

from busim.core.live_plans import Plans
from busim.core.plain_insertion import exact_plain
from busim.core.plain_legs import legs_of
from busim.core.plain_rows import PlanRows
from busim.core.plain_shift import exact_shift
from busim.core.plans import LATEST, LOAD, RIDE, WHEEL_LOAD
from busim.core.schedules import Schedules
from busim.model.events import Action


def scene(rng, tables):
    """Give plans that live, few of whose buses wait for riders or use energy; some buses have moved on since."""
    fleet, plans = random_fleet(rng), Plans(BUSES)
    fleet.wheels[:] = 0
    for bus in range(BUSES):
        waits, slack = rng.random() < 0.1, float(rng.integers(0, 2000))
        for k, stop in enumerate(random_plan(rng)):
            plans.insert(
                bus, k, stop if waits or stop.action == Action.DROPOFF else stop._replace(earliest_s=-math.inf)
            )
        plans.floats[bus, :, [LATEST, RIDE]] += slack
    if rng.random() < 0.8:
        fleet.per_metre[:], fleet.per_second[:] = 0.0, 0.0
    fleet.energy[:] = rng.choice([0.5, 30.0, np.inf], BUSES)
    schedules = Schedules(plans, fleet, tables, HALT_S)
    for bus in range(BUSES):
        schedules.refresh(bus, 0.0)
        loads = plans.floats[bus, : plans.length[bus]]
        fleet.load[bus] -= min(0, int(loads[:, LOAD].min()))  # those who get off must be aboard
        fleet.wheels[bus] -= min(0, int(loads[:, WHEEL_LOAD].min()))
        fleet.seats[bus] += 4
        schedules.refresh(bus, 0.0)
    moved = rng.random(BUSES) < 0.3
    fleet.time[moved] += rng.integers(0, 90, int(moved.sum()))
    return fleet, plans.arrays, PlanRows(plans.arrays, schedules)


def test_costs_by_shifts_are_those_of_a_walk_along_the_plan():
    """Wherever no walk is needed the cost is the kernel's to the last bit; elsewhere the plan is walked along."""
    rng, shifted, walked = np.random.default_rng(41), 0, 0
    for _ in range(30):
        tables, costs = tables_of(rng, 1), random_costs(rng)._replace(halt=HALT_S)  # as in schedules
        fleet, plans, rows = scene(rng, tables)
        for place, rider, now, cost in costed(rng, fleet, plans, tables, costs):
            told = exact_shift(fleet, rows, *place, rider, now, legs_of(tables), costs)
            assert told is None or told == cost
            assert exact_plain(fleet, rows, *place, rider, now, tables, costs) == cost
            shifted += told is not None and cost < math.inf
            walked += told is None and cost < math.inf
    assert shifted > 200
    assert walked > 20


def test_plans_are_walked_along_while_speeds_change():
    """Nothing is told of a shift where a leg may take longer later on."""
    rng = np.random.default_rng(42)
    tables = tables_of(rng, 2)
    fleet, _, rows = scene(rng, tables)
    told = [
        exact_shift(fleet, rows, bus, 0, 0, random_rider(rng), 0.0, legs_of(tables), random_costs(rng))
        for bus in range(BUSES)
    ]
    assert told == [None] * BUSES

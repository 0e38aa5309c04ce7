"""Schedules in plain Python against those of the kernel that is compiled."""

import math

import numpy as np
import pytest
import worlds

from busim.core.compiled import plain
from busim.core.fleet import FleetArrays, origin_of
from busim.core.live_plans import Plans
from busim.core.plain_schedule import PlainSchedules, refresh_plain
from busim.core.plain_slots import Slots
from busim.core.plans import DEPART, LOAD, START, WAITED, WHEEL_LOAD
from busim.core.schedule import _refresh, worst
from busim.core.schedules import Schedules
from busim.core.travel import build
from busim.model.events import NONE, Action
from busim.model.orders import Stop

NODES, BUSES = 25, 8


def random_plan(rng):
    """Give a plan with riders aboard, riders to come, now and then a charge, closed by the end of the shift."""
    stops = []
    for rider in range(int(rng.integers(0, 5))):
        node, to = rng.integers(0, NODES, 2).tolist()
        earliest, latest = (int(rng.integers(0, 400)) if rng.random() < 0.4 else -math.inf), int(rng.integers(50, 900))
        persons, wheels = int(rng.integers(0, 3)), int(rng.integers(0, 2))
        first, dwell = int(rng.integers(0, len(stops) + 1)), float(rng.integers(0, 20))
        drop = Stop(to, Action.DROPOFF, rider, -persons, -wheels, NONE, -math.inf, latest, dwell)
        if rng.random() < 0.7:
            pick = Stop(node, Action.PICKUP, rider, persons, wheels, NONE, earliest, latest, dwell)
            stops.insert(first, pick)
            drop = drop._replace(ride_s=float(rng.integers(20, 500)))
            first += 1
        stops.insert(int(rng.integers(first, len(stops) + 1)), drop)
    if rng.random() < 0.3:
        charge = Stop(int(rng.integers(NODES)), Action.CHARGE, site=0, dwell_s=120.0, gain_kwh=float(rng.random()))
        stops.insert(int(rng.integers(0, len(stops) + 1)), charge)
    return [*stops, Stop(0, Action.END, latest_s=float(rng.integers(300, 2000)))]


def random_fleet(rng):
    """Give buses somewhere on the map, some of them free only later."""
    whole = [rng.integers(0, high, BUSES) for high in (NODES, 5, 2, 9, 3)]
    return FleetArrays(
        node=whole[0],
        time=rng.integers(0, 300, BUSES).astype(float),
        energy=rng.uniform(5, 50, BUSES),
        load=whole[1],
        wheels=whole[2],
        seats=whole[3],
        wheel_places=whole[4],
        last=np.full(BUSES, -1),
        per_metre=rng.uniform(0, 0.002, BUSES),
        per_second=rng.uniform(0, 0.001, BUSES),
        reserve=np.ones(BUSES),
    )


def tables_of(rng, periods):
    """Give travel times on a grid with speeds that change several times while a plan is driven."""
    breaks = (0, *sorted(rng.choice(np.arange(20, 700), periods - 1, replace=False).tolist()))
    factors = {"default": tuple(rng.uniform(0.3, 1.5, periods).tolist())}
    travel = {"breaks_s": breaks, "factors": factors}
    return build(worlds.town("grid", 5), worlds.scenario(travel=travel).travel, 36.0).tables


def kernel(arrays, fleet, bus, now, tables):
    """Schedule a plan with the kernel itself, on the arrays."""
    size, run = arrays.length[bus], plain(_refresh)
    fleet.last[bus] = run(arrays.ints[bus], arrays.floats[bus], size, origin_of(fleet, bus, now), tables, 5.0)


def random_plans(rng):
    """Give a plan for each bus."""
    plans = Plans(BUSES)
    for bus in range(BUSES):
        for k, stop in enumerate(random_plan(rng)):
            plans.insert(bus, k, stop)
    return plans


@pytest.mark.parametrize("periods", [1, 2, 6])
def test_plain_schedules_are_those_of_the_kernel(periods):
    """Every column is the same to the last bit, also where stops and legs are remembered and buses have moved on."""
    rng = np.random.default_rng([7, periods])
    tables = tables_of(rng, periods)
    for _ in range(25):
        fleet, plans = random_fleet(rng), random_plans(rng)
        twin, other = plans.floats.copy(), fleet._replace(last=fleet.last.copy())
        arrays, known = plans.arrays, [Slots(plans.arrays, bus) for bus in range(BUSES)]
        again = arrays._replace(floats=plans.floats.copy())
        for now in (0.0, 40.0, float(rng.integers(100, 600))):
            for bus, size in enumerate(plans.length.tolist()):
                kernel(arrays._replace(floats=twin), other, bus, now, tables)
                refresh_plain(arrays, fleet, bus, now, tables, 5.0)
                np.testing.assert_array_equal(plans.floats[bus, :size], twin[bus, :size])
                assert fleet.last[bus] == other.last[bus]
                schedules = PlainSchedules(again, fleet, tables, 5.0)
                schedules.schedule(known[bus], bus, now)
                np.testing.assert_array_equal(again.floats[bus, :size], twin[bus, :size])
                late, over, *_ = missed = schedules.misses(known[bus], bus)
                assert missed == plain(worst)(arrays.ints[bus], twin[bus], size)
                assert known[bus].may_be_late == (max(late, over) > 0.0)
            fleet.node[:], fleet.time[:] = rng.integers(0, NODES, BUSES), fleet.time + rng.integers(-30, 60, BUSES)


@pytest.mark.parametrize("counts", [False, True])
def test_who_boards_on_time_leaves_the_schedule_as_one_made_anew(counts):
    """A bus that boards a rider as planned need not be scheduled from its place on: only slacks change by that."""
    rng, boarded = np.random.default_rng(3), 0
    tables = tables_of(rng, 2)
    for _ in range(60):
        fleet, plans = random_fleet(rng), random_plans(rng)
        if not counts:
            fleet.per_metre[:], fleet.per_second[:] = 0.0, 0.0
        schedules = Schedules(plans, fleet, tables, 5.0)
        for bus in range(BUSES):
            schedules.refresh(bus, 0.0)
            (node, action, rider), (start, waited) = plans.first(bus), plans.first_times(bus, START, WAITED)
            if action != Action.PICKUP or waited:
                continue
            fleet.node[bus], fleet.time[bus] = node, plans.first_time(bus, DEPART)
            fleet.energy[bus] -= counts  # as it turns out
            fleet.load[bus], fleet.wheels[bus] = (int(plans.first_time(bus, of)) for of in (LOAD, WHEEL_LOAD))
            plans.board(bus, rider, start + 60.0)
            schedules.limit(bus, start)
            arrays, twin = plans.arrays, plans.floats.copy()
            other = fleet._replace(last=fleet.last.copy())
            kernel(arrays._replace(floats=twin), other, bus, start, tables)
            size = plans.length[bus]
            np.testing.assert_array_equal(plans.floats[bus, :size], twin[bus, :size])
            assert fleet.last[bus] == other.last[bus]
            boarded += 1
    assert boarded > 100


def test_who_gets_off_before_getting_on_misses_his_ride_by_infinity():
    """A drop-off in front of its pick-up is found, and what stands behind it no longer counts."""
    rng, plans = np.random.default_rng(1), Plans(1)
    drop = Stop(1, Action.DROPOFF, 0, -1, 0, NONE, -math.inf, 0.0, 1.0, 100.0)
    for k, stop in enumerate((drop, Stop(2, Action.PICKUP, 0, 1), Stop(0, Action.END, latest_s=-99.0))):
        plans.insert(0, k, stop)
    tables, fleet, slots = tables_of(rng, 1), random_fleet(rng), Slots(plans.arrays, 0)
    schedules = PlainSchedules(plans.arrays, fleet, tables, 5.0)
    schedules.schedule(slots, 0, 0.0)
    late, over, load, wheels = schedules.misses(slots, 0)
    assert (late, over, load, wheels) == plain(worst)(plans.ints[0], plans.floats[0], 3)
    assert over == math.inf
    assert late == plans.floats[0, 0, START]

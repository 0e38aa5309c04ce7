"""Kernels bound to the arrays of a run: the same results as called afresh, also after growing and copying."""

import copy
import math
import pickle

import insertion_reference as ref
import numpy as np
import pytest

from busim.core.binding import binding_reason
from busim.core.bound_search import Search
from busim.core.compiled import KERNEL
from busim.core.live_plans import Plans
from busim.core.plans import READY
from busim.core.schedule import misses, refresh
from busim.core.schedules import Schedules
from busim.core.search import best_insertion, best_per_bus
from busim.core.underway import advance, follow, nobody, wider
from busim.model.events import NONE, Action
from busim.model.orders import Stop


def cases(count):
    """Give random cases with a rider each."""
    rng = np.random.default_rng(20261125)
    for _ in range(count):
        case = ref.random_case(rng)
        yield case, ref.random_rider(rng, case, tight=False)


def test_a_bound_search_finds_what_the_search_finds():
    """Bound or copied, a search follows the arrays and gives the same place and costs as one called afresh."""
    for case, rider in cases(40):
        fleet, plans, costs = ref.as_arrays(case)
        arrays, tables = plans.arrays, case.travel.tables
        search = Search(fleet, arrays, tables, costs)
        for now in (case.now, case.now + 30):
            assert search.best(rider, now) == best_insertion(fleet, arrays, rider, now, tables, costs)
            assert search.reason(rider, now) == binding_reason(fleet, arrays, rider, now, tables, costs)
            places, best = search.per_bus(rider, now)
            expected = best_per_bus(fleet, arrays, rider, now, tables, costs)
            assert places.tolist() == expected[0].tolist()
            assert best.tolist() == expected[1].tolist()
        assert copy.deepcopy(search).best(rider, case.now) == search.best(rider, case.now)


def test_a_search_among_living_plans_follows_their_edits():
    """Whoever is put in, boards or is put off: place and reason are those of a search called afresh."""
    rounds = 0
    for case, rider in cases(40):
        fleet, plans, costs = ref.as_arrays(case, slots=24)
        arrays, tables, now = plans.arrays, case.travel.tables, case.now
        schedules = Schedules(plans, fleet, tables, costs.halt)
        search = Search(fleet, arrays, tables, costs, living=schedules)
        ends, party = (rider.origin, rider.destination), (rider.persons, rider.wheels)
        window, limits = (
            (rider.earliest, rider.latest, rider.board, math.inf),
            (-math.inf, math.inf, 0.0, rider.longest),
        )
        for number in range(9):
            best, reason = search.best(rider, now), search.reason(rider, now)
            assert best == best_insertion(fleet, arrays, rider, now, tables, costs)
            assert reason == binding_reason(fleet, arrays, rider, now, tables, costs)
            if best.bus < 0:
                break
            _, action, first = plans.first(best.bus)
            if number % 3 == 0:
                plans.insert_ride(best.bus, (best.p, best.q), 900 + number, ends, party, window, limits)
                schedules.put_off(best.bus, now)
            elif number % 3 == 1 and action == Action.PICKUP:  # on time: what follows stands as it was planned
                plans.board(best.bus, first, rider.latest)
                schedules.limit(best.bus, now)
            else:
                fleet.time[:] += 3.0
                schedules.put_off_many(np.flatnonzero(fleet.last > 0).tolist(), now)
            rounds += 1
    assert rounds > 100


def test_bound_schedules_follow_plans_that_grow():
    """After an edit that makes the arrays grow, the bound kernels fill the new ones as ``refresh`` would."""
    for case, _ in cases(20):
        fleet, plans, costs = ref.as_arrays(case)
        schedules, tables = Schedules(plans, fleet, case.travel.tables, costs.halt), case.travel.tables
        schedules.refresh(0, case.now)
        before = plans.ints
        while plans.ints is before:
            plans.insert(0, 0, Stop(0, Action.MOVE))
        schedules.refresh(0, case.now)
        size, last, missed = int(plans.length[0]), int(fleet.last[0]), schedules.misses(0)
        rows = plans.floats[0, :size].copy()
        refresh(plans.arrays, fleet, 0, case.now, tables, costs.halt)
        assert plans.floats[0, :size].tolist() == rows.tolist()
        assert (int(fleet.last[0]), misses(plans.arrays, 0)) == (last, missed)


def test_bound_schedules_follow_every_edit():
    """What is remembered of a plan is dropped with each edit of it: schedules are those of ``refresh``, made afresh."""
    rng = np.random.default_rng(3)
    for case, _ in cases(10):
        fleet, plans, costs = ref.as_arrays(case)
        schedules, tables, buses = (
            Schedules(plans, fleet, case.travel.tables, costs.halt),
            case.travel.tables,
            len(fleet.node),
        )
        for k in range(12):
            bus = int(rng.integers(buses))
            size = int(plans.length[bus])
            if k % 3 == 0:
                plans.insert(
                    bus, int(rng.integers(size + 1)), Stop(int(rng.integers(4)), Action.MOVE, latest_s=50.0 * k)
                )
            elif k % 3 == 1 and size:
                plans.remove(bus, int(rng.integers(size)))
            else:
                plans.cut(bus, max(0, size - 1))
            fleet.time[:] += rng.integers(0, 9, buses)
            for b in rng.permutation(buses).tolist():
                schedules.put_off(b, case.now)
            schedules.put_off_many(list(range(0, buses, 2)), case.now)
            schedules.settle_all(np.arange(buses))
            for b, length in enumerate(plans.length.tolist()):
                rows, missed = plans.floats[b, :length].copy(), schedules.misses(b)
                refresh(plans.arrays, fleet, b, case.now, tables, costs.halt)
                assert plans.floats[b, :length].tolist() == rows.tolist()
                assert misses(plans.arrays, b) == missed


def test_a_schedule_put_off_is_made_once_from_where_its_bus_stands_then():
    """Without compiled kernels nothing is made until somebody asks; then what stands is what ``refresh`` makes."""
    for case, _ in cases(10):
        fleet, plans, costs = ref.as_arrays(case)
        schedules, tables = Schedules(plans, fleet, case.travel.tables, costs.halt), case.travel.tables
        buses = [bus for bus, size in enumerate(plans.length.tolist()) if size > 1]
        plans.floats[:, :, READY] = -1.0
        for bus in buses:
            schedules.put_off(bus, case.now)
        asked = plans.floats[buses, 0, READY].copy()
        if KERNEL == "numpy":
            assert (asked == -1.0).sum() == (fleet.last[buses] > 0).sum()
        fleet.time[:] += 7.0
        for bus in buses:
            schedules.put_off(bus, case.now)
            assert schedules.misses(bus) == schedules.misses(bus)
            rows = plans.floats[bus, : plans.length[bus]].copy()
            schedules.settle(bus)
            refresh(plans.arrays, fleet, bus, case.now, tables, costs.halt)
            assert plans.floats[bus, : plans.length[bus]].tolist() == rows.tolist()


def test_plans_are_copied_with_kernels_of_their_own():
    """A pickled or deeply copied set of plans can be edited without touching the first."""
    plans = Plans(1, slots=2)
    plans.insert(0, 0, Stop(3, Action.PICKUP, 1, 1, 0, NONE, 10.0, 20.0, 3.0))
    for twin in (copy.deepcopy(plans), pickle.loads(pickle.dumps(plans))):
        twin.remove(0, 0)
        assert (len(twin.stops(0)), len(plans.stops(0))) == (0, 1)


@pytest.mark.parametrize("now", [0.0, 10.0, 11.0, 25.0, 99.0])
def test_following_moves_each_bus_to_the_first_node_that_it_has_not_passed(now):
    """A bus at a node on the second may still turn there; at the end of its path it stays; who stands is left alone."""
    case, _ = next(cases(1))
    fleet, _, _ = ref.as_arrays(case)
    fleet = type(fleet)._make(np.concatenate((a, a))[:2] for a in fleet)
    for move in ("one by one", "all"):
        legs = wider(nobody(2, 2))
        legs.path[0, :4], legs.times[0, :4], legs.held[0, :4] = (5, 6, 7, 8), (0, 10, 20, 30), (4.0, 3.0, 2.0, 1.0)
        legs.nodes[0], legs.step[0], legs.passed_at[0] = 4, 1, 10.0
        stood = int(fleet.node[1])
        if move == "all":
            follow(legs, fleet, np.zeros(2, np.int64), now)
        elif legs.passed_at[0] < now:
            advance(legs, fleet, 0, now)
        step = min(3, max(1, math.ceil(now / 10)))
        assert int(legs.step[0]) == step
        if now > 10:
            assert (int(fleet.node[0]), fleet.time[0], fleet.energy[0]) == (5 + step, 10.0 * step, 4.0 - step)
            assert legs.passed_at[0] == (10.0 * step if step < 3 else math.inf)
        assert int(fleet.node[1]) == stood

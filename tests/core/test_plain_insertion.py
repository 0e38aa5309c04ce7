"""Insertions listed and costed without compiled kernels against the kernels that are compiled, bit for bit."""

import numpy as np
import pytest
from test_plain_schedule import BUSES, NODES, random_fleet, random_plan, tables_of

from busim.core.binding import binding_reason, reason_compiled
from busim.core.bound_search import Search
from busim.core.candidates import by_bound, candidates, find
from busim.core.candidates_compiled import NO_BRIEF, list_candidates
from busim.core.fleet import origin_of
from busim.core.insertion import Costs, Limits, Rider, Weights, evaluate
from busim.core.listing import Pairs
from busim.core.live_plans import Plans
from busim.core.plain_insertion import exact_plain
from busim.core.plain_rows import PlanRows
from busim.core.plans import LATEST, LOAD, RIDE, WHEEL_LOAD
from busim.core.schedule import refresh

HALT_S = 5.0


def scene(rng, tables):
    """Give a fleet with plans, some of them made before the buses moved on, or with times in fractions of a second."""
    fleet, plans = random_fleet(rng), Plans(BUSES)
    for bus in range(BUSES):
        for k, stop in enumerate(random_plan(rng)):
            plans.insert(bus, k, stop)
        plans.floats[bus, :, [LATEST, RIDE]] += rng.uniform(0, 2000)  # most plans keep their limits, with time to spare
        if rng.random() < 0.3:
            fleet.time[bus] += rng.random()
        if rng.random() < 0.3:
            fleet.energy[bus] = np.inf
        elif rng.random() < 0.2:  # nothing is used, whether or not the reserve is there
            fleet.per_metre[bus], fleet.per_second[bus], fleet.energy[bus] = 0.0, 0.0, rng.choice([0.5, 1.0])
        refresh(plans.arrays, fleet, bus, 0.0, tables, HALT_S)
        loads = plans.floats[bus, : plans.length[bus]]
        fleet.load[bus] -= min(0, int(loads[:, LOAD].min()))  # those who get off must be aboard
        fleet.wheels[bus] -= min(0, int(loads[:, WHEEL_LOAD].min()))
        fleet.seats[bus] += 4
        refresh(plans.arrays, fleet, bus, 0.0, tables, HALT_S)
    moved = rng.random(BUSES) < 0.3
    fleet.node[moved] = rng.integers(0, NODES, int(moved.sum()))
    fleet.time[moved] += rng.integers(0, 90, int(moved.sum()))
    return fleet, plans.arrays


def random_costs(rng):
    """Give weights that are no round numbers, some of them 0, with or without halts."""
    wait, whole = float(rng.uniform(1, 2)), rng.random(2) < 0.6
    weights = Weights(wait, float(rng.uniform(0, 1)), 0.7 * whole[0], 0.1 * whole[1])
    metres, seconds, free = rng.uniform(0, [[3000.0], [400.0], [1500.0]], (3, NODES))
    return Costs(weights, float(rng.choice([0.0, HALT_S])), metres, seconds, free)


def random_rider(rng):
    """Give a rider, now and then one who waits or rides long, or has no time at all."""
    start, end = rng.choice(NODES, 2, replace=False).tolist()
    earliest = float(rng.integers(0, 500))
    latest = earliest + float(rng.integers(-20, 700))
    persons, wheels = int(rng.integers(1, 3)), int(rng.random() < 0.3)
    dwells = rng.choice([0.0, 8.0], 2).tolist()
    return Rider(start, end, earliest, latest, float(rng.integers(50, 900)), persons, wheels, *dwells)


@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("periods", [1, 2, 6])
def test_both_kernels_list_the_same_candidates_while_speeds_change(periods, few, monkeypatch):
    """Few pick-ups and many: rows and bounds are equal to the last bit, also across breaks and for stale plans."""
    monkeypatch.setattr("busim.core.candidates.FEW", few)
    rng, listed = np.random.default_rng([31, periods]), 0
    for _ in range(12):
        tables, costs = tables_of(rng, periods), random_costs(rng)
        fleet, plans = scene(rng, tables)
        for _ in range(12):
            rider, now = random_rider(rng), float(rng.integers(0, 400))
            found = candidates(fleet, plans, rider, now, tables, costs)
            rows, bounds = list_candidates(fleet, plans, NO_BRIEF, rider, now, tables, costs)
            np.testing.assert_array_equal(np.column_stack(found[:3]), rows)
            assert found.bound.tobytes() == bounds.tobytes()
            listed += len(bounds)
    assert listed > 400


def test_candidates_come_by_bound_then_by_place():
    """Whoever goes through the candidates in order of their bound meets equals in order of bus and positions."""
    rng = np.random.default_rng(32)
    tables, costs = tables_of(rng, 2), random_costs(rng)
    fleet, plans = scene(rng, tables)
    rider = random_rider(rng)._replace(earliest=0.0, latest=800.0, longest=900.0)
    found = [(round(bound, -3), at, q) for bound, at, q in find(fleet, plans, rider, 0.0, tables, costs).found]
    width = plans.ints.shape[1]
    listed = list(by_bound(list(found), width))
    assert [(bound, bus * width + p, bus * width + q) for bound, bus, p, q in listed] == sorted(found)
    assert listed == sorted(listed)
    assert len(listed) > len({bound for bound, *_ in listed})
    assert list(by_bound(Pairs(*(np.array(column) for column in zip(*found, strict=True))), width)) == listed


def test_the_first_of_a_listing_in_arrays_are_those_of_a_list():
    """Whoever looks at some of the insertions only meets the same ones, whether the least bounds are equal or not."""
    rng = np.random.default_rng(34)
    for size in (1, 2, 3, 4, 9):
        for _ in range(30):
            found = [(float(bound), *place) for bound, *place in rng.integers(0, [4 * size, 3, 3], (size, 3)).tolist()]
            pairs = Pairs(*(np.array(column) for column in zip(*found, strict=True)))
            assert [next(pairs.ascending()), *pairs.ascending()] == [min(found), *sorted(found)]
            assert sorted(pairs) == sorted(found)
            assert len(pairs) == size


def costed(rng, fleet, plans, tables, costs):
    """Draw riders; give each place for them, bus and positions, with rider, moment, and the cost by the kernel."""
    for rider, now in ((random_rider(rng), float(rng.integers(0, 400))) for _ in range(4)):
        for bus, last in enumerate(fleet.last.tolist()):
            limits = Limits(int(fleet.seats[bus]), int(fleet.wheel_places[bus]), float(fleet.reserve[bus]))
            plan = plans.ints[bus], plans.floats[bus], int(plans.length[bus]), origin_of(fleet, bus, now)
            for p in range(last + 1):
                for q in range(p, last + 1):
                    yield (bus, p, q), rider, now, evaluate(*plan, rider, p, q, limits, tables, costs)


@pytest.mark.parametrize("periods", [1, 6])
def test_plain_costs_are_those_of_the_kernel(periods):
    """Each pair of positions is feasible or not, and costs, as the kernel says, to the last bit."""
    rng, feasible = np.random.default_rng([33, periods]), 0
    for _ in range(10):
        tables, costs = tables_of(rng, periods), random_costs(rng)
        fleet, plans = scene(rng, tables)
        rows = PlanRows(plans)
        for place, rider, now, cost in costed(rng, fleet, plans, tables, costs):
            assert exact_plain(fleet, rows, *place, rider, now, tables, costs) == cost
            feasible += cost < np.inf
    assert feasible > 100


@pytest.mark.parametrize("few", [0, 1000])
def test_both_kernels_give_the_same_reason(few, monkeypatch):
    """Why a rider has no place is the first filter that nothing passes, also when the search has just been made."""
    monkeypatch.setattr("busim.core.candidates.FEW", few)
    rng, seen = np.random.default_rng(34), set()
    for _ in range(12):
        tables, costs = tables_of(rng, 2), random_costs(rng)
        fleet, plans = scene(rng, tables)
        fleet.seats[:] = np.maximum(fleet.load, rng.integers(1, 3, BUSES))
        fleet.energy[:] = rng.uniform(1, 4, BUSES)
        for bus in range(BUSES):
            refresh(plans, fleet, bus, 0.0, tables, HALT_S)
        search = Search(fleet, plans, tables, costs)
        for _ in range(20):
            rider, now = random_rider(rng), float(rng.integers(0, 400))
            reason = reason_compiled(fleet, plans, NO_BRIEF, tables, costs, rider, now)
            assert binding_reason(fleet, plans, rider, now, tables, costs) == reason
            if search.best(rider, now).bus < 0:
                assert search.reason(rider, now) == reason
                seen.add(reason)
    assert len(seen) == 4  # seats, no bus, promise, battery


def test_a_reason_follows_what_changes_behind_a_search():
    """Of a search that found no place nothing is remembered once a bus or a plan is another."""
    rng, changed = np.random.default_rng(35), 0
    for _ in range(40):
        tables, costs = tables_of(rng, 1), random_costs(rng)
        fleet, plans = scene(rng, tables)
        fleet.energy[:] = 0.0
        search, rider = Search(fleet, plans, tables, costs), random_rider(rng)
        if search.best(rider, 0.0).bus < 0:
            before = binding_reason(fleet, plans, rider, 0.0, tables, costs)
            fleet.seats[:] = 0
            assert search.reason(rider, 0.0) == binding_reason(fleet, plans, rider, 0.0, tables, costs)
            changed += search.reason(rider, 0.0) != before
    assert changed > 5

"""Insertion against the slow reference, case by case: feasibility, cost, the best place, bounds."""

import math
import os
import subprocess
import sys
from pathlib import Path

import insertion_reference as ref
import numpy as np
import pytest

from busim.core.candidates import candidates
from busim.core.candidates_compiled import NO_BRIEF, list_candidates
from busim.core.fleet import origin_of
from busim.core.insertion import Limits, evaluate
from busim.core.search import best_insertion, best_per_bus

TESTS = Path(__file__).parent.parent
CASES, CHUNKS = 300, 10


def cases(chunk, count=CASES):
    """Give random cases and riders of one chunk."""
    rng = np.random.default_rng([20260318, chunk])
    for _ in range(count):
        case = ref.random_case(rng)
        yield case, ref.random_rider(rng, case, tight=rng.random() < 0.5)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_best_insertion_is_that_of_the_exhaustive_reference(chunk):
    """On 3 000 random cases the search finds a place exactly where the reference does, at the same cost."""
    for case, rider in cases(chunk):
        fleet, plans, costs = ref.as_arrays(case)
        expected = ref.all_costs(case, rider)
        found = best_insertion(fleet, plans.arrays, rider, case.now, case.travel.tables, costs)
        if not expected:
            assert found.bus == -1
            assert found.cost == math.inf
            continue
        assert found.cost == pytest.approx(min(expected.values()), abs=1e-6)
        assert expected[(found.bus, found.p, found.q)] == pytest.approx(found.cost, abs=1e-6)


def test_every_place_has_the_cost_of_the_reference():
    """Evaluated one by one, each bus and pair of positions is feasible or not, and costs, as in the reference."""
    compared = 0
    for case, rider in cases(77, 250):
        fleet, plans, costs = ref.as_arrays(case)
        expected = ref.all_costs(case, rider)
        for b, bus in enumerate(case.buses):
            limits = Limits(bus.seats, bus.wheel_places, bus.reserve)
            rows, size = (plans.ints[b], plans.floats[b]), int(plans.length[b])
            origin = origin_of(fleet, b, case.now)
            for p, q in ref.places(bus):
                got = evaluate(*rows, size, origin, rider, p, q, limits, case.travel.tables, costs)
                assert got == pytest.approx(expected.get((b, p, q), math.inf), abs=1e-6)
                compared += 1
    assert compared > 1000


def test_candidates_miss_nothing_and_bound_from_below():
    """Every feasible insertion is a candidate, and its bound is not above its cost."""
    checked = 0
    for case, rider in cases(78, 400):
        fleet, plans, costs = ref.as_arrays(case)
        listed = candidates(fleet, plans.arrays, rider, case.now, case.travel.tables, costs)
        bound = dict(zip(zip(*(c.tolist() for c in listed[:3]), strict=True), listed.bound.tolist(), strict=True))
        for place, cost in ref.all_costs(case, rider).items():
            assert bound[place] <= cost + 1e-6
            checked += 1
    assert checked > 500


def test_each_bus_has_its_own_best():
    """The best place per bus is the best of that bus alone."""
    for case, rider in cases(79, 150):
        fleet, plans, costs = ref.as_arrays(case)
        places, best = best_per_bus(fleet, plans.arrays, rider, case.now, case.travel.tables, costs)
        expected = ref.all_costs(case, rider)
        for b in range(len(case.buses)):
            own = [cost for (bus, _, _), cost in expected.items() if bus == b]
            assert best[b] == pytest.approx(min(own, default=math.inf), abs=1e-6)
            assert (places[b, 0] == -1) == (not own)


def test_cases_are_worth_their_name():
    """The random cases hold what insertion must cope with, and both outcomes: a place, and none."""
    seen = dict.fromkeys(("place", "none", "aboard", "booked", "wheelchair", "battery", "charge", "late"), 0)
    for case, rider in cases(0):
        seen["place" if ref.all_costs(case, rider) else "none"] += 1
        seen["wheelchair"] += rider.wheels
        seen["booked"] += any(s.earliest_s > case.now + 60 for b in case.buses for s in b.plan)
        seen["aboard"] += any(b.load + b.wheels for b in case.buses)
        seen["battery"] += any(b.reserve for b in case.buses)
        seen["charge"] += any(s.action == 4 for b in case.buses for s in b.plan)
        seen["late"] += any(
            start > stop.latest_s
            for b in case.buses
            for start, stop in zip(ref.walk(case, b, b.plan).starts, b.plan, strict=True)
        )
    assert min(seen.values()) >= 5, seen


def test_both_kernels_list_the_same_candidates_bit_for_bit():
    """Numpy and the twin that numba compiles, here as it runs, give the same rows and the same bits of every bound."""
    rng = np.random.default_rng(5)
    for case, rider in cases(80, 150):
        fleet, plans, costs = ref.as_arrays(case)
        weights = costs.weights._replace(wait=float(rng.uniform(1, 2)), ride=float(rng.uniform(0, 1)))
        costs = costs._replace(weights=weights)
        arguments = fleet, plans.arrays, rider, case.now, case.travel.tables, costs
        listed = candidates(*arguments)
        rows, bounds = list_candidates(*arguments[:2], NO_BRIEF, *arguments[2:])
        np.testing.assert_array_equal(np.column_stack(listed[:3]), rows)
        assert listed.bound.tobytes() == bounds.tobytes()


@pytest.mark.slow
def test_both_kernels_find_the_same_to_the_last_bit():
    """Schedules, slacks, best places and costs are equal in two processes, with numba and without."""
    pytest.importorskip("numba", reason="numba is not installed: there is one kernel only")
    found = {}
    for kernel in ("numpy", "numba"):
        environment = {
            **os.environ,
            "BUSIM_KERNEL": kernel,
            "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)]),
        }
        script = [sys.executable, str(TESTS / "core" / "kernel_bits.py")]
        run = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
        name, found[kernel] = run.stdout.split()
        assert name == kernel
    assert found["numpy"] == found["numba"]

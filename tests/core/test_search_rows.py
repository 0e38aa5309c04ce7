"""The few best rows for a rider: kept as the kernel keeps them, and all riders at once as one after another."""

import math

import insertion_reference as ref
import numpy as np

from busim.core.compiled import plain
from busim.core.plain_rows import PlanRows
from busim.core.search_rows import _place, cheapest_each, cheapest_rows, columns, place_plain


def test_plain_keeping_is_that_of_the_kernel():
    """Whatever comes in whatever order, both twins keep the same, each row once and the first of equals first."""
    rng = np.random.default_rng(3)
    for keep in (1, 2, 4):
        kept, best, count, plainly = np.empty((keep, 3), np.int64), np.full(keep, math.inf), 0, []
        for _ in range(60):
            (row, p, q), cost = rng.integers(0, 6, 3).tolist(), float(rng.integers(0, 40))
            count = plain(_place)(kept, best, count, np.array((row, p, q)), cost)
            place_plain(plainly, keep, (cost, row, p, q))
            assert plainly == [(best[k].item(), *kept[k].tolist()) for k in range(count)]


def test_riders_at_once_are_placed_as_one_by_one():
    """For each rider and each group of rows, the kernel for all riders finds what the search for one finds."""
    rng, some = np.random.default_rng(4), 0
    for _ in range(30):
        case = ref.random_case(rng)
        riders = [ref.random_rider(rng, case, tight=False) for _ in range(3)]
        fleet, plans, costs = ref.as_arrays(case)
        groups = rng.random((3, 2, len(fleet.node))) < 0.6
        fixed = fleet, plans.arrays, case.travel.tables, costs
        places, best = cheapest_each(*fixed, groups, 2, *columns(riders), float(case.now))
        arguments = fleet, plans.arrays
        rest = case.now, case.travel.tables, costs, PlanRows(plans.arrays)
        single = [
            (k, *place[1:], place[0])
            for k, rider in enumerate(riders)
            for kept in cheapest_rows(2, groups[k], *arguments, rider, *rest)
            for place in kept
        ]
        assert [(*place, cost) for place, cost in zip(places.tolist(), best.tolist(), strict=True)] == single
        some += len(single)
    assert some > 50

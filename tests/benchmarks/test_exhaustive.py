"""Decision by decision of a whole neutral day: pruning loses no rider and no better place."""

import math

import numpy as np
import pytest

from busim import sim
from busim.core.compiled import KERNEL
from busim.core.fleet import origin_of
from busim.core.insertion import Limits, evaluate
from busim.model.orders import Assign
from busim.policy.insertion import Insertion
from busim.study.bench import results
from busim.study.workload import read_workload
from busim.study.workload_make import SIZES, Size, write_size

TOWN = Size(12, 12, 6, 150, 1, 1500.0)


def cheapest(view, rider):
    """Cost every pair of positions of every bus exactly, and give the least; nothing is left out beforehand."""
    fleet, least = view.fleet, math.inf
    for bus in np.flatnonzero(fleet.last >= 0).tolist():
        size = int(view.plans.length[bus])
        rows = view.plans.ints[bus, :size], view.plans.floats[bus, :size]
        ints, floats = rows if KERNEL == "numba" else (row.tolist() for row in rows)
        limits = Limits(int(fleet.seats[bus]), int(fleet.wheel_places[bus]), float(fleet.reserve[bus]))
        origin, last = origin_of(fleet, bus, float(view.now)), int(fleet.last[bus])
        for p in range(last + 1):
            for q in range(p, last + 1):
                cost = evaluate(ints, floats, size, origin, rider, p, q, limits, view.travel.tables, view.costs)
                least = min(least, cost)
    return least


class Compared:
    """Insertion, whose every answer is held against the exhaustive one."""

    def __init__(self):
        self.inner, self.placed, self.turned_away = Insertion(), 0, 0

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def decide(self, view, rng):
        """Decide as insertion does, and compare."""
        orders = self.inner.decide(view, rng)
        for rider in view.open.tolist():
            row = view.rider(rider)
            found, least = view.search.best(row, view.now), cheapest(view, row)
            assert found.cost == least
            is_placed = isinstance(orders.orders[0], Assign)
            assert is_placed == (least < math.inf)
            self.placed, self.turned_away = self.placed + is_placed, self.turned_away + (not is_placed)
        return orders


@pytest.mark.parametrize("name", ["town", pytest.param("S", marks=pytest.mark.slow)])
def test_every_rider_gets_the_cheapest_place_of_all_and_only_those_without_one_are_turned_away(tmp_path, name):
    """At each decision of the day the place costs exactly what the best of all pairs of positions does."""
    write_size(name, SIZES.get(name, TOWN), 1, tmp_path)
    workload = read_workload(tmp_path, "insertion")
    compared = Compared()
    day = sim.build(
        workload.spec, workload.network, workload.requests, workload.travel, workload.riders, sim.Given(compared)
    )
    told = results(workload, day.run().log)
    assert told["served"] == compared.placed > 0
    assert told["over_limit"] == 0
    assert compared.placed + compared.turned_away == len(workload.riders)
    assert compared.turned_away > 0

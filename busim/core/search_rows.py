"""The few rows of plans into which a rider goes most cheaply: as ``core.search``, but not all of them are costed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from busim.core.candidates import by_bound, find
from busim.core.candidates_compiled import list_among
from busim.core.compiled import KERNEL, compiled
from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plain_insertion import exact_plain
from busim.core.plain_rows import PlanRows
from busim.core.plans import PlanArrays
from busim.core.search import exact
from busim.core.travel import TravelTables
from busim.model.network import Bools, Floats, Ints


class Found(NamedTuple):
    """Insertions by cost: row, position of pick-up and of drop-off, added cost, each [n]."""

    row: Ints
    p: Ints
    q: Ints
    cost: Floats


@compiled
def _place(kept: Ints, best: Floats, count: int, candidate: Ints, cost: float) -> int:
    """Put a candidate where it belongs among the kept ones, which are sorted by cost and hold each row once."""
    width = len(best)
    k = 0
    while k < count and kept[k, 0] != candidate[0]:
        k += 1
    if k < count:
        if cost >= best[k]:
            return count
    elif count < width:
        count += 1
    elif cost < best[width - 1]:
        k = width - 1
    else:
        return count
    while k > 0 and best[k - 1] > cost:
        kept[k], best[k] = kept[k - 1], best[k - 1]
        k -= 1
    kept[k], best[k] = candidate, cost
    return count


@compiled
def _cheapest(
    keep: int,
    fleet: FleetArrays,
    last: Ints,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> tuple[Ints, Floats]:
    kept, best, count = np.empty((keep, 3), np.int64), np.full(keep, math.inf), 0
    found, bounds = list_among(fleet, last, plans, rider, now, tables, costs)
    while len(bounds):
        k = int(np.argmin(bounds))
        if bounds[k] >= best[keep - 1] or bounds[k] == math.inf:
            break
        cost = exact(fleet, plans, found[k, 0], found[k, 1], found[k, 2], rider, now, tables, costs, 0.0)
        bounds[k] = math.inf
        if cost < math.inf:
            count = _place(kept, best, count, found[k], cost)
    return kept[:count], best[:count]


@compiled
def cheapest_of(
    fleet: FleetArrays,
    plans: PlanArrays,
    tables: TravelTables,
    costs: Costs,
    rows: Bools,
    keep: int,
    rider: Rider,
    now: float,
) -> tuple[Ints, Floats]:
    """Do as ``cheapest_rows`` among some of the first rows [n], compiled."""
    last = np.full(len(fleet.last), -1)
    for row in range(len(rows)):
        if rows[row]:
            last[row] = fleet.last[row]
    return _cheapest(keep, fleet, last, plans, rider, now, tables, costs)


def cheapest_rows(
    keep: int, fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Found:
    """Find the rows with the cheapest insertions of a rider, at most ``keep``, cheapest first.

    Rows whose ``fleet.last`` is -1 are left out; equals are kept in the order of (bound, row, positions).
    """
    if KERNEL == "numba":
        kept, best = _cheapest(keep, fleet, fleet.last, plans, rider, now, tables, costs)
        return Found(kept[:, 0], kept[:, 1], kept[:, 2], best)
    kept, best, count = np.empty((keep, 3), np.int64), np.full(keep, math.inf), 0
    rows = PlanRows(plans)
    for bound, row, p, q in by_bound(find(fleet, plans, rider, now, tables, costs, rows), rows.width):
        if bound >= best[keep - 1]:
            break
        cost = exact_plain(fleet, rows, row, p, q, rider, now, tables, costs)
        if cost < math.inf:
            count = _place(kept, best, count, np.array((row, p, q)), cost)
    return Found(kept[:count, 0], kept[:count, 1], kept[:count, 2], best[:count])

"""The few rows of plans into which a rider goes most cheaply: as ``core.search``, but not all of them are costed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from busim.core.candidates import by_bound, find
from busim.core.candidates_compiled import list_among
from busim.core.compiled import compiled
from busim.core.few_pairs import Found as Candidate
from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plain_insertion import exact_plain
from busim.core.plain_rows import PlanRows
from busim.core.plans import PlanArrays
from busim.core.search import best_per_bus_compiled, exact
from busim.core.travel import TravelTables
from busim.model.network import Bools, Floats, Ints

Place = tuple[float, int, int, int]  # added cost, row, position of pick-up and of drop-off


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
    found: Ints,
    bounds: Floats,
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> tuple[Ints, Floats]:
    """Cost candidates in order of their bounds, which are used up, until enough rows are found."""
    kept, best, count = np.empty((keep, 3), np.int64), np.full(keep, math.inf), 0
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
    rider: Rider,
    now: float,
) -> tuple[Ints, Floats]:
    """Find the cheapest insertion into one of the first rows [n]: row and places, and cost, or none."""
    last = np.full(len(fleet.last), -1)
    for row in range(len(rows)):
        if rows[row]:
            last[row] = fleet.last[row]
    found, bounds = list_among(fleet, last, plans, rider, now, tables, costs)
    return _cheapest(1, found, bounds, fleet, plans, rider, now, tables, costs)


@compiled
def cheapest_each(
    fleet: FleetArrays,
    plans: PlanArrays,
    tables: TravelTables,
    costs: Costs,
    groups: Bools,
    keep: int,
    whole: Ints,
    times: Floats,
    now: float,
) -> tuple[Ints, Floats]:
    """Find the cheapest insertions of several riders into groups of rows [k, g, n]: rider and place [m, 4], and costs.

    Riders are given by ``columns``; for each rider and group as ``cheapest_rows`` gives them.
    """
    number, some, _ = groups.shape
    places, best, count = np.empty((number * some * keep, 4), np.int64), np.empty(number * some * keep), 0
    last = np.full(len(fleet.last), -1)
    for k in range(number):
        rider = _rider(whole[k], times[k])
        _open_rows(fleet, groups[k], last)
        found, bounds = list_among(fleet, last, plans, rider, now, tables, costs)
        for g in range(some):
            theirs = _bounds_of(groups[k, g], found, bounds)
            kept, cost = _cheapest(keep, found, theirs, fleet, plans, rider, now, tables, costs)
            for i in range(len(cost)):
                places[count, 0], places[count, 1:], best[count] = k, kept[i], cost[i]
                count += 1
    return places[:count], best[:count]


@compiled
def _open_rows(fleet: FleetArrays, groups: Bools, last: Ints) -> None:
    """Write the last positions of rows that are in one of some groups [g, n], and -1 for the others."""
    for row in range(groups.shape[1]):
        last[row] = -1
        for g in range(len(groups)):
            if groups[g, row]:
                last[row] = fleet.last[row]


@compiled
def _bounds_of(group: Bools, found: Ints, bounds: Floats) -> Floats:
    """Give the bounds of candidates whose rows are in a group, and infinity for the others."""
    theirs = np.full(len(bounds), math.inf)
    for i in range(len(bounds)):
        if group[found[i, 0]]:
            theirs[i] = bounds[i]
    return theirs


@compiled
def per_bus_each(
    fleet: FleetArrays,
    plans: PlanArrays,
    tables: TravelTables,
    costs: Costs,
    rows: int,
    whole: Ints,
    times: Floats,
    now: float,
) -> tuple[Ints, Floats]:
    """Do as ``search.best_per_bus`` for several riders and the first rows: places [k, n, 2] and costs [k, n]."""
    places, best = np.empty((len(whole), rows, 2), np.int64), np.empty((len(whole), rows))
    for k in range(len(whole)):
        rider = _rider(whole[k], times[k])
        place, cost = best_per_bus_compiled(fleet, plans, tables, costs, rider, now)
        places[k], best[k] = place[:rows], cost[:rows]
    return places, best


def columns(riders: Sequence[Rider]) -> tuple[Ints, Floats]:
    """Give riders as kernels take several: whole numbers [k, 4] and times [k, 5]."""
    whole = np.array([(r.origin, r.destination, r.persons, r.wheels) for r in riders], np.int64)
    times = np.array([(r.earliest, r.latest, r.longest, r.board, r.alight) for r in riders], np.float64)
    return whole.reshape(-1, 4), times.reshape(-1, 5)


@compiled
def _rider(whole: Ints, times: Floats) -> Rider:
    return Rider(whole[0], whole[1], times[0], times[1], times[2], whole[2], whole[3], times[3], times[4])


def cheapest_rows(
    keep: int,
    groups: Bools,
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    rows: PlanRows,
) -> list[list[Place]]:
    """Find the rows of each group [g, n] with the cheapest insertions of a rider, at most ``keep``, cheapest first.

    Equals are kept in the order of (bound, row, positions). ``rows`` are the plans as plain numbers.
    """
    fleet = fleet._replace(last=np.where(np.any(groups, axis=0), fleet.last, -1))
    theirs: list[list[Candidate]] = [[] for _ in groups]
    members = [group.tolist() for group in groups]
    for candidate in find(fleet, plans, rider, now, tables, costs, rows).found:
        row = candidate[1] // rows.width
        for group, listed in zip(members, theirs, strict=True):
            if group[row]:
                listed.append(candidate)
    found: list[list[Place]] = []
    for listed in theirs:
        kept: list[Place] = []
        for bound, row, p, q in by_bound(listed, rows.width):
            if len(kept) == keep and bound >= kept[-1][0]:
                break
            cost = exact_plain(fleet, rows, row, p, q, rider, now, tables, costs)
            if cost < math.inf:
                place_plain(kept, keep, (cost, row, p, q))
        found.append(kept)
    return found


def place_plain(kept: list[Place], keep: int, candidate: Place) -> None:
    """Do as ``_place``, without a compiler."""
    cost, row, _, _ = candidate
    k = next((k for k, other in enumerate(kept) if other[1] == row), len(kept))
    if k < len(kept) or k == keep:
        k = min(k, keep - 1)
        if cost >= kept[k][0]:
            return
        del kept[k]
    while k > 0 and kept[k - 1][0] > cost:
        k -= 1
    kept.insert(k, candidate)

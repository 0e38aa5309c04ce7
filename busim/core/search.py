"""The best insertion of a rider: candidates in order of their bound, each checked exactly until none can be better."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from busim.core.candidates import by_bound, find
from busim.core.candidates_compiled import NO_BRIEF, list_among, list_candidates
from busim.core.compiled import KERNEL, compiled
from busim.core.fleet import FleetArrays, origin_of
from busim.core.insertion import Costs, Limits, Rider, evaluate
from busim.core.listing import Listing
from busim.core.plain_insertion import exact_plain
from busim.core.plain_rows import PlanRows
from busim.core.plans import PlanArrays
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints


class Insertion(NamedTuple):
    """Where to put a rider, and what it costs; ``bus`` is -1 where there is no place."""

    bus: int
    p: int
    q: int
    cost: float


NOWHERE = Insertion(-1, -1, -1, math.inf)


@compiled
def exact(
    fleet: FleetArrays,
    plans: PlanArrays,
    bus: int,
    p: int,
    q: int,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    spare: float,
) -> float:
    """Cost one insertion exactly, or give infinity; see ``insertion.evaluate``. ``spare`` adds to batteries [kWh]."""
    limits = Limits(fleet.seats[bus], fleet.wheel_places[bus], fleet.reserve[bus] - spare)
    size = plans.length[bus]
    origin = origin_of(fleet, bus, now)
    return evaluate(plans.ints[bus], plans.floats[bus], size, origin, rider, p, q, limits, tables, costs)


@compiled
def pick_compiled(
    found: Ints,
    bounds: Floats,
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    spare: float,
) -> tuple[int, int, int, float]:
    """Check candidates in order of their bound until none is below the best exact cost."""
    bus, p, q, best = -1, -1, -1, math.inf
    while len(bounds):
        k = int(np.argmin(bounds))
        if bounds[k] >= best:
            break
        cost = exact(fleet, plans, found[k, 0], found[k, 1], found[k, 2], rider, now, tables, costs, spare)
        bounds[k] = math.inf
        if cost < best:
            bus, p, q, best = found[k, 0], found[k, 1], found[k, 2], cost
    return bus, p, q, best


@compiled
def best_compiled(
    fleet: FleetArrays,
    plans: PlanArrays,
    brief: Floats,
    tables: TravelTables,
    costs: Costs,
    rider: Rider,
    now: float,
) -> tuple[int, int, int, float]:
    """Do as ``best_insertion``, compiled; see ``list_candidates``."""
    found, bounds = list_candidates(fleet, plans, brief, rider, now, tables, costs)
    return pick_compiled(found, bounds, fleet, plans, rider, now, tables, costs, 0.0)


@compiled
def best_per_bus_compiled(
    fleet: FleetArrays, plans: PlanArrays, tables: TravelTables, costs: Costs, rider: Rider, now: float
) -> tuple[Ints, Floats]:
    """Do as ``best_per_bus``, compiled."""
    size = len(fleet.node)
    places, best = np.full((size, 2), -1), np.full(size, math.inf)
    found, bounds = list_among(fleet, fleet.last, plans, rider, now, tables, costs)
    first, count = 0, len(bounds)
    while first < count:
        bus, end = found[first, 0], first + 1
        while end < count and found[end, 0] == bus:
            end += 1
        some, theirs = found[first:end], bounds[first:end]
        _, p, q, cost = pick_compiled(some, theirs, fleet, plans, rider, now, tables, costs, 0.0)
        places[bus, 0], places[bus, 1], best[bus] = p, q, cost
        first = end
    return places, best


def pick_best(
    found: Listing, fleet: FleetArrays, rows: PlanRows, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Insertion:
    """Do as ``pick_compiled``, without a compiler."""
    best = NOWHERE
    for bound, bus, p, q in by_bound(found, rows.width):
        if bound >= best.cost:
            break
        cost = exact_plain(fleet, rows, bus, p, q, rider, now, tables, costs)
        if cost < best.cost:
            best = Insertion(bus, p, q, cost)
            if cost <= bound:  # nor can any that follows
                break
    return best


def best_insertion(
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    rows: PlanRows | None = None,
) -> Insertion:
    """Find the cheapest feasible insertion over all buses and positions; the first in (bound, bus, p, q) of equals.

    ``rows`` are the plans as plain numbers, where they are remembered.
    """
    if KERNEL == "numba":
        return Insertion(*best_compiled(fleet, plans, NO_BRIEF, tables, costs, rider, float(now)))
    rows = rows or PlanRows(plans)
    return pick_best(find(fleet, plans, rider, now, tables, costs, rows).found, fleet, rows, rider, now, tables, costs)


def best_per_bus(
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    rows: PlanRows | None = None,
) -> tuple[Ints, Floats]:
    """Find each bus's cheapest insertion: positions [B, 2] (-1 where none) and costs [B] (``inf`` where none)."""
    if KERNEL == "numba":
        places, best = best_per_bus_compiled(fleet, plans, tables, costs, rider, float(now))
        return places, best
    rows, places, least = rows or PlanRows(plans), np.full((len(fleet.node), 2), -1), [math.inf] * len(fleet.node)
    for bound, bus, p, q in by_bound(find(fleet, plans, rider, now, tables, costs, rows).found, rows.width):
        if bound < least[bus]:
            cost = exact_plain(fleet, rows, bus, p, q, rider, now, tables, costs)
            if cost < least[bus]:
                places[bus], least[bus] = (p, q), cost
    return places, np.array(least)

"""The best insertion of a rider: candidates in order of their bound, each checked exactly until none can be better."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from busim.core.candidates import Candidates, Legs, candidates, in_reach
from busim.core.candidates_compiled import list_candidates
from busim.core.compiled import KERNEL, bind, compiled
from busim.core.fleet import FleetArrays, origin_of
from busim.core.insertion import Costs, Limits, Rider, evaluate
from busim.core.plans import PlanArrays
from busim.core.travel import TravelTables
from busim.model.events import Reason
from busim.model.network import Floats, Ints


class Insertion(NamedTuple):
    """Where to put a rider, and what it costs; ``bus`` is -1 where there is no place."""

    bus: int
    p: int
    q: int
    cost: float


NOWHERE = Insertion(-1, -1, -1, math.inf)
_NOBODY = Rider(0, 0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0)  # for its types


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
) -> float:
    """Cost one insertion exactly, or give infinity; see ``insertion.evaluate``."""
    limits = Limits(fleet.seats[bus], fleet.wheel_places[bus], fleet.reserve[bus])
    size = plans.length[bus]
    origin = origin_of(fleet, bus, now)
    return evaluate(plans.ints[bus], plans.floats[bus], size, origin, rider, p, q, limits, tables, costs)


@compiled
def _pick(
    found: Ints,
    bounds: Floats,
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> tuple[int, int, int, float]:
    """Check candidates in order of their bound until none is below the best exact cost."""
    bus, p, q, best = -1, -1, -1, math.inf
    while len(bounds):
        k = int(np.argmin(bounds))
        if bounds[k] >= best:
            break
        cost = exact(fleet, plans, found[k, 0], found[k, 1], found[k, 2], rider, now, tables, costs)
        bounds[k] = math.inf
        if cost < best:
            bus, p, q, best = found[k, 0], found[k, 1], found[k, 2], cost
    return bus, p, q, best


@compiled
def _best_compiled(
    fleet: FleetArrays, plans: PlanArrays, tables: TravelTables, costs: Costs, rider: Rider, now: float
) -> tuple[int, int, int, float]:
    found, bounds = list_candidates(fleet, plans, rider, now, tables, costs)
    return _pick(found, bounds, fleet, plans, rider, now, tables, costs)


@compiled
def _best_per_bus_compiled(
    fleet: FleetArrays, plans: PlanArrays, tables: TravelTables, costs: Costs, rider: Rider, now: float
) -> tuple[Ints, Floats]:
    size = len(fleet.node)
    places, best = np.full((size, 2), -1), np.full(size, math.inf)
    found, bounds = list_candidates(fleet, plans, rider, now, tables, costs)
    first, count = 0, len(bounds)
    while first < count:
        bus, end = found[first, 0], first + 1
        while end < count and found[end, 0] == bus:
            end += 1
        _, p, q, cost = _pick(found[first:end], bounds[first:end], fleet, plans, rider, now, tables, costs)
        places[bus, 0], places[bus, 1], best[bus] = p, q, cost
        first = end
    return places, best


def _plain_rows(plans: PlanArrays, bus: int) -> tuple[list[list[int]], list[list[float]], int]:
    size = int(plans.length[bus])
    return plans.ints[bus, :size].tolist(), plans.floats[bus, :size].tolist(), size


def pick_best(
    listed: Candidates,
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> Insertion:
    """Do as ``_pick``; without a compiler on plain numbers, since array elements are five times as slow."""
    if KERNEL == "numba":
        found = np.column_stack((listed.bus, listed.p, listed.q))
        return Insertion(*_pick(found, listed.bound.copy(), fleet, plans, rider, now, tables, costs))
    best, bounds = NOWHERE, listed.bound.copy()
    while len(bounds):
        k = int(bounds.argmin())
        if bounds[k] >= best.cost:
            break
        bounds[k] = math.inf
        bus, p, q = int(listed.bus[k]), int(listed.p[k]), int(listed.q[k])
        limits = Limits(int(fleet.seats[bus]), int(fleet.wheel_places[bus]), float(fleet.reserve[bus]))
        ints, floats, size = _plain_rows(plans, bus)
        cost = evaluate(ints, floats, size, origin_of(fleet, bus, now), rider, p, q, limits, tables, costs)  # type: ignore[arg-type]
        if cost < best.cost:
            best = Insertion(bus, p, q, cost)
    return best


def best_insertion(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Insertion:
    """Find the cheapest feasible insertion over all buses and positions; the first in (bound, bus, p, q) of equals."""
    if KERNEL == "numba":
        return Insertion(*_best_compiled(fleet, plans, tables, costs, rider, float(now)))
    listed = candidates(fleet, plans, rider, now, tables, costs)
    return pick_best(listed, fleet, plans, rider, now, tables, costs)


def best_per_bus(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> tuple[Ints, Floats]:
    """Find each bus's cheapest insertion: positions [B, 2] (-1 where none) and costs [B] (``inf`` where none)."""
    if KERNEL == "numba":
        places, best = _best_per_bus_compiled(fleet, plans, tables, costs, rider, float(now))
        return places, best
    listed = candidates(fleet, plans, rider, now, tables, costs)
    places, best = np.full((len(fleet.node), 2), -1), np.full(len(fleet.node), math.inf)
    for bus in np.unique(listed.bus).tolist():
        own = Candidates(*(column[listed.bus == bus] for column in listed))
        found = pick_best(own, fleet, plans, rider, now, tables, costs)
        places[bus], best[bus] = (found.p, found.q), found.cost
    return places, best


class Search:
    """``best_insertion`` and ``best_per_bus`` among plans that live through a day.

    Parameters
    ----------
    fleet, plans, tables, costs
        As they take them: the very arrays, whose values may change.
    """

    def __init__(self, fleet: FleetArrays, plans: PlanArrays, tables: TravelTables, costs: Costs) -> None:
        self.fleet, self.plans, self._tables, self._costs = fleet, plans, tables, costs

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy the arguments: bound kernels cannot be copied."""
        return Search, (self.fleet, self.plans, self._tables, self._costs)

    @cached_property
    def _best(self) -> Callable[..., Any]:
        return bind(_best_compiled, (self.fleet, self.plans, self._tables, self._costs), (_NOBODY, 0.0))

    @cached_property
    def _per_bus(self) -> Callable[..., Any]:
        return bind(_best_per_bus_compiled, (self.fleet, self.plans, self._tables, self._costs), (_NOBODY, 0.0))

    def best(self, rider: Rider, now: float) -> Insertion:
        """Do as ``best_insertion``."""
        if KERNEL == "numba":
            return Insertion(*self._best(rider, float(now)))
        return best_insertion(self.fleet, self.plans, rider, now, self._tables, self._costs)

    def per_bus(self, rider: Rider, now: float) -> tuple[Ints, Floats]:
        """Do as ``best_per_bus``."""
        if KERNEL == "numba":
            places, best = self._per_bus(rider, float(now))
            return places, best
        return best_per_bus(self.fleet, self.plans, rider, now, self._tables, self._costs)


def binding_reason(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Reason:
    """Tell coarsely, and cheaply, why a rider has no place: the first filter that nothing passes."""
    if not np.any((fleet.seats >= rider.persons) & (fleet.wheel_places >= rider.wheels)):
        return Reason.SEATS
    legs = Legs(tables, costs)
    reach = np.flatnonzero(in_reach(fleet, rider, now, legs))
    if not len(reach):
        return Reason.NO_BUS
    empty = fleet._replace(load=np.zeros_like(fleet.load), wheels=np.zeros_like(fleet.wheels))
    roomy = empty._replace(seats=fleet.seats + 1000, wheel_places=fleet.wheel_places + 1000)
    listed = candidates(roomy, plans, rider, now, tables, costs)
    if not len(listed.bus):
        return Reason.PROMISE
    if not len(candidates(fleet, plans, rider, now, tables, costs).bus):
        return Reason.SEATS
    no_battery = fleet._replace(reserve=np.full(len(fleet.node), -math.inf))
    found = pick_best(
        candidates(no_battery, plans, rider, now, tables, costs), no_battery, plans, rider, now, tables, costs
    )
    return Reason.BATTERY if found.bus >= 0 else Reason.PROMISE

"""The schedule of one plan: earliest times forward, slack backward, so that a position is checked in constant time.

Let ``W`` be the wait before service at a slot and ``C`` its running sum along the plan. A delay ``d`` on getting
ready at slot ``k`` reaches the start of service at ``j >= k`` as ``max(0, d - (C[j] - C[k-1]))``. From that follow

- ``SLACK[k]``: the largest ``d`` that breaks no window of a slot ``>= k``;
- ``RIDE_SLACK[k]``: the largest ``d`` that breaks no ride limit of a rider picked up before ``k`` (by plan) and
  set down at or after ``k``; riders aboard have a window instead, since their boarding time is known;
- ``SPAN_SLACK[k]``: a bound on a delay that arises between such a rider's pick-up and slot ``k``.

(Savelsbergh 1992 for time windows; ride limits after Cordeau & Laporte 2003, section 3.)
"""

from __future__ import annotations

import math

from busim.core.compiled import KERNEL, compiled
from busim.core.fleet import FleetArrays, Origin, origin_of
from busim.core.plain_legs import leg
from busim.core.plain_schedule import refresh_plain
from busim.core.plans import (
    ACTION,
    CHARGE,
    DEPART,
    DROPOFF,
    DROPOFFS,
    DROPOFFS_WAITED,
    DWELL,
    EARLIEST,
    ENERGY,
    GAIN,
    LATEST,
    LEG_M,
    LEG_S,
    LOAD,
    NODE,
    PERSONS,
    PICKUP,
    PICKUPS,
    PICKUPS_WAITED,
    READY,
    RIDE,
    RIDE_SLACK,
    RIDER,
    SLACK,
    SPAN_SLACK,
    START,
    WAITED,
    WHEEL_LOAD,
    WHEELS,
    PlanArrays,
)
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints


@compiled
def forward(ints: Ints, floats: Floats, size: int, origin: Origin, tables: TravelTables, halt: float) -> None:
    """Fill the earliest schedule: ready, start, depart, loads, running wait, energy after each slot."""
    node, now = origin.node, origin.time
    load, wheels, waited, energy = origin.load, origin.wheels, 0.0, origin.energy
    for k in range(size):
        slot, times = ints[k], floats[k]
        seconds, metres, most, stop = 0.0, 0.0, 0.0, 0.0
        if slot[NODE] != node:
            seconds, metres = leg(tables, node, slot[NODE], now)
            most, stop = float(tables.most[node, slot[NODE]]), halt
        ready = now + seconds + stop
        times[LEG_S], times[LEG_M] = seconds, metres
        start = max(ready, times[EARLIEST])
        depart = start + times[DWELL]
        load += slot[PERSONS]
        wheels += slot[WHEELS]
        waited += start - ready
        energy -= most * origin.per_metre + (start - now) * origin.per_second
        if slot[ACTION] != CHARGE:
            energy -= times[DWELL] * origin.per_second
        times[READY], times[START], times[DEPART] = ready, start, depart
        times[LOAD], times[WHEEL_LOAD], times[WAITED], times[ENERGY] = load, wheels, waited, energy
        if slot[ACTION] == CHARGE:
            energy += times[GAIN]
        node, now = slot[NODE], depart


@compiled
def backward(ints: Ints, floats: Floats, size: int) -> None:
    """Fill slacks and the sums over pick-ups and drop-offs at or after each slot."""
    slack, pickups, pickups_waited, dropoffs, dropoffs_waited = math.inf, 0.0, 0.0, 0.0, 0.0
    for k in range(size - 1, -1, -1):
        slot, times = ints[k], floats[k]
        before = floats[k - 1][WAITED] if k > 0 else 0.0
        slack = min(slack, max(0.0, times[LATEST] - times[START]) + times[WAITED])
        persons = abs(slot[PERSONS]) + abs(slot[WHEELS])
        if slot[ACTION] == PICKUP:
            pickups += persons
            pickups_waited += persons * times[WAITED]
        elif slot[ACTION] == DROPOFF:
            dropoffs += persons
            dropoffs_waited += persons * times[WAITED]
        times[SLACK] = slack - before
        times[PICKUPS], times[PICKUPS_WAITED] = pickups, pickups_waited
        times[DROPOFFS], times[DROPOFFS_WAITED] = dropoffs, dropoffs_waited
        times[RIDE_SLACK], times[SPAN_SLACK] = math.inf, math.inf
    for end in range(size):
        if floats[end][RIDE] < math.inf:
            begin = mate(ints, end)
            ride = floats[end][START] - floats[begin][START]
            spare = max(0.0, floats[end][RIDE] - ride) + floats[end][WAITED]
            for k in range(begin + 1, end + 1):
                floats[k][RIDE_SLACK] = min(floats[k][RIDE_SLACK], spare - floats[k - 1][WAITED])
                floats[k][SPAN_SLACK] = min(floats[k][SPAN_SLACK], spare - floats[begin][WAITED])


@compiled
def mate(ints: Ints, end: int) -> int:
    """Find the pick-up slot that belongs to the drop-off at slot ``end``."""
    k = end - 1
    while k >= 0 and not (ints[k][RIDER] == ints[end][RIDER] and ints[k][ACTION] == PICKUP):
        k -= 1
    return k


@compiled
def worst(ints: Ints, floats: Floats, size: int) -> tuple[float, float, float, float]:
    """Give the most by which a window and a ride limit are missed [s], and the largest loads, of a scheduled plan."""
    late, over, load, wheels = 0.0, 0.0, 0.0, 0.0
    for k in range(size):
        late = max(late, floats[k][START] - floats[k][LATEST])
        load, wheels = max(load, floats[k][LOAD]), max(wheels, floats[k][WHEEL_LOAD])
        if floats[k][RIDE] < math.inf:
            begin = mate(ints, k)
            if begin < 0:
                return late, math.inf, load, wheels
            over = max(over, floats[k][START] - floats[begin][START] - floats[k][RIDE])
    return late, over, load, wheels


@compiled
def _refresh(ints: Ints, floats: Floats, size: int, origin: Origin, tables: TravelTables, halt: float) -> int:
    forward(ints, floats, size, origin, tables, halt)
    backward(ints, floats, size)
    for k in range(size):
        if ints[k][ACTION] == CHARGE:
            return k
    return size - 1


@compiled
def refresh_bus(plans: PlanArrays, fleet: FleetArrays, tables: TravelTables, halt: float, bus: int, now: float) -> None:
    """Do as ``refresh``, compiled."""
    size = plans.length[bus]
    fleet.last[bus] = _refresh(plans.ints[bus], plans.floats[bus], size, origin_of(fleet, bus, now), tables, halt)


@compiled
def worst_of(plans: PlanArrays, bus: int) -> tuple[float, float, float, float]:
    """Do as ``misses``, compiled."""
    return worst(plans.ints[bus], plans.floats[bus], plans.length[bus])


def refresh(plans: PlanArrays, fleet: FleetArrays, bus: int, now: float, tables: TravelTables, halt_s: float) -> None:
    """Schedule one plan anew from where its bus can next change course, and set ``fleet.last``.

    Nothing may be put behind a planned charge, since nobody knows yet when that will end.

    Parameters
    ----------
    plans
        All plans; the row of ``bus``, which closes with the end of its shift, is filled in place.
    fleet
        Where the plan begins.
    bus
        Which.
    now
        The moment [s].
    tables
        Travel times.
    halt_s
        Fixed time of every halt at another node [s].
    """
    if KERNEL == "numba":
        refresh_bus(plans, fleet, tables, float(halt_s), bus, float(now))
        return
    refresh_plain(plans, fleet, bus, now, tables, halt_s)


def misses(plans: PlanArrays, bus: int) -> tuple[float, float, float, float]:
    """Give the most by which a bus's plan misses a window and a ride limit [s], and its largest loads."""
    if KERNEL == "numba":
        found: tuple[float, float, float, float] = worst_of(plans, bus)
        return found
    size = int(plans.length[bus])
    return worst(plans.ints[bus, :size].tolist(), plans.floats[bus, :size].tolist(), size)

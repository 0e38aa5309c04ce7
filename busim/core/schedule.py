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
from typing import NamedTuple

import numpy as np

from busim.core.compiled import KERNEL, compiled
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
    LATEST,
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
    Plans,
)
from busim.core.travel import TravelTables, leg_time, period_at
from busim.model.network import Floats, Ints


class Origin(NamedTuple):
    """Where and when a bus can next change course, and with what aboard.

    Parameters
    ----------
    node, time
        The place, and the moment from which the bus is free there [s].
    load, wheels
        Persons in seats and wheelchairs aboard.
    energy
        Energy left [kWh].
    per_metre, per_second
        Energy used [kWh].
    """

    node: int
    time: float
    load: float
    wheels: float
    energy: float
    per_metre: float
    per_second: float


@compiled
def forward(ints: Ints, floats: Floats, size: int, origin: Origin, tables: TravelTables, halt: float) -> None:
    """Fill the earliest schedule: ready, start, depart, loads, running wait, energy after each slot."""
    node, now = origin.node, origin.time
    load, wheels, waited, energy = origin.load, origin.wheels, 0.0, origin.energy
    for k in range(size):
        slot, times = ints[k], floats[k]
        leg, metres = 0.0, 0.0
        if slot[NODE] != node:
            leg = leg_time(tables, node, slot[NODE], now) + halt
            metres = float(tables.lengths[period_at(tables.breaks, now), node, slot[NODE]])
        ready = now + leg
        start = max(ready, times[EARLIEST])
        depart = start + times[DWELL]
        load += slot[PERSONS]
        wheels += slot[WHEELS]
        waited += start - ready
        energy -= metres * origin.per_metre + (depart - now) * origin.per_second
        times[READY], times[START], times[DEPART] = ready, start, depart
        times[LOAD], times[WHEEL_LOAD], times[WAITED], times[ENERGY] = load, wheels, waited, energy
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
def _refresh(ints: Ints, floats: Floats, size: int, origin: Origin, tables: TravelTables, halt: float) -> None:
    forward(ints, floats, size, origin, tables, halt)
    backward(ints, floats, size)


def refresh(plans: Plans, bus: int, origin: Origin, tables: TravelTables, halt_s: float) -> None:
    """Schedule one plan anew from where its bus can next change course.

    Parameters
    ----------
    plans
        All plans; the row of ``bus`` is filled in place.
    bus
        Which.
    origin
        Where the plan begins.
    tables
        Travel times.
    halt_s
        Fixed time of every halt at another node [s].
    """
    size = int(plans.length[bus])
    if size == 0:
        return
    if KERNEL == "numba":
        _refresh(plans.ints[bus], plans.floats[bus], size, origin, tables, halt_s)
        return
    rows = plans.floats[bus, :size].tolist()  # plain numbers: five times as fast as array elements one by one
    _refresh(plans.ints[bus, :size].tolist(), rows, size, origin, tables, halt_s)
    plans.floats[bus, :size] = rows


def first_charge(plans: Plans, bus: int) -> int:
    """Give the slot of the first planned charge, or the plan's length."""
    size = int(plans.length[bus])
    found = np.flatnonzero(plans.ints[bus, :size, ACTION] == CHARGE)
    return int(found[0]) if len(found) else size

"""The schedule of one plan without compiled kernels: the same numbers as ``core.schedule``, by leaner Python.

NOTE: a speed trick in its own place. On noisy roads a day makes tens of thousands of schedules, most of them of plans
whose stops are as they were while their bus has moved on. So the stops and the legs between them are remembered
(``plain_slots``), each slot is a few additions on local variables, and its row is written to memory at once.
"""

from __future__ import annotations

import math
from struct import Struct

from busim.core.fleet import FleetArrays
from busim.core.plain_legs import Legs, legs_of
from busim.core.plain_slots import Slots
from busim.core.plans import LEG_M, NUM_FLOATS, READY, PlanArrays
from busim.core.travel import TravelTables

INF = math.inf
_ROW = Struct(f"{LEG_M + 1 - READY}d")  # what the schedule makes of a slot, READY to LEG_M
_FLOAT = Struct("d").size


def refresh_plain(
    plans: PlanArrays, fleet: FleetArrays, bus: int, now: float, tables: TravelTables, halt_s: float
) -> None:
    """Do as ``schedule.refresh``."""
    schedule(Slots(plans, bus), plans, plans.floats.data.cast("B"), fleet, bus, now, legs_of(tables), halt_s)


def schedule(
    slots: Slots,
    plans: PlanArrays,
    memory: memoryview,
    fleet: FleetArrays,
    bus: int,
    now: float,
    legs: Legs,
    halt_s: float,
) -> None:
    """Do as ``schedule.refresh`` for a plan whose slots are known; ``memory`` is that of ``plans.floats``."""
    _forward(slots, fleet, bus, now, legs, halt_s)
    _backward(slots, memory, (bus * plans.floats.shape[1] * NUM_FLOATS + READY) * _FLOAT)
    fleet.last[bus] = slots.last


def _forward(slots: Slots, fleet: FleetArrays, bus: int, now: float, legs: Legs, halt_s: float) -> None:
    """Give ready, start, depart, loads, running wait, energy and legs; see ``schedule.forward``."""
    free, node, energy = fleet.time.item(bus), fleet.node.item(bus), fleet.energy.item(bus)
    per_metre, per_second = fleet.per_metre.item(bus), fleet.per_second.item(bus)
    now = float(max(free, now))
    energy -= (now - free) * per_second
    load, wheels, waited = fleet.load.item(bus), fleet.wheels.item(bus), 0.0
    ways = slots.ways_from(node)
    rows = slots.rows = []
    for (target, earliest, dwell, stood, persons, in_chairs, gain), way in zip(slots.stops, ways, strict=True):
        begin, until, seconds, metres, most = way
        if not begin <= now <= until:
            ways[len(rows)] = _, _, seconds, metres, most = legs.way(node, target, now)
        ready = now + seconds
        if target != node:
            ready += halt_s
        start = ready if ready >= earliest else earliest
        load += persons
        wheels += in_chairs
        waited += start - ready
        energy -= most * per_metre + (start - now) * per_second
        energy -= stood * per_second
        node, now = target, start + dwell
        rows.append((ready, start, now, load, wheels, waited, energy, seconds, metres))
        energy += gain


def _backward(slots: Slots, memory: memoryview, place: int) -> None:
    """Add slacks and the sums over pick-ups and drop-offs at or after each slot; see ``schedule.backward``."""
    rows, write = slots.rows, _ROW.pack_into
    slack, ride_slack, span_slack = INF, INF, INF
    pickups, pickups_waited, dropoffs, dropoffs_waited = 0, 0.0, 0, 0.0
    limits = _limits(slots) if slots.rides else None
    k = len(rows) - 1
    place += k * NUM_FLOATS * _FLOAT
    for latest, picked, dropped in reversed(slots.ends):
        ready, start, depart, load, wheels, waited, energy, seconds, metres = rows[k]
        spare = latest - start + waited if latest > start else waited
        slack = spare if spare < slack else slack
        if picked:
            pickups += picked
            pickups_waited += picked * waited
        elif dropped:
            dropoffs += dropped
            dropoffs_waited += dropped * waited
        if limits is not None:
            ride_slack, span_slack = limits[k]
        write(
            memory, place,
            ready, start, depart, load, wheels, waited,
            slack - rows[k - 1][5] if k else slack, ride_slack, span_slack,
            pickups, pickups_waited, dropoffs, dropoffs_waited,
            energy, seconds, metres,
        )  # fmt: skip
        k -= 1
        place -= NUM_FLOATS * _FLOAT


def _limits(slots: Slots) -> list[tuple[float, float]]:
    """Let planned rides bind the slots between pick-up and drop-off: ride and span slack of each slot."""
    rows = slots.rows
    limits = [(INF, INF)] * len(rows)
    for begin, end, longest in slots.rides:
        if begin < 0:
            continue  # gets off before getting on: see ``misses``
        waited, last = rows[begin][5], rows[end]
        room = longest - (last[1] - rows[begin][1])
        spare = (room if room > 0.0 else 0.0) + last[5]
        span = spare - waited
        for k in range(begin + 1, end + 1):
            ride_slack, span_slack = limits[k]
            mine = spare - waited
            limits[k] = (mine if mine < ride_slack else ride_slack), (span if span < span_slack else span_slack)
            waited = rows[k][5]
    return limits


def misses_plain(slots: Slots) -> tuple[float, float, float, float]:
    """Do as ``schedule.misses`` for a plan that has been scheduled."""
    rows, late, over, load, wheels = slots.rows, 0.0, 0.0, 0.0, 0.0
    for begin, end, longest in slots.rides:
        if begin < 0:
            rows, over = rows[: end + 1], INF
            break
        over = max(over, rows[end][1] - rows[begin][1] - longest)
    for (_, start, _, persons, in_chairs, _, _, _, _), (latest, _, _) in zip(rows, slots.ends, strict=False):
        late = start - latest if start - latest > late else late
        load = persons if persons > load else load
        wheels = in_chairs if in_chairs > wheels else wheels
    return late, over, load, wheels

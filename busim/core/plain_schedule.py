"""The schedule of one plan without compiled kernels: the same numbers as ``core.schedule``, by leaner Python.

NOTE: a speed trick in its own place. On noisy roads a day makes tens of thousands of schedules, most of them of plans
whose stops are as they were while their bus has moved on. So stops (``plain_slots``) and the legs between them are
remembered, each slot is a few additions on local variables, and its row is written to memory at once.
"""

from __future__ import annotations

import math
from operator import itemgetter
from struct import Struct
from typing import Any

import numpy as np

from busim.core.cells import cells
from busim.core.fleet import FleetArrays
from busim.core.plain_legs import NEVER, Legs, legs_of
from busim.core.plain_slots import UNTIL, Row, Slots
from busim.core.plans import ENERGY, GAIN, LEG_M, NUM_FLOATS, READY, SLACK, PlanArrays
from busim.core.travel import TravelTables

INF = math.inf
_ROW = Struct(f"{LEG_M + 1 - READY}d")  # what the schedule makes of a slot, READY to LEG_M
_READ = Struct(f"{8 * READY}x6d{8 * (ENERGY - SLACK)}x3d{8 * (NUM_FLOATS - GAIN)}x")  # a slot's part of ``Row``
_SLACKS = Struct("3d")  # SLACK to SPAN_SLACK
_FLOAT = Struct("d").size
_SLOT = NUM_FLOATS * _FLOAT
_TO_SLACK = (SLACK - READY) * _FLOAT
_LOAD, _WHEELS = itemgetter(3), itemgetter(4)  # of a row


def refresh_plain(
    plans: PlanArrays, fleet: FleetArrays, bus: int, now: float, tables: TravelTables, halt_s: float
) -> None:
    """Do as ``schedule.refresh``."""
    PlainSchedules(plans, fleet, tables, halt_s).schedule(Slots(plans, bus), bus, now)


class PlainSchedules:
    """Schedules of plans whose slots are known.

    Parameters
    ----------
    plans, fleet, tables, halt_s
        As ``schedule.refresh`` takes them: the very arrays, whose values may change.
    """

    def __init__(self, plans: PlanArrays, fleet: FleetArrays, tables: TravelTables, halt_s: float) -> None:
        begins = fleet.time, fleet.node, fleet.energy, fleet.per_metre, fleet.per_second, fleet.load, fleet.wheels
        self._begins, self._last = tuple(map(cells, begins)), cells(fleet.last)
        self._legs, self._halt_s = legs_of(tables), halt_s
        self._memory, self._plan = plans.floats.reshape(-1).view(np.uint8).data, plans.floats.shape[1] * _SLOT

    def schedule(self, slots: Slots, bus: int, now: float) -> None:
        """Do as ``schedule.refresh``."""
        begin = [of[bus] for of in self._begins]
        self._limit(slots, bus, _forward(slots, begin, now, self._legs, self._halt_s), rows_stand=False)
        slots.is_scheduled = True

    def limit(self, slots: Slots, bus: int) -> None:
        """Do so where nothing but limits has changed since the last schedule: all times are as they were."""
        self._limit(slots, bus, self._rows(slots, bus), rows_stand=True)

    def misses(self, slots: Slots, bus: int) -> tuple[float, float, float, float]:
        """Do as ``schedule.misses`` for a plan that has been scheduled."""
        return misses_plain(slots, self._rows(slots, bus))

    def _rows(self, slots: Slots, bus: int) -> list[Row]:
        place = bus * self._plan
        return list(_READ.iter_unpack(self._memory[place : place + len(slots.stops) * _SLOT]))

    def _limit(self, slots: Slots, bus: int, rows: list[Row], *, rows_stand: bool) -> None:
        _backward(slots, rows, self._memory, bus * self._plan + READY * _FLOAT, rows_stand=rows_stand)
        self._last[bus], slots.read = slots.last, None


def _forward(slots: Slots, begin: list[Any], now: float, legs: Legs, halt_s: float) -> list[Row]:
    """Give ready, start, depart, loads, running wait, energy and legs; see ``schedule.forward``."""
    free, node, energy, per_metre, per_second, aboard, chairs = begin
    now, waited, load, wheels = free if free > now else float(now), 0.0, float(aboard), float(chairs)
    energy -= (now - free) * per_second
    rows: list[Row] = []
    ways = slots.ways
    if ways and slots.start != node:
        slots.start, ways[0] = node, NEVER
    for stop, way in zip(slots.stops, ways, strict=True):
        target, earliest, dwell, stood, persons, in_chairs, gain, _, _, _, _ = stop
        since, until, seconds, metres, most = way
        if not since <= now <= until:
            ways[len(rows)] = legs.way(node, target, now)
            _, _, seconds, metres, most = ways[len(rows)]
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
    return rows


def _backward(slots: Slots, rows: list[Row], memory: memoryview, place: int, *, rows_stand: bool) -> None:
    """Add slacks and the sums over pick-ups and drop-offs at or after each slot; see ``schedule.backward``.

    Where rows stand in memory as they are, slacks alone are written: nothing else depends on limits.
    """
    slack, write, write_slacks = INF, _ROW.pack_into, _SLACKS.pack_into
    pickups, pickups_waited, dropoffs, dropoffs_waited = 0.0, 0.0, 0.0, 0.0
    slots.may_be_late = False
    spares, spans = _limits(slots, rows)
    k = len(rows) - 1
    place += k * _SLOT
    for _, _, _, _, _, _, _, latest, picked, dropped, _ in reversed(slots.stops):
        ready, start, depart, load, wheels, waited, energy, seconds, metres = rows[k]
        if latest > start:
            spare = latest - start + waited
        else:
            spare = waited
            if latest < start:
                slots.may_be_late = True
        slack = spare if spare < slack else slack
        before = rows[k - 1][5] if k else 0.0
        if rows_stand:
            write_slacks(memory, place + _TO_SLACK, slack - before, spares[k] - before, spans[k])
        else:
            if picked:
                pickups += picked
                pickups_waited += picked * waited
            elif dropped:
                dropoffs += dropped
                dropoffs_waited += dropped * waited
            write(
                memory, place,
                ready, start, depart, load, wheels, waited,
                slack - before, spares[k] - before, spans[k],
                pickups, pickups_waited, dropoffs, dropoffs_waited,
                energy, seconds, metres,
            )  # fmt: skip
        k -= 1
        place -= _SLOT


def _limits(slots: Slots, rows: list[Row]) -> tuple[list[float], list[float]]:
    """Let planned rides bind the slots between pick-up and drop-off: ride slack but for waits, and span slack."""
    spares, spans = [INF] * len(rows), [INF] * len(rows)
    for begin, end, longest in slots.rides:
        if begin < 0:  # gets off before getting on: see ``misses``
            slots.may_be_late = True
            continue
        last = rows[end]
        room = longest - (last[1] - rows[begin][1])
        if room < 0.0:
            room, slots.may_be_late = 0.0, True
        spare = room + last[5]
        span = spare - rows[begin][5]
        for k in range(begin + 1, end + 1):
            spares[k] = spare if spare < spares[k] else spares[k]
            spans[k] = span if span < spans[k] else spans[k]
    return spares, spans


def misses_plain(slots: Slots, rows: list[Row]) -> tuple[float, float, float, float]:
    """Do as ``schedule.misses`` for a plan that has been scheduled."""
    late, over, load, wheels, stops = 0.0, 0.0, 0.0, 0.0, slots.stops
    if not slots.may_be_late:  # as a rule
        return 0.0, 0.0, max((0.0, *map(_LOAD, rows))), max((0.0, *map(_WHEELS, rows)))
    for begin, end, longest in slots.rides:
        if begin < 0:
            stops, rows, over = stops[: end + 1], rows[: end + 1], INF
            break
        excess = rows[end][1] - rows[begin][1] - longest
        over = excess if excess > over else over
    for stop, row in zip(stops, rows, strict=True):
        miss, persons, in_chairs = row[1] - stop[UNTIL], row[3], row[4]
        late = miss if miss > late else late
        load = persons if persons > load else load
        wheels = in_chairs if in_chairs > wheels else wheels
    return late, over, load, wheels

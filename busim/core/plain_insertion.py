"""The exact cost of an insertion without compiled kernels: as ``insertion.evaluate``, by leaner Python.

NOTE: a speed trick in its own place. Each request evaluates a plan or two, slot by slot: on lists and local variables,
with legs looked up where they lie and batteries looked at last, that takes a third of the time.
"""

from __future__ import annotations

import math
from bisect import bisect_right

from busim.core.fleet import FleetArrays, Origin
from busim.core.insertion import Costs, Rider
from busim.core.plain_legs import Legs, legs_of
from busim.core.plain_rows import PlanRows, Times, Whole
from busim.core.plans import (
    ACTION,
    CHARGE,
    DEPART,
    DROPOFF,
    DWELL,
    EARLIEST,
    END,
    ENERGY,
    GAIN,
    LATEST,
    LOAD,
    NODE,
    PERSONS,
    PICKUP,
    RIDE,
    RIDER,
    START,
    WHEEL_LOAD,
    WHEELS,
)
from busim.core.travel import UNREACHABLE, TravelTables


def exact_plain(
    fleet: FleetArrays,
    rows: PlanRows,
    bus: int,
    p: int,
    q: int,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> float:
    """Do as ``search.exact``."""
    ints, floats = rows.of(bus)
    begin = _begin(fleet, bus, p, now, ints, floats)
    seats, places = fleet.seats.item(bus) - rider.persons, fleet.wheel_places.item(bus) - rider.wheels
    if not _has_room(floats, begin, p, q, seats, places if rider.wheels else math.inf):
        return math.inf
    return _evaluate(ints, floats, begin, rider, p, q, fleet.reserve.item(bus), tables, costs)


def _begin(fleet: FleetArrays, bus: int, p: int, now: float, ints: Whole, floats: Times) -> Origin:
    """Give where, when and with what aboard a bus sets out for a slot, in plain numbers; see ``fleet.origin_of``."""
    per_metre, per_second = fleet.per_metre.item(bus), fleet.per_second.item(bus)
    if p > 0:
        slot = floats[p - 1]
        node, time, energy = ints[p - 1][NODE], slot[DEPART], slot[ENERGY]
        return Origin(node, time, slot[LOAD], slot[WHEEL_LOAD], energy, per_metre, per_second)
    free, load, wheels = fleet.time.item(bus), float(fleet.load.item(bus)), float(fleet.wheels.item(bus))
    time = free if free >= now else float(now)
    energy = fleet.energy.item(bus) - (time - free) * per_second
    return Origin(fleet.node.item(bus), time, load, wheels, energy, per_metre, per_second)


def _has_room(floats: Times, begin: Origin, p: int, q: int, load: float, wheels: float) -> bool:
    """Tell whether no more than so many persons are aboard from before slot ``p`` until before slot ``q``."""
    has_room = begin.load <= load and begin.wheels <= wheels
    for slot in floats[p:q]:
        if slot[LOAD] > load or slot[WHEEL_LOAD] > wheels:
            return False
    return has_room


def _evaluate(
    ints: Whole,
    floats: Times,
    begin: Origin,
    rider: Rider,
    p: int,
    q: int,
    reserve: float,
    tables: TravelTables,
    costs: Costs,
) -> float:
    """Do as ``insertion.evaluate`` where there is room."""
    legs, starts = legs_of(tables), [0.0] * len(ints)
    node, now = begin.node, begin.time
    drive, metres, boarded, alighted = _drive(ints, floats, node, now, rider, p, q, starts, legs, costs.halt)
    if drive == math.inf or boarded > rider.latest or alighted - boarded > rider.longest:
        return math.inf
    wait, ride = _others(ints, floats, p, starts)
    if wait == math.inf:
        return math.inf
    if begin.energy < math.inf and not _lasts(
        ints, floats, begin, rider, p, q, starts, boarded, alighted, reserve, legs, costs
    ):
        return math.inf
    persons = float(rider.persons + rider.wheels)
    wait += (boarded - rider.earliest) * persons
    ride += (alighted - boarded) * persons
    weights = costs.weights
    return weights.wait * wait + weights.ride * ride + weights.drive * drive + weights.distance * metres


def _drive(
    ints: Whole,
    floats: Times,
    node: int,
    now: float,
    rider: Rider,
    p: int,
    q: int,
    starts: list[float],
    legs: Legs,
    halt: float,
) -> tuple[float, float, float, float]:
    """Drive from slot ``p`` on, filling in the starts of service.

    Returns
    -------
    tuple
        Added seconds and metres, when the rider is aboard and off again [s]; ``inf`` if a window is missed.
    """
    drive, metres, boarded, alighted = 0.0, 0.0, 0.0, 0.0
    size, seconds_of, metres_of = legs.size, legs.seconds_at, legs.metres_at
    end = -math.inf
    for k in range(p, len(ints)):
        target, times, counts = ints[k][NODE], floats[k], False
        if k in (p, q):
            before, since = node, now
            if k == p:
                seconds, length = legs.leg(node, rider.origin, now)
                boarded = max(now + seconds + (halt if node != rider.origin else 0.0), rider.earliest)
                drive, metres = drive + seconds, metres + length
                node, now = rider.origin, boarded + rider.board
            if k == q:
                seconds, length = legs.leg(node, rider.destination, now)
                alighted = now + seconds + (halt if node != rider.destination else 0.0)
                drive, metres = drive + seconds, metres + length
                node, now = rider.destination, alighted + rider.alight
            counts = ints[k][ACTION] != END  # the way home is not a cost of this rider
            if counts:
                seconds, length = legs.leg(before, target, since)
                drive, metres = drive - seconds, metres - length
        seconds, ready = 0.0, now
        if target != node:
            if now >= end:
                period = bisect_right(legs.breaks, now, 1) - 1
                shift, end = period * size * size, legs.breaks[period + 1]
            place = shift + node * size + target
            seconds, length = float(seconds_of(place)), metres_of(place)
            if now + seconds > end and seconds < UNREACHABLE:
                seconds, length = legs.leg(node, target, now)
            ready = now + seconds + halt
            if counts:
                drive, metres = drive + seconds, metres + float(length)
        start = starts[k] = ready if ready >= times[EARLIEST] else times[EARLIEST]
        if start > times[LATEST] and start > times[START]:
            return math.inf, math.inf, boarded, alighted
        node, now = target, start + times[DWELL]
    return drive, metres, boarded, alighted


def _others(ints: Whole, floats: Times, p: int, starts: list[float]) -> tuple[float, float]:
    """Do as ``insertion.others_cost``."""
    wait, ride = 0.0, 0.0
    for k in range(p, len(ints)):
        slot, times = ints[k], floats[k]
        if slot[ACTION] == PICKUP:
            delay = (starts[k] - times[START]) * (abs(slot[PERSONS]) + abs(slot[WHEELS]))
            wait += delay
            ride -= delay
        elif slot[ACTION] == DROPOFF:
            ride += (starts[k] - times[START]) * (abs(slot[PERSONS]) + abs(slot[WHEELS]))
            if times[RIDE] < math.inf:
                u = k - 1
                while u >= 0 and (ints[u][RIDER] != slot[RIDER] or ints[u][ACTION] != PICKUP):
                    u -= 1
                begin = starts[u] if u >= p else floats[u][START]
                if starts[k] - begin > max(times[RIDE], times[START] - floats[u][START]):
                    return math.inf, math.inf
    return wait, ride


def _lasts(
    ints: Whole,
    floats: Times,
    begin: Origin,
    rider: Rider,
    p: int,
    q: int,
    starts: list[float],
    boarded: float,
    alighted: float,
    reserve: float,
    legs: Legs,
    costs: Costs,
) -> bool:
    """Tell whether the battery carries the plan from slot ``p`` on, and from each rider's stop to a plug."""
    node, now, _, _, energy, per_metre, per_second = begin
    if energy >= reserve and per_metre == 0.0 and per_second == 0.0:  # buses whose energy nobody counts
        return True
    size, most_of = legs.size, legs.most_at
    for k in range(p, len(ints)):
        (target, action, *_), times, start, way = ints[k], floats[k], starts[k], 0.0
        if k == p:
            free = boarded + rider.board
            energy -= most_of(node * size + rider.origin) * per_metre + (free - now) * per_second
            node, now = rider.origin, free
        if k == q:
            free = alighted + rider.alight
            energy -= most_of(node * size + rider.destination) * per_metre + (free - now) * per_second
            node, now = rider.destination, free
        if k in (p, q) and energy < reserve + _charger_kwh(node, now, per_metre, per_second, costs):
            return False
        energy -= most_of(node * size + target) * per_metre + (start - now) * per_second
        node, now = target, start + times[DWELL]
        if action != CHARGE:
            energy -= times[DWELL] * per_second
        if action in (PICKUP, DROPOFF):  # riders booked earlier must not be the last that the battery can do
            way = _charger_kwh(node, now, per_metre, per_second, costs)
        if energy < reserve + way:
            return False
        if action == CHARGE:
            energy += times[GAIN]  # who is planned behind the charge must not use more than it gives
    return True


def _charger_kwh(node: int, now: float, per_metre: float, per_second: float, costs: Costs) -> float:
    """Do as ``insertion.charger_kwh``."""
    drive = costs.to_charger_s.item(node)
    wait = costs.plug_free.item(node) - (now + drive)
    energy: float = costs.to_charger_m.item(node) * per_metre + (drive + (wait if wait > 0.0 else 0.0)) * per_second
    return energy

"""The exact cost of an insertion without compiled kernels: as ``insertion.evaluate``, by leaner Python.

NOTE: a speed trick in its own place. Each request evaluates a plan or two, slot by slot: on lists and local variables,
in one pass that ends with the first rule that is broken, with legs looked up where they lie, that takes a quarter of
the time. On busy days a third of all insertions end at a battery.
"""

from __future__ import annotations

import math
from bisect import bisect_right

from busim.core.cells import cells
from busim.core.fleet import FleetArrays, Origin, origin_at
from busim.core.insertion import Costs, Rider
from busim.core.plain_legs import legs_of
from busim.core.plain_rows import PlanRows, PlanTimes, PlanWhole
from busim.core.plain_shift import exact_shift
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
    LEG_M,
    LEG_S,
    LOAD,
    NODE,
    PICKUP,
    RIDE,
    RIDER,
    START,
    WHEEL_LOAD,
)
from busim.core.travel import TravelTables

_NO_WAY = math.inf, math.inf, 0.0, 0.0
_OF_RIDERS = frozenset((PICKUP, DROPOFF))


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
    if rows.is_live:
        cost = exact_shift(fleet, rows, bus, p, q, rider, now, legs_of(tables), costs)
        if cost is not None:
            return cost
    ints, floats = rows.of(bus)
    begin = _begin(fleet, bus, p, now, ints, floats)
    seats, places = fleet.seats.item(bus) - rider.persons, fleet.wheel_places.item(bus) - rider.wheels
    if not _has_room(floats, begin, p, q, seats, places if rider.wheels else math.inf):
        return math.inf
    return _evaluate(ints, floats, begin, rider, p, q, fleet.reserve.item(bus), tables, costs)


def _begin(fleet: FleetArrays, bus: int, p: int, now: float, ints: PlanWhole, floats: PlanTimes) -> Origin:
    """Give where, when and with what aboard a bus sets out for a slot, in plain numbers; see ``fleet.origin_at``."""
    if p == 0:
        return origin_at(fleet, bus, now)
    node, slot, per_metre, per_second = ints[p - 1][NODE], floats[p - 1], fleet.per_metre, fleet.per_second
    aboard = slot[LOAD], slot[WHEEL_LOAD]
    return Origin(node, slot[DEPART], *aboard, slot[ENERGY], per_metre.item(bus), per_second.item(bus))


def _has_room(floats: PlanTimes, begin: Origin, p: int, q: int, load: float, wheels: float) -> bool:
    """Tell whether no more than so many persons are aboard from before slot ``p`` until before slot ``q``."""
    has_room = begin.load <= load and begin.wheels <= wheels
    for slot in floats[p:q]:
        if slot[LOAD] > load or slot[WHEEL_LOAD] > wheels:
            return False
    return has_room


def _evaluate(
    ints: PlanWhole,
    floats: PlanTimes,
    begin: Origin,
    rider: Rider,
    p: int,
    q: int,
    reserve: float,
    tables: TravelTables,
    costs: Costs,
) -> float:
    """Do as ``insertion.evaluate`` where there is room."""
    starts: list[float] = []
    drive, metres, boarded, alighted = _drive(ints, floats, begin, rider, p, q, reserve, starts, tables, costs)
    if drive == math.inf:
        return math.inf
    wait, ride = _others(ints, floats, p, starts)
    if wait == math.inf:
        return math.inf
    persons = float(rider.persons + rider.wheels)
    wait += (boarded - rider.earliest) * persons
    ride += (alighted - boarded) * persons
    weights = costs.weights
    return weights.wait * wait + weights.ride * ride + weights.drive * drive + weights.distance * metres


def _drive(  # noqa: C901, PLR0912  (one pass over the plan, as in the kernel)
    ints: PlanWhole,
    floats: PlanTimes,
    begin: Origin,
    rider: Rider,
    p: int,
    q: int,
    reserve: float,
    starts: list[float],
    tables: TravelTables,
    costs: Costs,
) -> tuple[float, float, float, float]:
    """Drive from slot ``p`` on, appending the starts of service.

    Returns
    -------
    tuple
        Added seconds and metres, when the rider is aboard and off again [s]; ``_NO_WAY`` if a window is missed, the
        rider rides too long, or the battery does not carry the plan, and from each rider's stop to a plug.
    """
    node, now, _, _, energy, per_metre, per_second = begin
    drains = energy < reserve or (energy < math.inf and (per_metre != 0.0 or per_second != 0.0))
    legs, plugs, halt, board, off = legs_of(tables), _plugs_of(costs), costs.halt, rider.origin, rider.destination
    leg, size, seconds_at, most, end = legs.leg, legs.size, legs.seconds, legs.most, -math.inf
    before, since = node, now
    drive, metres = leg(node, board, now)
    boarded = now + drive + halt if node != board else now
    boarded = boarded if boarded >= rider.earliest else rider.earliest
    free = boarded + rider.board
    energy -= most[node * size + board] * per_metre + (free - now) * per_second
    node, now = board, free
    if drains and q > p and energy < reserve + _plug_kwh(plugs, node, now, per_metre, per_second):
        return _NO_WAY
    for k in range(p, len(ints)):
        target, action, _, _, _, _ = ints[k]
        times, counts = floats[k], k == p
        if k == q:
            if not counts:
                before, since, counts = node, now, True
            seconds, length = leg(node, off, now)
            drive, metres = drive + seconds, metres + length
            alighted = now + seconds + halt if node != off else now
            free = alighted + rider.alight
            energy -= most[node * size + off] * per_metre + (free - now) * per_second
            node, now = off, free
            if boarded > rider.latest or alighted - boarded > rider.longest:
                return _NO_WAY
            if drains and energy < reserve + _plug_kwh(plugs, node, now, per_metre, per_second):
                return _NO_WAY
        if counts and action != END:  # the way home is not a cost of this rider
            # How the bus comes from one slot to the next stands in its schedule.
            saved, less = (times[LEG_S], times[LEG_M]) if k == p > 0 else leg(before, target, since)
            seconds, length = leg(node, target, now)
            drive, metres = drive - saved + seconds, metres - less + length
        elif target != node:
            if now >= end:
                period = bisect_right(legs.breaks, now, 1) - 1
                shift, end = period * size * size, legs.breaks[period + 1]
            seconds = seconds_at[shift + node * size + target]
            if now + seconds > end:
                seconds, _ = leg(node, target, now)
        start = now + seconds + halt if target != node else now
        start = start if start >= times[EARLIEST] else times[EARLIEST]
        if start > times[START] and start > times[LATEST]:
            return _NO_WAY
        starts.append(start)
        energy -= most[node * size + target] * per_metre + (start - now) * per_second
        node, now = target, start + times[DWELL]
        if not drains:
            continue
        energy -= times[DWELL] * per_second if action != CHARGE else 0.0
        # Riders booked earlier must not be the last that the battery can do.
        way = _plug_kwh(plugs, node, now, per_metre, per_second) if action in _OF_RIDERS else 0.0
        if energy < reserve + way:
            return _NO_WAY
        energy += times[GAIN] if action == CHARGE else 0.0  # who comes then must not use more than that gives
    return drive, metres, boarded, alighted


def _others(ints: PlanWhole, floats: PlanTimes, p: int, starts: list[float]) -> tuple[float, float]:
    """Do as ``insertion.others_cost``; the first of the starts is that of slot ``p``."""
    wait, ride, k = 0.0, 0.0, p
    for start in starts:
        (_, action, rider, persons, wheels, _), times = ints[k], floats[k]
        if action == PICKUP:
            delay = (start - times[START]) * (abs(persons) + abs(wheels))
            wait += delay
            ride -= delay
        elif action == DROPOFF:
            ride += (start - times[START]) * (abs(persons) + abs(wheels))
            if times[RIDE] < math.inf:
                u = k - 1
                while u >= 0 and (ints[u][RIDER] != rider or ints[u][ACTION] != PICKUP):
                    u -= 1
                begin = starts[u - p] if u >= p else floats[u][START]
                if start - begin > max(times[RIDE], times[START] - floats[u][START]):
                    return math.inf, math.inf
        k += 1
    return wait, ride


class _Plugs:
    """The ways to plugs of some costs, to be read one by one."""

    def __init__(self, costs: Costs) -> None:
        self.costs = costs
        self.metres, self.seconds, self.free = map(cells, (costs.to_charger_m, costs.to_charger_s, costs.plug_free))


_asked: list[_Plugs] = []


def _plugs_of(costs: Costs) -> _Plugs:
    """Give the ways of the costs that were asked for last, which are those of a whole run."""
    found = _asked[0] if _asked else None
    if found is None or found.costs is not costs:
        found = _Plugs(costs)
        _asked[:] = [found]
    return found


def _plug_kwh(plugs: _Plugs, node: int, now: float, per_metre: float, per_second: float) -> float:
    """Do as ``insertion.charger_kwh``."""
    drive = plugs.seconds[node]
    wait = plugs.free[node] - (now + drive)
    energy: float = plugs.metres[node] * per_metre + (drive + (wait if wait > 0.0 else 0.0)) * per_second
    return energy

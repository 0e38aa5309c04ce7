"""The compiled twin of ``core.candidates``: plain loops, the same candidates and bounds to the last bit."""

from __future__ import annotations

import numpy as np

from busim.core.compiled import compiled
from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider, local_cost
from busim.core.plans import (
    ACTION,
    DEPART,
    DROPOFFS,
    DROPOFFS_WAITED,
    END,
    LEG_M,
    LEG_S,
    LOAD,
    NODE,
    PICKUPS,
    PICKUPS_WAITED,
    READY,
    RIDE_SLACK,
    SLACK,
    SPAN_SLACK,
    WAITED,
    WHEEL_LOAD,
    PlanArrays,
)
from busim.core.travel import TravelTables, period_at
from busim.model.network import Floats, Ints


@compiled
def _seconds_to(tables: TravelTables, start: int, end: int, time: float) -> float:
    """Look up seconds of a leg whose end is the one fixed; times to one node lie side by side."""
    return float(tables.times_to[period_at(tables.breaks, time), end, start])


@compiled
def _metres(tables: TravelTables, costs: Costs, start: int, end: int, time: float) -> float:
    """Look up metres where they cost anything: only of legs that will do, since each is far off in memory."""
    if costs.weights.distance == 0.0:
        return 0.0
    return float(tables.lengths[period_at(tables.breaks, time), start, end])


@compiled
def _leg_from(tables: TravelTables, costs: Costs, start: int, end: int, time: float) -> tuple[float, float]:
    """Look up seconds and metres of a leg whose start is the one fixed; times from one node lie side by side."""
    period = period_at(tables.breaks, time)
    if costs.weights.distance == 0.0:
        return float(tables.times[period, start, end]), 0.0
    return float(tables.times[period, start, end]), float(tables.lengths[period, start, end])


@compiled
def _weigh(
    rider: Rider, costs: Costs, drive: float, metres: float, wait: float, ride: float, picks: float, drops: float
) -> float:
    persons = float(rider.persons + rider.wheels)
    return local_cost(drive, metres, picks + wait * persons, (drops - picks) + ride * persons, costs.weights)


@compiled
def _tail_delay(floats: Floats, p: int, total: int, weighted: int, shift: float) -> float:
    return max(0.0, float(floats[p, total] * shift - floats[p, weighted]))


@compiled
def _middle_delay(floats: Floats, p: int, q: int, total: int, weighted: int, shift: float) -> float:
    sums = (floats[p, total] - floats[q, total]) * shift - (floats[p, weighted] - floats[q, weighted])
    return max(0.0, float(sums))


@compiled
def _adjacent(
    ints: Ints,
    floats: Floats,
    p: int,
    drive: float,
    metres: float,
    base: float,
    base_m: float,
    waited: float,
    rider: Rider,
    boarded: float,
    tables: TravelTables,
    costs: Costs,
) -> float:
    """Give the bound of a direct ride before slot ``p``, or infinity."""
    target, free = ints[p, NODE], boarded + rider.board
    direct, direct_m = _leg_from(tables, costs, rider.origin, rider.destination, free)
    alighted = free + (direct + costs.halt * (rider.origin != rider.destination))
    out = alighted + rider.alight
    onward, onward_m = _leg_from(tables, costs, rider.destination, target, out)
    delay = max(0.0, out + (onward + costs.halt * (rider.destination != target)) - floats[p, READY])
    if alighted - boarded > rider.longest or delay > floats[p, SLACK] or delay > floats[p, RIDE_SLACK]:
        return np.inf
    drive, metres = drive + direct, metres + direct_m
    if ints[p, ACTION] != END:
        drive, metres = drive + (onward - base), metres + (onward_m - base_m)
    picks = _tail_delay(floats, p, PICKUPS, PICKUPS_WAITED, delay + waited)
    drops = _tail_delay(floats, p, DROPOFFS, DROPOFFS_WAITED, delay + waited)
    return _weigh(rider, costs, drive, metres, boarded - rider.earliest, alighted - boarded, picks, drops)


@compiled
def _split(
    ints: Ints,
    floats: Floats,
    p: int,
    q: int,
    waited_p: float,
    first: float,
    drive: float,
    metres: float,
    rider: Rider,
    boarded: float,
    tables: TravelTables,
    costs: Costs,
) -> float:
    """Give the bound of a drop-off before slot ``q`` after a pick-up before ``p``, or infinity."""
    target, before = ints[q, NODE], ints[q - 1, NODE]
    waited, depart = floats[q - 1, WAITED], floats[q - 1, DEPART]
    carried = max(0.0, first - (waited - waited_p))
    leave = depart + carried
    to = _seconds_to(tables, before, rider.destination, leave)
    alighted = leave + (to + costs.halt * (before != rider.destination))
    if alighted - boarded > rider.longest:
        return np.inf
    out = alighted + rider.alight
    onward, onward_m = _leg_from(tables, costs, rider.destination, target, out)
    delay = max(0.0, out + (onward + costs.halt * (rider.destination != target)) - floats[q, READY])
    if delay > floats[q, SLACK] or delay - carried > floats[q, SPAN_SLACK]:
        return np.inf
    drive, metres = drive + to, metres + _metres(tables, costs, before, rider.destination, leave)
    if ints[q, ACTION] != END:
        drive, metres = drive + (onward - floats[q, LEG_S]), metres + (onward_m - floats[q, LEG_M])
    picks = _middle_delay(floats, p, q, PICKUPS, PICKUPS_WAITED, first + waited_p)
    picks += _tail_delay(floats, q, PICKUPS, PICKUPS_WAITED, delay + waited)
    drops = _middle_delay(floats, p, q, DROPOFFS, DROPOFFS_WAITED, first + waited_p)
    drops += _tail_delay(floats, q, DROPOFFS, DROPOFFS_WAITED, delay + waited)
    return _weigh(rider, costs, drive, metres, boarded - rider.earliest, alighted - boarded, picks, drops)


@compiled
def _room(load: float, wheels: float, rider: Rider, seats: int, wheel_places: int) -> bool:
    return load + rider.persons <= seats and (rider.wheels == 0 or wheels + rider.wheels <= wheel_places)


@compiled
def _add(found: Ints, bounds: Floats, count: int, bus: int, p: int, q: int, bound: float) -> tuple[Ints, Floats, int]:
    if bound == np.inf:
        return found, bounds, count
    if count == len(bounds):
        found = np.concatenate((found, np.empty_like(found)))
        bounds = np.concatenate((bounds, np.empty_like(bounds)))
    found[count, 0], found[count, 1], found[count, 2], bounds[count] = bus, p, q, bound
    return found, bounds, count + 1


@compiled
def bus_candidates(
    fleet: FleetArrays,
    plans: PlanArrays,
    bus: int,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    found: Ints,
    bounds: Floats,
    count: int,
) -> tuple[Ints, Floats, int]:
    """Append one bus's candidates to ``found`` [n, 3] and ``bounds`` [n]; they are handed back, since they may grow."""
    ints, floats, last = plans.ints[bus], plans.floats[bus], fleet.last[bus]
    seats, places = fleet.seats[bus], fleet.wheel_places[bus]
    node, depart = fleet.node[bus], max(fleet.time[bus], now)
    load, wheels, waited = float(fleet.load[bus]), float(fleet.wheels[bus]), 0.0
    for p in range(last + 1):
        if p > 0:
            node, depart, waited = ints[p - 1, NODE], floats[p - 1, DEPART], floats[p - 1, WAITED]
            load, wheels = floats[p - 1, LOAD], floats[p - 1, WHEEL_LOAD]
        if depart > rider.latest:  # as are all later positions
            break
        seconds = _seconds_to(tables, node, rider.origin, depart)
        boarded = max(depart + (seconds + costs.halt * (node != rider.origin)), rider.earliest)
        if boarded > rider.latest or not _room(load, wheels, rider, seats, places):
            continue
        metres = _metres(tables, costs, node, rider.origin, depart)
        base, base_m = floats[p, LEG_S], floats[p, LEG_M]
        if p == 0:
            base, base_m = _leg_from(tables, costs, node, ints[p, NODE], depart)
        bound = _adjacent(ints, floats, p, seconds, metres, base, base_m, waited, rider, boarded, tables, costs)
        found, bounds, count = _add(found, bounds, count, bus, p, p, bound)
        away, away_m = _leg_from(tables, costs, rider.origin, ints[p, NODE], boarded + rider.board)
        ready = boarded + rider.board + (away + costs.halt * (rider.origin != ints[p, NODE]))
        first = max(0.0, ready - floats[p, READY])
        if first > floats[p, SLACK] or first > floats[p, RIDE_SLACK]:
            continue
        drive, length = seconds + away - base, metres + away_m - base_m
        for q in range(p + 1, last + 1):
            if not _room(floats[q - 1, LOAD], floats[q - 1, WHEEL_LOAD], rider, seats, places):
                break
            if floats[q - 1, DEPART] - boarded > rider.longest:
                break
            bound = _split(ints, floats, p, q, waited, first, drive, length, rider, boarded, tables, costs)
            found, bounds, count = _add(found, bounds, count, bus, p, q, bound)
    return found, bounds, count


@compiled
def reaches(fleet: FleetArrays, bus: int, rider: Rider, now: float, tables: TravelTables, costs: Costs) -> bool:
    """Tell whether a bus takes riders, is large enough and can be at the pick-up in time if it goes there at once."""
    if fleet.last[bus] < 0 or fleet.seats[bus] < rider.persons or fleet.wheel_places[bus] < rider.wheels:
        return False
    node, time = fleet.node[bus], max(fleet.time[bus], now)
    seconds = _seconds_to(tables, node, rider.origin, time)
    return bool(time + (seconds + costs.halt * (node != rider.origin)) <= rider.latest)


@compiled
def list_candidates(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> tuple[Ints, Floats]:
    """List bus and positions [n, 3] and bounds [n] of all insertions that pass constant-time checks."""
    found, bounds, count = np.empty((256, 3), np.int64), np.empty(256), 0
    for bus in range(len(fleet.node)):
        if reaches(fleet, bus, rider, now, tables, costs):
            found, bounds, count = bus_candidates(fleet, plans, bus, rider, now, tables, costs, found, bounds, count)
    return found[:count], bounds[:count]

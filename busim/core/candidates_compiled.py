"""The compiled twin of ``core.candidates``: plain loops, the same candidates and bounds to the last bit.

NOTE: each kernel takes the arrays out of their tuples once and hands on numbers alone. A call with travel times, plans
and fleet counts references and copies some hundred words: a microsecond, many times what a position takes.
"""

from __future__ import annotations

import numpy as np

from busim.core.compiled import compiled, prefetch
from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider, Weights, local_cost
from busim.core.plans import (
    ACTION,
    BRIEF_DEPART,
    BRIEF_LATEST,
    BRIEF_NODE,
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

# What ``_pickups`` keeps of a position: the bound of a direct ride, and for shared ones when the rider is aboard, the
# delay that the pick-up brings (``inf`` where it is too long), the running wait before it, added drive and metres.
_DIRECT, _BOARDED, _FIRST, _WAITED, _DRIVE, _METRES = range(6)
_SOME = 64  # room at first
_AHEAD = 2  # buses whose plans are asked for
NO_BRIEF = np.zeros((0, 0, 3))
_SOON = 8  # positions that are
MARGIN_S = 1.0  # more than moments that are no whole seconds lose by rounding


@compiled
def _weigh(
    persons: int, weights: Weights, drive: float, metres: float, wait: float, ride: float, picks: float, drops: float
) -> float:
    return local_cost(drive, metres, picks + wait * persons, (drops - picks) + ride * persons, weights)


@compiled
def _delay(total: float, weighted: float, shift: float) -> float:
    """Give what so many riders are delayed at least, some of whom gain the time that the bus waits for them."""
    return max(0.0, total * shift - weighted)


@compiled
def _longer(whole: Ints, numbers: Floats) -> tuple[Ints, Floats]:
    """Give the same rows with room for as many again."""
    return np.concatenate((whole, np.empty_like(whole))), np.concatenate((numbers, np.empty_like(numbers)))


@compiled
def reaches(fleet: FleetArrays, bus: int, rider: Rider, now: float, tables: TravelTables, costs: Costs) -> bool:
    """Tell whether a bus takes riders, is large enough and can be at the pick-up in time if it goes there at once."""
    if fleet.last[bus] < 0 or fleet.seats[bus] < rider.persons or fleet.wheel_places[bus] < rider.wheels:
        return False
    node, time = fleet.node[bus], max(fleet.time[bus], now)
    seconds = float(tables.times_to[period_at(tables.breaks, time), rider.origin, node])
    return bool(time + (seconds + costs.halt * (node != rider.origin)) <= rider.latest)


@compiled
def _reached(fleet: FleetArrays, lasts: Ints, rider: Rider, now: float, tables: TravelTables, halt: float) -> Ints:
    """List the buses that ``reaches`` holds for, without a branch that the processor would have to guess."""
    buses, count = np.empty(len(lasts) + 1, np.int64), 0
    nodes, free, seats, places = fleet.node, fleet.time, fleet.seats, fleet.wheel_places
    for bus in range(len(lasts)):
        depart, node = max(free[bus], now), nodes[bus]
        seconds = float(tables.times_to[period_at(tables.breaks, depart), rider.origin, node])
        fits = (lasts[bus] >= 0) & (seats[bus] >= rider.persons) & (places[bus] >= rider.wheels)
        buses[count] = bus
        count += fits & (depart + (seconds + halt * (node != rider.origin)) <= rider.latest)
    return buses[:count]


@compiled
def _ask_for(plans: PlanArrays, bus: int, p: int) -> None:
    """Let the processor fetch a position that is read soon.

    NOTE: the plans of hundreds of buses do not fit into its nearer caches, and it cannot guess which it needs: this
    saves a fifth of a search among 500 buses, and more where other programs use the outer caches.
    """
    prefetch(plans.ints, bus, p, NODE)
    prefetch(plans.floats, bus, p, READY)
    prefetch(plans.floats, bus, p, RIDE_SLACK)


@compiled
def _all_positions(
    fleet: FleetArrays, lasts: Ints, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Ints:
    """List the positions of all buses that can be at the pick-up in time if they go there at once [n, 2]."""
    at, count = np.empty((_SOME, 2), np.int64), 0
    for bus in _reached(fleet, lasts, rider, now, tables, costs.halt):
        while count + lasts[bus] + 1 > len(at):
            at = np.concatenate((at, np.empty_like(at)))
        for p in range(lasts[bus] + 1):
            at[count, 0], at[count, 1] = bus, p
            count += 1
    return at[:count]


@compiled
def _likely_positions(
    fleet: FleetArrays, plans: PlanArrays, brief: Floats, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Ints:
    """List those of them that may pass, by their plans in brief alone; see ``Plans.brief`` [n, 2]."""
    at, count, lasts, halt = np.empty((_SOME, 2), np.int64), 0, fleet.last, costs.halt
    breaks, times, times_to, lengths = tables.breaks, tables.times, tables.times_to, tables.lengths
    origin, destination = rider.origin, rider.destination
    buses = _reached(fleet, lasts, rider, now, tables, halt)
    for k in range(len(buses)):
        if k + _AHEAD < len(buses):
            for p in range(0, lasts[buses[k + _AHEAD]] + 1, 2):
                prefetch(brief, buses[k + _AHEAD], p, 0)
        bus = buses[k]
        last, node, depart = lasts[bus], fleet.node[bus], max(fleet.time[bus], now)
        while count + last + 1 > len(at):
            at = np.concatenate((at, np.empty_like(at)))
        for p in range(last + 1):
            if p > 0:
                node, depart = int(brief[bus, p - 1, BRIEF_NODE]), brief[bus, p - 1, BRIEF_DEPART]
            if depart > rider.latest:  # as are all later positions
                break
            period = period_at(breaks, depart)
            seconds = float(times_to[period, origin, node])
            boarded = max(depart + (seconds + halt * (node != origin)), rider.earliest)
            if boarded > rider.latest:
                continue
            free, target, latest = boarded + rider.board, int(brief[bus, p, BRIEF_NODE]), brief[bus, p, BRIEF_LATEST]
            then = period_at(breaks, free)
            if min(times[then, origin, target], times[then, origin, destination]) <= latest + MARGIN_S - free:
                _ask_for(plans, bus, p)
                prefetch(lengths, period, node, origin)
                prefetch(lengths, then, origin, target)
                prefetch(lengths, then, destination, target)
                prefetch(times, then, destination, target)
                at[count, 0], at[count, 1] = bus, p
                count += 1
    return at[:count]


@compiled
def _pickups(  # noqa: PLR0915  (one pass over all positions: the hot kernel)
    fleet: FleetArrays,
    lasts: Ints,
    plans: PlanArrays,
    places: Ints,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> tuple[Ints, Floats]:
    """List positions from which a direct ride or a shared one may be possible: bus and position [n, 2], and numbers."""
    at, data, count = np.empty((_SOME, 2), np.int64), np.empty((_SOME, 6)), 0
    ints, floats, halt, weights = plans.ints, plans.floats, costs.halt, costs.weights
    breaks, times, times_to, lengths = tables.breaks, tables.times, tables.times_to, tables.lengths
    origin, destination = rider.origin, rider.destination
    for k in range(len(places)):
        if k + _SOON < len(places):
            _ask_for(plans, places[k + _SOON, 0], places[k + _SOON, 1])
        bus, p = places[k, 0], places[k, 1]
        last, seats, wheel_places = lasts[bus], fleet.seats[bus], fleet.wheel_places[bus]
        node, depart, waited = fleet.node[bus], max(fleet.time[bus], now), 0.0
        load, wheels = float(fleet.load[bus]), float(fleet.wheels[bus])
        if p > 0:
            node, depart, waited = ints[bus, p - 1, NODE], floats[bus, p - 1, DEPART], floats[bus, p - 1, WAITED]
            load, wheels = floats[bus, p - 1, LOAD], floats[bus, p - 1, WHEEL_LOAD]
        if depart > rider.latest:
            continue
        period = period_at(breaks, depart)
        seconds = float(times_to[period, origin, node])
        arrived = depart + (seconds + halt * (node != origin))
        boarded, target = max(arrived, rider.earliest), ints[bus, p, NODE]
        if boarded > rider.latest or load + rider.persons > seats or 0 < rider.wheels > wheel_places - wheels:
            continue
        free, ready = boarded + rider.board, floats[bus, p, READY]
        then, slack = period_at(breaks, free), min(floats[bus, p, SLACK], floats[bus, p, RIDE_SLACK])
        away, direct = float(times[then, origin, target]), float(times[then, origin, destination])
        first = max(0.0, free + (away + halt * (origin != target)) - ready)
        alighted = free + (direct + halt * (origin != destination))
        out, may_share = alighted + rider.alight, p < last and first <= slack
        if not may_share and max(0.0, out - ready) > slack:
            continue  # nearly all: the way on from the destination, which only makes it later, is not looked up
        later = period_at(breaks, out)
        onward = float(times[later, destination, target])
        delay = max(0.0, out + (onward + halt * (destination != target)) - ready)
        rides_alone = alighted - boarded <= rider.longest and delay <= slack
        if not (rides_alone or may_share):
            continue
        base, base_m = floats[bus, p, LEG_S], floats[bus, p, LEG_M]
        if p == 0:
            base, base_m = float(times[period, node, target]), float(lengths[period, node, target])
        metres = float(lengths[period, node, origin])
        bound = np.inf
        if rides_alone:
            drive, length = seconds + direct, metres + lengths[then, origin, destination]
            if ints[bus, p, ACTION] != END:
                drive += onward - base
                length += lengths[later, destination, target] - base_m
            picks = _delay(floats[bus, p, PICKUPS], floats[bus, p, PICKUPS_WAITED], delay + waited)
            drops = _delay(floats[bus, p, DROPOFFS], floats[bus, p, DROPOFFS_WAITED], delay + waited)
            wait, ride = boarded - rider.earliest, alighted - boarded
            bound = _weigh(rider.persons + rider.wheels, weights, drive, length, wait, ride, picks, drops)
        if count == len(data):
            at, data = _longer(at, data)
        at[count, 0], at[count, 1] = bus, p
        data[count, _DIRECT], data[count, _BOARDED], data[count, _WAITED] = bound, boarded, waited
        data[count, _FIRST], data[count, _DRIVE] = first if may_share else np.inf, seconds + away - base
        data[count, _METRES] = metres + lengths[then, origin, target] - base_m
        count += 1
    return at[:count], data[:count]


@compiled
def _pairs(
    fleet: FleetArrays,
    lasts: Ints,
    plans: PlanArrays,
    places: Ints,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> tuple[Ints, Floats]:
    """Pair some positions of a pick-up with those of a drop-off that pass: positions [n, 3] and bounds [n]."""
    at, data = _pickups(fleet, lasts, plans, places, rider, now, tables, costs)
    found, bounds, count = np.empty((_SOME, 3), np.int64), np.empty(_SOME), 0
    ints, floats, halt, weights = plans.ints, plans.floats, costs.halt, costs.weights
    breaks, times, times_to, lengths = tables.breaks, tables.times, tables.times_to, tables.lengths
    destination, persons = rider.destination, rider.persons + rider.wheels
    for k in range(len(at)):
        bus, p, boarded, waited, first = at[k, 0], at[k, 1], data[k, _BOARDED], data[k, _WAITED], data[k, _FIRST]
        last, seats, wheel_places = lasts[bus], fleet.seats[bus], fleet.wheel_places[bus]
        while count + last + 1 - p > len(bounds):
            found, bounds = _longer(found, bounds)
        if data[k, _DIRECT] < np.inf:
            found[count, 0], found[count, 1], found[count, 2], bounds[count] = bus, p, p, data[k, _DIRECT]
            count += 1
        for q in range(p + 1, last + 1 if first < np.inf else p + 1):
            before, depart = floats[bus, q - 1], floats[bus, q - 1, DEPART]
            if before[LOAD] + rider.persons > seats or 0 < rider.wheels > wheel_places - before[WHEEL_LOAD]:
                break
            if depart - boarded > rider.longest:
                break
            slot, node, target = floats[bus, q], ints[bus, q - 1, NODE], ints[bus, q, NODE]
            carried = max(0.0, first - (before[WAITED] - waited))
            leave = depart + carried
            period = period_at(breaks, leave)
            to = float(times_to[period, destination, node])
            alighted = leave + (to + halt * (node != destination))
            out = alighted + rider.alight
            later = period_at(breaks, out)
            onward = float(times[later, destination, target])
            delay = max(0.0, out + (onward + halt * (destination != target)) - slot[READY])
            if alighted - boarded > rider.longest or delay > slot[SLACK] or delay - carried > slot[SPAN_SLACK]:
                continue
            drive, metres = (
                data[k, _DRIVE] + to,
                data[k, _METRES] + lengths[period, node, destination],
            )
            if ints[bus, q, ACTION] != END:
                drive += onward - slot[LEG_S]
                metres += lengths[later, destination, target] - slot[LEG_M]
            begin, shift = floats[bus, p], first + waited
            picks = _delay(begin[PICKUPS] - slot[PICKUPS], begin[PICKUPS_WAITED] - slot[PICKUPS_WAITED], shift)
            picks += _delay(slot[PICKUPS], slot[PICKUPS_WAITED], delay + before[WAITED])
            drops = _delay(begin[DROPOFFS] - slot[DROPOFFS], begin[DROPOFFS_WAITED] - slot[DROPOFFS_WAITED], shift)
            drops += _delay(slot[DROPOFFS], slot[DROPOFFS_WAITED], delay + before[WAITED])
            wait, ride = boarded - rider.earliest, alighted - boarded
            found[count, 0], found[count, 1], found[count, 2] = bus, p, q
            bounds[count] = _weigh(persons, weights, drive, metres, wait, ride, picks, drops)
            count += 1
    return found[:count], bounds[:count]


@compiled
def list_among(
    fleet: FleetArrays,
    lasts: Ints,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
) -> tuple[Ints, Floats]:
    """Do as ``list_candidates`` with last positions [B] other than those of the fleet."""
    places = _all_positions(fleet, lasts, rider, now, tables, costs)
    return _pairs(fleet, lasts, plans, places, rider, now, tables, costs)


@compiled
def list_candidates(
    fleet: FleetArrays, plans: PlanArrays, brief: Floats, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> tuple[Ints, Floats]:
    """List bus and positions [n, 3] and bounds [n] of all insertions that pass constant-time checks.

    NOTE: of ten positions nine fall away by the three numbers of ``Plans.brief`` (``NO_BRIEF`` where that is not
    known). Where they lie side by side, a search among the plans of hundreds of buses waits for a fifth of the memory.
    """
    if len(brief):
        places = _likely_positions(fleet, plans, brief, rider, now, tables, costs)
    else:
        places = _all_positions(fleet, fleet.last, rider, now, tables, costs)
    return _pairs(fleet, fleet.last, plans, places, rider, now, tables, costs)

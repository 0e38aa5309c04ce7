"""Where a rider goes best on a known day: all places ranked by a quick look, the most promising costed exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import compiled
from busim.core.day_data import HOME, INF, DayData, DayRoutes, DayRow, halt_of, node_of
from busim.core.day_route import lateness, lay_insertion, walk
from busim.core.lns import uniform
from busim.core.roads import planned_leg
from busim.model.network import Floats, Ints

KEPT = 4  # places that are costed exactly
SHARE_BLIND = 0.02  # of the places are overlooked, so that not always the same is chosen (Christiaens 2020)


class Places(NamedTuple):
    """The most promising places: bus and slots [4, 3], by cost [4]."""

    where: Ints
    cost: Floats


def empty_places() -> Places:
    """Allocate."""
    return Places(np.zeros((KEPT, 3), np.int64), np.full(KEPT, INF))


@compiled
def _leg(data: DayData, start: int, end: int, time: float) -> tuple[float, float]:
    """Give time with the halt, and cost, of a planned leg between stops."""
    if start == end:
        return 0.0, 0.0
    seconds, metres = planned_leg(data.roads.tables, start, end, time)
    return seconds + data.halt, data.drive * seconds + data.distance * metres


@compiled
def guess(
    data: DayData, routes: DayRoutes, row: DayRow, bus: int, rider: int, p: int, q: int, boarded: float, cost: float
) -> float:
    """Cost a rider between slots ``p`` and ``q`` with planned times for new legs and unchanged times for old ones.

    ``boarded`` and ``cost`` tell when he boards and what leg and wait cost until then; infinity if a rule is broken.
    """
    size = routes.length[bus]
    node, now, is_new, is_in = int(data.origin[rider]), boarded + data.board[rider], True, False
    k, moved = p, 0
    while k <= size:
        if k == q and not is_in:
            target = int(data.destination[rider])
            seconds, price = _leg(data, node, target, now)
            late = lateness(data, rider, boarded, now + seconds)
            if late > data.late_room[rider]:
                return INF
            cost += price + data.share[rider] * (data.ride * (now + seconds - boarded) + data.late * late)
            node, now, is_in, is_new = target, now + seconds + data.alight[rider], True, True
        code = routes.seq[bus, k]
        target = node_of(data, code, bus)
        begin = max(now, routes.leave[bus, k])
        if is_new:
            ready = now
            if target not in (node, -1):
                seconds, metres = planned_leg(data.roads.tables, node, target, begin)
                ready = begin + seconds + halt_of(data, code)
                cost += data.drive * seconds + data.distance * metres
            cost -= routes.leg[bus, k]
        else:
            ready = begin + routes.ready[bus, k] - max(routes.depart[bus, k - 1], routes.leave[bus, k])
        start, added, step = _shift(data, routes, row, bus, k, p, ready)
        if added == INF:
            return INF
        cost, moved = cost + added, moved + step
        if is_in and moved == 0 and start == routes.start[bus, k]:
            return cost
        now = start + routes.depart[bus, k] - routes.start[bus, k]
        node, is_new, k = target, False, k + 1
    return cost


@compiled
def _shift(
    data: DayData, routes: DayRoutes, row: DayRow, bus: int, k: int, p: int, ready: float
) -> tuple[float, float, int]:
    """Move a slot to when the bus is ready: start of service, added cost (or infinity), riders moved aboard or off."""
    num, code, start, added, step = len(data.origin), routes.seq[bus, k], ready, 0.0, 0
    before = routes.start[bus, k]
    if code == HOME:
        return start, (INF if start > data.shift_end[bus] else 0.0), 0
    if code < num:
        start = max(ready, data.earliest[code])
        if start > data.latest[code] + data.late_room[code]:
            return start, INF, 0
        added, step = data.share[code] * data.wait * (start - before), int(start != before)
    elif code < 2 * num:
        rider = code - num
        up = _mate(routes, bus, rider, k)
        boarded = row.start[up] if up >= p else routes.start[bus, up]
        late = lateness(data, rider, boarded, start)
        if late > data.late_room[rider]:
            return start, INF, 0
        was = routes.start[bus, up]
        later = late - lateness(data, rider, was, before)
        added = data.share[rider] * (data.ride * ((start - boarded) - (before - was)) + data.late * later)
        step = -int(boarded != was)
    elif code < 2 * num + len(data.block_node):
        start = data.block_in[code - 2 * num]
        if ready > start:
            return start, INF, 0
    row.start[k] = start
    return start, added, step


@compiled
def _mate(routes: DayRoutes, bus: int, rider: int, slot: int) -> int:
    for j in range(slot - 1, -1, -1):
        if routes.seq[bus, j] == rider:
            return j
    return -1


@compiled
def _keep(places: Places, bus: int, p: int, q: int, cost: float) -> None:
    """Put a place among the most promising ones."""
    if cost >= places.cost[KEPT - 1]:
        return
    k = KEPT - 1
    while k > 0 and places.cost[k - 1] > cost:
        places.cost[k] = places.cost[k - 1]
        for i in range(3):
            places.where[k, i] = places.where[k - 1, i]
        k -= 1
    places.cost[k] = cost
    places.where[k, 0], places.where[k, 1], places.where[k, 2] = bus, p, q


@compiled
def _first_slot(routes: DayRoutes, bus: int, time: float) -> int:
    """Find the first slot that may begin as late as ``time``; latest starts ascend along a route."""
    low, high = 0, routes.length[bus] + 1
    while low < high:
        middle = (low + high) // 2
        if routes.last[bus, middle] < time:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _scan(data: DayData, routes: DayRoutes, row: DayRow, places: Places, bus: int, rider: int, draws: Ints) -> None:
    """Look at all places of a rider in one bus's route."""
    num, size, persons, wheels = len(data.origin), routes.length[bus], data.persons[rider], data.wheels[rider]
    latest, longest = data.latest[rider] + data.late_room[rider], data.longest[rider] + data.late_room[rider]
    direct, _ = _leg(data, data.origin[rider], data.destination[rider], data.earliest[rider])
    for p in range(_first_slot(routes, bus, data.earliest[rider] + data.board[rider]), size + 1):
        node, time = int(data.depot[bus]), data.shift_start[bus]
        if p > 0:
            node, time = node_of(data, routes.seq[bus, p - 1], bus), routes.depart[bus, p - 1]
            if (
                routes.load[bus, p - 1] + persons > data.seats[bus]
                or routes.wheels[bus, p - 1] + wheels > data.places[bus]
            ):
                continue
        if time > latest:
            return
        seconds, price = _leg(data, node, data.origin[rider], time)
        boarded = max(time + seconds, data.earliest[rider])
        least = data.share[rider] * (data.wait * (boarded - data.earliest[rider]) + data.ride * direct)
        if boarded > latest or least >= places.cost[KEPT - 1] or uniform(draws) < SHARE_BLIND:
            continue
        price += data.share[rider] * data.wait * (boarded - data.earliest[rider]) + data.serve_cost[rider]
        for q in range(p, size + 1):
            if q > p:
                code = routes.seq[bus, q - 1]
                if 2 * num <= code < 2 * num + len(data.block_node) or routes.depart[bus, q - 1] - boarded > longest:
                    break
                if routes.load[bus, q - 1] + persons > data.seats[bus]:
                    break
                if routes.wheels[bus, q - 1] + wheels > data.places[bus]:
                    break
            _keep(places, bus, p, q, guess(data, routes, row, bus, rider, p, q, boarded, price))


@compiled
def insert_best(
    data: DayData, routes: DayRoutes, row: DayRow, places: Places, rider: int, draws: Ints
) -> tuple[int, float]:
    """Find the best place for a rider and lay it out in ``row``.

    Returns
    -------
    tuple
        Bus (-1 if there is no place that is worth it) and cost of its new route.
    """
    for k in range(KEPT):
        places.cost[k] = INF
    for bus in range(len(data.depot)):
        fits = data.persons[rider] <= data.seats[bus] and data.wheels[rider] <= data.places[bus]
        if fits and routes.length[bus] + 3 <= routes.seq.shape[1]:
            _scan(data, routes, row, places, bus, rider, draws)
    chosen, least, whole = -1, data.skip_cost[rider], INF
    for k in range(KEPT):
        if places.cost[k] >= INF or (chosen >= 0 and places.cost[k] >= least):
            break
        bus, p, q = places.where[k, 0], places.where[k, 1], places.where[k, 2]
        size = lay_insertion(data, routes, row, bus, rider, p, q)
        cost = walk(data, routes, row, bus, size, p, q + 2)
        if cost - routes.cost[bus] < least:
            chosen, least, whole = k, cost - routes.cost[bus], cost
    if chosen < 0:
        return -1, INF
    return chosen, whole

"""Where a rider goes best on a known day: all places ranked by a quick look, the most promising costed exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import borrowing
from busim.core.day_data import HOME, INF, DayData, DayRoutes, DayRow, halt_of, node_of
from busim.core.day_leg import near_leg
from busim.core.day_route import lateness, lay_insertion, walk
from busim.core.lns import uniform
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


@borrowing
def _leg(data: DayData, start: int, end: int, time: float) -> tuple[float, float]:
    """Give time with the halt, and cost, of a leg between stops."""
    if start == end:
        return 0.0, 0.0
    seconds, metres = near_leg(data, start, end, time)
    return seconds + data.halt, data.drive * seconds + data.distance * metres


@borrowing
def _pass(
    data: DayData, routes: DayRoutes, row: DayRow, bus: int, k: int, p: int, node: int, now: float
) -> tuple[float, float, int]:
    """Drive on to slot ``k``, from a new ``node`` or (-1) from the slot before, where the bus was free at ``now``.

    Gives what ``_shift`` does; legs that were driven before take as long as they did.
    """
    code, begin = routes.seq[bus, k], max(now, routes.leave[bus, k])
    if node < 0:
        taken = routes.ready[bus, k] - max(routes.depart[bus, k - 1], routes.leave[bus, k])
        return _shift(data, routes, row, bus, k, p, begin + taken)
    target, ready, price = node_of(data, code, bus), now, -routes.leg[bus, k]
    if target not in (node, -1):
        seconds, metres = near_leg(data, node, target, begin)
        ready = begin + seconds + halt_of(data, code)
        price += data.drive * seconds + data.distance * metres
    start, added, step = _shift(data, routes, row, bus, k, p, ready)
    return start, price + added, step


@borrowing
def _rest(
    data: DayData, routes: DayRoutes, row: DayRow, bus: int, p: int, q: int, node: int, now: float, cost: float,
    moved: int, limit: float,
) -> float:  # fmt: skip
    """Cost the slots from ``q`` on that are driven to from a new ``node``; infinity if a rule is broken.

    ``cost`` and ``moved`` tell what a rider's place costs up to there, and how many are aboard who boarded at another
    time than before.
    """
    is_monotone = data.wait >= data.ride  # then being later never pays, and what is too dear already stays so
    for k in range(q, routes.length[bus] + 1):
        start, added, step = _pass(data, routes, row, bus, k, p, node, now)
        cost, moved, node = cost + added, moved + step, -1
        if start > routes.last[bus, k] or cost == INF or (is_monotone and cost >= limit):
            return INF
        if moved == 0 and start == routes.start[bus, k]:
            return cost
        now = start + routes.depart[bus, k] - routes.start[bus, k]
    return cost


@borrowing
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


@borrowing
def _mate(routes: DayRoutes, bus: int, rider: int, slot: int) -> int:
    for j in range(slot - 1, -1, -1):
        if routes.seq[bus, j] == rider:
            return j
    return -1


@borrowing
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


@borrowing
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


@borrowing
def _scan(data: DayData, routes: DayRoutes, row: DayRow, places: Places, bus: int, rider: int, draws: Ints) -> None:
    """Look at all places of a rider in one bus's route."""
    size, persons, wheels = routes.length[bus], data.persons[rider], data.wheels[rider]
    latest = data.latest[rider] + data.late_room[rider]
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
        _scan_drops(data, routes, row, places, bus, rider, p, boarded, price)


@borrowing
def _scan_drops(
    data: DayData, routes: DayRoutes, row: DayRow, places: Places, bus: int, rider: int, p: int, boarded: float,
    cost: float,
) -> None:  # fmt: skip
    """Look at all places to set a rider down who boards before slot ``p``; ``cost`` is that of leg and wait so far."""
    num, size = len(data.origin), routes.length[bus]
    goal, share, room = int(data.destination[rider]), data.share[rider], data.late_room[rider]
    node, now, moved = int(data.origin[rider]), boarded + data.board[rider], 0
    last = boarded + data.longest[rider] + room
    for q in range(p, size + 1):
        here = node if q == p else node_of(data, routes.seq[bus, q - 1], bus)
        seconds, price = _leg(data, here, goal, now)
        late = lateness(data, rider, boarded, now + seconds)
        if late <= room:
            price += cost + share * (data.ride * (now + seconds - boarded) + data.late * late)
            after, limit = now + seconds + data.alight[rider], places.cost[KEPT - 1]
            _keep(places, bus, p, q, _rest(data, routes, row, bus, p, q, goal, after, price, moved, limit))
        code = routes.seq[bus, q]
        if q == size or 2 * num <= code < 2 * num + len(data.block_node):
            break
        start, added, step = _pass(data, routes, row, bus, q, p, node if q == p else -1, now)
        cost, moved = cost + added, moved + step
        if start > routes.last[bus, q] or cost == INF or start > last:
            break
        if routes.load[bus, q] + data.persons[rider] > data.seats[bus]:
            break
        if routes.wheels[bus, q] + data.wheels[rider] > data.places[bus]:
            break
        now = start + routes.depart[bus, q] - routes.start[bus, q]


@borrowing
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
        cost = walk(data, routes, row, bus, size, p, q + 2, least)
        if cost - routes.cost[bus] < least:
            chosen, least, whole = k, cost - routes.cost[bus], cost
    if chosen < 0:
        return -1, INF
    return chosen, whole

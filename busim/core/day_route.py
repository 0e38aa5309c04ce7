"""One bus's route on a known day: its exact schedule, energy and cost, computed anew only where it changes."""

from __future__ import annotations

from busim.core.compiled import borrowing
from busim.core.day_data import HOME, INF, DayData, DayRoutes, DayRow, halt_of, node_of, way_kwh
from busim.core.day_leg import day_leg
from busim.model.network import Ints

TINY = 1e-6


@borrowing
def lateness(data: DayData, rider: int, boarded: float, alighted: float) -> float:
    """Give how late a rider is: pick-up, ride or arrival, whichever is worst [s]."""
    late = max(boarded - data.latest[rider], alighted - boarded - data.longest[rider])
    return float(max(0.0, late, alighted - data.latest[rider] - data.longest[rider]))


@borrowing
def mate(row: DayRow, rider: int, slot: int) -> int:
    """Find the slot where the rider who alights at ``slot`` boards; -1 if there is none."""
    for j in range(slot - 1, -1, -1):
        if row.seq[j] == rider:
            return j
    return -1


@borrowing
def _serve(data: DayData, row: DayRow, bus: int, k: int) -> bool:
    """Serve slot ``k``, where the bus is ready with some load and energy: times, loads, energy, cost; False if not."""
    num, code, ready, use = len(data.origin), row.seq[k], row.ready[k], data.per_second[bus]
    row.start[k] = row.depart[k] = ready
    if code == HOME:
        return bool(ready <= data.shift_end[bus] and row.held[k] >= data.floor[bus] - TINY)
    if code < num:
        start = max(ready, data.earliest[code])
        row.start[k], row.depart[k] = start, start + data.board[code]
        row.held[k] -= (row.depart[k] - ready) * use
        row.load[k] += data.persons[code]
        row.wheels[k] += data.wheels[code]
        row.piece[k] += data.share[code] * data.wait * (start - data.earliest[code]) + data.serve_cost[code]
        if start > data.latest[code] + data.late_room[code]:
            return False
        if row.load[k] > data.seats[bus] or row.wheels[k] > data.places[bus]:
            return False
    elif code < 2 * num:
        rider = code - num
        up = mate(row, rider, k)
        boarded = row.start[up] if up >= 0 else INF
        row.depart[k] = ready + data.alight[rider]
        row.held[k] -= data.alight[rider] * use
        row.load[k] -= data.persons[rider]
        row.wheels[k] -= data.wheels[rider]
        late = lateness(data, rider, boarded, ready)
        row.piece[k] += data.share[rider] * (data.ride * (ready - boarded) + data.late * late)
        if boarded == INF or late > data.late_room[rider]:
            return False
    elif code < 2 * num + len(data.block_node):
        block = code - 2 * num
        row.start[k], row.depart[k] = data.block_in[block], data.block_out[block]
        row.held[k] -= (data.block_in[block] - ready) * use
        if ready > data.block_in[block] or row.load[k] + row.wheels[k] > 0:
            return False
    return bool(row.held[k] >= data.floor[bus] + way_kwh(data, code, bus) - TINY)


@borrowing
def charged(data: DayData, code: int, held: float) -> float:
    """Give the energy after a slot that a bus reaches with ``held``: a charge gives no more than it did that day."""
    block = code - 2 * len(data.origin)
    if code == HOME or block < 0 or block >= len(data.block_node):
        return held
    return float(min(held + data.block_gain[block], max(data.block_full[block], held)))


@borrowing
def walk(
    data: DayData, routes: DayRoutes, row: DayRow, bus: int, size: int, first: int, last: int, limit: float
) -> float:
    """Schedule a route that is like the bus's present one before slot ``first`` and in its order after ``last``.

    Parameters
    ----------
    data, routes
        The problem, and the routes as they are.
    row
        The new route: ``seq``, ``leave`` and ``old`` are given, the rest is filled from ``first`` on.
    bus, size
        Whose, and its slots before the way home.
    first, last
        First and last slot that is new or follows on another one than before.
    limit
        Give up where the new route, ``last`` behind it, is dearer by more than the old one was up to there.

    Returns
    -------
    float
        Its cost, or infinity if a window, ride limit, capacity, charge or the battery forbids it; then ``row.stuck``
        tells at which slot, -1 for the limit.
    """
    node, now, load, wheels = int(data.depot[bus]), data.shift_start[bus], 0, 0
    energy, cost, moved = data.energy[bus], 0.0, 0
    row.stuck[0] = -1
    for k in range(first):
        row.start[k] = routes.start[bus, k]
        cost += routes.piece[bus, k]
    was = cost
    if first > 0:
        node = node_of(data, row.seq[first - 1], bus)
        now, energy = routes.depart[bus, first - 1], routes.energy[bus, first - 1]
        load, wheels = routes.load[bus, first - 1], routes.wheels[bus, first - 1]
    for k in range(first, size + 1):
        code = row.seq[k]
        target, seconds, metres, ready = node_of(data, code, bus), 0.0, 0.0, now
        if target not in (node, -1):
            begin = max(now, row.leave[k])
            seconds, metres = day_leg(data, node, target, begin)
            ready = begin + seconds + halt_of(data, code)
        row.ready[k], row.load[k], row.wheels[k] = ready, load, wheels
        row.held[k] = energy - metres * data.per_metre[bus] - (ready - now) * data.per_second[bus]
        row.leg[k] = row.piece[k] = data.drive * seconds + data.distance * metres
        if not _serve(data, row, bus, k):
            row.stuck[0] = k
            return INF
        row.energy[k] = charged(data, code, row.held[k])
        cost += row.piece[k]
        was += routes.piece[bus, row.old[k]] if row.old[k] >= 0 else 0.0
        node, now, load, wheels, energy = target, row.depart[k], row.load[k], row.wheels[k], row.energy[k]
        moved += _moved(data, routes, row, bus, first, k)
        if k >= last and moved == 0 and now == routes.depart[bus, row.old[k]]:
            return float(cost + _follow(data, routes, row, bus, size, k))
        if k >= last and cost - was >= limit:
            return INF
    return float(cost)


@borrowing
def _moved(data: DayData, routes: DayRoutes, row: DayRow, bus: int, first: int, k: int) -> int:
    """Tell whether a rider whose boarding has moved comes aboard at slot ``k`` (1) or leaves (-1)."""
    num, code, up, step = len(data.origin), row.seq[k], k, 1
    if not 0 <= code < 2 * num:
        return 0
    if code >= num:
        up, step = mate(row, code - num, k), -1
    if up < first or (row.old[up] >= 0 and row.start[up] == routes.start[bus, row.old[up]]):
        return 0
    return step


@borrowing
def _follow(data: DayData, routes: DayRoutes, row: DayRow, bus: int, size: int, since: int) -> float:
    """Take over the rest of the old route, which goes on as before but for the energy; gives its cost or infinity."""
    cost = 0.0
    for k in range(since + 1, size + 1):
        o = row.old[k]
        used = routes.energy[bus, o - 1] - routes.held[bus, o]
        row.held[k] = row.energy[k - 1] - used
        row.energy[k] = charged(data, row.seq[k], row.held[k])
        if row.held[k] < data.floor[bus] + way_kwh(data, row.seq[k], bus) - TINY:
            row.stuck[0] = k
            return INF
        row.ready[k], row.start[k], row.depart[k] = routes.ready[bus, o], routes.start[bus, o], routes.depart[bus, o]
        row.load[k], row.wheels[k] = routes.load[bus, o], routes.wheels[bus, o]
        row.leg[k], row.piece[k] = routes.leg[bus, o], routes.piece[bus, o]
        cost += row.piece[k]
    return cost


@borrowing
def commit(data: DayData, routes: DayRoutes, row: DayRow, bus: int, size: int, first: int, cost: float) -> None:
    """Make a scheduled row the bus's route."""
    for k in range(first, size + 1):
        routes.seq[bus, k], routes.leave[bus, k] = row.seq[k], row.leave[k]
        routes.ready[bus, k], routes.start[bus, k], routes.depart[bus, k] = row.ready[k], row.start[k], row.depart[k]
        routes.load[bus, k], routes.wheels[bus, k] = row.load[k], row.wheels[k]
        routes.held[bus, k], routes.energy[bus, k] = row.held[k], row.energy[k]
        routes.leg[bus, k], routes.piece[bus, k] = row.leg[k], row.piece[k]
    routes.length[bus], routes.cost[bus] = size, cost
    _fill_last(data, routes, bus)


@borrowing
def _fill_last(data: DayData, routes: DayRoutes, bus: int) -> None:
    """Fill the latest starts of a route backwards."""
    num, blocks = len(data.origin), len(data.block_node)
    bound = data.shift_end[bus]
    for k in range(routes.length[bus], -1, -1):
        code = routes.seq[bus, k]
        if k < routes.length[bus]:
            taken = routes.ready[bus, k + 1] - max(routes.depart[bus, k], routes.leave[bus, k + 1])
            bound -= taken + routes.depart[bus, k] - routes.start[bus, k]
        if HOME < code < num:
            bound = min(bound, data.latest[code] + data.late_room[code])
        elif num <= code < 2 * num:
            rider = code - num
            bound = min(bound, data.latest[rider] + data.longest[rider] + data.late_room[rider])
        elif 2 * num <= code < 2 * num + blocks:
            bound = data.block_in[code - 2 * num]
        routes.last[bus, k] = bound


@borrowing
def lay_insertion(data: DayData, routes: DayRoutes, row: DayRow, bus: int, rider: int, p: int, q: int) -> int:
    """Write a bus's route with a rider boarding before slot ``p`` and alighting before ``q``; gives its size."""
    size, at = routes.length[bus], 0
    for k in range(size + 1):
        if k == p:
            row.seq[at], row.leave[at], row.old[at] = rider, -1.0, -1
            at += 1
        if k == q:
            row.seq[at], row.leave[at], row.old[at] = len(data.origin) + rider, -1.0, -1
            at += 1
        row.seq[at], row.leave[at], row.old[at] = routes.seq[bus, k], routes.leave[bus, k], k
        at += 1
    return at - 1


@borrowing
def lay_removal(data: DayData, routes: DayRoutes, row: DayRow, bus: int, marked: Ints) -> tuple[int, int, int]:
    """Write a bus's route without the marked riders; gives its size, and the first and last slot that change."""
    num, at, first, last, gone = len(data.origin), 0, -1, -1, False
    for k in range(routes.length[bus] + 1):
        code = routes.seq[bus, k]
        if 0 <= code < 2 * num and marked[code if code < num else code - num]:
            gone = True
            continue
        row.seq[at], row.leave[at], row.old[at] = code, routes.leave[bus, k], k
        if gone:
            first = at if first < 0 else first
            last = at
        gone = False
        at += 1
    return at - 1, first, last

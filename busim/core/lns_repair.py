"""Putting requests back into routes: one after the other where cheapest, or by regret."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import borrowing
from busim.core.lns import set_owner, uniform
from busim.core.lns_state import Routes, copy_route, refresh
from busim.core.route_data import EPS, INF, Floats, Ints, RouteData, Work
from busim.core.route_insert import best_insertion, splice

BLINK = 0.02  # share of routes overlooked at random, against greed (Christiaens & Vanden Berghe 2020)
MANY = 12  # with more vehicles only routes that serve a near request are tried


class Scratch(NamedTuple):
    """Scratch space of removal and repair.

    Parameters
    ----------
    pending, picked, marked
        Requests to insert, requests removed, and a 1 for each request removed [n].
    touched, reach
        A 1 for each route that was changed since the last backup, and for each that is tried [K].
    order
        Routes in the order in which they are costed [K].
    value, up, down
        Increase of cost and positions of each insertion [K, n].
    station_free, dest_free
        What one route may use [S], [D].
    near
        Nearest requests of each, nearest first [n, g].
    held
        Station and destination set aside for one step, -1 if none [2].
    """

    pending: Ints
    picked: Ints
    marked: Ints
    touched: Ints
    reach: Ints
    order: Ints
    value: Floats
    up: Ints
    down: Ints
    station_free: Ints
    dest_free: Ints
    near: Ints
    held: Ints


def make_scratch(data: RouteData, near: Ints) -> Scratch:
    """Allocate scratch space.

    Parameters
    ----------
    data
        The problem.
    near
        Nearest requests of each [n, g].
    """
    num, vehicles = data.num_requests, len(data.origin)

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Scratch(
        ints(num), ints(num), ints(num), ints(vehicles), ints(vehicles), ints(vehicles),
        np.zeros((vehicles, num)), ints(vehicles, num), ints(vehicles, num),
        ints(len(data.station_node)), ints(len(data.dest_node)), near, ints(2),
    )  # fmt: skip


@borrowing
def touch(routes: Routes, backup: Routes, scratch: Scratch, vehicle: int) -> None:
    """Back a route up before its first change."""
    if not scratch.touched[vehicle]:
        scratch.touched[vehicle] = 1
        copy_route(routes, backup, vehicle)


@borrowing
def evaluate(data: RouteData, work: Work, routes: Routes, scratch: Scratch, vehicle: int, request: int,
             bound: float) -> tuple[float, int, int]:  # fmt: skip
    """Give the increase of cost, below ``bound``, of inserting a request into a route, and where."""
    for s in range(len(scratch.station_free)):
        scratch.station_free[s] = routes.station_free[s] + routes.used[vehicle, s]
    for d in range(len(scratch.dest_free)):
        scratch.dest_free[d] = routes.dest_free[d] + (1 if routes.dest[vehicle] == d else 0)
    # A route that cannot be driven now counts as free of cost: a rider may be what makes it drivable.
    now = routes.cost[vehicle] if routes.cost[vehicle] < INF else 0.0
    cost, up, down = best_insertion(
        data, work, routes.seq[vehicle], routes.length[vehicle], vehicle, request, routes.plain[vehicle],
        routes.depart[vehicle], routes.latest[vehicle], scratch.station_free, scratch.dest_free,
        bound + now,
    )  # fmt: skip
    return (cost - now, up, down) if up >= 0 else (INF, -1, -1)


@borrowing
def commit(data: RouteData, work: Work, routes: Routes, backup: Routes, scratch: Scratch, vehicle: int,
           request: int, up: int, down: int) -> bool:  # fmt: skip
    """Insert a request and cost the route; False if it turns out not to be drivable."""
    touch(routes, backup, scratch, vehicle)
    length = routes.length[vehicle]
    splice(routes.seq[vehicle], length, up, down, request, data.num_requests, work.candidate)
    for j in range(length + 2):
        routes.seq[vehicle, j] = work.candidate[j]
    routes.length[vehicle] = length + 2
    routes.owner[request] = vehicle
    return refresh(data, work, routes, vehicle)


@borrowing
def mark_reach(data: RouteData, routes: Routes, scratch: Scratch, request: int) -> None:
    """Mark the routes to try: all of a small fleet, else those near the request; one empty route of each kind."""
    vehicles = len(routes.length)
    for vehicle in range(vehicles):
        scratch.reach[vehicle] = 1 if vehicles <= MANY else 0
    if vehicles > MANY:
        for i in range(scratch.near.shape[1]):
            owner = routes.owner[scratch.near[request, i]]
            if owner >= 0:
                scratch.reach[owner] = 1
    for vehicle in range(vehicles):
        if routes.length[vehicle] == 0:
            scratch.reach[vehicle] = 1
            for other in range(vehicle):
                if routes.length[other] == 0 and data.kind[other] == data.kind[vehicle]:
                    scratch.reach[vehicle] = 0
                    break


@borrowing
def repair_in_turn(data: RouteData, work: Work, routes: Routes, backup: Routes, scratch: Scratch, draws: Ints,
                   count: int) -> bool:  # fmt: skip
    """Insert the pending requests one after the other, each where it is cheapest."""
    for i in range(count):
        request = scratch.pending[i]
        mark_reach(data, routes, scratch, request)
        best, best_up, best_down, best_vehicle = data.skip_cost[request], -1, -1, -1
        for vehicle in range(len(routes.length)):
            if not scratch.reach[vehicle] or uniform(draws) < BLINK:
                continue
            value, up, down = evaluate(data, work, routes, scratch, vehicle, request, best)
            if value < best - EPS:
                best, best_up, best_down, best_vehicle = value, up, down, vehicle
        if best_vehicle >= 0 and not commit(
            data, work, routes, backup, scratch, best_vehicle, request, best_up, best_down
        ):
            return False
    return True


@borrowing
def _fill_column(data: RouteData, work: Work, routes: Routes, scratch: Scratch, vehicle: int, count: int) -> None:
    """Evaluate all pending requests for one route."""
    for i in range(count):
        request = scratch.pending[i]
        if routes.owner[request] < 0:
            mark_reach(data, routes, scratch, request)
            value, up, down = INF, -1, -1
            if scratch.reach[vehicle]:
                value, up, down = evaluate(data, work, routes, scratch, vehicle, request, data.skip_cost[request])
            scratch.value[vehicle, i], scratch.up[vehicle, i], scratch.down[vehicle, i] = value, up, down


@borrowing
def repair_by_regret(data: RouteData, work: Work, routes: Routes, backup: Routes, scratch: Scratch,
                     count: int) -> bool:  # fmt: skip
    """Insert the pending requests, first the one that loses most if it is not inserted now."""
    vehicles = len(routes.length)
    for vehicle in range(vehicles):
        _fill_column(data, work, routes, scratch, vehicle, count)
    for _ in range(count):
        chosen, vehicle = _most_regret(data, routes, scratch, count)
        if chosen < 0:
            break
        was_empty, dest = routes.length[vehicle] == 0, routes.dest[vehicle]
        stations = 0
        for s in range(routes.used.shape[1]):
            scratch.station_free[s] = routes.station_free[s]
        if not commit(data, work, routes, backup, scratch, vehicle, scratch.pending[chosen],
                      scratch.up[vehicle, chosen], scratch.down[vehicle, chosen]):  # fmt: skip
            return False
        for s in range(routes.used.shape[1]):
            stations += abs(scratch.station_free[s] - routes.station_free[s])
        shared = was_empty or stations > 0 or dest != routes.dest[vehicle]
        for other in range(vehicles):
            if shared or other == vehicle:
                _fill_column(data, work, routes, scratch, other, count)
    return True


@borrowing
def _most_regret(data: RouteData, routes: Routes, scratch: Scratch, count: int) -> tuple[int, int]:
    """Choose the pending request with the largest difference between its best and second best route."""
    chosen, route, most = -1, -1, -INF
    for i in range(count):
        request = scratch.pending[i]
        if routes.owner[request] >= 0:
            continue
        best, second, vehicle = data.skip_cost[request], data.skip_cost[request], -1
        for other in range(len(routes.length)):
            value = scratch.value[other, i]
            if value < best:
                best, second, vehicle = value, best, other
            elif value < second:
                second = value
        if vehicle >= 0 and second - best > most:
            chosen, route, most = i, vehicle, second - best
    return chosen, route


@borrowing
def restore(routes: Routes, backup: Routes, scratch: Scratch) -> None:
    """Bring back every route that was changed, with its stations, destination and requests."""
    for vehicle in range(len(routes.length)):
        if scratch.touched[vehicle]:
            set_owner(routes.seq[vehicle], routes.length[vehicle], routes.owner, -1)
            for s in range(routes.used.shape[1]):
                routes.station_free[s] += routes.used[vehicle, s] - backup.used[vehicle, s]
            if routes.dest[vehicle] >= 0:
                routes.dest_free[routes.dest[vehicle]] += 1
            if backup.dest[vehicle] >= 0:
                routes.dest_free[backup.dest[vehicle]] -= 1
    for vehicle in range(len(routes.length)):
        if scratch.touched[vehicle]:
            copy_route(backup, routes, vehicle)
            set_owner(routes.seq[vehicle], routes.length[vehicle], routes.owner, vehicle)

"""The routes that a neighbourhood search works on, as arrays, and how one route is changed, kept and brought back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import borrowing
from busim.core.lns import copy_whole
from busim.core.route_cost import plain_cost, route_cost
from busim.core.route_data import INF, Floats, Ints, RouteData, Work
from busim.core.route_insert import fill_bounds


class Routes(NamedTuple):
    """The routes of all vehicles.

    Parameters
    ----------
    seq, length
        Pick-ups and drop-offs in order [K, L], [K].
    plain, cost
        Cost without and with charging stops [K].
    used, dest
        Visits per station [K, S] and destination [K] of each route.
    depart, latest
        Bounds along each route, from `fill_bounds` [K, L].
    owner
        Route of each request, -1 if unserved [n].
    station_free, dest_free
        Visits and places that no route uses [S], [D].
    total
        Objective, with the cost of requests left out [1].
    """

    seq: Ints
    length: Ints
    plain: Floats
    cost: Floats
    used: Ints
    dest: Ints
    depart: Floats
    latest: Floats
    owner: Ints
    station_free: Ints
    dest_free: Ints
    total: Floats


def empty_routes(data: RouteData) -> Routes:
    """Allocate routes that serve nobody and hold no destination yet.

    Parameters
    ----------
    data
        The problem.
    """
    num, vehicles, size = data.num_requests, len(data.origin), 2 * data.num_requests + 4
    return Routes(
        seq=np.zeros((vehicles, size), dtype=np.int64),
        length=np.zeros(vehicles, dtype=np.int64),
        plain=np.zeros(vehicles),
        cost=np.zeros(vehicles),
        used=np.zeros((vehicles, len(data.station_node)), dtype=np.int64),
        dest=np.full(vehicles, -1, dtype=np.int64),
        depart=np.zeros((vehicles, size)),
        latest=np.zeros((vehicles, size)),
        owner=np.full(num, -1, dtype=np.int64),
        station_free=data.station_count.copy(),
        dest_free=data.dest_count.copy(),
        total=np.full(1, INF),
    )


@borrowing
def release(routes: Routes, vehicle: int) -> None:
    """Free the stations and the destination of a route."""
    for s in range(len(routes.station_free)):
        routes.station_free[s] += routes.used[vehicle, s]
        routes.used[vehicle, s] = 0
    if routes.dest[vehicle] >= 0:
        routes.dest_free[routes.dest[vehicle]] += 1
        routes.dest[vehicle] = -1


@borrowing
def claim(routes: Routes, vehicle: int, dest: int) -> None:
    """Take the stations in ``used`` and a destination for a route."""
    for s in range(len(routes.station_free)):
        routes.station_free[s] -= routes.used[vehicle, s]
    routes.dest[vehicle] = dest
    if dest >= 0:
        routes.dest_free[dest] -= 1


@borrowing
def refresh(data: RouteData, work: Work, routes: Routes, vehicle: int) -> bool:
    """Cost a route anew with what is free and its own; False if it cannot be driven so."""
    release(routes, vehicle)
    seq, length = routes.seq[vehicle], routes.length[vehicle]
    bound, _, _, _ = plain_cost(data, work, seq, length, vehicle, routes.dest_free)
    routes.plain[vehicle] = bound
    cost, dest = route_cost(
        data, work, seq, length, vehicle, routes.station_free, routes.dest_free, routes.used[vehicle]
    )
    routes.cost[vehicle] = cost
    claim(routes, vehicle, dest)
    fill_bounds(data, seq, length, vehicle, routes.depart[vehicle], routes.latest[vehicle])
    return cost < INF


@borrowing
def copy_route(source: Routes, target: Routes, vehicle: int) -> None:
    """Copy one route's rows; owners and free places are not touched."""
    length = source.length[vehicle]
    target.length[vehicle] = length
    for j in range(length):
        target.seq[vehicle, j] = source.seq[vehicle, j]
    for j in range(length + 1):
        target.depart[vehicle, j] = source.depart[vehicle, j]
        target.latest[vehicle, j] = source.latest[vehicle, j]
    target.plain[vehicle], target.cost[vehicle] = source.plain[vehicle], source.cost[vehicle]
    target.dest[vehicle] = source.dest[vehicle]
    for s in range(source.used.shape[1]):
        target.used[vehicle, s] = source.used[vehicle, s]


@borrowing
def copy_routes(source: Routes, target: Routes) -> None:
    """Copy everything."""
    for vehicle in range(len(source.length)):
        copy_route(source, target, vehicle)
    copy_whole(source.owner, target.owner)
    copy_whole(source.station_free, target.station_free)
    copy_whole(source.dest_free, target.dest_free)
    target.total[0] = source.total[0]


@borrowing
def drop_marked(data: RouteData, routes: Routes, vehicle: int, marked: Ints) -> None:
    """Remove the marked requests from a route; it must be refreshed afterwards."""
    kept = 0
    for j in range(routes.length[vehicle]):
        node = routes.seq[vehicle, j]
        request = node if node < data.num_requests else node - data.num_requests
        if marked[request]:
            routes.owner[request] = -1
        else:
            routes.seq[vehicle, kept] = node
            kept += 1
    routes.length[vehicle] = kept

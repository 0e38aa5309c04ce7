"""Routes met during a search, one per set of riders, vehicle kind, destination and stations: the cheapest of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from busim.core.compiled import borrowing
from busim.core.lns_state import Routes
from busim.core.route_data import EPS, Floats, Ints, RouteData


class Pool(NamedTuple):
    """A direct-mapped table of routes; a newer route replaces an older one that falls on the same slot.

    Parameters
    ----------
    key
        Hash of what the route does, 0 where the slot is empty [P].
    seq, length, vehicle, dest, used, cost
        The route [P, L], [P], a vehicle that can drive it [P], destination [P], visits [P, S], cost [P].
    marks
        Random numbers that make up keys: requests, then kinds, destinations and stations [n + ...].
    """

    key: Ints
    seq: NDArray[np.int32]
    length: Ints
    vehicle: Ints
    dest: Ints
    used: Ints
    cost: Floats
    marks: Ints


MAX_VISITS_MARKED = 8


def make_pool(data: RouteData, size: int, longest: int, rng: np.random.Generator) -> Pool:
    """Allocate an empty pool.

    Parameters
    ----------
    data
        The problem.
    size
        Number of slots.
    longest
        Longest route that is kept, in stops.
    rng
        Source of the marks.
    """
    stations, dests, vehicles = len(data.station_node), len(data.dest_node), len(data.origin)
    num_marks = data.num_requests + vehicles + dests + MAX_VISITS_MARKED * stations
    return Pool(
        key=np.zeros(size, dtype=np.int64),
        seq=np.zeros((size, longest), dtype=np.int32),
        length=np.zeros(size, dtype=np.int64),
        vehicle=np.zeros(size, dtype=np.int64),
        dest=np.zeros(size, dtype=np.int64),
        used=np.zeros((size, stations), dtype=np.int64),
        cost=np.zeros(size),
        marks=rng.integers(1, 2**62, size=num_marks, dtype=np.int64),
    )


@borrowing
def route_key(data: RouteData, pool: Pool, routes: Routes, vehicle: int) -> int:
    """Hash a route by its riders, vehicle kind, destination and stations."""
    offset = data.num_requests
    key: int = pool.marks[offset + data.kind[vehicle]]
    offset += len(data.origin)
    key ^= pool.marks[offset + max(routes.dest[vehicle], 0)]
    offset += len(data.dest_node)
    for s in range(routes.used.shape[1]):
        if routes.used[vehicle, s] > 0:
            key ^= pool.marks[offset + MAX_VISITS_MARKED * s + min(routes.used[vehicle, s], MAX_VISITS_MARKED) - 1]
    for j in range(routes.length[vehicle]):
        if routes.seq[vehicle, j] < data.num_requests:
            key ^= pool.marks[routes.seq[vehicle, j]]
    return key


@borrowing
def record(data: RouteData, pool: Pool, routes: Routes, vehicle: int) -> None:
    """Keep a route unless the pool holds the same one at no more cost, or it is too long."""
    length = routes.length[vehicle]
    if length == 0 or length > pool.seq.shape[1]:
        return
    key = route_key(data, pool, routes, vehicle)
    slot = key % len(pool.key)
    if pool.key[slot] == key and pool.cost[slot] <= routes.cost[vehicle] + EPS:
        return
    pool.key[slot] = key
    pool.length[slot], pool.vehicle[slot] = length, vehicle
    pool.dest[slot], pool.cost[slot] = routes.dest[vehicle], routes.cost[vehicle]
    for j in range(length):
        pool.seq[slot, j] = routes.seq[vehicle, j]
    for s in range(routes.used.shape[1]):
        pool.used[slot, s] = routes.used[vehicle, s]

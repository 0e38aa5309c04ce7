"""What route kernels read and write: the problem as arrays, and scratch space allocated once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Typed, so that no kernel is compiled twice, for a constant and for a number.
NONE: int = np.int64(-1)  # type: ignore[assignment]
ZERO: int = np.int64(0)  # type: ignore[assignment]
EPS = 1e-8  # slack of every comparison of times and energies; far below the checker's 1e-6
INF = 1e18  # cost of what cannot be done
MAX_VISITS = 4  # charging visits that one route can make
MEMO = 1 << 16  # slots for what was found about charging stops
MAX_SHORT = 8  # insertions short of energy for which charging stops are searched


class RouteData(NamedTuple):
    """A problem of pick-ups and drop-offs as arrays free of units; request i is node i, its drop-off n + i.

    Parameters
    ----------
    num_requests
        n; nodes 0..n-1 are pick-ups, n..2n-1 drop-offs, then origins, destinations and stations.
    travel
        Travel times [N, N].
    service, early, late
        Service time, earliest and latest start of service of each node [N].
    load
        Places taken by each request [n].
    max_ride, direct
        Largest time from start of pick-up to start of drop-off (its service included), and direct travel time [n].
    skip_cost
        Cost of leaving a request out [n]; large where every request must be served.
    origin, capacity, energy_start, battery, energy_end, kind
        Of each vehicle [K]: node, places, energy at the start, energy when full, least energy at the end, and
        a number that equal vehicles share.
    dest_node, dest_count
        Each different destination [D] and how many vehicles may end there.
    station_node, station_count, rate
        Each different station [S], how many visits it admits, and its energy per time.
    discharge
        Energy per travel time.
    drive_weight, excess_weight
        Weights of travel time and of excess ride time in the objective.
    """

    num_requests: int
    travel: Floats
    service: Floats
    early: Floats
    late: Floats
    load: Ints
    max_ride: Floats
    direct: Floats
    skip_cost: Floats
    origin: Ints
    capacity: Ints
    energy_start: Floats
    battery: Floats
    energy_end: Floats
    kind: Ints
    dest_node: Ints
    dest_count: Ints
    station_node: Ints
    station_count: Ints
    rate: Floats
    discharge: float
    drive_weight: float
    excess_weight: float


class Work(NamedTuple):
    """Scratch space of one search, so that kernels never allocate.

    Parameters
    ----------
    chain, earliest, latest
        Cumulative time, earliest and latest start of service along the route in hand [L].
    place
        Position of each node in it [2n].
    lift, last_start, span, drive, excess
        Of each fragment [L]: the start below which waiting is lost, the latest start, time from start to departure,
        travel time, least excess ride time.
    first, last
        Nodes at which fragments start and end [L].
    flow, dist, pred, arc
        Residual flow, longest distances and the arcs of the tree for the excess ride time [4, L], [L], [L], [L].
    suffix_late, suffix_need, suffix_drive
        Latest arrival, energy and travel time from each gap to each destination [L, D].
    gap_slack, gap_need
        Most time for charging in any gap from each gap on, and the least energy needed from there [L].
    curve_time, curve_energy, curve_size
        Energy against time at each depth of the search for charging stops [2 * depth, P] and [2 * depth].
    visit_gap, visit_station, best_gap, best_station
        Charging stops in hand and the best found, -1 where none [depth].
    stack_node, stack_drive
        Node and travel time at each depth [depth].
    candidate
        A sequence under evaluation [L].
    short_bound, short_up, short_down
        Insertions that need charging, cheapest first [M].
    memo_key, memo_cost, memo_dest, memo_used
        Results of earlier searches for charging stops, see `route_memo` [R].
    counter
        Stops tried and the best destination of the search in hand [2].
    """

    chain: Floats
    earliest: Floats
    latest: Floats
    place: Ints
    lift: Floats
    last_start: Floats
    span: Floats
    drive: Floats
    excess: Floats
    first: Ints
    last: Ints
    flow: Ints
    dist: Floats
    pred: Ints
    arc: Ints
    suffix_late: Floats
    suffix_need: Floats
    suffix_drive: Floats
    gap_slack: Floats
    gap_need: Floats
    curve_time: Floats
    curve_energy: Floats
    curve_size: Ints
    visit_gap: Ints
    visit_station: Ints
    best_gap: Ints
    best_station: Ints
    stack_node: Ints
    stack_drive: Floats
    candidate: Ints
    short_bound: Floats
    short_up: Ints
    short_down: Ints
    memo_key: Ints
    memo_cost: Floats
    memo_dest: Ints
    memo_used: Ints
    counter: Ints


def make_work(data: RouteData) -> Work:
    """Allocate the scratch space for a problem.

    Parameters
    ----------
    data
        The problem.
    """
    size = 2 * data.num_requests + 4
    num_dest, depth, points = len(data.dest_node), MAX_VISITS + 1, MAX_VISITS + 4

    def floats(*shape: int) -> Floats:
        return np.zeros(shape)

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Work(
        floats(size), floats(size), floats(size), ints(size),
        floats(size), floats(size), floats(size), floats(size), floats(size),
        ints(size), ints(size),
        ints(4, size), floats(size), ints(size), ints(size),
        floats(size, num_dest), floats(size, num_dest), floats(size, num_dest),
        floats(size), floats(size),
        floats(2 * depth, points), floats(2 * depth, points), ints(2 * depth),
        ints(depth), ints(depth), ints(depth), ints(depth),
        ints(depth), floats(depth),
        ints(size), floats(MAX_SHORT), ints(MAX_SHORT), ints(MAX_SHORT),
        ints(MEMO), floats(MEMO), ints(MEMO), ints(MEMO), ints(2),
    )  # fmt: skip

"""Travel times by period of the day: matrices between all nodes, paths, and legs that cross into another period."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from busim.core.compiled import compiled, lent
from busim.core.ties import settle
from busim.model.network import ROAD_CLASSES, Floats, Ints, RoadNetwork, Small
from busim.model.specs import TravelSpec

if TYPE_CHECKING:
    from scipy.sparse import csr_array

UNREACHABLE = 1 << 29  # seconds; sums of a few stay inside 32 bits
_LENGTH_BITS = 20  # a path's metres, below 2**20, ride along in the weight: fastest first, then shortest
_CHUNK = 512


@lent
class TravelTables(NamedTuple):
    """Arrays that compiled kernels read.

    Parameters
    ----------
    breaks
        Ends of the periods [P + 1, s]; the first is ``-inf``, the last ``inf``.
    times, lengths, before
        Seconds, metres and last node before the end on the fastest path [P, N, N].
    times_to
        ``times`` with start and end exchanged: all times to one node lie side by side [P, N, N].
    first, head
        Outgoing pairs of nodes in compressed rows [N + 1], [M].
    edge
        The fastest edge of each pair [P, M].
    seconds
        Travel time of each edge [P, E].
    most
        The most energy that a leg takes, as metres at a bus's average rate [N, N]; plans of the day count with it.
    """

    breaks: Floats
    times: Small
    lengths: Small
    before: Small
    times_to: Small
    first: Small
    head: Small
    edge: Small
    seconds: Small
    most: Small


@compiled
def period_at(breaks: Floats, time: float) -> int:
    """Give the period that a moment lies in."""
    period = 0
    while breaks[period + 1] <= time:
        period += 1
    return period


@compiled
def path_size(tables: TravelTables, period: int, start: int, end: int) -> int:
    """Count the nodes of the fastest path, both ends included."""
    before = tables.before[period, start]  # one row: in plain Python its elements are read three times as fast
    count, node = 1, end
    while node != start:
        node = before[node]
        count += 1
    return count


@compiled
def write_path(tables: TravelTables, period: int, start: int, end: int, nodes: Small | Ints) -> None:
    """Write the nodes of the fastest path, both ends included, to an array of their number."""
    before, node = tables.before[period, start], end
    for i in range(len(nodes) - 1, 0, -1):
        nodes[i] = node
        node = before[node]
    nodes[0] = start


@compiled
def path_nodes(tables: TravelTables, period: int, start: int, end: int) -> Small:
    """Give the nodes of the fastest path, both ends included [k]."""
    nodes = np.empty(path_size(tables, period, start, end), np.int32)
    write_path(tables, period, start, end, nodes)
    return nodes


@compiled
def edge_between(tables: TravelTables, period: int, start: int, end: int) -> int:
    """Give the fastest edge between two neighbouring nodes."""
    for k in range(tables.first[start], tables.first[start + 1]):
        if tables.head[k] == end:
            return int(tables.edge[period, k])
    return -1


@compiled
def edge_arrival(tables: TravelTables, edge: int, time: float) -> float:
    """Arrive at the end of an edge entered at ``time`` [s]: speed changes where a period ends on the way.

    The share of the edge that is left when a period ends is driven at the next period's speed, so that who
    enters first leaves first; the result is rounded to a whole second once.
    """
    period = period_at(tables.breaks, time)
    end = tables.breaks[period + 1]
    seconds = float(tables.seconds[period, edge])
    if time + seconds <= end:
        return time + seconds
    left, now = 1.0, time
    while now + left * seconds > end:
        left -= (end - now) / seconds
        now = end
        period += 1
        end = tables.breaks[period + 1]
        seconds = float(tables.seconds[period, edge])
    return float(max(time + 1.0, np.rint(now + left * seconds)))


@compiled
def path_time(tables: TravelTables, period: int, start: int, end: int, time: float) -> float:
    """Give the seconds of a leg that leaves at ``time`` [s] on the fastest path of some period, edge by edge."""
    nodes = path_nodes(tables, period, start, end)
    now = time
    for k in range(len(nodes) - 1):
        now = edge_arrival(tables, edge_between(tables, period, nodes[k], nodes[k + 1]), now)
    return now - time


@compiled
def choose_path(tables: TravelTables, start: int, end: int, time: float) -> tuple[int, float]:
    """Choose the path of a leg that leaves at ``time`` [s]: the period that it is the fastest of, and its seconds.

    A leg that ends before its period does takes that period's path. One that crosses into the next takes the better
    of both periods' paths, as they are on the way, and so on; of equals the earlier. So first in is first out between
    any two nodes, whatever roads there are: on each path it is, for each edge is; the least of several such arrivals
    keeps the order; and no path of the next period arrives before this one ends, or it would have been the fastest of
    this one. Where a whole period is shorter than the leg, the last step is likely, not certain.
    """
    period = period_at(tables.breaks, time)
    seconds = float(tables.times[period, start, end])
    if time + seconds <= tables.breaks[period + 1] or seconds >= UNREACHABLE:
        return period, seconds
    chosen, seconds = period, path_time(tables, period, start, end, time)
    while time + seconds > tables.breaks[period + 1]:
        period += 1
        other = path_time(tables, period, start, end, time)
        if other < seconds:
            chosen, seconds = period, other
    return chosen, seconds


@compiled
def leg(tables: TravelTables, start: int, end: int, time: float) -> tuple[float, float]:
    """Give planned seconds and metres of a leg that leaves at ``time`` [s]; exact also where it crosses a break."""
    if start == end:
        return 0.0, 0.0
    period, seconds = choose_path(tables, start, end, time)
    return seconds, float(tables.lengths[period, start, end])


class TravelTimes:
    """Travel times between all nodes, by period of the day.

    Parameters
    ----------
    tables
        The arrays; see ``TravelTables``.
    """

    def __init__(self, tables: TravelTables) -> None:
        self.tables = tables
        self.is_static = len(tables.times) == 1
        self.times, self.lengths, self.most = tables.times, tables.lengths, tables.most
        self._of_fleets: dict[Hashable, TravelTimes] = {}

    @property
    def breaks_s(self) -> Floats:
        """Ends of the periods [P + 1, s]."""
        return self.tables.breaks

    def with_most(self, fleet: Hashable, make: Callable[[], Small]) -> TravelTimes:
        """Give the same times with a fleet's bounds on the energy of legs [N, N]: one object for each fleet."""
        if fleet not in self._of_fleets:
            self._of_fleets[fleet] = TravelTimes(self.tables._replace(most=make()))
        return self._of_fleets[fleet]

    def period(self, time: float) -> int:
        """Give the period that a moment lies in."""
        return 0 if self.is_static else int(period_at(self.tables.breaks, time))

    def leg_time(self, start: int, end: int, time: float) -> int:
        """Give the planned seconds of a leg that leaves at ``time``."""
        if self.is_static:
            return int(self.times.item(0, start, end))
        return int(choose_path(self.tables, start, end, float(time))[1])

    def leg_metres(self, start: int, end: int, time: float) -> int:
        """Give the metres of the path that a bus takes when it leaves at ``time``."""
        return int(self.lengths[self.path_period(start, end, time), start, end])

    def path_period(self, start: int, end: int, time: float) -> int:
        """Give the period whose fastest path a bus takes when it leaves at ``time``; see ``choose_path``."""
        return 0 if self.is_static else int(choose_path(self.tables, start, end, float(time))[0])

    def path_periods(self, start: Ints, end: Ints, time: Floats | Ints) -> Ints:
        """Do so for many legs [R]."""
        period: Ints = np.searchsorted(self.tables.breaks, time, side="right") - 1
        crosses = (time + self.times[period, start, end] > self.tables.breaks[period + 1]) & (end >= 0)
        for i in np.flatnonzero(crosses).tolist():
            period[i] = self.path_period(int(start[i]), int(end[i]), float(time[i]))
        return period

    def nodes(self, start: int, end: int, time: float) -> Small:
        """Give the nodes of the path that a bus takes when it leaves at ``time`` [k]."""
        nodes: Small = path_nodes(self.tables, self.path_period(start, end, time), start, end)
        return nodes

    def path(self, start: int, end: int, time: float) -> list[int]:
        """Give the edges of that path."""
        period = self.path_period(start, end, time)
        nodes = path_nodes(self.tables, period, start, end)
        return [edge_between(self.tables, period, int(a), int(b)) for a, b in itertools.pairwise(nodes)]

    def direct_s(self, start: Ints, end: Ints, time: Floats | Ints) -> Ints:
        """Look up travel times of many trips by the period of their start [R, s]."""
        period = np.searchsorted(self.tables.breaks, time, side="right") - 1
        return self.times[period, start, end].astype(np.int64)

    def direct_m(self, start: Ints, end: Ints, time: Floats | Ints) -> Ints:
        """Look up the lengths of many trips by the period of their start [R, m]."""
        period = np.searchsorted(self.tables.breaks, time, side="right") - 1
        return self.lengths[period, start, end].astype(np.int64)


def edge_seconds(network: RoadNetwork, spec: TravelSpec, top_speed_kmh: float, period: int) -> Ints:
    """Give the whole seconds of each edge in one period, at least 1 [E].

    The speed is limit x class factor of the period x ``bus_factor``, never above the bus's own top speed
    (facts on speed factors: see the scenario's travel section).
    """
    default = spec.factors.get("default", (1.0,) * len(spec.breaks_s))
    by_class = np.array([spec.factors.get(name, default)[period] for name in ROAD_CLASSES])
    speed = network.edge_speed_kmh * by_class[network.edge_class] * spec.bus_factor
    speed = np.minimum(speed, top_speed_kmh) / 3.6
    seconds: Ints = np.maximum(1, np.rint(network.edge_length_m / speed)).astype(np.int64)
    return seconds


def build(
    network: RoadNetwork, spec: TravelSpec, top_speed_kmh: float, hours_s: tuple[int, int] | None = None
) -> TravelTimes:
    """Compile matrices and paths for the periods that the service hours touch.

    Parameters
    ----------
    network
        Only edges that buses may use count.
    spec
        Speed factors by period.
    top_speed_kmh
        The slowest bus's top speed: one matrix serves the whole fleet.
    hours_s
        First and last second of the service day; ``None`` compiles every period.
    """
    first, last = hours_s if hours_s is not None else (0, 1 << 30)
    starts = np.array(spec.breaks_s, np.float64)
    ends = np.append(starts[1:], np.inf)
    used = [k for k in range(len(starts)) if ends[k] > first and starts[k] < last + 3600]
    breaks = np.concatenate(([-np.inf], starts[used[1:]], [np.inf]))
    seconds = np.array([edge_seconds(network, spec, top_speed_kmh, k) for k in used], np.int32)
    return TravelTimes(_compile(network, seconds, breaks))


def build_static(network: RoadNetwork, seconds: Ints) -> TravelTimes:
    """Compile matrices from given whole seconds per edge [E], the same all day."""
    return TravelTimes(_compile(network, np.asarray(seconds, np.int32)[None, :], np.array([-np.inf, np.inf])))


def _compile(network: RoadNetwork, seconds: Small, breaks: Floats) -> TravelTables:
    from scipy.sparse import csr_array  # noqa: PLC0415  (slow to import; pictures need none)

    size, count = network.num_nodes, len(seconds)
    usable = np.flatnonzero(network.edge_bus & (network.edge_from != network.edge_to))
    pair = network.edge_from[usable] * size + network.edge_to[usable]
    pairs = np.unique(pair)
    first = np.searchsorted(pairs // size, np.arange(size + 1)).astype(np.int32)
    head = (pairs % size).astype(np.int32)
    shape = (count, size, size)
    times, lengths, before = np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(shape, np.int32)
    edge = np.empty((count, len(pairs)), np.int32)
    for period in range(count):
        weight = (seconds[period, usable].astype(np.int64) << _LENGTH_BITS) + network.edge_length_m[usable]
        order = np.lexsort((usable, weight, pair))  # of parallel edges the fastest counts
        best = order[np.searchsorted(pair[order], pairs)]
        edge[period] = usable[best]
        graph = csr_array((weight[best].astype(np.float64), head, first), shape=(size, size))
        _fill(graph, times[period], lengths[period], before[period])
    times_to = np.ascontiguousarray(times.swapaxes(1, 2))
    most = lengths[0] if count == 1 else lengths.max(axis=0)
    return TravelTables(breaks, times, lengths, before, times_to, first, head, edge, seconds, most)


def _fill(graph: csr_array, times: Small, lengths: Small, before: Small) -> None:
    """Run Dijkstra from all nodes, some rows at a time, so that large maps stay within memory."""
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415  (slow to import; pictures need none)

    size = len(times)
    tail = np.repeat(np.arange(size, dtype=np.int32), np.diff(graph.indptr))
    for low in range(0, size, _CHUNK):
        rows = np.arange(low, min(low + _CHUNK, size))
        weight, last = dijkstra(graph, indices=rows, return_predecessors=True)
        settle(weight, last, tail, graph.indices, graph.data)
        before[rows] = last
        reached = np.isfinite(weight)
        whole = np.where(reached, weight, 0).astype(np.int64)
        times[rows] = np.where(reached, whole >> _LENGTH_BITS, UNREACHABLE)
        lengths[rows] = np.where(reached, whole & ((1 << _LENGTH_BITS) - 1), UNREACHABLE)

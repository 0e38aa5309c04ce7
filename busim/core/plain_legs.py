"""Times of legs without compiled kernels: the same answers as ``travel.leg``, with paths and sums remembered.

NOTE: a speed trick in its own place. Plain Python walks a leg edge by edge only once; afterwards the part before a
period's break and the part behind it are differences of running sums. Seconds are whole, so the sums are exact.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right

import numpy as np

from busim.core import travel
from busim.core.cells import cells
from busim.core.compiled import KERNEL
from busim.core.travel import UNREACHABLE, TravelTables

_MOST_PATHS = 20_000  # some 30 MB, at ten nodes each; then they are gathered anew
_MOST_TABLES = 4

# Of a leg: leaving from when until when, it takes seconds, metres, most. All are of one type, as schedules are: to add
# a whole number to another one, or to write it to memory among them, takes three times as long.
Way = tuple[float, float, float, float, float]
NEVER: Way = math.inf, -math.inf, 0.0, 0.0, 0.0
_HERE: Way = -math.inf, math.inf, 0.0, 0.0, 0.0


class Path:
    """The nodes of a leg that is the fastest of a period; ``Legs`` remembers here its edges, and sums by period."""

    __slots__ = ("edges", "nodes", "period", "sums")

    def __init__(self, period: int, nodes: list[int]) -> None:
        self.period, self.nodes = period, nodes
        self.edges: list[int] = []
        self.sums: dict[int, list[float]] = {}


class Legs:
    """What is remembered of one set of tables; ``seconds``, ``metres`` and ``most`` are theirs, by place in memory."""

    def __init__(self, tables: TravelTables) -> None:
        self.tables = tables
        self.breaks: list[float] = tables.breaks.tolist()
        self.size = tables.times.shape[1]  # nodes
        self.seconds, self.metres, self.most, self._before, self._edge, self._edge_seconds = (
            cells(np.ascontiguousarray(table))
            for table in (tables.times, tables.lengths, tables.most, tables.before, tables.edge, tables.seconds)
        )
        self._num_edges, self._num_pairs = tables.seconds.shape[1], tables.edge.shape[1]
        self._paths: dict[int, Path] = {}
        self._pairs: dict[int, int] = {}  # where in ``tables.head`` a pair of neighbours stands

    def is_of(self, tables: TravelTables) -> bool:
        """Tell whether these are the arrays of some tables."""
        mine = self.tables
        return mine.seconds is tables.seconds and mine.times is tables.times and mine.most is tables.most

    def period(self, time: float) -> int:
        """Give the period that a moment lies in."""
        return bisect_right(self.breaks, time, 1) - 1

    def leg(self, start: int, end: int, time: float) -> tuple[float, float]:
        """Give the planned seconds and metres of a leg."""
        if start == end:
            return 0.0, 0.0
        period, pair = bisect_right(self.breaks, time, 1) - 1, start * self.size + end
        place = period * self.size * self.size + pair
        seconds = float(self.seconds[place])
        if time + seconds > self.breaks[period + 1] and seconds < UNREACHABLE:
            period, seconds = self._choose_across(period, start, end, time)
            place = period * self.size * self.size + pair
        return seconds, float(self.metres[place])

    def choose(self, start: int, end: int, time: float) -> tuple[int, float]:
        """Do as ``travel.choose_path``."""
        period = bisect_right(self.breaks, time, 1) - 1
        seconds = float(self.seconds[(period * self.size + start) * self.size + end])
        if time + seconds > self.breaks[period + 1] and seconds < UNREACHABLE:
            return self._choose_across(period, start, end, time)
        return period, seconds

    def _choose_across(self, period: int, start: int, end: int, time: float) -> tuple[int, float]:
        """Choose the path of a leg that the fastest path of its period does not end in time."""
        path = self.path(period, start, end)
        edges = path.edges or self.edges(path)
        begins = chosen = period
        arrival = self._arrival(path, edges, begins, time)
        while arrival > self.breaks[period + 1]:
            period += 1
            path = self.path(period, start, end)
            others = path.edges or self.edges(path)
            if others != edges and (other := self._arrival(path, others, begins, time)) < arrival:
                chosen, arrival, edges = period, other, others
        return chosen, arrival - time

    def way(self, start: int, end: int, time: float) -> Way:
        """Give a leg that leaves at a moment: what it takes, and how much earlier or later it takes the same."""
        if start == end:
            return _HERE
        breaks, pair = self.breaks, start * self.size + end
        period = bisect_right(breaks, time, 1) - 1
        place, until = period * self.size * self.size + pair, breaks[period + 1]
        seconds = self.seconds[place]
        if time + seconds > until and seconds < UNREACHABLE:
            chosen, took = self._choose_across(period, start, end, time)
            metres = self.metres[chosen * self.size * self.size + pair]
            return time, time, took, float(metres), float(self.most[pair])
        return breaks[period], until - seconds, float(seconds), float(self.metres[place]), float(self.most[pair])

    def _arrival(self, path: Path, edges: list[int], period: int, now: float) -> float:
        """Give the arrival on a path that is begun in a period and not ended in it."""
        k, breaks = 0, self.breaks
        while k < len(edges):
            sums = path.sums.get(period) or self.sums(path, period)
            j = bisect_right(sums, breaks[period + 1] - now + sums[k]) - 1  # edges done before the break
            now += sums[j] - sums[k]
            if j == len(edges):
                break
            now = self.edge_arrival(edges[j], now)
            k, period = j + 1, bisect_right(breaks, now, 1) - 1
        return now

    def edge_arrival(self, edge: int, time: float) -> float:
        """Do as ``travel.edge_arrival``."""
        breaks = self.breaks
        period = bisect_right(breaks, time, 1) - 1
        place = period * self._num_edges + edge
        end, seconds = breaks[period + 1], float(self._edge_seconds[place])
        if time + seconds <= end:
            return time + seconds
        left, now = 1.0, time
        while now + left * seconds > end:
            left -= (end - now) / seconds
            now = end
            period, place = period + 1, place + self._num_edges
            end, seconds = breaks[period + 1], self._edge_seconds[place]
        return max(time + 1.0, float(round(now + left * seconds)))  # to even, as ``np.rint`` does

    def path(self, period: int, start: int, end: int) -> Path:
        """Give the path of a leg that is the fastest of a period."""
        key = (period * self.size + start) * self.size + end
        found = self._paths.get(key)
        if found is None:
            if len(self._paths) >= _MOST_PATHS:
                self._paths.clear()
            found = self._paths[key] = self._new_path(period, start, end)
        return found

    def _new_path(self, period: int, start: int, end: int) -> Path:
        before, seconds, row = self._before, self.seconds, (period * self.size + start) * self.size
        nodes, sums, node = [end], [seconds[row + end]], end
        while node != start:
            node = before[row + node]
            nodes.append(node)
            sums.append(seconds[row + node])
        nodes.reverse()
        sums.reverse()
        path = Path(period, nodes)
        path.sums[period] = sums
        return path

    def edges(self, path: Path) -> list[int]:
        """Give the edges of a path."""
        if not path.edges:
            edge, row, size, known = self._edge, path.period * self._num_pairs, self.size, self._pairs
            for node, after in itertools.pairwise(path.nodes):
                place = known.get(node * size + after)
                path.edges.append(edge[row + (self._place(node, after) if place is None else place)])
        return path.edges

    def _place(self, node: int, after: int) -> int:
        """Find in ``tables.head`` a pair of neighbours."""
        first, behind = self.tables.first[node : node + 2].tolist()
        place: int = first + self.tables.head[first:behind].tolist().index(after)
        self._pairs[node * self.size + after] = place
        return place

    def sums(self, path: Path, period: int) -> list[float]:
        """Give the seconds from a path's start to each of its nodes, all driven in one period [k]."""
        found = path.sums.get(period)
        if found is None:
            row, seconds = period * self._num_edges, self._edge_seconds
            found = list(itertools.accumulate([seconds[row + edge] for edge in self.edges(path)], initial=0.0))
            path.sums[period] = found
        return found


_known: dict[int, Legs] = {}


def legs_of(tables: TravelTables) -> Legs:
    """Find what is remembered of some tables; it keeps them alive, so that an address stands for one array only."""
    found = _known.get(id(tables.before))
    if found is None or (found.tables is not tables and not found.is_of(tables)):
        if len(_known) >= _MOST_TABLES:
            _known.clear()
        found = _known[id(tables.before)] = Legs(tables)
    return found


def plain_leg(tables: TravelTables, start: int, end: int, time: float) -> tuple[float, float]:
    """Do as ``travel.leg``."""
    return legs_of(tables).leg(start, end, time)


leg = travel.leg if KERNEL == "numba" else plain_leg

"""Times of legs without compiled kernels: the same answers as ``travel.leg``, with paths and sums remembered.

NOTE: a speed trick in its own place. Plain Python walks a leg edge by edge only once; afterwards the part before a
period's break and the part behind it are differences of running sums. Seconds are whole, so the sums are exact.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right

from busim.core import travel
from busim.core.compiled import KERNEL
from busim.core.travel import UNREACHABLE, TravelTables

_MOST_PATHS = 20_000  # some 30 MB, at ten nodes each; then they are gathered anew
_MOST_TABLES = 4

Way = tuple[float, float, float, int, int]  # of a leg: leaving from when until when, it takes seconds, metres, most
NEVER: Way = math.inf, -math.inf, 0.0, 0, 0
_HERE: Way = -math.inf, math.inf, 0.0, 0, 0


class Path:
    """The nodes of a leg that is the fastest of a period; ``Legs`` remembers here its edges, and sums by period."""

    __slots__ = ("edges", "nodes", "period", "sums")

    def __init__(self, period: int, nodes: list[int]) -> None:
        self.period, self.nodes = period, nodes
        self.edges: list[int] = []
        self.sums: dict[int, list[float]] = {}


class Legs:
    """What is remembered of one set of tables."""

    def __init__(self, tables: TravelTables) -> None:
        self.tables = tables
        self.breaks: list[float] = tables.breaks.tolist()
        self.size = tables.times.shape[1]  # nodes
        self.seconds_at, self.metres_at = tables.times.item, tables.lengths.item  # by place in memory
        self.most_at, self._seconds = tables.most.item, tables.seconds.item
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
        period, seconds = self.choose(start, end, time)
        return seconds, float(self.metres_at((period * self.size + start) * self.size + end))

    def choose(self, start: int, end: int, time: float) -> tuple[int, float]:
        """Do as ``travel.choose_path``."""
        period = self.period(time)
        seconds = float(self.seconds_at((period * self.size + start) * self.size + end))
        if time + seconds <= self.breaks[period + 1] or seconds >= UNREACHABLE:
            return period, seconds
        path = self.path(period, start, end)
        chosen, arrival, edges = period, self._arrival(path, time), self.edges(path)
        while arrival > self.breaks[period + 1]:
            period += 1
            path = self.path(period, start, end)
            if self.edges(path) != edges and (other := self._arrival(path, time)) < arrival:
                chosen, arrival, edges = period, other, path.edges
        return chosen, arrival - time

    def way(self, start: int, end: int, time: float) -> Way:
        """Give a leg that leaves at a moment: what it takes, and how much earlier or later it takes the same."""
        if start == end:
            return _HERE
        breaks, pair = self.breaks, start * self.size + end
        period = bisect_right(breaks, time, 1) - 1
        place, until = period * self.size * self.size + pair, breaks[period + 1]
        seconds = self.seconds_at(place)
        if time + seconds > until and seconds < UNREACHABLE:
            chosen, took = self.choose(start, end, time)
            return time, time, took, self.metres_at(chosen * self.size * self.size + pair), self.most_at(pair)
        return breaks[period], until - seconds, seconds, self.metres_at(place), self.most_at(pair)

    def _arrival(self, path: Path, now: float) -> float:
        """Give the arrival on a path during which a period ends."""
        k, size, period = 0, len(path.nodes) - 1, self.period(now)
        while k < size:
            sums = self.sums(path, period)
            j = bisect_right(sums, self.breaks[period + 1] - now + sums[k]) - 1  # edges done before the break
            now += sums[j] - sums[k]
            if j == size:
                break
            now = self.edge_arrival(self.edges(path)[j], now)
            k, period = j + 1, self.period(now)
        return now

    def edge_arrival(self, edge: int, time: float) -> float:
        """Do as ``travel.edge_arrival``."""
        seconds_of, breaks, period = self._seconds, self.breaks, self.period(time)
        end, seconds = breaks[period + 1], seconds_of(period, edge)
        if time + seconds <= end:
            return time + seconds
        left, now = 1.0, time
        while now + left * seconds > end:
            left -= (end - now) / seconds
            now = end
            period += 1
            end, seconds = breaks[period + 1], seconds_of(period, edge)
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
        before, nodes, node = self.tables.before[period, start].item, [end], end
        while node != start:
            node = before(node)
            nodes.append(node)
        return Path(period, nodes[::-1])

    def edges(self, path: Path) -> list[int]:
        """Give the edges of a path."""
        if not path.edges:
            edge = self.tables.edge[path.period].item
            path.edges = [edge(self._place(node, after)) for node, after in itertools.pairwise(path.nodes)]
        return path.edges

    def _place(self, node: int, after: int) -> int:
        """Find in ``tables.head`` a pair of neighbours."""
        place = self._pairs.get(node * self.size + after)
        if place is None:
            first, behind = self.tables.first[node : node + 2].tolist()
            place = first + self.tables.head[first:behind].tolist().index(after)
            self._pairs[node * self.size + after] = place
        return place

    def sums(self, path: Path, period: int) -> list[float]:
        """Give the seconds from a path's start to each of its nodes, all driven in one period [k]."""
        found = path.sums.get(period)
        if found is None:
            if period == path.period:
                row, seconds_at = (period * self.size + path.nodes[0]) * self.size, self.seconds_at
                found = [seconds_at(row + node) for node in path.nodes]
            else:
                seconds = map(self.tables.seconds[period].item, self.edges(path))
                found = list(itertools.accumulate(seconds, initial=0.0))
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

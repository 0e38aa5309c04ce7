"""Times of legs without compiled kernels: the same answers as ``travel.leg``, with paths and sums remembered.

NOTE: a speed trick in its own place. Plain Python walks a leg edge by edge only once; afterwards the part before a
period's break and the part behind it are differences of running sums. Seconds are whole, so the sums are exact.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right

import numpy as np

from busim.core import travel
from busim.core.compiled import KERNEL
from busim.core.travel import UNREACHABLE, TravelTables, edge_arrival, edge_between, path_nodes
from busim.model.network import Ints

_MOST_PATHS = 40_000  # some 50 MB; then they are gathered anew
_MOST_TABLES = 4


class Path:
    """The nodes of a leg, its edges and metres, and the running sums of their seconds by period."""

    def __init__(self, tables: TravelTables, period: int, start: int, end: int) -> None:
        self.nodes: Ints = path_nodes(tables, period, start, end).astype(np.int64)
        pairs = itertools.pairwise(self.nodes.tolist())
        self.edges: Ints = np.array([edge_between(tables, period, a, b) for a, b in pairs], np.int64)
        self.metres: Ints = tables.lengths[period, start].take(self.nodes).astype(np.int64)
        self._sums: dict[int, list[float]] = {}

    def sums(self, tables: TravelTables, period: int) -> list[float]:
        """Give the seconds from the start to each edge's end, 0 first, all driven in one period [k + 1]."""
        found = self._sums.get(period)
        if found is None:
            seconds = tables.seconds[period, self.edges].tolist()
            found = self._sums[period] = [0.0, *map(float, itertools.accumulate(seconds))]
        return found


class Legs:
    """What is remembered of one set of tables."""

    def __init__(self, tables: TravelTables) -> None:
        self.tables = tables
        self.breaks: list[float] = tables.breaks.tolist()
        self.size = tables.times.shape[1]  # nodes
        self.seconds_at, self.metres_at = tables.times.item, tables.lengths.item  # by place in memory
        self.most_at = tables.most.item
        self._paths: dict[int, Path] = {}

    def period(self, time: float) -> tuple[int, float]:
        """Give where in memory the matrices of a moment's period begin, and when it ends [s]."""
        period = bisect_right(self.breaks, time, 1) - 1
        return period * self.size * self.size, self.breaks[period + 1]

    def is_of(self, tables: TravelTables) -> bool:
        """Tell whether these are the arrays of some tables."""
        mine = self.tables
        return mine.seconds is tables.seconds and mine.times is tables.times and mine.most is tables.most

    def leg(self, start: int, end: int, time: float) -> tuple[float, float]:
        """Give the planned seconds and metres of a leg."""
        if start == end:
            return 0.0, 0.0
        period = bisect_right(self.breaks, time, 1) - 1
        place = (period * self.size + start) * self.size + end
        seconds = float(self.seconds_at(place))
        if time + seconds > self.breaks[period + 1] and seconds < UNREACHABLE:
            seconds = self._across(self.path(period, start, end), period, time) - time
        return seconds, float(self.metres_at(place))

    def _across(self, path: Path, period: int, now: float) -> float:
        """Give the arrival of a leg during which a period ends."""
        k, size = 0, len(path.edges)
        while k < size:
            sums = path.sums(self.tables, period)
            j = bisect_right(sums, self.breaks[period + 1] - now + sums[k]) - 1  # edges done before the break
            now += sums[j] - sums[k]
            if j == size:
                break
            now = edge_arrival(self.tables, int(path.edges[j]), now)
            k, period = j + 1, bisect_right(self.breaks, now, 1) - 1
        return now

    def path(self, period: int, start: int, end: int) -> Path:
        """Give the path of a leg that begins in a period."""
        key = (period * self.size + start) * self.size + end
        found = self._paths.get(key)
        if found is None:
            if len(self._paths) >= _MOST_PATHS:
                self._paths.clear()
            found = self._paths[key] = Path(self.tables, period, start, end)
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

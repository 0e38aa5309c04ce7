"""Legs between one node and many, looked up for whole arrays by the period in which they start.

NOTE: a speed trick in its own place. A search for a rider asks only for legs to his pick-up, from it, and to and from
his drop-off. Where all of them start in one period, which is the rule, one row of the tables holds them: it is made
float and gets the halt once, and then a look-up is a single ``take`` instead of half a dozen passes over small arrays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import partial

import numpy as np

from busim.core.insertion import Costs
from busim.core.plain_legs import legs_of
from busim.core.plans import LEG_M, LEG_S
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints, Small


class Star:
    """The legs between one node and others.

    Parameters
    ----------
    legs
        All legs.
    node
        The node in the middle.
    is_into
        Whether they end there, rather than start.
    low, high
        First and last moment at which a leg starts that matters [s].

    Attributes
    ----------
    period : int
        The period in which all legs start that matter; -1 if there are several.
    """

    __slots__ = ("_is_into", "_legs", "_low", "_node", "_row", "period")

    def __init__(self, legs: Legs, node: int, is_into: bool, low: float, high: float) -> None:
        self._legs, self._node, self._is_into, self._low = legs, node, is_into, low
        self.period, self._row = legs.period_between(low, high) if legs.has_periods else 0, None
        if self.period >= 0:
            table = legs.tables.times_to if is_into else legs.tables.times
            row = self._row = table[self.period, node].astype(np.float64)
            if legs.halt:
                straight = row[node]
                row += legs.halt
                row[node] = straight

    def seconds(self, nodes: Ints | int, times: Floats) -> Floats:
        """Give the seconds of legs that start at some moments, with the halt of those between two nodes."""
        if self._row is not None:
            found: Floats = self._row[nodes]
            return found
        legs = self._legs
        table = legs.tables.times_to if self._is_into else legs.tables.times
        seconds = table.reshape(-1).take(nodes + (legs.shift(times) + self._node * legs.size))
        halted: Floats = seconds + legs.halt * (nodes != self._node)
        return halted

    def of(self, table: Small, nodes: Ints | int, times: Floats) -> Floats:
        """Give what stands of the legs in a table of seconds or metres [P, N, N]."""
        if self.period >= 0:
            row = table[self.period, :, self._node] if self._is_into else table[self.period, self._node]
            found = row[nodes]  # of a column ``take`` would make a row first
        else:
            legs = self._legs
            start, end = (nodes, self._node) if self._is_into else (self._node, nodes)
            found = table.reshape(-1).take(start * legs.size + (end + legs.shift(times)))
        exact: Floats = found.astype(np.float64)  # numpy takes twice as long to add what differs in width
        return exact

    def second(self, node: int, time: float) -> float:
        """Do as ``seconds`` for one leg."""
        seconds = self.one(self._legs.tables.times, node, time)
        return seconds + self._legs.halt if node != self._node else seconds

    def one(self, table: Small, node: int, time: float) -> float:
        """Do as ``of`` for one leg."""
        period = self.period if self.period >= 0 else self._legs.period(time)
        return float(table.item(period, node, self._node) if self._is_into else table.item(period, self._node, node))

    def plain_seconds(self) -> Callable[[int], float] | None:
        """Give the fastest way to look up the seconds of one leg, if all start in one period."""
        return None if self._row is None else self._row.item

    def plain(self, table: Small) -> Callable[[int, float], float]:
        """Give the fastest way to look up one leg in a table."""
        if self.period < 0:
            return partial(self.one, table)
        find = (table[self.period, :, self._node] if self._is_into else table[self.period, self._node]).item
        return lambda node, _: find(node)

    def misses(self, times: Floats) -> bool:
        """Tell whether some leg starts before the first moment that matters, where that makes a difference."""
        return self._row is not None and self._legs.has_periods and len(times) > 0 and bool(times.min() < self._low)


class Legs:
    """Legs among some travel times.

    Parameters
    ----------
    tables
        Travel times.
    costs
        Halt and weights.

    Attributes
    ----------
    prices : list of tuple
        What costs anything of a leg: table, column of the plans, weight.
    """

    def __init__(self, tables: TravelTables, costs: Costs) -> None:
        self.tables, self._costs = tables, costs
        self.halt, self.size = costs.halt, tables.times.shape[1]
        self._line = np.array(self.size)
        self.square = self.size * self.size
        self.has_periods = len(tables.times) > 1
        self._ends, self._inner = legs_of(tables).breaks, tables.breaks[1:-1]
        drive, distance = costs.weights.drive, costs.weights.distance
        prices = (tables.times, LEG_S, drive), (tables.lengths, LEG_M, distance)
        self.wait, self.ride = np.array(costs.weights.wait), np.array(costs.weights.ride)
        self.prices: list[tuple[Small, int, float]] = [price for price in prices if price[2] != 0.0]

    def is_of(self, tables: TravelTables, costs: Costs) -> bool:
        """Tell whether these are the legs among some travel times."""
        return self.tables is tables and self._costs is costs

    def period_between(self, low: float, high: float) -> int:
        """Give the period that lasts from one moment to another; -1 if it ends in between."""
        period = self.period(low)
        return period if high < self._ends[period + 1] else -1

    def period(self, time: float) -> int:
        """Give the period that a moment lies in."""
        return bisect_right(self._ends, time, 1, len(self._ends) - 1) - 1

    def one(self, table: Small, start: int, end: int, time: float) -> float:
        """Give what stands of one leg in a table of seconds or metres [P, N, N]."""
        return float(table.item(self.period(time), start, end))

    def shift(self, times: Floats) -> Ints | int:
        """Give where in memory the matrices of some moments begin."""
        if not self.has_periods:
            return 0
        found: Ints = self._inner.searchsorted(times, side="right") * self.square
        return found

    def between(self, table: Small, start: Ints, end: Ints, times: Floats) -> Small:
        """Give what stands in a table of seconds or metres [P, N, N]."""
        place = start * self._line
        place += end
        if self.has_periods:
            place += self.shift(times)
        found: Small = table.reshape(-1)[place]
        return found

    def into(self, node: int, low: float, high: float) -> Star:
        """Give the legs that end at a node, by the moments between which they start."""
        return Star(self, node, True, low, high)

    def out_of(self, node: int, low: float, high: float) -> Star:
        """Give the legs that begin at a node, by the moments between which they start."""
        return Star(self, node, False, low, high)

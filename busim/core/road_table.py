"""Times of legs on the roads of a day, looked up: from each stop to every node, for each interval of steady speeds.

NOTE: a speed trick in its own place; ``road_leg`` is the plain reference. A leg that ends before its interval does
is one look-up. Its edges' seconds are rounded one by one, as driving does, so the sums are exact. Compiled kernels are
handed single arrays: naming a tuple within a tuple counts a reference to each of its arrays, 5 ns apiece and back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from busim.core.compiled import compiled
from busim.core.roads import Roads
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints

MOST_ENTRIES = 1 << 26  # 128 MB; with more, legs are driven edge by edge
_GRID_S = 60.0
_SLIP = 1e-9  # seconds this close to a half could be rounded either way


class RoadTable(NamedTuple):
    """Whole seconds of legs.

    Parameters
    ----------
    row
        Row of each node in ``seconds``, -1 for none [N].
    ends
        End of each interval, the last ``inf`` [I, s].
    period
        Period of the travel times that each interval lies in [I].
    since, grid
        Start of a grid of whole minutes [s], and the first interval that reaches into each [G].
    seconds
        Of each leg driven in one interval, -1 where it has to be driven edge by edge [I, S, N].
    """

    row: Ints
    ends: Floats
    period: Ints
    since: float
    grid: Ints
    seconds: NDArray[np.int16]


def make_road_table(roads: Roads, nodes: Ints) -> RoadTable:
    """Sum up all legs from some nodes.

    Parameters
    ----------
    roads
        As they were on the day.
    nodes
        Where legs start.
    """
    tables, noise, first_s, bin_s = roads
    bins = first_s + bin_s * np.arange(1, len(noise))
    ends = np.unique(np.concatenate((tables.breaks[1:], bins)))
    starts = np.concatenate((ends[:1] - 1.0, ends[:-1])) if len(ends) > 1 else np.zeros(1)
    period = np.searchsorted(tables.breaks, starts, side="right") - 1
    since = float(ends[0]) if len(ends) > 1 else 0.0
    span = float(ends[-2]) - since if len(ends) > 1 else 0.0
    grid = np.searchsorted(ends, since + _GRID_S * np.arange(int(span // _GRID_S) + 2), side="right")
    size, nodes = len(tables.first) - 1, np.unique(nodes[nodes >= 0])
    row = np.full(size, -1)
    if len(ends) * len(nodes) * size > MOST_ENTRIES:
        nodes = nodes[:0]
    row[nodes] = np.arange(len(nodes))
    seconds = np.empty((len(ends), len(nodes), size), np.int16)
    for each in np.unique(period).tolist() if len(nodes) else ():
        inside = np.flatnonzero(period == each)
        factor = np.ones((len(inside), 1))
        if len(noise):
            factor = noise[np.clip(((starts[inside] - first_s) // bin_s).astype(np.int64), 0, len(noise) - 1)]
        seconds[inside] = _sums(tables, each, tables.seconds[each] * factor, nodes)
    return RoadTable(row, ends, period.astype(np.int64), since, grid.astype(np.int64), seconds)


def _sums(tables: TravelTables, period: int, taken: Floats, nodes: Ints) -> NDArray[np.int16]:
    """Sum the edges' seconds along all paths from some nodes, each rounded to at least 1 [I, S, N]."""
    most = np.iinfo(np.int16).max
    whole = np.minimum(np.maximum(1, np.rint(taken)), most).astype(np.int64)
    whole[np.abs(taken % 1.0 - 0.5) < _SLIP] = most
    size = len(tables.first) - 1
    pairs = np.repeat(np.arange(size), np.diff(tables.first)) * size + tables.head
    result = np.empty((len(taken), len(nodes), size), np.int16)
    for k, start in enumerate(nodes.tolist()):
        before = tables.before[period, start].astype(np.int64)
        leads = before >= 0
        above = np.where(
            leads, before, np.arange(size)
        )  # the start, and what it does not lead to, stand for themselves
        place = np.minimum(np.searchsorted(pairs, above * size + np.arange(size)), len(pairs) - 1)
        sums = np.where(leads, whole[:, tables.edge[period, place]], np.where(np.arange(size) == start, 0, most + 1))
        while not np.array_equal(above, further := above[above]):
            sums, above = sums + sums[:, above], further  # each round doubles how far back the sums reach
        result[:, k] = np.where(sums > most, -1, sums)
    return result


@compiled
def interval_at(ends: Floats, since: float, grid: Ints, time: float) -> int:
    """Give the interval that a moment lies in; see ``RoadTable``."""
    place = min(max(int((time - since) // _GRID_S), 0), len(grid) - 1)
    found = grid[place] if time >= since else 0
    while ends[found] <= time:
        found += 1
    return int(found)

"""Flows on the edges of the network."""

from __future__ import annotations

import numpy as np

from busim.core.travel import TravelTimes
from busim.model.network import Bools, Floats, Ints
from busim.model.table import Table


def edge_table(legs: Table, num_edges: int, travel: TravelTimes) -> Table:
    """Count passes and persons carried on every edge [E].

    A leg that was cut follows the path to its first target, as far as the node where the bus turned. All legs are
    walked back from their targets at once, one edge per round.
    """
    before, size = travel.tables.before, travel.tables.before.shape[1]
    period = np.searchsorted(travel.tables.breaks, legs["leave_s"], side="right") - 1
    start, stop, node, riders = legs["from_node"], legs["to_node"], legs["target_node"], legs["riders"]
    driven: Bools = node == stop
    pairs = np.repeat(np.arange(size), np.diff(travel.tables.first)) * size + travel.tables.head
    passes, carried = np.zeros(num_edges), np.zeros(num_edges)
    left: Bools = (node != start) & (node >= 0)
    while left.any():
        period, start, stop = period[left], start[left], stop[left]
        node, riders, driven = node[left], riders[left], driven[left]
        last = before[period, start, node].astype(np.int64)
        known = driven & (last >= 0)
        edge = travel.tables.edge[period[known], np.searchsorted(pairs, last[known] * size + node[known])]
        _add(passes, edge, np.ones(len(edge)))
        _add(carried, edge, riders[known].astype(np.float64))
        node = last
        driven = driven | (node == stop)
        left = (node != start) & (node >= 0)
    return Table({"edge": np.arange(num_edges), "passes": passes.astype(np.int64), "riders": carried.astype(np.int64)})


def _add(total: Floats, edge: Ints, weight: Floats) -> None:
    total += np.bincount(edge, weight, minlength=len(total))

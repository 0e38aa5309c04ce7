"""Flows on the edges of the network."""

from __future__ import annotations

import numpy as np

from busim.core.travel import TravelTimes
from busim.model.network import Bools, Ints
from busim.model.table import Table


def leg_edges(legs: Table, travel: TravelTimes) -> tuple[Ints, Ints, Bools, Ints]:
    """List the edges of all legs: number of the leg, edge, whether it is its last, and its path's period [n each].

    A leg that was cut follows the path to its first target, as far as the node where the bus turned. All legs are
    walked back from their targets at once, one edge per round.
    """
    before, size = travel.tables.before, travel.tables.before.shape[1]
    start, stop, node = legs["from_node"], legs["to_node"], legs["target_node"]
    period = travel.path_periods(start, node, legs["leave_s"])
    leg, driven = np.arange(legs.num_rows), node == stop
    pairs = np.repeat(np.arange(size), np.diff(travel.tables.first)) * size + travel.tables.head
    found: list[tuple[Ints, Ints, Bools, Ints]] = []
    left: Bools = (node != start) & (node >= 0)
    while left.any():
        period, start, stop = period[left], start[left], stop[left]
        node, leg, driven = node[left], leg[left], driven[left]
        last = before[period, start, node].astype(np.int64)
        known = driven & (last >= 0)
        edge = travel.tables.edge[period[known], np.searchsorted(pairs, last[known] * size + node[known])]
        found.append((leg[known], edge.astype(np.int64), node[known] == stop[known], period[known]))
        node = last
        driven = driven | (node == stop)
        left = (node != start) & (node >= 0)
    if not found:
        none = np.zeros(0, np.int64)
        return none, none, np.zeros(0, np.bool_), none
    legs_of, edges, ends, periods = (np.concatenate(column) for column in zip(*found, strict=True))
    return legs_of, edges, ends, periods


def edge_table(legs: Table, num_edges: int, travel: TravelTimes) -> Table:
    """Count passes and persons carried on every edge [E]."""
    leg, edge, *_ = leg_edges(legs, travel)
    passes = np.bincount(edge, minlength=num_edges)
    carried = np.bincount(edge, legs["riders"][leg].astype(np.float64), minlength=num_edges)
    return Table({"edge": np.arange(num_edges), "passes": passes, "riders": carried.astype(np.int64)})

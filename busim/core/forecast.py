"""Where riders will want to be fetched: expected requests by node and time, and nodes gathered into zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from busim.model.network import Floats, Ints


@dataclass(frozen=True)
class Forecast:
    """Expected requests by boarding node.

    Parameters
    ----------
    edges_s
        Ascending bounds of the slots [T + 1, s].
    expected
        Requests per slot and node [T, N].
    """

    edges_s: Floats
    expected: Floats

    def between(self, start_s: float, end_s: float) -> Floats:
        """Give the requests expected in a span, by node [N]; slots count by the share that lies in it."""
        low, high = np.maximum(self.edges_s[:-1], start_s), np.minimum(self.edges_s[1:], end_s)
        share = np.maximum(0.0, high - low) / np.diff(self.edges_s)
        found: Floats = share @ self.expected
        return found


class Zones(NamedTuple):
    """Nodes gathered into zones: the zone of each node [N], and a node in the middle of each zone's riders [Z]."""

    of_node: Ints
    centre: Ints


def gather(x_m: Floats, y_m: Floats, weight: Floats, size_m: float) -> Zones:
    """Gather nodes into square zones of ``size_m``; zones of no weight are left out, their nodes go to the nearest.

    Parameters
    ----------
    x_m, y_m
        Where the nodes lie [N].
    weight
        Riders by node [N]; the centre of a zone is the node with riders that is nearest to their mean place.
    size_m
        Length of a zone's side [m].
    """
    cell = np.column_stack((np.floor(x_m / size_m), np.floor(y_m / size_m))).astype(np.int64)
    used = np.flatnonzero(weight > 0)
    if not len(used):
        return Zones(np.zeros(len(x_m), np.int64), np.zeros(0, np.int64))
    _, zone_of_used = np.unique(cell[used], axis=0, return_inverse=True)
    zone_of_used = zone_of_used.reshape(-1)
    total = np.bincount(zone_of_used, weight[used])
    mean_x = np.bincount(zone_of_used, weight[used] * x_m[used]) / total
    mean_y = np.bincount(zone_of_used, weight[used] * y_m[used]) / total
    away = np.hypot(x_m[used] - mean_x[zone_of_used], y_m[used] - mean_y[zone_of_used])
    order = np.lexsort((used, away, zone_of_used))
    first = np.unique(zone_of_used[order], return_index=True)[1]
    of_node = np.hypot(x_m[:, None] - mean_x, y_m[:, None] - mean_y).argmin(axis=1)
    of_node[used] = zone_of_used
    return Zones(of_node, used[order[first]])

"""Which of several shortest paths counts where two are equally long, whatever the library that found them chooses."""

from __future__ import annotations

import numpy as np

from busim.model.network import Floats, Ints, Small

_BLOCK = 64  # edges at a time, so that what is compared stays in the processor's memory


def settle(distance: Floats, before: Small, tail: Small, head: Small, cost: Floats) -> None:
    """Let a path go through the node before its end that is nearest to its start; of several, through the last.

    Libraries that look for shortest paths agree on distances, not on which of equals they keep: it changes with their
    version, and with it what a bus on a ring or a grid meets on its way.

    Parameters
    ----------
    distance
        From some nodes to all [R, N]; ``inf`` where there is no path. Sums of costs are exact.
    before
        The last node before the end of each path [R, N]; changed in place.
    tail, head, cost
        Start, end and cost of each edge, which is positive [M]; no two have the same ends.
    """
    row, edge = _others(distance, before, tail, head, cost)
    if not len(row):
        return
    size = distance.shape[1]
    cells, first = np.unique(row * size + head[edge], return_index=True)
    known, end = row[first], head[edge[first]]
    row, end, last = np.append(row, known), np.append(head[edge], end), np.append(tail[edge], before[known, end])
    order = np.lexsort((-last, distance[row, last], row * size + end))
    chosen = order[np.searchsorted((row * size + end)[order], cells)]
    before[row[chosen], end[chosen]] = last[chosen]


def _others(distance: Floats, before: Small, tail: Small, head: Small, cost: Floats) -> tuple[Ints, Ints]:
    """List the edges that end paths as short as the known ones: row and edge [K]."""
    reached, known = np.where(np.isfinite(distance), distance, np.nan).T.copy(), before.T.copy()
    rows, edges = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for low in range(0, len(tail), _BLOCK):
        start, end = tail[low : low + _BLOCK], head[low : low + _BLOCK]
        through = reached.take(start, axis=0)
        through += cost[low : low + _BLOCK, None]
        tight = through == reached.take(end, axis=0)
        tight &= known.take(end, axis=0) != start[:, None]
        edge, row = tight.nonzero()
        rows.append(row)
        edges.append(edge + low)
    return np.concatenate(rows), np.concatenate(edges)

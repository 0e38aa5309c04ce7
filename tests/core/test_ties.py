"""Equally short paths: the same one counts whichever the library has found."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from busim.core.ties import settle


def town(rng):
    """Draw a graph with many ties: small whole costs, no two edges with the same ends."""
    size = int(rng.integers(2, 12))
    tail, head = np.divmod(np.flatnonzero(rng.random(size * size) < 0.4).astype(np.int32), np.int32(size))
    apart = tail != head
    tail, head = tail[apart], head[apart]
    return size, tail, head, rng.integers(1, 4, len(tail)).astype(np.float64)


def choices(distance, tail, head, cost, start, end):
    """List the nodes that may come last before the end of a shortest path."""
    return [
        k
        for k, j, c in zip(tail, head, cost, strict=True)
        if j == end and distance[start, k] + c == distance[start, end]
    ]


@pytest.mark.parametrize("seed", range(40))
def test_the_nearest_then_the_last_node_counts_whatever_was_found(seed):
    """Brute force over all ends: of all tight edges the one that starts nearest, of these the last, in any case."""
    rng = np.random.default_rng(seed)
    size, tail, head, cost = town(rng)
    distance, found = dijkstra(csr_array((cost, (tail, head)), shape=(size, size)), return_predecessors=True)
    want, other = found.copy(), found.copy()
    for start in range(size):
        for end in np.flatnonzero(np.isfinite(distance[start])):
            ways = choices(distance, tail, head, cost, start, end)
            if ways:
                want[start, end] = min(ways, key=lambda k: (distance[start, k], -k))
                other[start, end] = rng.choice(ways)
    for before in (found, other):
        settle(distance, before, tail, head, cost)
        assert (before == want).all()


def test_ties_there_were():
    """The towns above have paths to choose from, and places that cannot be reached."""
    tied = unreached = 0
    for seed in range(40):
        size, tail, head, cost = town(np.random.default_rng(seed))
        distance = dijkstra(csr_array((cost, (tail, head)), shape=(size, size)))
        unreached += np.isinf(distance).sum()
        tied += sum(
            len(choices(distance, tail, head, cost, i, j)) > 1
            for i in range(size)
            for j in np.flatnonzero(np.isfinite(distance[i]))
        )
    assert tied > 100
    assert unreached > 100

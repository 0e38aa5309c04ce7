"""The least total ride time of one fragment, exactly: a small transshipment dual to the timing problem."""

from __future__ import annotations

from busim.core.compiled import borrowing
from busim.core.route_data import EPS, INF, Floats, Ints

CHAIN, ENTER, LEAVE, RIDE = 0, 1, 2, 3  # rows of the flow: to the next node, from and to the clock, back to a pick-up


@borrowing
def least_ride(
    seq: Ints, start: int, stop: int, num_requests: int,
    chain: Floats, earliest: Floats, latest: Floats, limit: Floats,
    place: Ints, flow: Ints, dist: Floats, pred: Ints, arc: Ints,
) -> float:  # fmt: skip
    """Give the least sum of (start of drop-off - start of pick-up) over the fragment ``seq[start:stop]``.

    The timing problem has difference constraints only, so its dual sends one unit from each pick-up to its drop-off
    along longest paths in the graph of constraints; successive longest augmenting paths solve it exactly.

    Parameters
    ----------
    seq, start, stop
        Nodes of the route [L] and the fragment's slice.
    num_requests
        n, to tell drop-offs from pick-ups.
    chain, earliest, latest
        Cumulative time and propagated bounds of each position [L].
    limit
        Largest time from start of pick-up to start of drop-off of each request [n].
    place
        Position of each node [2n].
    flow, dist, pred, arc
        Scratch space.
    """
    for row in range(4):
        for j in range(start, stop + 1):
            flow[row, j] = 0
    total = 0.0
    for j in range(start, stop):
        node = seq[j]
        if node < num_requests:
            goal = place[node + num_requests]
            _longest(seq, start, stop, j, num_requests, chain, earliest, latest, limit, place, flow, dist, pred, arc)
            total += dist[goal]
            _augment(j, goal, flow, pred, arc)
    return total


@borrowing
def _longest(
    seq: Ints, start: int, stop: int, source: int, num_requests: int,
    chain: Floats, earliest: Floats, latest: Floats, limit: Floats,
    place: Ints, flow: Ints, dist: Floats, pred: Ints, arc: Ints,
) -> None:  # fmt: skip
    """Set the longest distances from a position to all others in the residual graph (Bellman-Ford in sweeps)."""
    clock = stop
    for j in range(start, stop + 1):
        dist[j] = -INF
        pred[j] = -1
    dist[source] = 0.0
    changed = True
    while changed:
        changed = False
        for j in range(start, stop):
            if j > start:
                step = chain[j] - chain[j - 1]
                changed |= _relax(j - 1, j, step, CHAIN, dist, pred, arc)
                if flow[CHAIN, j] > 0:
                    changed |= _relax(j, j - 1, -step, CHAIN + 4, dist, pred, arc)
            changed |= _relax(clock, j, earliest[j], ENTER, dist, pred, arc)
            changed |= _relax(j, clock, -latest[j], LEAVE, dist, pred, arc)
            if flow[ENTER, j] > 0:
                changed |= _relax(j, clock, -earliest[j], ENTER + 4, dist, pred, arc)
            if flow[LEAVE, j] > 0:
                changed |= _relax(clock, j, latest[j], LEAVE + 4, dist, pred, arc)
            node = seq[j]
            if node >= num_requests:
                up = place[node - num_requests]
                changed |= _relax(j, up, -limit[node - num_requests], RIDE, dist, pred, arc)
                if flow[RIDE, j] > 0:
                    changed |= _relax(up, j, limit[node - num_requests], RIDE + 4, dist, pred, arc)


@borrowing
def _relax(tail: int, head: int, length: float, kind: int, dist: Floats, pred: Ints, arc: Ints) -> bool:
    """Lengthen the path to ``head`` over ``tail`` if that is longer."""
    if dist[tail] > -0.5 * INF and dist[tail] + length > dist[head] + 10.0 * EPS:
        dist[head] = dist[tail] + length
        pred[head] = tail
        arc[head] = kind
        return True
    return False


@borrowing
def _augment(source: int, goal: int, flow: Ints, pred: Ints, arc: Ints) -> None:
    """Send one unit along the tree from ``source`` to ``goal``."""
    head = goal
    while head != source:
        tail = pred[head]
        kind = arc[head]
        if kind < 4:
            flow[kind, _owner(kind, tail, head)] += 1
        else:
            flow[kind - 4, _owner(kind - 4, head, tail)] -= 1
        head = tail


@borrowing
def _owner(kind: int, tail: int, head: int) -> int:
    """Give the position under which the flow of a forward arc is kept."""
    if kind in (CHAIN, ENTER):
        return head
    return tail

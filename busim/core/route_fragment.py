"""Fragments: stretches of a route from empty to empty, summed up by five numbers each.

Waiting outside fragments costs nothing and a later start never adds waiting inside, so the least excess ride time of
a feasible route is the sum over its fragments (Su et al. 2023, theorem 1), whatever happens between them.
"""

from __future__ import annotations

from busim.core.compiled import borrowing
from busim.core.route_data import EPS, NONE, ZERO, Floats, Ints, RouteData, Work
from busim.core.route_excess import least_ride


@borrowing
def split(data: RouteData, work: Work, seq: Ints, length: int, capacity: int) -> int:
    """Split a sequence into fragments and sum each up in ``work``; bounds that cannot be met end it.

    Parameters
    ----------
    data, work
        The problem and scratch space, which receives ``lift, last_start, span, drive, excess, first, last``.
    seq, length
        Pick-ups and drop-offs of the route in order.
    capacity
        Places of the vehicle.

    Returns
    -------
    int
        Number of fragments, -1 if a window, ride limit or the capacity cannot be met within one of them.
    """
    num = data.num_requests
    load, aboard, count, start = ZERO, ZERO, ZERO, ZERO
    for j in range(length):
        node = seq[j]
        if node < num:
            load += data.load[node]
            aboard += 1
            if load > capacity:
                return NONE
        else:
            load -= data.load[node - num]
            aboard -= 1
            if aboard == 0:
                if not sum_up(data, work, seq, start, j + 1, count):
                    return NONE
                count += 1
                start = j + 1
    return count


@borrowing
def sum_up(data: RouteData, work: Work, seq: Ints, start: int, stop: int, index: int) -> bool:
    """Sum up the fragment ``seq[start:stop]`` under ``index``; False if its own bounds conflict."""
    num = data.num_requests
    chain, earliest, latest, place = work.chain, work.earliest, work.latest, work.place
    if not _forward(data.travel, data.service, data.early, data.late, data.max_ride,
                    seq, start, stop, num, chain, earliest, place):  # fmt: skip
        return False
    _backward(data.late, data.max_ride, seq, start, stop, num, chain, latest, place)
    rides, fixed, service = 0.0, 0.0, 0.0
    for j in range(start, stop):
        node = seq[j]
        if node >= num:
            request = node - num
            fixed += data.direct[request] + data.service[request]
            rides += chain[j] - chain[place[request]]
        if j < stop - 1:
            service += data.service[node]
    wait = earliest[stop - 1] - chain[stop - 1] - latest[start]
    if wait > EPS and data.excess_weight > 0.0:
        rides = least_ride(seq, start, stop, num, chain, earliest, latest, data.max_ride,
                           place, work.flow, work.dist, work.pred, work.arc)  # fmt: skip
    work.lift[index] = earliest[stop - 1] - chain[stop - 1]
    work.last_start[index] = latest[start]
    work.span[index] = chain[stop - 1] + data.service[seq[stop - 1]]
    work.drive[index] = chain[stop - 1] - service
    work.excess[index] = rides - fixed
    work.first[index] = seq[start]
    work.last[index] = seq[stop - 1]
    return True


@borrowing
def _forward(
    travel: Floats, service: Floats, early: Floats, late: Floats, max_ride: Floats,
    seq: Ints, start: int, stop: int, num: int, chain: Floats, earliest: Floats, place: Ints,
) -> bool:  # fmt: skip
    """Propagate earliest starts, then raise pick-ups that ride limits pull along; False if a bound breaks."""
    lifted = False
    for j in range(start, stop):
        node = seq[j]
        place[node] = j
        chain[j] = 0.0
        earliest[j] = early[node]
        if j > start:
            step = service[seq[j - 1]] + travel[seq[j - 1], node]
            chain[j] = chain[j - 1] + step
            earliest[j] = max(early[node], earliest[j - 1] + step)
        if earliest[j] > late[node] + EPS:
            return False
        if node >= num:
            up = place[node - num]
            if chain[j] - chain[up] > max_ride[node - num] + EPS:
                return False
            lifted |= earliest[j] - earliest[up] > max_ride[node - num] + EPS
    while lifted:
        lifted = False
        for j in range(start, stop):
            node = seq[j]
            if node >= num and earliest[j] - earliest[place[node - num]] > max_ride[node - num] + EPS:
                lifted = True
                if not _raise(late, seq, place[node - num], j, earliest[j] - max_ride[node - num], chain, earliest):
                    return False
    return True


@borrowing
def _raise(late: Floats, seq: Ints, up: int, stop: int, value: float, chain: Floats, earliest: Floats) -> bool:
    """Raise one earliest start and what follows from it up to ``stop``; False if a latest start is passed."""
    earliest[up] = value
    if value > late[seq[up]] + EPS:
        return False
    for j in range(up + 1, stop + 1):
        bound = earliest[j - 1] + chain[j] - chain[j - 1]
        if bound <= earliest[j]:
            return True
        earliest[j] = bound
        if bound > late[seq[j]] + EPS:
            return False
    return True


@borrowing
def _backward(
    late: Floats, max_ride: Floats, seq: Ints, start: int, stop: int, num: int,
    chain: Floats, latest: Floats, place: Ints,
) -> None:  # fmt: skip
    """Propagate latest starts, then lower drop-offs that ride limits hold back."""
    lowered = False
    for k in range(start, stop):
        j = start + stop - 1 - k
        latest[j] = late[seq[j]]
        if j < stop - 1:
            latest[j] = min(latest[j], latest[j + 1] - (chain[j + 1] - chain[j]))
    for j in range(start, stop):
        node = seq[j]
        if node >= num:
            lowered |= latest[j] - latest[place[node - num]] > max_ride[node - num] + EPS
    while lowered:
        lowered = False
        for j in range(start, stop):
            node = seq[j]
            if node >= num and latest[j] - latest[place[node - num]] > max_ride[node - num] + EPS:
                lowered = True
                latest[j] = latest[place[node - num]] + max_ride[node - num]
                for k in range(j - start):
                    i = j - 1 - k
                    bound = latest[i + 1] - (chain[i + 1] - chain[i])
                    if bound >= latest[i]:
                        break
                    latest[i] = bound

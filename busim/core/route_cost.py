"""The least cost of a route: its fragments, the cheapest destination, and charging stops where energy runs short."""

from __future__ import annotations

from busim.core.compiled import borrowing
from busim.core.route_charge import find_stops
from busim.core.route_data import EPS, INF, MAX_VISITS, NONE, Ints, RouteData, Work
from busim.core.route_fragment import split
from busim.core.route_memo import keep, memo_key, recall, unpack


@borrowing
def plain_cost(
    data: RouteData, work: Work, seq: Ints, length: int, vehicle: int, dest_free: Ints
) -> tuple[float, float, int, int]:
    """Give the cost without charging stops, and a lower bound of the cost with any.

    Parameters
    ----------
    data, work
        The problem and scratch space, which receives the fragments.
    seq, length
        Pick-ups and drop-offs of the route in order.
    vehicle
        Index of the vehicle.
    dest_free
        Places left at each destination [D].

    Returns
    -------
    bound, cost, destination, num_fragments
        ``bound`` is `INF` if windows, ride limits or places cannot be met; ``cost`` is `INF` if energy runs short.
    """
    count = split(data, work, seq, length, data.capacity[vehicle])
    if count < 0:
        return INF, INF, NONE, NONE
    node, time, driven, excess = data.origin[vehicle], data.early[data.origin[vehicle]], 0.0, 0.0
    for g in range(count):
        leg = data.travel[node, work.first[g]]
        time += leg
        if time > work.last_start[g] + EPS:
            return INF, INF, NONE, NONE
        time = max(time, work.lift[g]) + work.span[g]
        driven += leg + work.drive[g]
        excess += work.excess[g]
        node = work.last[g]
    bound, cost, dest = INF, INF, NONE
    for d in range(len(data.dest_node)):
        leg = data.travel[node, data.dest_node[d]]
        if dest_free[d] <= 0 or time + leg > data.late[data.dest_node[d]] + EPS:
            continue
        total = data.drive_weight * (driven + leg) + data.excess_weight * excess
        bound = min(bound, total)
        left = data.energy_start[vehicle] - data.discharge * (driven + leg)
        if left >= data.energy_end[vehicle] - EPS and total < cost:
            cost, dest = total, d
    return bound, cost, dest, count


@borrowing
def charged_cost(
    data: RouteData, work: Work, count: int, vehicle: int, station_free: Ints, dest_free: Ints, best: float
) -> tuple[float, int]:
    """Give the least cost below ``best`` with charging stops, for the fragments that `plain_cost` left in ``work``.

    Parameters
    ----------
    data, work, count, vehicle, dest_free
        As for `plain_cost`.
    station_free
        Visits left at each station [S].
    best
        Only costs below it are of interest.

    Returns
    -------
    cost, destination
        ``(best, -1)`` if there is none.
    """
    excess = 0.0
    for g in range(count):
        excess += work.excess[g]
    fixed = data.excess_weight * excess
    weight = max(data.drive_weight, 1e-12)
    driven, dest = find_stops(data, work, count, vehicle, station_free, dest_free, (best - fixed) / weight)
    if dest < 0:
        return best, NONE
    return data.drive_weight * driven + fixed, dest


@borrowing
def route_cost(
    data: RouteData, work: Work, seq: Ints, length: int, vehicle: int, station_free: Ints, dest_free: Ints, used: Ints
) -> tuple[float, int]:
    """Give a route's least cost and destination, and set the visits it makes to each station.

    Parameters
    ----------
    data, work, seq, length, vehicle, station_free, dest_free
        As above.
    used
        Receives the number of visits per station [S].

    Returns
    -------
    cost, destination
        ``(INF, -1)`` if the route cannot be driven.
    """
    for s in range(len(used)):
        used[s] = 0
    bound, cost, dest, count = plain_cost(data, work, seq, length, vehicle, dest_free)
    if bound >= INF or bound >= cost - EPS:
        return cost, dest
    key = memo_key(seq, length, data.kind[vehicle], station_free, dest_free)
    slot = recall(work, key, cost)
    if slot < 0:
        charged, charged_dest = charged_cost(data, work, count, vehicle, station_free, dest_free, cost)
        keep(work, key, charged, charged_dest)
        if charged_dest >= 0:
            for i in range(MAX_VISITS):
                if work.best_station[i] >= 0:
                    used[work.best_station[i]] += 1
            cost, dest = charged, charged_dest
    elif work.memo_dest[slot] >= 0 and work.memo_cost[slot] < cost - EPS:
        cost, dest = work.memo_cost[slot], work.memo_dest[slot]
        unpack(work, slot, used)
    return cost, dest

"""The cheapest insertion of a request into a route: positions pruned first, then costed exactly."""

from __future__ import annotations

from busim.core.compiled import borrowing
from busim.core.route_cost import charged_cost, plain_cost
from busim.core.route_data import EPS, INF, MAX_SHORT, NONE, ZERO, Floats, Ints, RouteData, Work
from busim.core.route_memo import keep, memo_key, recall


@borrowing
def fill_bounds(data: RouteData, seq: Ints, length: int, vehicle: int, depart: Floats, latest: Floats) -> None:
    """Set earliest departures and latest starts along a route, without charging stops.

    Parameters
    ----------
    data
        The problem.
    seq, length, vehicle
        The route.
    depart
        Receives the earliest departure from the origin (index 0) and from position j - 1 (index j) [L].
    latest
        Receives the latest start of service at position j; at ``length`` the latest arrival at a destination [L].
    """
    node = data.origin[vehicle]
    depart[0] = data.early[node]
    for j in range(length):
        arrival = depart[j] + data.travel[node, seq[j]]
        node = seq[j]
        depart[j + 1] = max(arrival, data.early[node]) + data.service[node]
    latest[length] = -INF
    for d in range(len(data.dest_node)):
        stop = data.dest_node[d]
        latest[length] = max(latest[length], data.late[stop])
    for k in range(length):
        j = length - 1 - k
        node = seq[j]
        rest = data.service[node] + (data.travel[node, seq[j + 1]] if j + 1 < length else 0.0)
        latest[j] = min(data.late[node], latest[j + 1] - rest)


@borrowing
def splice(seq: Ints, length: int, up: int, down: int, request: int, num: int, target: Ints) -> None:
    """Write the sequence with a request's pick-up before position ``up`` and its drop-off before ``down``."""
    for j in range(up):
        target[j] = seq[j]
    target[up] = request
    for j in range(up, down):
        target[j + 1] = seq[j]
    target[down + 1] = request + num
    for j in range(down, length):
        target[j + 2] = seq[j]


@borrowing
def best_insertion(
    data: RouteData, work: Work, seq: Ints, length: int, vehicle: int, request: int,
    plain: float, depart: Floats, latest: Floats, station_free: Ints, dest_free: Ints, bound: float,
) -> tuple[float, int, int]:  # fmt: skip
    """Give the route's least cost below ``bound`` with a request inserted, and where.

    Parameters
    ----------
    data, work
        The problem and scratch space.
    seq, length, vehicle, plain
        The route and its cost without charging stops.
    request
        The request to insert.
    depart, latest
        From `fill_bounds`.
    station_free, dest_free
        Visits and places that this route may use [S], [D].
    bound
        Only costs below it are of interest.

    Returns
    -------
    cost, up, down
        Positions for `splice`; ``(INF, -1, -1)`` if there is no such insertion.
    """
    best, best_up, best_down = bound, NONE, NONE
    for i in range(MAX_SHORT):
        work.short_bound[i] = INF
    load = ZERO
    node = data.origin[vehicle]
    for up in range(length + 1):
        if up > 0:
            node = seq[up - 1]
            load += data.load[node] if node < data.num_requests else -data.load[node - data.num_requests]
        time = max(depart[up] + data.travel[node, request], data.early[request])
        if time > data.late[request] + EPS:
            break
        if load + data.load[request] <= data.capacity[vehicle]:
            best, best_up, best_down = _try_drops(
                data, work, seq, length, vehicle, request, up, node, load, time, plain, latest,
                dest_free, best, best_up, best_down,
            )  # fmt: skip
    return _try_charging(data, work, seq, length, vehicle, request, station_free, dest_free, best, best_up, best_down)


@borrowing
def _try_drops(
    data: RouteData, work: Work, seq: Ints, length: int, vehicle: int, request: int, up: int, before: int,
    load: int, time: float, plain: float, latest: Floats, dest_free: Ints, best: float, best_up: int, best_down: int,
) -> tuple[float, int, int]:  # fmt: skip
    """Try every drop-off position for one pick-up position."""
    num = data.num_requests
    travel, drop = data.travel, request + data.num_requests
    node, load, since, detour = request, load + data.load[request], 0.0, travel[before, request]
    for down in range(up, length + 1):
        leg = data.service[node] + travel[node, drop]
        arrival = max(time + leg, data.early[drop])
        if arrival > data.late[drop] + EPS:
            break
        if since + leg <= data.max_ride[request] + EPS:
            added, reach = detour + travel[node, drop], data.service[drop]
            if down < length:
                added += travel[drop, seq[down]] - travel[seq[down - 1] if down > up else before, seq[down]]
                reach += travel[drop, seq[down]]
            ride = since + leg - data.service[request] - data.direct[request]
            least = plain + data.drive_weight * added + data.excess_weight * max(ride, 0.0)
            if arrival + reach <= latest[down] + EPS and (least < best - EPS or down == length):
                splice(seq, length, up, down, request, num, work.candidate)
                low, cost, _, _ = plain_cost(data, work, work.candidate, length + 2, vehicle, dest_free)
                if cost < best - EPS:
                    best, best_up, best_down = cost, up, down
                elif low < best - EPS and cost >= INF:
                    _remember(work, low, up, down)
        if down == length:
            break
        following = seq[down]
        if down == up:
            detour += travel[node, following] - travel[before, following]
        step = data.service[node] + travel[node, following]
        time, since, node = max(time + step, data.early[following]), since + step, following
        load += data.load[node] if node < num else -data.load[node - num]
        if time > latest[down] + EPS or since > data.max_ride[request] + EPS or load > data.capacity[vehicle]:
            break
    return best, best_up, best_down


@borrowing
def _remember(work: Work, bound: float, up: int, down: int) -> None:
    """Keep an insertion that needs charging, cheapest first."""
    if bound >= work.short_bound[MAX_SHORT - 1]:
        return
    i = MAX_SHORT - 1
    while i > 0 and work.short_bound[i - 1] > bound:
        work.short_bound[i] = work.short_bound[i - 1]
        work.short_up[i], work.short_down[i] = work.short_up[i - 1], work.short_down[i - 1]
        i -= 1
    work.short_bound[i], work.short_up[i], work.short_down[i] = bound, up, down


@borrowing
def _try_charging(
    data: RouteData, work: Work, seq: Ints, length: int, vehicle: int, request: int,
    station_free: Ints, dest_free: Ints, best: float, best_up: int, best_down: int,
) -> tuple[float, int, int]:  # fmt: skip
    """Search charging stops for the insertions that ran short of energy."""
    for i in range(MAX_SHORT):
        if work.short_bound[i] >= best - EPS:
            break
        up, down = work.short_up[i], work.short_down[i]
        splice(seq, length, up, down, request, data.num_requests, work.candidate)
        key = memo_key(work.candidate, length + 2, data.kind[vehicle], station_free, dest_free)
        slot = recall(work, key, best)
        if slot >= 0:
            cost, dest = work.memo_cost[slot], work.memo_dest[slot]
        else:
            _, _, _, count = plain_cost(data, work, work.candidate, length + 2, vehicle, dest_free)
            cost, dest = charged_cost(data, work, count, vehicle, station_free, dest_free, best)
            keep(work, key, cost, dest)
        if dest >= 0 and cost < best - EPS:
            best, best_up, best_down = cost, up, down
    return (best, best_up, best_down) if best_up >= 0 else (INF, NONE, NONE)

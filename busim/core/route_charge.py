"""Charging stops for a given sequence of fragments: the cheapest, by depth-first search over gaps and stations.

Each level adds one stop. Whether the rest of the route can be driven without a further stop is a look-up in suffix
arrays, so a single stop costs (gaps x stations) look-ups, and deeper levels are cut by the best driving time so far.
"""

from __future__ import annotations

from busim.core import route_curve as curve
from busim.core.compiled import borrowing
from busim.core.route_data import EPS, INF, MAX_VISITS, NONE, ZERO, Ints, RouteData, Work

BUDGET = 4000  # stops tried per sequence; routes of the published sizes stay far below it


@borrowing
def fill_suffixes(data: RouteData, work: Work, count: int, vehicle: int, dest_free: Ints) -> None:
    """Set, for each gap and destination, latest arrival, energy and travel time of the rest without a stop.

    Parameters
    ----------
    data, work
        The problem; fragments summed up in ``work``.
    count
        Number of fragments; gap g lies before fragment g, gap ``count`` after the last.
    vehicle
        Index of the vehicle.
    dest_free
        Places left at each destination [D].
    """
    for d in range(len(data.dest_node)):
        following = data.dest_node[d]
        late = data.late[following] if dest_free[d] > 0 else -INF
        need, driven = data.energy_end[vehicle], 0.0
        work.suffix_late[count, d], work.suffix_need[count, d], work.suffix_drive[count, d] = late, need, driven
        for i in range(count):
            g = count - 1 - i
            leg = data.travel[work.last[g], following]
            bound = late - leg - work.span[g]
            late = min(work.last_start[g], bound) if work.lift[g] <= bound + EPS else -INF
            need += data.discharge * (leg + work.drive[g])
            driven += leg + work.drive[g]
            work.suffix_late[g, d], work.suffix_need[g, d], work.suffix_drive[g, d] = late, need, driven
            following = work.first[g]


@borrowing
def find_stops(
    data: RouteData, work: Work, count: int, vehicle: int, station_free: Ints, dest_free: Ints, bound: float
) -> tuple[float, int]:
    """Give the least travel time with charging stops and its destination; the stops are left in ``work.best_*``.

    Parameters
    ----------
    data, work, count, vehicle, dest_free
        As for `fill_suffixes`.
    station_free
        Visits left at each station [S].
    bound
        Only travel times below it are of interest.

    Returns
    -------
    travel_time, destination
        ``(bound, -1)`` if there is none below it.
    """
    fill_suffixes(data, work, count, vehicle, dest_free)
    _fill_gaps(data, work, count, vehicle, station_free, dest_free)
    for i in range(MAX_VISITS + 1):
        work.best_gap[i] = work.best_station[i] = -1
    best = bound
    work.counter[0], work.counter[1] = 0, -1
    for deepest in range(1, MAX_VISITS + 1):
        best = _descend(data, work, count, vehicle, station_free, dest_free, best, deepest)
    return best, work.counter[1]


@borrowing
def _fill_gaps(data: RouteData, work: Work, count: int, vehicle: int, station_free: Ints, dest_free: Ints) -> None:
    """Set how long the bus could charge at most in any one gap from each gap on, and what energy it needs there."""
    node, depart = data.origin[vehicle], data.early[data.origin[vehicle]]
    for g in range(count + 1):
        slack, need = 0.0, INF
        for d in range(len(data.dest_node)):
            if dest_free[d] <= 0:
                continue
            following = work.first[g] if g < count else data.dest_node[d]
            need = min(need, work.suffix_need[g, d] + data.discharge * data.travel[node, following])
            for s in range(len(data.station_node)):
                if station_free[s] > 0:
                    stop = data.station_node[s]
                    detour = data.travel[node, stop] + data.travel[stop, following]
                    slack = max(slack, (work.suffix_late[g, d] - depart - detour) * data.rate[s])
        work.gap_slack[g], work.gap_need[g] = slack, need
        if g < count:
            arrival = depart + data.travel[node, work.first[g]]
            depart, node = max(arrival, work.lift[g]) + work.span[g], work.last[g]
    for i in range(count):
        g = count - 1 - i
        work.gap_slack[g] = max(work.gap_slack[g], work.gap_slack[g + 1])


@borrowing
def _is_hopeless(work: Work, row: int, gap: int, visits: int) -> bool:
    """Tell whether even the longest charging in the gaps to come leaves the bus short of energy."""
    most: float = work.curve_energy[row, work.curve_size[row] - 1] + visits * work.gap_slack[gap]
    return most < float(work.gap_need[gap]) - EPS


@borrowing
def _descend(
    data: RouteData, work: Work, count: int, vehicle: int, station_free: Ints, dest_free: Ints,
    best: float, deepest: int,
) -> float:  # fmt: skip
    """Search to a depth with an explicit stack: level i moves its curve from gap to gap and tries every station."""
    origin = data.origin[vehicle]
    curve.begin(
        work.curve_time, work.curve_energy, work.curve_size, ZERO, data.early[origin], data.energy_start[vehicle]
    )
    level = ZERO
    work.stack_node[0], work.stack_drive[0] = origin, 0.0
    work.visit_gap[0], work.visit_station[0] = 0, -1
    while level >= 0 and work.counter[0] <= BUDGET:
        gap, station = work.visit_gap[level], work.visit_station[level] + 1
        work.visit_station[level] = station
        if station >= len(data.station_node):
            level -= 0 if _next_gap(data, work, count, level, best, deepest) else 1
            continue
        node, stop = work.stack_node[level], data.station_node[station]
        driven = work.stack_drive[level] + data.travel[node, stop]
        if _left(work, station_free, level, station) <= 0:
            continue
        if _least_rest(data, work, count, gap, stop) + driven >= best - EPS:
            continue
        work.counter[0] += 1
        if not _visit(data, work, level, station, node, vehicle):
            continue
        if level + 1 == deepest:
            total, dest = _finish(data, work, count, gap, stop, level, driven, dest_free)
            if dest >= 0 and total < best - EPS:
                best, work.counter[1] = total, dest
                _keep(work, level)
        elif gap < count:
            level = _push(data, work, level, gap, stop, driven, deepest)
    return best


@borrowing
def _next_gap(data: RouteData, work: Work, count: int, level: int, best: float, deepest: int) -> bool:
    """Move a level to its next gap; False if there is none that could lead to anything better."""
    gap, node = work.visit_gap[level], work.stack_node[level]
    if gap >= count or not _advance(data, work, level, gap, node):
        return False
    work.stack_drive[level] += data.travel[node, work.first[gap]] + work.drive[gap]
    work.stack_node[level] = work.last[gap]
    work.visit_gap[level], work.visit_station[level] = gap + 1, -1
    return work.stack_drive[level] < best - EPS and not _is_hopeless(work, level, gap + 1, deepest - level)


@borrowing
def _push(data: RouteData, work: Work, level: int, gap: int, stop: int, driven: float, deepest: int) -> int:
    """Open the next level after the fragment that follows the stop, if that can be reached."""
    rows = work.curve_time, work.curve_energy, work.curve_size
    curve.copy(rows[0], rows[1], rows[2], MAX_VISITS + 1 + level, level + 1)
    if not _advance(data, work, level + 1, gap, stop) or _is_hopeless(work, level + 1, gap + 1, deepest - level - 1):
        return level
    work.stack_drive[level + 1] = driven + data.travel[stop, work.first[gap]] + work.drive[gap]
    work.stack_node[level + 1] = work.last[gap]
    work.visit_gap[level + 1], work.visit_station[level + 1] = gap + 1, -1
    return level + 1


@borrowing
def _left(work: Work, station_free: Ints, level: int, station: int) -> int:
    """Count the visits still free at a station, given the stops of the levels above."""
    left: int = station_free[station]
    for i in range(level):
        if work.visit_station[i] == station:
            left -= 1
    return left


@borrowing
def _advance(data: RouteData, work: Work, row: int, gap: int, node: int) -> bool:
    """Move a curve from a node through the fragment after a gap; False if that is too late or too far."""
    time, energy, size = work.curve_time, work.curve_energy, work.curve_size
    leg = data.travel[node, work.first[gap]]
    if not curve.drive(time, energy, size, row, leg, data.discharge * leg):
        return False
    if not curve.cut_late(time, energy, size, row, work.last_start[gap]):
        return False
    curve.wait_until(time, energy, size, row, work.lift[gap])
    return curve.drive(time, energy, size, row, work.span[gap], data.discharge * work.drive[gap])


@borrowing
def _visit(data: RouteData, work: Work, level: int, station: int, node: int, vehicle: int) -> bool:
    """Copy the level's curve and take it to a station and through charging there."""
    time, energy, size = work.curve_time, work.curve_energy, work.curve_size
    row, stop = MAX_VISITS + 1 + level, data.station_node[station]
    curve.copy(time, energy, size, level, row)
    leg = data.travel[node, stop]
    if not curve.drive(time, energy, size, row, leg, data.discharge * leg):
        return False
    if not curve.cut_late(time, energy, size, row, data.late[stop]):
        return False
    curve.wait_until(time, energy, size, row, data.early[stop])
    curve.charge(time, energy, size, row, data.rate[station], data.battery[vehicle])
    return True


@borrowing
def _least_rest(data: RouteData, work: Work, count: int, gap: int, stop: int) -> float:
    """Bound from below the travel time from a station in a gap to the end."""
    least = INF
    for d in range(len(data.dest_node)):
        if work.suffix_late[gap, d] > -0.5 * INF:
            following = work.first[gap] if gap < count else data.dest_node[d]
            least = min(least, data.travel[stop, following] + work.suffix_drive[gap, d])
    return least


@borrowing
def _finish(
    data: RouteData, work: Work, count: int, gap: int, stop: int, level: int, driven: float, dest_free: Ints
) -> tuple[float, int]:
    """Give the cheapest destination that can be reached from a station without a further stop, -1 if none."""
    row = MAX_VISITS + 1 + level
    best, best_dest = INF, NONE
    for d in range(len(data.dest_node)):
        if dest_free[d] <= 0:
            continue
        following = work.first[gap] if gap < count else data.dest_node[d]
        leg = data.travel[stop, following]
        at = work.suffix_late[gap, d] - leg
        if work.curve_time[row, 0] > at + EPS:
            continue
        level_then = curve.level_at(work.curve_time, work.curve_energy, work.curve_size, row, at)
        total = driven + leg + work.suffix_drive[gap, d]
        if level_then >= work.suffix_need[gap, d] + data.discharge * leg - EPS and total < best:
            best, best_dest = total, d
    return best, best_dest


@borrowing
def _keep(work: Work, level: int) -> None:
    """Remember the stops in hand as the best."""
    for i in range(MAX_VISITS + 1):
        work.best_gap[i] = work.visit_gap[i] if i <= level else -1
        work.best_station[i] = work.visit_station[i] if i <= level else -1

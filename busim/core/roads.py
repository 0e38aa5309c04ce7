"""Times on real roads: planned travel times, with noise by edge and time bin where the day had any."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import compiled, lent
from busim.core.travel import TravelTables, choose_path, edge_arrival, edge_between, path_nodes, period_at
from busim.model.network import Floats, Ints


@lent
class Roads(NamedTuple):
    """What it takes to drive a leg as it really went.

    Parameters
    ----------
    tables
        Planned travel times.
    noise
        Factor on the travel time of each edge in each time bin [T, E]; no rows where roads keep to the plan.
    first_s, bin_s
        Start of the first bin and length of each [s].
    """

    tables: TravelTables
    noise: Floats
    first_s: float
    bin_s: float


@compiled
def noisy_arrival(tables: TravelTables, noise: Floats, first_s: float, bin_s: float, edge: int, time: float) -> float:
    """Arrive at the end of an edge entered at ``time`` [s] when each time bin has its own speed.

    The share of the edge left at the end of a bin or period is driven at the next one's speed, so that who enters
    first leaves first; rounded to a whole second once.
    """
    now, left = time, 1.0
    while True:
        period = period_at(tables.breaks, now)
        index = min(max(int((now - first_s) // bin_s), 0), len(noise) - 1)
        end = min(tables.breaks[period + 1], first_s + (index + 1) * bin_s)
        if index == len(noise) - 1:
            end = tables.breaks[period + 1]
        seconds = tables.seconds[period, edge] * noise[index, edge]
        if now + left * seconds <= end:
            return float(max(time + 1.0, np.rint(now + left * seconds)))
        left -= (end - now) / seconds
        now = end


@compiled
def road_leg(roads: Roads, start: int, end: int, time: float) -> tuple[float, float]:
    """Give seconds and metres of a leg that leaves at ``time`` on the path planned then, as the road lets it go."""
    if start == end:
        return 0.0, 0.0
    tables = roads.tables
    period, planned = choose_path(tables, start, end, time)
    metres = float(tables.lengths[period, start, end])
    if len(roads.noise) == 0:
        return planned, metres
    nodes = path_nodes(tables, period, start, end)
    now = time
    for k in range(1, len(nodes)):
        edge = edge_between(tables, period, nodes[k - 1], nodes[k])
        now = noisy_arrival(tables, roads.noise, roads.first_s, roads.bin_s, edge, now)
    return now - time, metres


@compiled
def planned_leg(tables: TravelTables, start: int, end: int, time: float) -> tuple[float, float]:
    """Look a leg up by the period that it leaves in: near enough to rank ideas."""
    period = period_at(tables.breaks, time)
    return float(tables.times[period, start, end]), float(tables.lengths[period, start, end])


@compiled
def drive(roads: Roads, start: int, end: int, now: float) -> tuple[Ints, Ints, Ints]:
    """Drive a leg that leaves now: nodes of the path, the time at each [s] and the metres until each [k]."""
    period, _ = choose_path(roads.tables, start, end, now)
    nodes = path_nodes(roads.tables, period, start, end).astype(np.int64)
    times, metres = np.empty(len(nodes), np.int64), np.empty(len(nodes), np.int64)
    drive_along(roads, period, nodes, now, times, metres)
    return nodes, times, metres


@compiled
def drive_along(roads: Roads, period: int, nodes: Ints, now: float, times: Ints | Floats, metres: Ints) -> None:
    """Write the whole seconds at which a bus that leaves now is at each node of a period's path, and the metres."""
    tables, noise = roads.tables, roads.noise
    start, end = nodes[0], nodes[-1]
    is_within = tables.breaks[period] <= now and now + tables.times[period, start, end] <= tables.breaks[period + 1]
    keeps = len(noise) == 0 and is_within
    times[0], metres[0], time = int(now), 0, now
    for k in range(1, len(nodes)):
        metres[k] = tables.lengths[period, start, nodes[k]]
        if keeps:
            times[k] = int(now) + tables.times[period, start, nodes[k]]
            continue
        edge = edge_between(tables, period, nodes[k - 1], nodes[k])
        if len(noise) == 0:
            time = edge_arrival(tables, edge, time)
        else:
            time = noisy_arrival(tables, noise, roads.first_s, roads.bin_s, edge, time)
        times[k] = int(time)

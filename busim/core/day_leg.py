"""Legs of a known day: looked up where one interval of steady speeds holds them, else driven edge by edge."""

from __future__ import annotations

import numpy as np

from busim.core.compiled import borrowing
from busim.core.day_data import DayData
from busim.core.road_table import interval_at
from busim.core.roads import noisy_arrival, planned_leg, road_leg
from busim.core.travel import TravelTables, edge_arrival, edge_between


@borrowing
def day_leg(data: DayData, start: int, end: int, time: float) -> tuple[float, float]:
    """Give seconds and metres of a leg that leaves at ``time``, as the road lets it go: what ``road_leg`` gives."""
    row = data.leg_row[start]
    if row < 0 or start == end or time != np.floor(time):
        return road_leg(data.roads, start, end, time)
    index = interval_at(data.leg_ends, data.leg_since, data.leg_grid, time)
    seconds, metres = (
        float(data.leg_seconds[index, row, end]),
        float(data.leg_metres[data.leg_period[index], start, end]),
    )
    if seconds < 0.0 or not _is_planned_within(data.roads.tables, data.leg_period[index], start, end, time):
        return road_leg(data.roads, start, end, time)
    if time + seconds < data.leg_ends[index]:  # not just at its end: there a second could be rounded into the next one
        return seconds, metres
    seconds = _across(data, start, end, time, index)
    return (seconds, metres) if seconds >= 0.0 else road_leg(data.roads, start, end, time)


@borrowing
def _is_planned_within(tables: TravelTables, period: int, start: int, end: int, time: float) -> bool:
    """Tell whether a leg is planned to end within its period: then its path is that period's fastest."""
    return bool(time + tables.times[period, start, end] <= tables.breaks[period + 1])


@borrowing
def _across(data: DayData, start: int, end: int, time: float, index: int) -> float:
    """Give the seconds of a leg during which interval ``index`` ends; -1 where the table does not hold the rest."""
    tables, row, ends, period = data.roads.tables, data.leg_row[start], data.leg_ends[index], data.leg_period[index]
    before, within, node, child = tables.before[period, start], data.leg_seconds[index, row], end, end
    while time + within[node] >= ends:
        child, node = node, before[node]
    now = time + within[node]
    edge = edge_between(tables, period, node, child)
    if len(data.roads.noise) == 0:
        now = edge_arrival(tables, edge, now)
    else:
        now = noisy_arrival(tables, data.roads.noise, data.roads.first_s, data.roads.bin_s, edge, now)
    later = interval_at(data.leg_ends, data.leg_since, data.leg_grid, now)
    whole, part = data.leg_seconds[later, row, end], data.leg_seconds[later, row, child]
    if whole >= 0 and part >= 0 and data.leg_period[later] == period:
        now += float(whole) - float(part)
        if now < data.leg_ends[later]:
            return now - time
    return -1.0


@borrowing
def near_leg(data: DayData, start: int, end: int, time: float) -> tuple[float, float]:
    """Give seconds and metres of a leg by the speeds of the moment that it leaves in: near enough to rank ideas."""
    row = data.leg_row[start]
    if row >= 0:
        index = interval_at(data.leg_ends, data.leg_since, data.leg_grid, time)
        seconds = float(data.leg_seconds[index, row, end])
        if seconds >= 0.0:
            return seconds, float(data.leg_metres[data.leg_period[index], start, end])
    return planned_leg(data.roads.tables, start, end, time)

"""Courses over the day on a regular grid: charge, states, and persons on board."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np

from busim.metrics.halts import STATES
from busim.model.network import Floats, Ints
from busim.model.table import Table

STEP_S = 300


def grid(start_s: float, end_s: float, step_s: int = STEP_S) -> Floats:
    """List the moments from ``start_s`` on, every ``step_s``, up to ``end_s`` [T, s]."""
    return np.arange(start_s, max(end_s, start_s) + 1, step_s, dtype=np.float64)


def charge_course(tables: Mapping[str, Table], times: Floats) -> Floats:
    """Give the share of charge of each bus over time [B, T]; ``nan`` outside its shift.

    Between two events of a bus the charge runs straight.
    """
    charge, buses = tables["charge"], tables["buses"]
    course = np.full((buses.num_rows, len(times)), np.nan)
    bounds = np.searchsorted(charge["bus"], np.arange(buses.num_rows + 1))
    for bus, (low, high) in enumerate(itertools.pairwise(bounds)):
        if high > low:
            inside = (times >= buses["shift_start_s"][bus]) & (times <= buses["shift_end_s"][bus])
            course[bus, inside] = np.interp(times[inside], charge["time_s"][low:high], charge["share"][low:high])
    return course


def mean_open(start: Floats | Ints, end: Floats | Ints, edges: Floats) -> Floats:
    """Count the spans from ``start`` to ``end`` that are open, on average in each bin between ``edges`` [T - 1]."""

    def seconds_before(moments: Floats | Ints) -> Floats:
        """Sum up (edge - moment) over the moments before each edge [T]."""
        ordered = np.sort(moments)
        count = np.searchsorted(ordered, edges)
        return count * edges - np.concatenate(([0.0], np.cumsum(ordered, dtype=np.float64)))[count]

    open_s = seconds_before(start) - seconds_before(end)
    means: Floats = np.diff(open_s) / np.diff(edges)
    return means


def state_means(states: Table, edges: Floats) -> Floats:
    """Count the buses in each of ``STATES``, on average in each bin between ``edges`` [K, T - 1]."""
    return np.array(
        [
            mean_open(states["start_s"][mine], states["end_s"][mine], edges)
            for mine in (states["state"] == name for name in STATES)
        ]
    )


def on_board_course(rides: Table, times: Floats) -> Ints:
    """Count the persons on board of all buses over time [T]."""
    ridden = ~np.isnan(rides["pickup_s"])
    end = np.where(np.isnan(rides["dropoff_s"]), np.inf, rides["dropoff_s"])[ridden]
    party = rides["party"][ridden]
    return _count_open(np.repeat(rides["pickup_s"][ridden], party), np.repeat(end, party), times)


def _count_open(start: Floats | Ints, end: Floats | Ints, times: Floats) -> Ints:
    begun = np.searchsorted(np.sort(start), times, side="right")
    over = np.searchsorted(np.sort(end), times, side="right")
    count: Ints = begun - over
    return count

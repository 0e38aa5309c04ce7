"""Waits and outcomes by hour, zone, stop and group of riders: averages hide who is served badly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from busim.model.events import OUTCOMES
from busim.model.network import Floats, Ints
from busim.model.table import Table
from busim.units import HOUR_S

GROUPS = ("hour", "from_zone", "to_zone", "from_stop", "to_stop", "purpose", "wheelchair", "party")


def grouped_quantile(values: Floats, group: Ints, num: int, share: float) -> Floats:
    """Give a quantile of each group's known values [G], by linear interpolation; ``nan`` of none."""
    known = ~np.isnan(values)
    values, group = values[known], group[known]
    order = np.lexsort((values, group))
    values = values[order]
    size = np.bincount(group, minlength=num)
    result = np.full(num, np.nan)
    some = size > 0
    position = (np.cumsum(size) - size)[some] + share * (size[some] - 1)
    low = np.floor(position).astype(np.int64)
    high = np.ceil(position).astype(np.int64)
    result[some] = values[low] + (values[high] - values[low]) * (position - low)
    return result


def grouped_mean(values: Floats, group: Ints, num: int) -> Floats:
    """Give the mean of each group's known values [G]; ``nan`` of none."""
    known = ~np.isnan(values)
    size = np.bincount(group[known], minlength=num)
    total = np.bincount(group[known], values[known], minlength=num)
    return np.where(size > 0, total / np.maximum(size, 1), np.nan)


def by_group(tables: Mapping[str, Table]) -> Table:
    """Tabulate waits and outcomes by group of riders.

    Parameters
    ----------
    tables
        As from ``busim.metrics.tables``.

    Returns
    -------
    Table
        One row per group: ``by`` (one of ``GROUPS``), ``value`` as text (hours are of the earliest pick-up; stops
        are positions in the map's places; riders without zone or stop are left out), requests, persons, one count per
        outcome, service_rate, picked_up, wait_mean_s, wait_p50_s, wait_p90_s, ride_mean_s, detour_mean.
    """
    rides = tables["rides"]
    parts = [_one(by, rides) for by in GROUPS]
    return Table({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _values(by: str, rides: Table) -> tuple[NDArray[Any], NDArray[Any]]:
    if by == "hour":
        hours = rides["earliest_s"] // HOUR_S
        return hours, np.ones(len(hours), np.bool_)
    values = rides[by]
    if by == "wheelchair":
        return np.where(values, "yes", "no"), np.ones(len(values), np.bool_)
    missing = "" if values.dtype.kind in "UO" else -1
    return values, np.asarray(values != missing)


def _one(by: str, rides: Table) -> dict[str, NDArray[Any]]:
    values, known = _values(by, rides)
    mine = rides.where(known)
    names, group = np.unique(values[known], return_inverse=True)
    num = len(names)
    requests = np.bincount(group, minlength=num)
    outcomes = {name: np.bincount(group[mine["outcome"] == name], minlength=num) for name in OUTCOMES}
    wait = mine["wait_s"]
    return {
        "by": np.full(num, by, dtype="U10"),
        "value": names.astype(np.str_),
        "requests": requests,
        "persons": np.bincount(group, mine["party"], minlength=num).astype(np.int64),
        **outcomes,
        "service_rate": outcomes["served"] / np.maximum(requests, 1),
        "picked_up": np.bincount(group[~np.isnan(wait)], minlength=num),
        "wait_mean_s": grouped_mean(wait, group, num),
        "wait_p50_s": grouped_quantile(wait, group, num, 0.5),
        "wait_p90_s": grouped_quantile(wait, group, num, 0.9),
        "ride_mean_s": grouped_mean(mine["ride_s"], group, num),
        "detour_mean": grouped_mean(mine["detour"], group, num),
    }

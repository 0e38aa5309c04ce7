"""A day's tables with the columns that several KPIs share, and averages that know of empty sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from busim.metrics.series import charge_course, grid
from busim.model.network import Bools, Floats, Ints
from busim.model.specs import ScenarioSpec
from busim.model.table import Table

LEAST_GROUP = 20  # riders; the mean of fewer says nothing about a zone


def ratio(part: float, whole: float) -> float:
    """Divide, with ``nan`` where the denominator is missing."""
    return float(part) / float(whole) if whole and not np.isnan(whole) else float("nan")


def mean(values: Floats | Ints | Bools) -> float:
    """Average what is known; ``nan`` of nothing."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def quantile(values: Floats | Ints, share: float) -> float:
    """Give the quantile of what is known; ``nan`` of nothing."""
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if len(known) else float("nan")


def gini(values: Floats) -> float:
    """Give Gini's coefficient of what is known: 0 all the same, near 1 all with one (``nan`` if the sum is 0)."""
    known = np.sort(values[~np.isnan(values)])
    rank = np.arange(1, len(known) + 1)
    return ratio(float(((2 * rank - len(known) - 1) * known).sum()), float(known.sum()) * len(known))


@dataclass(frozen=True)
class Day:
    """What KPIs are made of.

    Parameters
    ----------
    tables
        As from ``busim.metrics.tables``.
    spec
        The scenario.
    """

    tables: Mapping[str, Table]
    spec: ScenarioSpec

    @property
    def rides(self) -> Table:
        """The riders."""
        return self.tables["rides"]

    @cached_property
    def num_requests(self) -> int:
        """Count the requests."""
        return self.rides.num_rows

    def count(self, outcome: str) -> int:
        """Count the riders with an outcome."""
        return int(np.sum(self.rides["outcome"] == outcome))

    @cached_property
    def is_served(self) -> Bools:
        """Tell who was brought to his stop [R]."""
        served: Bools = self.rides["outcome"] == "served"
        return served

    @cached_property
    def wait_s(self) -> Floats:
        """Waits of those who were picked up [s]."""
        wait: Floats = self.rides["wait_s"]
        return wait[~np.isnan(wait)]

    @cached_property
    def late_s(self) -> Floats:
        """How late each rider was, by the worst of pick-up, ride and arrival; 0 without a promise [R, s]."""
        columns = [self.rides[name] for name in ("late_pickup_s", "late_ride_s", "late_arrival_s")]
        is_promised = ~np.isnan(self.rides["promised_pickup_s"])
        late: Floats = np.nan_to_num(np.array(columns)).max(axis=0) * is_promised
        return late

    @cached_property
    def metres(self) -> float:
        """Metres driven by all buses."""
        return float(self.tables["legs"]["length_m"].sum())

    def metres_for(self, use: str) -> float:
        """Metres driven for one use."""
        legs = self.tables["legs"]
        return float(legs["length_m"][legs["use"] == use].sum())

    @cached_property
    def passenger_metres(self) -> float:
        """Metres driven, times persons on board."""
        legs = self.tables["legs"]
        return float((legs["length_m"] * legs["riders"]).sum())

    @cached_property
    def service_s(self) -> float:
        """Seconds that buses were in service."""
        return float(np.nansum(self.tables["buses"]["service_s"]))

    def state_s(self, *names: str) -> float:
        """Seconds that buses spent in some states."""
        states = self.tables["states"]
        return float((states["end_s"] - states["start_s"])[np.isin(states["state"], names)].sum())

    @cached_property
    def charge(self) -> Floats:
        """Shares of charge of all buses in service, every five minutes."""
        course = charge_course(self.tables, grid(self.spec.start_s, self.spec.end_s))
        return course[~np.isnan(course)]

    @cached_property
    def net_kwh(self) -> float:
        """Energy that all buses used, less what driving gave back to their batteries [kWh]."""
        return self.total("buses", "used_kwh") - self.total("buses", "recuperated_kwh")

    def total(self, table: str, column: str) -> float:
        """Sum a column."""
        return float(np.nansum(self.tables[table][column]))

    def gap(self, column: str, first: Bools, second: Bools) -> float:
        """Give the mean of a rides column over ``first`` less that over ``second``."""
        values = self.rides[column]
        return mean(values[first]) - mean(values[second])

    def zone_spread(self, values: Floats | Bools) -> float:
        """Give the largest less the smallest mean among zones of origin with enough riders known."""
        zones, index = np.unique(self.rides["from_zone"], return_inverse=True)
        known = ~np.isnan(values)
        size = np.bincount(index[known], minlength=len(zones))
        total = np.bincount(index[known], values[known], minlength=len(zones))
        kept = (size >= LEAST_GROUP) & (zones != "")
        means = total[kept] / size[kept]
        return float(means.max() - means.min()) if len(means) >= 2 else float("nan")

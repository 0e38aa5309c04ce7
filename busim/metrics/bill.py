"""What a day's electricity comes to at the meter: energy, money, emissions, with the way back to a full battery.

What the batteries hold less in the evening than in the morning is bought back overnight at the price of the night (and
what they hold more, saved then), so that emptying batteries never looks cheap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.tariff import co2_at
from busim.metrics.day import Day


@dataclass(frozen=True)
class Bill:
    """The electricity of a service day.

    Parameters
    ----------
    day_kwh, overnight_kwh
        Bought by day and to make up for the day overnight, at the meter; the latter is below 0 where the batteries
        end fuller than they began.
    energy, overnight, demand
        Money for the two, and for the highest quarter hour of each site.
    co2_kg
        Emissions of both.
    """

    day_kwh: float
    overnight_kwh: float
    energy: float
    overnight: float
    demand: float
    co2_kg: float

    @property
    def kwh(self) -> float:
        """Energy at the meter, that of the night included."""
        return self.day_kwh + self.overnight_kwh

    @property
    def total(self) -> float:
        """Money for all of it."""
        return self.energy + self.overnight + self.demand


def bill(day: Day) -> Bill:
    """Work out the bill of a day from its sites' quarter hours and its batteries' ends."""
    power, buses, electricity = day.tables["site_power"], day.tables["buses"], day.spec.electricity
    wall = power["wall_kwh"]
    missing = float(np.nansum(buses["start_kwh"] - buses["end_kwh"])) / electricity.overnight_efficiency
    night = co2_at(electricity, np.array([float(electricity.overnight_s)]))[0]
    return Bill(
        day_kwh=float(wall.sum()),
        overnight_kwh=missing,
        energy=float((wall * power["price_per_kwh"]).sum()),
        overnight=missing * electricity.overnight_per_kwh,
        demand=sum(peaks_kw(day)) * electricity.demand_per_kw,
        co2_kg=float((wall * power["co2_kg_per_kwh"]).sum()) + missing * float(night),
    )


def peaks_kw(day: Day) -> list[float]:
    """List the highest quarter-hour mean of each site [S, kW]."""
    power = day.tables["site_power"]
    return [float(power["power_kw"][power["site"] == site].max()) for site in np.unique(power["site"]).tolist()]

"""Section ``[electricity]``: what electricity costs and emits by time of day."""

from __future__ import annotations

import warnings
from typing import Annotated, Literal

from pydantic import Field

from busim.model.energy_specs import ElectricitySpec
from busim.scenario.base import Clock, Finding, Section
from busim.scenario.day import DaySection
from busim.scenario.tariffs import TARIFFS, emission_factors
from busim.units import HOUR_S

Price = Annotated[float, Field(ge=-20, le=20)]
DAYS_PER_MONTH = 30
DAY_S = 24 * HOUR_S


class ElectricitySection(Section):
    """What electricity costs and emits by time of day; no bus drives otherwise for it, unless its strategy does.

    Prices are at the meter. What the batteries hold less in the evening than in the morning is bought back overnight,
    in every KPI: emptying batteries never looks cheap.
    """

    tariff: Literal["chongqing", "chengdu", "europe", "flat", "own"] = Field(
        "chongqing",
        description="`chongqing`: time of use by the month of the date, general commercial 2021 (0.87 / 0.54 / 0.33 "
        "CNY/kWh, from a secondary source); `chengdu`: 0.75 / 0.55 / 0.26; `europe`: 1.40 to 2.50, "
        "an estimate; `flat`: one price; `own`: `breaks` and `price_per_kwh`",
    )
    flat_per_kwh: Price = Field(0.5435, description="Price under `flat`, per kWh; public plugs 0.3-0.5 more (estimate)")
    breaks: list[Clock] = Field([], description="Starts of the price periods under `own`, the first 00:00:00")
    price_per_kwh: list[Price] = Field([], description="Price of each period under `own`; below 0 gives a warning")
    fee_per_kwh: float = Field(
        0.0, ge=0, le=20, description="Added to every price: service fee; 0.3-0.5 at public plugs"
    )
    demand_per_kw_month: float = Field(
        0.0,
        ge=0,
        le=1000,
        description="Demand charge for the highest quarter hour of each site, a thirtieth of it per day; 36 (32-40) "
        "in Chongqing, from which charging stations are exempt until 2030",
    )
    overnight_at: Clock = Field(2 * HOUR_S, description="Time whose price holds for what is bought back overnight")
    overnight_efficiency: float = Field(0.92, ge=0.3, le=1, description="From the meter to the battery overnight")
    co2_kg_per_kwh: float = Field(
        0.5227, ge=0, le=3, description="Of the grid, mean of the year; Chongqing 2022 (0.4743 in 2021)"
    )
    co2_by_hour: bool = Field(True, description="Whether emissions vary with month and hour (an estimate, +-20 %)")
    ageing_per_kwh: float = Field(
        0.0,
        ge=0,
        le=10,
        description="Wear of the battery per kWh taken out; 0.25 (0.15-0.40), counted in `[costs]` too",
    )
    currency: str = Field("CNY", min_length=1, max_length=8, description="Name of the money")

    def findings(self) -> list[Finding]:
        """Check that own periods and prices fit each other."""
        found: list[Finding] = []
        if self.tariff != "own":
            what = f"is not used by the tariff '{self.tariff}'"
            unused = [key for key in ("breaks", "price_per_kwh") if getattr(self, key)]
            return [((key,), what, 'write tariff = "own"') for key in unused]
        if not self.breaks or self.breaks[0] != 0 or list(self.breaks) != sorted(set(self.breaks)):
            found.append((("breaks",), "must begin with 00:00:00 and ascend", "write breaks = [00:00:00, 07:00:00]"))
        elif self.breaks[-1] >= DAY_S:
            found.append((("breaks",), "must lie within 24 hours: the prices repeat every day", ""))
        if len(self.breaks) != len(self.price_per_kwh):
            what = f"has {len(self.price_per_kwh)} prices for {len(self.breaks)} periods"
            found.append((("price_per_kwh",), what, "give one price for each start in breaks"))
        return found


def electricity_spec(section: ElectricitySection, day: DaySection) -> ElectricitySpec:
    """Turn the section into prices and emissions of the scenario's day."""
    month = day.calendar.month
    if section.tariff in TARIFFS:
        breaks, prices = TARIFFS[section.tariff].periods(month)
    elif section.tariff == "flat":
        breaks, prices = (0,), (section.flat_per_kwh,)
    else:
        breaks, prices = tuple(section.breaks), tuple(section.price_per_kwh)
    prices = tuple(price + section.fee_per_kwh for price in prices)
    if min(prices) < 0:
        warnings.warn(
            f"electricity.price_per_kwh: the lowest price is {min(prices):g}: charging is paid for then", stacklevel=2
        )
    factors = emission_factors(month) if section.co2_by_hour else (1.0,) * 24
    period = max(i for i, start in enumerate(breaks) if start <= section.overnight_at % DAY_S)
    return ElectricitySpec(
        breaks_s=breaks,
        price_per_kwh=prices,
        demand_per_kw=section.demand_per_kw_month / DAYS_PER_MONTH,
        overnight_per_kwh=prices[period],
        overnight_efficiency=section.overnight_efficiency,
        overnight_s=int(section.overnight_at % DAY_S),
        co2_kg_per_kwh=tuple(section.co2_kg_per_kwh * factor for factor in factors),
        ageing_per_kwh=section.ageing_per_kwh,
        currency=section.currency,
    )

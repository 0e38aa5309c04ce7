"""Section ``[costs]``: what the service costs in money."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from busim.model.cost_spec import CostSpec
from busim.scenario.base import Finding, Section

_DEFAULTS = CostSpec()


def _key(name: str, low: float, high: float, about: str) -> Any:
    """Declare a number; its default stands in ``CostSpec``."""
    return Field(getattr(_DEFAULTS, name), ge=low, le=high, description=about)


class CostsSection(Section):
    """What the service costs, in CNY of 2024, for the KPIs `money_...`; nothing in a day's course depends on it.

    Where no source is named the default is an estimate for a large city in western China; "low-high" is the range in
    which the truth may well lie. What does not grow with the fleet (stops, maps, roadside units) is left out.
    """

    discount_rate: float = _key(
        "discount_rate",
        *(0, 0.3),
        "Real rate per year; China's appraisal methods of 2006 have 8 %, the EU 3-5 %; estimate between",
    )
    bus_days_per_year: float = _key("bus_days_per_year", 1, 366, "Days on which a bus is in service, of 365")
    bus_cny: float = _key(
        "bus_cny", 0, 2e7, "A bus with automated driving, without battery; 0.8-1.6 million (no unit price is published)"
    )
    bus_years: float = _key("bus_years", 1, 40, "Life of a bus; Shenzhen Bus Group leases for 8 years")
    av_kit_cny: float = _key("av_kit_cny", 0, 2e7, "Part of `bus_cny` for sensors and computer; 250 000-450 000")
    av_kit_years: float = _key("av_kit_years", 1, 40, "Life of sensors and computer")
    battery_cny_per_kwh: float = _key(
        "battery_cny_per_kwh",
        0,
        2e4,
        "Battery, fitted, per kWh nominal; 700-1300 (packs alone about 530 in 2024, BNEF)",
    )
    battery_usable_share: float = _key("battery_usable_share", 0.3, 1, "Usable of the nominal energy")
    battery_residual_share: float = _key("battery_residual_share", 0, 1, "Worth of a battery at its end")
    battery_cycles: float = _key("battery_cycles", 100, 20_000, "Full cycles of LFP until 80 % are left ...")
    battery_years: float = _key("battery_years", 1, 40, "... or these years, whichever end comes first")
    charger_cny_per_kw: float = _key(
        "charger_cny_per_kw", 0, 2e4, "Charger installed, per kW of a plug; 500-1050 (equipment alone 350, trade press)"
    )
    charger_years: float = _key("charger_years", 1, 40, "Life of a charger")
    transformer_cny_per_kw: float = _key(
        "transformer_cny_per_kw", 0, 2e4, "10 kV connection, per kW of all plugs; 500-1200"
    )
    transformer_years: float = _key("transformer_years", 1, 60, "Life of the connection")
    depot_place_cny: float = _key("depot_place_cny", 0, 1e6, "A marked open place per bus; 25 000-80 000")
    depot_years: float = _key("depot_years", 1, 100, "Life of the depot's civil works")
    land_cny_per_place_year: float = _key("land_cny_per_place_year", 0, 1e6, "Rent of 35 m2 per bus")
    control_centre_cny: float = _key("control_centre_cny", 0, 1e8, "Fit-out of the control centre ...")
    console_cny: float = _key("console_cny", 0, 1e7, "... per operator or supervisor at the busiest time ...")
    control_cny_per_bus: float = _key("control_cny_per_bus", 0, 1e6, "... and per bus")
    control_centre_years: float = _key("control_centre_years", 1, 40, "Life of the fit-out")
    maintenance_cny_per_km: float = _key("maintenance_cny_per_km", 0, 50, "Of the vehicle, with tyres; 0.3-0.9")
    cleaning_cny_per_bus_day: float = _key("cleaning_cny_per_bus_day", 0, 2000, "Half an hour and water; 20-50")
    av_upkeep_cny_per_bus_year: float = _key(
        "av_upkeep_cny_per_bus_year", 0, 1e7, "Licence of the driving software, upkeep of its sensors; 20 000-120 000"
    )
    insurance_cny_per_bus_year: float = _key(
        "insurance_cny_per_bus_year", 0, 1e6, "With 5 million liability; 12 000-40 000"
    )
    telecom_cny_per_bus_year: float = _key("telecom_cny_per_bus_year", 0, 1e6, "Radio and data; 2000-6000")
    staffing: Literal["attendant", "remote", "none"] = Field(
        "attendant",
        description="Who watches the buses: one on board (Ministry of Transport's guide of 2023), or remote operators",
    )
    attendants_per_bus: float = _key("attendants_per_bus", 0, 3, "On board of each bus in service")
    buses_per_operator: float = _key(
        "buses_per_operator", 0.2, 100, "Buses in service that one remote operator watches"
    )
    supervisors: float = _key("supervisors", 0, 100, "In the control centre during service")
    attendant_cny_per_month: float = _key(
        "attendant_cny_per_month", 0, 2e5, "With on-costs (x 1.36), at a bus driver's level; 7500-11 600"
    )
    operator_cny_per_month: float = _key("operator_cny_per_month", 0, 2e5, "With on-costs; 10 000-16 000")
    supervisor_cny_per_month: float = _key("supervisor_cny_per_month", 0, 2e5, "With on-costs")
    shift_h: float = _key("shift_h", 1, 24, "Longest shift of a person")
    least_shift_h: float = _key("least_shift_h", 0, 24, "Hours for which a shift is paid at least")
    break_min: float = _key("break_min", 0, 180, "Paid break in a shift of over 4 h, covered by another person")
    week_h: float = _key("week_h", 5, 80, "Paid hours of a week")
    duty_share: float = _key("duty_share", 0.3, 1, "Paid hours less leave, illness and training")
    control_overhead_share: float = _key("control_overhead_share", 0, 5, "On the staff cost of the control centre")
    control_overhead_cny_per_year: float = _key("control_overhead_cny_per_year", 0, 1e8, "Its rent and computing")
    administration_share: float = _key("administration_share", 0, 2, "On all operating cost; 0.05-0.12")

    def findings(self) -> list[Finding]:
        """Check that the parts fit their whole."""
        found: list[Finding] = []
        if self.av_kit_cny > self.bus_cny:
            what = f"must be at most bus_cny ({self.bus_cny:g}), got {self.av_kit_cny:g}"
            found.append((("av_kit_cny",), what, "it is the part of the bus's price for sensors and computer"))
        if self.least_shift_h > self.shift_h:
            what = f"must be at most shift_h ({self.shift_h:g}), got {self.least_shift_h:g}"
            found.append((("least_shift_h",), what, "it is the least that a shift is paid for"))
        return found

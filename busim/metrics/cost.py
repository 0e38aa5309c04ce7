"""What a service day costs in money, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from busim.metrics.bill import bill
from busim.metrics.cost_staff import paid_hours, remote_posts, yearly_hours
from busim.metrics.day import Day
from busim.model.cost_spec import CostSpec
from busim.model.table import Table
from busim.units import HOUR_S

YEAR_DAYS = 365.0
GROUPS: Mapping[str, tuple[str, ...]] = {
    "capital": ("buses", "automation kits", "batteries", "chargers", "depot places", "control centre"),
    "energy": ("energy",),
    "upkeep": ("maintenance", "cleaning", "automation upkeep", "insurance", "telecom", "land"),
    "staff": ("attendants", "remote operators", "supervisors"),
    "overhead": ("control centre overhead", "administration"),
}


@dataclass(frozen=True)
class DayUse:
    """What a day's cost follows from.

    Parameters
    ----------
    shifts_s
        Start and end of each bus's shift [B, 2; s].
    battery_kwh
        Usable energy of all batteries together, those on the shelves of swap stations included.
    vehicle_km, used_kwh
        Driven by all buses, and taken out of their batteries, less what driving gave back.
    plugs_kw
        Power of all plugs, and of all places on such shelves, together.
    service_s
        Length of the service day.
    energy_cny
        What the day's electricity comes to, with what is bought back overnight.
    """

    shifts_s: tuple[tuple[float, float], ...]
    battery_kwh: float
    vehicle_km: float
    used_kwh: float
    plugs_kw: float
    service_s: float
    energy_cny: float = 0.0


def day_use(day: Day) -> DayUse:
    """Read what costs follow from out of a day's tables and its scenario."""
    fleet, sites = day.spec.fleet, day.tables["sites"]
    sizes = [fleet.vehicles[bus.vehicle].battery_kwh for bus in fleet.buses]
    spare_kwh = float(sites["spares"].sum()) * sum(sizes) / max(len(sizes), 1)  # of the fleet's mean size
    places = np.where(sites["spares"] > 0, sites["spares"], sites["plugs"])
    return DayUse(
        shifts_s=tuple((bus.shift_start_s, bus.shift_end_s) for bus in fleet.buses),
        battery_kwh=sum(sizes) + spare_kwh,
        vehicle_km=day.metres / 1000,
        used_kwh=day.net_kwh,
        plugs_kw=float((places * sites["power_kw"]).sum()),
        service_s=float(day.spec.end_s - day.spec.start_s),
        energy_cny=bill(day).total,
    )


def annuity(rate: float, years: float) -> float:
    """Give the yearly payment for a loan of 1 over some years, at a rate per year."""
    return 1 / years if rate == 0 else rate / (1 - (1 + rate) ** -years)


def battery_life_years(use: DayUse, costs: CostSpec) -> float:
    """Give the years until a battery has aged, by full cycles at this day's use or by the calendar."""
    cycles_per_year = use.used_kwh / use.battery_kwh * costs.bus_days_per_year if use.battery_kwh else 0.0
    return min(costs.battery_years, costs.battery_cycles / cycles_per_year) if cycles_per_year else costs.battery_years


def money(use: DayUse, costs: CostSpec) -> dict[str, float]:
    """Give the cost of a service day by item, in the order of ``GROUPS``.

    What is bought is paid by annuities. What belongs to a bus is spread over its days in service, what belongs to the
    whole over 365; staff is paid for the posts of this day, leave and illness included.

    Parameters
    ----------
    use
        What the day took.
    costs
        Prices.

    Returns
    -------
    dict
        Items in CNY per service day; names and groups as in ``GROUPS``.
    """
    staff = _staff(use, costs)
    operating = {"energy": use.energy_cny, **_upkeep(use, costs)}
    control_staff = staff["remote operators"] + staff["supervisors"]
    control = control_staff * costs.control_overhead_share + costs.control_overhead_cny_per_year / YEAR_DAYS
    running = sum(operating.values()) + sum(staff.values()) + control
    overhead = {"control centre overhead": control, "administration": running * costs.administration_share}
    return {**_capital(use, costs), **operating, **staff, **overhead}


def _capital(use: DayUse, costs: CostSpec) -> dict[str, float]:
    rate, buses = costs.discount_rate, len(use.shifts_s)

    def yearly(price: float, years: float, residual_share: float = 0.0) -> float:
        factor = annuity(rate, years)
        return price * (factor - residual_share * (factor - rate))

    battery = use.battery_kwh / costs.battery_usable_share * costs.battery_cny_per_kwh
    consoles = costs.supervisors + (len(remote_posts(use.shifts_s, costs)) if costs.staffing == "remote" else 0)
    centre = costs.control_centre_cny + costs.console_cny * consoles + costs.control_cny_per_bus * buses
    chargers = yearly(costs.charger_cny_per_kw, costs.charger_years)
    connection = yearly(costs.transformer_cny_per_kw, costs.transformer_years)
    bus_days, kits = costs.bus_days_per_year, costs.av_kit_cny * buses
    return {
        "buses": yearly(costs.bus_cny * buses - kits, costs.bus_years) / bus_days,
        "automation kits": yearly(kits, costs.av_kit_years) / bus_days,
        "batteries": yearly(battery, battery_life_years(use, costs), costs.battery_residual_share) / bus_days,
        "chargers": use.plugs_kw * (chargers + connection) / YEAR_DAYS,
        "depot places": yearly(costs.depot_place_cny * buses, costs.depot_years) / bus_days,
        "control centre": yearly(centre, costs.control_centre_years) / YEAR_DAYS,
    }


def _upkeep(use: DayUse, costs: CostSpec) -> dict[str, float]:
    buses = len(use.shifts_s)
    per_bus_day = buses / costs.bus_days_per_year
    return {
        "maintenance": use.vehicle_km * costs.maintenance_cny_per_km,
        "cleaning": buses * costs.cleaning_cny_per_bus_day,
        "automation upkeep": per_bus_day * costs.av_upkeep_cny_per_bus_year,
        "insurance": per_bus_day * costs.insurance_cny_per_bus_year,
        "telecom": per_bus_day * costs.telecom_cny_per_bus_year,
        "land": per_bus_day * costs.land_cny_per_place_year,
    }


def _staff(use: DayUse, costs: CostSpec) -> dict[str, float]:
    def hourly(per_month: float) -> float:
        return 12 * per_month / yearly_hours(costs)

    on_board = sum(paid_hours((end - start) / HOUR_S, costs) for start, end in use.shifts_s)
    remote = sum(paid_hours(hours, costs) for hours in remote_posts(use.shifts_s, costs))
    supervision = costs.supervisors * paid_hours(use.service_s / HOUR_S, costs)
    attended, watched = costs.staffing == "attendant", costs.staffing == "remote"
    return {
        "attendants": attended * costs.attendants_per_bus * on_board * hourly(costs.attendant_cny_per_month),
        "remote operators": watched * remote * hourly(costs.operator_cny_per_month),
        "supervisors": supervision * hourly(costs.supervisor_cny_per_month),
    }


def by_group(items: Mapping[str, float]) -> dict[str, float]:
    """Sum items by group: capital, energy, upkeep, staff, overhead."""
    return {group: sum(items[name] for name in names) for group, names in GROUPS.items()}


def money_table(day: Day) -> Table:
    """Tabulate what a day cost: group, item, CNY per service day, share of the whole."""
    items = money(day_use(day), day.spec.costs)
    group_of = {name: group for group, names in GROUPS.items() for name in names}
    values = np.array(list(items.values()))
    return Table(
        {
            "group": np.array([group_of[name] for name in items]),
            "item": np.array(list(items)),
            "cny_per_day": values,
            "share": values / max(values.sum(), 1e-9),
        }
    )

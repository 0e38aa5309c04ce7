"""KPIs of cost in money, by the prices in ``[costs]``; not to be taken for the generalised cost."""

from __future__ import annotations

from busim.metrics.cost import GROUPS, by_group, day_use, money
from busim.metrics.day import Day, ratio
from busim.metrics.kpi import Kpi


def _total(day: Day) -> float:
    return sum(money(day_use(day), day.spec.costs).values())


def _persons_served(day: Day) -> float:
    return float(day.rides["party"][day.is_served].sum())


def _group(name: str, formula: str) -> Kpi:
    return Kpi(
        f"money_{name}_per_day_cny",
        f"Cost of {name}",
        "CNY",
        "",
        formula,
        "lower",
        lambda day: by_group(money(day_use(day), day.spec.costs))[name],
    )


def _staff_share(day: Day) -> float:
    groups = by_group(money(day_use(day), day.spec.costs))
    return ratio(groups["staff"], sum(groups.values()))


MONEY = (
    Kpi(
        "money_per_day_cny",
        "Cost of the service day",
        "CNY",
        "",
        f"sum of the costs of {', '.join(GROUPS)}",
        "lower",
        _total,
        about="By the prices in [costs], of which many are estimates; without what does not grow with the fleet.",
    ),
    Kpi(
        "money_per_rider_cny",
        "Cost per person served",
        "CNY",
        "persons served",
        "cost of the service day / persons served",
        "lower",
        lambda day: ratio(_total(day), _persons_served(day)),
    ),
    Kpi(
        "money_per_vehicle_km_cny",
        "Cost per vehicle km",
        "CNY/km",
        "vehicle km",
        "cost of the service day / vehicle km",
        "lower",
        lambda day: ratio(_total(day) * 1000, day.metres),
    ),
    Kpi(
        "money_staff_share",
        "Staff's share of the cost",
        "1",
        "cost of the service day",
        "cost of staff / cost of the service day",
        "neutral",
        _staff_share,
    ),
    _group("capital", "annuities of buses, kits, batteries, chargers, depot places and control centre per service day"),
    _group("energy", "electricity by day at the meter and tariff, demand charge, and what is bought back overnight"),
    _group("upkeep", "maintenance per km, cleaning, automation upkeep, insurance, telecom and land per bus"),
    _group("staff", "paid hours of attendants or remote operators, and of supervisors, x cost of an hour on duty"),
    _group("overhead", "control centre's overhead, and administration on all operating cost"),
)

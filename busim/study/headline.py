"""The KPIs that one looks at first, as people read them: shares in percent, times in minutes."""

from __future__ import annotations

import math
from collections.abc import Mapping

from busim.metrics import KPIS
from busim.model.specs import ScenarioSpec

ALWAYS = (
    *("requests", "served", "refused", "abandoned", "service_rate"),
    *("wait_mean_s", "wait_p95_s", "ride_mean_s", "detour_mean", "walk_mean_s", "shared_share", "on_time_share"),
    *("vehicle_km", "empty_km_share", "occupancy", "riders_per_vehicle_hour"),
    *("kwh_per_km", "charge_min", "charge_sessions"),
)
ON_LINES = ("headway_mean_s", "headway_cv", "denied_boardings")


def headline(kpis: Mapping[str, float], spec: ScenarioSpec) -> list[tuple[str, str, str]]:
    """Give label, value and unit of the first KPIs; those that this day does not have are left out."""
    withdrawn = tuple(name for name in ("cancelled", "no_show", "in_progress") if kpis.get(name, 0) > 0)
    names = (*ALWAYS[:4], *withdrawn, *ALWAYS[4:], *(ON_LINES if spec.service.mode == "line" else ()))
    return [(KPIS[name].label, *readable(name, kpis[name])) for name in names if not math.isnan(kpis[name])]


def readable(name: str, value: float) -> tuple[str, str]:
    """Give a value with its unit as people read it."""
    unit = KPIS[name].unit
    if unit == "s":
        return f"{value / 60:.1f}", "min"
    if unit == "1" and name.endswith(("_share", "_rate", "_min")):
        return f"{100 * value:.1f}", "%"
    if float(value).is_integer() and abs(value) < 1e6:
        return f"{value:.0f}", "" if unit == "1" else unit
    return (f"{value:.0f}" if abs(value) >= 1000 else f"{value:.2f}"), "" if unit == "1" else unit


def units(kpis: Mapping[str, float]) -> dict[str, str]:
    """Give the unit of each KPI."""
    return {name: KPIS[name].unit for name in kpis if name in KPIS}

"""The KPIs of the hand-made day, and the dictionary as a whole."""

from pathlib import Path

import numpy as np
import pytest
from tiny_day import riders

from busim.metrics import KPIS, summary, tables
from busim.metrics.kpi_page import page
from busim.model.events import EventLog

# Worked out from the comments in tiny_day: waits 10, 65, 380; legs 7500 m of which 3000 m loaded.
WANTED = {
    "requests": 7,
    "persons": 8,
    "served": 3,
    "refused": 2,
    "abandoned": 1,
    "in_progress": 1,
    "service_rate": 3 / 7,
    "refused_share": 2 / 7,
    "wait_mean_s": 455 / 3,
    "wait_p50_s": 65,
    "wait_p90_s": 65 + 0.8 * (380 - 65),
    "wait_max_s": 380,
    "ride_mean_s": 570 / 3,
    "detour_mean": (145 / 120 + 215 / 180 + 210 / 180) / 3,
    "walk_mean_s": 80,
    "total_time_mean_s": (455 + 570 + 240) / 3,
    "shared_share": 2 / 3,
    "on_time_share": 1 / 3,
    "late_riders": 2,
    "late_mean_s": (80 + 100) / 2,
    "over_limit": 1,
    "denied_boardings": 1,
    "wait_gini": ((-2) * 10 + 0 * 65 + 2 * 380) / (455 * 3),
    "wait_gap_wheelchair_s": 380 - 75 / 2,
    "service_gap_wheelchair": 2 / 6 - 1,
    "vehicle_km": 7.5,
    "vehicle_hours": (3600 + 1520) / 3600,
    "empty_km_share": 4.5 / 7.5,
    "km_to_rider_share": 2 / 7.5,
    "km_move_share": 1 / 7.5,
    "km_to_charger_share": 0.5 / 7.5,
    "km_to_depot_share": 1 / 7.5,
    "km_line_share": 0,
    "passenger_km": 3 * 1 + 2 * 0.5 + 1 * 1.5,
    "occupancy": 5.5 / 7.5,
    "directness": (1 + 2 * 1.5 + 1.5) / 7.5,
    "riders_per_vehicle_hour": 4 * 3600 / 5120,
    "fleet_utilisation": (300 + 25 + 15 + 20 + 620 + 10 + 20 + 30) / 5120,
    "commercial_speed_kmh": 7.5 / (1040 / 3600),
    "energy_used_kwh": 4.9,
    "kwh_per_km": 4.9 / 7.5,
    "kwh_per_passenger_km": 4.9 / 5.5,
    "energy_charged_kwh": 1,
    "charge_min": 0.71,
    "charge_end_mean": (0.9 + 0.71) / 2,
    "charge_sessions": 1,
    "plug_utilisation": 600 / 3600,
    "plug_wait_mean_s": 120,
    "plug_wait_p95_s": 120,
    "cost_wait": 10 + 65 * 2 + 380,  # rider 1 brings a friend
    "cost_ride": 0.5 * (145 + 215 * 2 + 210),
    "cost_walk": 2 * 80 * 4,
    "cost_late": 10 * (100 * 2 + 80),
    "cost_drive": 0.1 * 920 + 0.01 * 7500,
    "cost_refusal": 1000 * 3,
    "cost": 520 + 392.5 + 640 + 2800 + 167 + 3000,
    "cost_per_rider": 7519.5 / 7,
}


@pytest.mark.parametrize("name", WANTED)
def test_value(day, spec, name):
    """Each KPI equals its formula worked out by hand."""
    assert summary(day, spec)[name] == pytest.approx(WANTED[name])


def test_all_in_order(day, spec):
    """The summary has every KPI of the dictionary, in its order, as a float."""
    values = summary(day, spec)
    assert list(values) == list(KPIS)
    assert all(isinstance(value, float) for value in values.values())


def test_empty_km_adds_up(day, spec):
    """The shares of empty km by use add up to the whole."""
    values = summary(day, spec)
    parts = [v for name, v in values.items() if name.startswith("km_")]
    assert sum(parts) == pytest.approx(values["empty_km_share"])


def test_nothing_happened(spec, town, times):
    """Without events shares and means are nan, without a warning, and totals are 0."""
    values = summary(tables(EventLog.from_rows([]), spec, town, riders(), times), spec)
    for name in ("wait_mean_s", "wait_p95_s", "occupancy", "kwh_per_km", "headway_cv", "charge_min", "wait_gini"):
        assert np.isnan(values[name]), name
    assert (values["vehicle_km"], values["late_riders"], values["plug_utilisation"]) == (0, 0, 0)


@pytest.mark.parametrize("kpi", KPIS.values(), ids=list(KPIS))
def test_definition(kpi):
    """Each KPI is told in full; shares and means name what they are counted over."""
    assert kpi.label
    assert kpi.unit
    assert kpi.formula
    assert kpi.direction in ("lower", "higher", "neutral")
    if kpi.unit == "1":
        assert kpi.denominator
    for unit in ("s", "kmh", "kwh", "km"):
        if kpi.name.endswith("_" + unit) and not kpi.name.startswith("kwh_per"):
            assert kpi.unit.replace("/", "").lower().endswith(unit)


def test_page_is_current():
    """The page in the documentation is what the dictionary says."""
    stored = (Path(__file__).parents[2] / "docs" / "kpis.md").read_text(encoding="utf-8")
    assert stored == page()

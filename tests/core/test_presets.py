"""What the types of bus take, against what is published of them; the table in docs/energy.md is made here."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from busim.core.energy import ACCELERATION, driving, kwh_per_km, traction
from busim.model.energy_specs import DriveSpec
from busim.scenario.presets import PRESETS, climate_kw

DOCS = Path(__file__).parents[2] / "docs" / "energy.md"


class Cycle(NamedTuple):
    """A way of driving: speed between stops [km/h], full stops per km, mean speed with all stops [km/h]."""

    cruise_kmh: float
    stops_per_km: float
    mean_kmh: float


CYCLES = {
    "A": Cycle(30.0, 3.75, 15.7),  # a stop every 400 m, 20 s each, and half a signal of 20 s between stops
    "B": Cycle(40.0, 3.25, 20.1),  # 15 s each, and 0.3 signals of 15 s
    "C": Cycle(20.0, 3.0, 11.0),  # a shuttle among pedestrians
    "D": Cycle(12.0, 3.0, 6.0),  # a first trial
}
PUBLISHED = (  # type, cycle, what is published: range [km], rate [kWh/km] or power [kW], each from and to
    ("robobus", "A", "km", 120.0, 120.0, "120 km typical, 8 h (Uncrewed Systems 58, 2024)"),
    ("xiaoyu", "A", "km", 100.0, 150.0, "100-150 km (rcn.asia 2021)"),
    ("apolong", "B", "km", 100.0, 100.0, "100 km (chinaservicesinfo 2018)"),
    ("ez10", "D", "kWh/km", 0.4, 0.5, "8.6 kWh a day, 600 km in 5 weeks (automobile-entreprise 2017)"),
    ("navya", "C", "kW", 3.3, 3.3, "3.3 kW on average (Bongiovanni, Kaspi and Geroliminis 2019)"),
    ("ejest", "B", "km", 210.0, 210.0, "210 km of 88 kWh (busplaner 2020)"),
)
TOLERANCE = 0.2  # of press and trade figures


def use(name: str, cycle: Cycle, celsius: float = 20.0) -> dict[str, float]:
    """Give rate [kWh/km], range [km] and mean power [kW] of a type with five riders on the level."""
    preset = PRESETS[name]
    drive = DriveSpec(preset.mass_kg, preset.drag_area_m2)
    speed = min(cycle.cruise_kmh, preset.top_speed_kmh)
    by_clock = preset.auxiliary_kw + preset.computer_kw + climate_kw(celsius, "heat_pump")
    rate = kwh_per_km(speed, cycle.stops_per_km, drive) + by_clock / cycle.mean_kmh
    return {"kWh/km": rate, "km": preset.battery_kwh / rate, "kW": rate * cycle.mean_kmh}


def table() -> str:
    """Write the table of docs/energy.md."""
    lines = ["| type | cycle | published | model: range | rate | mean power |", "|---|---|---|---:|---:|---:|"]
    for name, cycle, _, _, _, published in PUBLISHED:
        found = use(name, CYCLES[cycle])
        cells = f"{found['km']:.0f} km | {found['kWh/km']:.2f} kWh/km | {found['kW']:.1f} kW"
        lines.append(f"| `{name}` | {cycle} | {published} | {cells} |")
    return "\n".join(lines)


def test_the_documentation_holds_the_table():
    """If this fails after a meant change, put ``table()`` into docs/energy.md."""
    assert table() in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "cycle", "unit", "low", "high", "published"), PUBLISHED)
def test_presets_lie_within_what_is_published(name, cycle, unit, low, high, published):
    """Ranges, rates and powers are those published, to a fifth: such figures are no better."""
    assert published
    assert (1 - TOLERANCE) * low <= use(name, CYCLES[cycle])[unit] <= (1 + TOLERANCE) * high


@pytest.mark.parametrize("name", PRESETS)
def test_the_mean_rate_of_a_preset_is_that_of_its_physics(name):
    """The rate that plans count in lies between those of cycles A and B, or near them."""
    preset = PRESETS[name]
    drive = DriveSpec(preset.mass_kg, preset.drag_area_m2)
    rates = [
        kwh_per_km(min(c.cruise_kmh, preset.top_speed_kmh), c.stops_per_km, drive) for c in (CYCLES["A"], CYCLES["B"])
    ]
    assert 0.85 * min(rates) <= preset.kwh_per_km <= 1.15 * max(rates)


def test_closed_form_of_the_facts():
    """The default bus on cycles A and B: 0.279 and 0.353 kWh/km, as a simulation in steps gives to 5 %."""
    drive = DriveSpec(4300.0, 2.8)
    assert kwh_per_km(30.0, 3.75, drive) == pytest.approx(0.279, abs=0.001)
    assert kwh_per_km(40.0, 3.25, drive) == pytest.approx(0.353, abs=0.001)


def test_a_hill_up_and_down_loses_what_is_not_recuperated():
    """Ten metres of climb and descent at 4,625 kg, so steep that rolling does not matter: 0.073 kWh (facts)."""
    drive = DriveSpec(4625.0, 2.8)
    both = traction(np.array([1.0, 1.0]), 30.0, 0.0, drive, climb_m=np.array([10.0, -10.0])).net.sum()
    assert both == pytest.approx(0.073, abs=0.001)
    gentle = traction(np.array([2000.0, 2000.0]), 30.0, 0.0, drive, climb_m=np.array([10.0, -10.0])).net.sum()
    level = traction(np.array([4000.0]), 30.0, 0.0, drive).net.sum()
    assert gentle == pytest.approx(level)  # what the slope gives is less than what rolling needs: nothing is lost


def test_lost_time_becomes_stops():
    """With all lost time in stops the bus cruises at the limit, and the stops take what is lost."""
    drive = DriveSpec(4300.0, 2.8, stop_share=1.0, stop_wait_s=20.0)
    mean, free = np.array([5.0, 10.0]), np.array([10.0, 10.0])
    cruise, stops = driving(mean, free, drive)
    assert cruise == pytest.approx([10.0, 10.0])
    assert stops * (10.0 / ACCELERATION + 20.0) == pytest.approx([0.1, 0.0])

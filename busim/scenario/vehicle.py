"""From the keys of a type of bus to its spec: preset, own values, and what the day's temperature does to it."""

from __future__ import annotations

from typing import Any

from busim.model.energy_specs import DriveSpec
from busim.model.specs import VehicleSpec
from busim.scenario.day import DaySection
from busim.scenario.fleet import GroupSection
from busim.scenario.presets import CHARGE_CURVE, PRESETS, Preset, climate_kw, cold_factors, drive_factors

_KEYS = ("seats", "standees", "wheelchair_places", "battery_kwh", "kwh_per_km", "charge_kw", "top_speed_kmh")
_DRIVE_KEYS = {  # of the section and of the spec; what is not given there stands here
    "rolling": "rolling",
    "rotating": "rotating",
    "drive_efficiency": "efficiency",
    "recuperation": "recuperation",
    "recuperation_up_to": "full_above",
    "stop_share": "stop_share",
    "stop_wait_s": "stop_wait_s",
}


def vehicle_spec(group: GroupSection, day: DaySection) -> VehicleSpec:
    """Turn the keys of a group of buses into their type."""
    name = group.vehicle or ""
    preset = PRESETS[name]
    values = {key: _given(group, preset, key) for key in _KEYS}
    usable, charging = cold_factors(day.temperature_c)
    values["battery_kwh"] = round(values["battery_kwh"] * usable, 6)
    values["charge_kw"] = round(values["charge_kw"] * charging, 6)
    points = tuple((share, power) for share, power in group.charge_curve or CHARGE_CURVE)
    return VehicleSpec(
        name=name,
        charge_points=points,
        plug=group.plug or "",
        is_stepped=bool(group.charge_in_steps),
        drive=_drive(group, preset, day.temperature_c) if group.kwh_per_km is None else None,
        **values,
        **_standing(group, preset, day),
    )


def _given(group: GroupSection, preset: Preset, key: str) -> Any:
    own = getattr(group, key)
    return getattr(preset, key) if own is None else own


def _drive(group: GroupSection, preset: Preset, temperature_c: float) -> DriveSpec:
    given = {spec: getattr(group, key) for key, spec in _DRIVE_KEYS.items() if getattr(group, key) is not None}
    mass_kg, area_m2 = (_given(group, preset, key) for key in ("mass_kg", "drag_area_m2"))
    drive = DriveSpec(mass_kg, area_m2, temperature_c=temperature_c, **given)
    rolling, recuperation = drive_factors(temperature_c)
    changed = {"rolling": drive.rolling * rolling, "recuperation": drive.recuperation * recuperation}
    return DriveSpec(**{**vars(drive), **changed})


def _standing(group: GroupSection, preset: Preset, day: DaySection) -> dict[str, Any]:
    """Give the powers by the clock [kW]; a total of its own has no parts, and does not follow the temperature."""
    if group.standing_kw is not None:
        return {"standing_kw": group.standing_kw}
    heating = group.heating or "heat_pump"
    fixed = _given(group, preset, "auxiliary_kw") + _given(group, preset, "computer_kw")
    hours = tuple(round(fixed + climate_kw(hour, heating), 6) for hour in day.temperature_by_hour_c)
    highest = max(hours) if hours else round(fixed + climate_kw(day.temperature_c, heating), 6)
    return {
        "standing_kw": highest,
        "climate_kw": round(highest - fixed, 6),
        "computer_kw": _given(group, preset, "computer_kw"),
        "standing_by_hour_kw": hours,
    }

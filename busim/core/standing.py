"""Energy that a bus uses by the clock: climate, computer, auxiliaries."""

from __future__ import annotations

from busim.model.specs import VehicleSpec

HOUR_S = 3600


def standing_kwh(vehicle: VehicleSpec, start_s: int, end_s: int) -> float:
    """Give the energy between two moments [s, kWh]; it changes by the hour where the temperature does."""
    hours = vehicle.standing_by_hour_kw
    if not hours:
        return (end_s - start_s) / HOUR_S * vehicle.standing_kw
    total, now = 0.0, start_s
    while now < end_s:
        step = min(end_s, (now // HOUR_S + 1) * HOUR_S)
        total += (step - now) / HOUR_S * hours[now // HOUR_S % 24]
        now = step
    return total

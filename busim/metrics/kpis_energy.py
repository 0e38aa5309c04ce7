"""KPIs of energy and charging, each on the battery's or the meter's side as its label says."""

from __future__ import annotations

import numpy as np

from busim.metrics.day import Day, mean, quantile, ratio
from busim.metrics.kpi import Kpi
from busim.model.network import Floats


def _end_shares(day: Day) -> float:
    size = np.array([day.spec.fleet.vehicles[bus.vehicle].battery_kwh for bus in day.spec.fleet.buses])
    return mean(day.tables["buses"]["end_kwh"] / size)


def _lowest(day: Day) -> float:
    share = day.tables["charge"]["share"]
    return float(share.min()) if len(share) else float("nan")


def _violations(day: Day) -> int:
    """Count how often a bus fell below the reserve: each time anew after it has been above."""
    charge = day.tables["charge"]
    is_low = charge["share"] < day.spec.charging.reserve - 1e-9
    is_new = np.diff(charge["bus"], prepend=-1) != 0
    was_low = np.concatenate(([False], is_low[:-1])) & ~is_new
    return int(np.sum(is_low & ~was_low))


def _waits(day: Day) -> Floats:
    """Give the waits for a plug of buses in service [s]."""
    charges = day.tables["charges"]
    waits: Floats = charges["wait_s"][~charges["is_overnight"]].astype(np.float64)
    return waits


def _charged_overnight(day: Day) -> float:
    charges = day.tables["charges"]
    return float(np.nansum(charges["energy_kwh"][charges["is_overnight"]]))


ENERGY = (
    Kpi(
        "energy_used_kwh",
        "Energy used",
        "kWh",
        "",
        "sum of energy out of the batteries, driving, standing, climate, less what driving gave back",
        "lower",
        lambda day: day.net_kwh,
        source="HIVE total_kwh_expended",
    ),
    Kpi(
        "kwh_per_km",
        "Energy per km",
        "kWh/km",
        "vehicle km",
        "energy used / vehicle km",
        "lower",
        lambda day: ratio(day.net_kwh * 1000, day.metres),
        about="With what standing buses use, so above the rate of driving alone.",
    ),
    Kpi(
        "kwh_per_passenger_km",
        "Energy per person km",
        "kWh/km",
        "person km",
        "energy used / person km",
        "lower",
        lambda day: ratio(day.net_kwh * 1000, day.passenger_metres),
    ),
    Kpi(
        "energy_charged_kwh",
        "Energy charged",
        "kWh",
        "",
        "sum of energy into the batteries",
        "neutral",
        lambda day: day.total("buses", "charged_kwh"),
        source="HIVE total_kwh_dispensed",
        about="Set it against the charge at the end: what is missing there has to be bought overnight.",
    ),
    Kpi(
        "energy_charged_overnight_kwh",
        "Energy charged after shifts",
        "kWh",
        "",
        "sum of energy into the batteries of buses whose shift was over",
        "neutral",
        _charged_overnight,
        about='At the depots\' plugs, where charging.overnight is "plugs"; else it is bought and not charged.',
    ),
    Kpi("charge_min", "Charge, lowest", "1", "battery", "least share of any bus at any event", "higher", _lowest),
    Kpi(
        "charge_p5",
        "Charge, 5 %",
        "1",
        "moments of buses in service, every 5 min",
        "5% quantile of the share of charge",
        "higher",
        lambda day: quantile(day.charge, 0.05),
    ),
    Kpi(
        "reserve_violations",
        "Times below the reserve",
        "times",
        "",
        "number of times that a bus fell below its reserve",
        "lower",
        _violations,
        about="Each stands in the log with its cause; plans never touch the reserve.",
    ),
    Kpi(
        "charge_end_mean",
        "Charge at the end, mean",
        "1",
        "buses",
        "mean share of charge after the last event",
        "higher",
        _end_shares,
        source="HIVE mean_final_soc",
    ),
    Kpi(
        "charge_sessions",
        "Charging sessions",
        "times",
        "",
        "number of times that a bus was plugged in",
        "neutral",
        lambda day: day.tables["charges"].num_rows,
    ),
    Kpi(
        "plug_utilisation",
        "Plug utilisation",
        "1",
        "plugs x hours of the service day",
        "time plugged in / plug time offered",
        "neutral",
        lambda day: ratio(day.total("sites", "busy_s"), day.total("sites", "offered_s")),
        source="SimBA use factors",
    ),
    Kpi(
        "plug_wait_mean_s",
        "Wait for a plug, mean",
        "s",
        "charging sessions",
        "mean(plugged in - joined the queue), 0 where the plug was free",
        "lower",
        lambda day: mean(_waits(day)),
    ),
    Kpi(
        "plug_wait_p95_s",
        "Wait for a plug, 95 %",
        "s",
        "charging sessions",
        "95% quantile of (plugged in - joined the queue)",
        "lower",
        lambda day: quantile(_waits(day), 0.95),
    ),
)

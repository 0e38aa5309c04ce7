"""KPIs of the fleet: distance, load, time, headways, and the generalised cost."""

from __future__ import annotations

import numpy as np

from busim.metrics.day import Day, mean, ratio
from busim.metrics.kpi import Kpi
from busim.model.network import Floats


def _use(use: str, label: str) -> Kpi:
    return Kpi(
        f"km_{use}_share",
        label,
        "1",
        "vehicle km",
        f"km of legs with use {use} / vehicle km",
        "neutral" if use == "with_riders" else "lower",
        lambda day: ratio(day.metres_for(use), day.metres),
        source="SiMoD four distances; HIVE VKT by state; FleetPy repositioning vkm",
    )


def _direct_km(day: Day) -> float:
    rides = day.rides
    return float(np.nansum((rides["direct_m"] * rides["party"])[day.is_served])) / 1000


def _boarded(day: Day) -> float:
    return float(day.rides["party"][~np.isnan(day.rides["pickup_s"])].sum())


FLEET = (
    Kpi("vehicle_km", "Driven", "km", "", "sum of leg lengths", "lower", lambda day: day.metres / 1000),
    Kpi(
        "vehicle_hours",
        "In service",
        "h",
        "",
        "sum over buses of (end - start of the shift)",
        "lower",
        lambda day: day.service_s / 3600,
    ),
    Kpi(
        "empty_km_share",
        "Empty km",
        "1",
        "vehicle km",
        "km with nobody on board / vehicle km",
        "lower",
        lambda day: ratio(day.metres - day.metres_for("with_riders"), day.metres),
        source="MATSim emptyRatio; FleetPy empty vkm",
        about="The shares by use beneath it add up to it.",
    ),
    _use("to_rider", "Empty km to a pick-up"),
    _use("line", "Empty km along the line"),
    _use("move", "Empty km of rebalancing and parking"),
    _use("to_charger", "Empty km to a charger"),
    _use("to_depot", "Empty km to the depot"),
    Kpi(
        "passenger_km",
        "Carried",
        "person km",
        "",
        "sum of leg length x persons on board",
        "higher",
        lambda day: day.passenger_metres / 1000,
    ),
    Kpi(
        "occupancy",
        "Occupancy",
        "persons",
        "vehicle km",
        "person km / vehicle km",
        "higher",
        lambda day: ratio(day.passenger_metres, day.metres),
        source="FleetPy occupancy; MATSim d_r/d_t",
    ),
    Kpi(
        "directness",
        "System efficiency",
        "1",
        "vehicle km",
        "sum of direct distance x party over riders served / vehicle km",
        "higher",
        lambda day: ratio(_direct_km(day) * 1000, day.metres),
        source="RidePy efficiency_dist; FleetPy trip distance per fleet distance; inverse of MATSim l_det",
        about="Above 1 the buses drive less than private cars, each with its party, would.",
    ),
    Kpi(
        "riders_per_vehicle_hour",
        "Persons per vehicle hour",
        "persons/h",
        "vehicle hours in service",
        "persons picked up / vehicle hours",
        "higher",
        lambda day: ratio(_boarded(day) * 3600, day.service_s),
        source="FleetPy rides per veh rev hours; RideCo PVH",
    ),
    Kpi(
        "fleet_utilisation",
        "Fleet utilisation",
        "1",
        "vehicle hours in service",
        "time driving and serving halts / time in service",
        "higher",
        lambda day: ratio(day.state_s("driving_riders", "driving_empty", "serving"), day.service_s),
        source="FleetPy fleet utilization",
        about="Waiting, standing idle, queueing and charging do not count as use.",
    ),
    Kpi(
        "commercial_speed_kmh",
        "Commercial speed",
        "km/h",
        "hours driving and serving halts",
        "vehicle km / hours driving and serving halts",
        "higher",
        lambda day: ratio(day.metres * 3.6, day.state_s("driving_riders", "driving_empty", "serving")),
    ),
)


def _excess_wait(day: Day) -> float:
    headway = day.tables["headways"]["headway_s"].astype(np.float64)
    actual = ratio(float((headway**2).sum()), 2 * float(headway.sum()))
    return actual - _scheduled_wait(day)


def _scheduled_wait(day: Day) -> float:
    line = day.spec.line
    if line is None:
        return float("nan")
    if line.headway_s is not None:
        return line.headway_s / 2
    gaps: Floats = np.diff(np.array(line.timetable_s, np.float64))
    return ratio(float((gaps**2).sum()), 2 * float(gaps.sum()))


def _headway_cv(day: Day) -> float:
    headway = day.tables["headways"]["headway_s"]
    return ratio(float(np.std(headway)), mean(headway)) if len(headway) else float("nan")


def _bunched(day: Day) -> float:
    headways = day.tables["headways"]
    return ratio(float(np.sum(headways["headway_s"] < 0.25 * headways["scheduled_s"])), headways.num_rows)


_HEADWAYS = "headways between departures to the next stop, at every stop and direction"
LINES = (
    Kpi(
        "headway_mean_s",
        "Headway, mean",
        "s",
        _HEADWAYS,
        "mean(h)",
        "neutral",
        lambda day: mean(day.tables["headways"]["headway_s"]),
    ),
    Kpi(
        "headway_cv",
        "Headway regularity",
        "1",
        _HEADWAYS,
        "standard deviation of h / mean of h",
        "lower",
        _headway_cv,
        source="TCQSM headway adherence",
        about="0 is clockwork, 1 is no better than chance.",
    ),
    Kpi(
        "excess_wait_s",
        "Excess wait",
        "s",
        _HEADWAYS,
        "AWT - SWT, AWT = sum h^2 / (2 sum h) with actual headways, SWT the same with scheduled ones",
        "lower",
        _excess_wait,
        source="Transport for London, FOI-0791-1920",
        about="What irregular buses cost a rider who comes at random.",
    ),
    Kpi(
        "bunching_share",
        "Bunched departures",
        "1",
        _HEADWAYS,
        "departures less than a quarter of the scheduled (mean) headway after the one before / departures",
        "lower",
        _bunched,
    ),
)

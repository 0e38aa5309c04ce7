"""KPIs of riders: outcomes, waits and rides, promises."""

from __future__ import annotations

import numpy as np

from busim.metrics.day import Day, mean, quantile, ratio
from busim.metrics.kpi import Kpi

_WAIT_REFERENCE = (
    "earliest pick-up: when the rider has walked to the stop, from the time asked or booked; walks stand apart"
)
_COUNTS = {
    "served": ("Served", "higher", "Riders who were brought to their stop."),
    "refused": ("Refused", "lower", "Riders who were told no at once, also for want of a stop within walking reach."),
    "abandoned": ("Abandoned", "lower", "Riders who were accepted or queued, and left when their patience ran out."),
    "cancelled": ("Cancelled", "neutral", "Riders who withdrew before the pick-up."),
    "no_show": ("No-shows", "neutral", "Riders who were not there when the bus came."),
    "in_progress": ("In progress", "neutral", "Riders who were waiting or on board when the day ended."),
}


def _count(outcome: str) -> Kpi:
    label, direction, about = _COUNTS[outcome]
    formula = f"number of requests with outcome {outcome}"
    return Kpi(outcome, label, "requests", "", formula, direction, lambda day: day.count(outcome), about=about)


def _share(outcome: str) -> Kpi:
    label, direction, _ = _COUNTS[outcome]
    return Kpi(
        "service_rate" if outcome == "served" else f"{outcome}_share",
        "Service rate" if outcome == "served" else f"{label}, share",
        "1",
        "requests",
        f"{outcome} / requests",
        direction,
        lambda day: ratio(day.count(outcome), day.num_requests),
        source="MATSim rejectionRate; FleetPy served online users; HIVE requests_served_percent"
        if outcome in ("served", "refused")
        else "",
    )


OUTCOMES = (
    Kpi(
        "requests",
        "Requests",
        "requests",
        "",
        "served + refused + abandoned + cancelled + no_show + in_progress",
        "neutral",
        lambda day: day.num_requests,
        about="A request is a rider with his party; a rider asks once unless the scenario lets him ask again.",
    ),
    Kpi(
        "persons",
        "Persons",
        "persons",
        "",
        "sum of party over requests",
        "neutral",
        lambda d: d.total("rides", "party"),
    ),
    *(_count(outcome) for outcome in _COUNTS),
    *(_share(outcome) for outcome in _COUNTS),
)


def _wait(name: str, label: str, share: float) -> Kpi:
    return Kpi(
        f"wait_{name}_s",
        f"Wait, {label}",
        "s",
        "riders picked up",
        f"{share:.0%} quantile of (pick-up - earliest pick-up)" if share < 1 else "max(pick-up - earliest pick-up)",
        "lower",
        lambda day: quantile(day.wait_s, share),
        reference=_WAIT_REFERENCE,
        source="MATSim wait_median, wait_p75, wait_p95, wait_max; FleetPy waiting time (90% quantile)",
    )


TIMES = (
    Kpi(
        "wait_mean_s",
        "Wait, mean",
        "s",
        "riders picked up",
        "mean(pick-up - earliest pick-up)",
        "lower",
        lambda day: mean(day.wait_s),
        reference=_WAIT_REFERENCE,
        source="MATSim wait_average; FleetPy waiting time from ept",
        about="Riders who were refused or left do not count here: read it beside the service rate.",
    ),
    _wait("p50", "median", 0.5),
    _wait("p75", "75 %", 0.75),
    _wait("p90", "90 %", 0.9),
    _wait("p95", "95 %", 0.95),
    _wait("max", "longest", 1.0),
    Kpi(
        "ride_mean_s",
        "Ride, mean",
        "s",
        "riders served",
        "mean(drop-off - pick-up)",
        "lower",
        lambda day: mean(day.rides["ride_s"]),
        source="MATSim inVehicleTravelTime_mean",
    ),
    Kpi(
        "detour_mean",
        "Detour, mean",
        "1",
        "riders served",
        "mean(ride / direct drive at the time of the pick-up)",
        "lower",
        lambda day: mean(day.rides["detour"]),
        source="MATSim drt_detours; FleetPy rel detour; RidePy avg_detour",
        about="1 is the direct drive without halts, in time; a ride has at least one halt more.",
    ),
    Kpi(
        "detour_p95",
        "Detour, 95 %",
        "1",
        "riders served",
        "95% quantile of (ride / direct drive)",
        "lower",
        lambda day: quantile(day.rides["detour"], 0.95),
        source="MATSim drt_detours",
    ),
    Kpi(
        "walk_mean_s",
        "Walk, mean",
        "s",
        "riders served",
        "mean(walk to the stop + walk from the stop)",
        "lower",
        lambda day: mean(day.rides["walk_s"][day.is_served]),
        source="MATSim stop-based service; Visum cost function",
    ),
    Kpi(
        "total_time_mean_s",
        "Door to door, mean",
        "s",
        "riders served",
        "mean(wait + ride + walks)",
        "lower",
        lambda day: mean((day.rides["wait_s"] + day.rides["ride_s"] + day.rides["walk_s"])[day.is_served]),
        reference=_WAIT_REFERENCE,
        source="MATSim totalTravelTime_mean",
    ),
    Kpi(
        "shared_share",
        "Shared rides",
        "1",
        "riders served",
        "riders who shared at least one leg with another party / riders served",
        "neutral",
        lambda day: mean(day.rides["shared"][day.is_served].astype(np.float64)),
        source="FleetPy shared rides",
    ),
)


def _on_time(day: Day) -> float:
    rides = day.rides
    due = ~np.isnan(rides["promised_pickup_s"]) & np.isin(rides["outcome"], ("served", "abandoned"))
    return ratio(float(np.sum(due & day.is_served & (day.late_s <= 0))), float(np.sum(due)))


PROMISES = (
    Kpi(
        "on_time_share",
        "Promises kept",
        "1",
        "riders accepted, and served or abandoned",
        "served with pick-up, ride and arrival within the promise / accepted riders who were served or left",
        "higher",
        _on_time,
        reference="latest pick-up, longest ride, and latest arrival told at acceptance",
        source="RideCo on-time performance; MATSim promised window",
    ),
    Kpi(
        "late_riders",
        "Late riders",
        "riders",
        "",
        "number of riders with a promise who were picked up or brought later than it said",
        "lower",
        lambda day: float(np.sum(day.late_s > 0)),
        about="Riders of a line get no promise; see over_limit.",
    ),
    Kpi(
        "over_limit",
        "Riders over a limit",
        "riders",
        "",
        "number of riders who waited longer than the longest wait or rode longer than the longest ride",
        "lower",
        lambda day: float(np.sum((day.rides["late_pickup_s"] > 0) | (day.rides["late_ride_s"] > 0))),
        reference="latest pick-up and longest ride of the request, whether or not they were promised",
    ),
    Kpi(
        "late_mean_s",
        "Lateness of the late, mean",
        "s",
        "late riders",
        "mean(largest of the lateness of pick-up, ride and arrival)",
        "lower",
        lambda day: mean(day.late_s[day.late_s > 0]),
    ),
    Kpi(
        "denied_boardings",
        "Denied boardings",
        "times",
        "",
        "number of times that a rider stayed behind because the bus was full",
        "lower",
        lambda day: day.total("rides", "left_behind"),
        source="SUMO stop output; transit practice",
        about="One rider may be left behind several times.",
    ),
)

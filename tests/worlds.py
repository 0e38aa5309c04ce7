"""Tiny worlds for the tests: towns of equal blocks, scenarios with defaults one works out by hand, short rider lists.

Blocks are 500 m and buses do 36 km/h, so that a block takes 50 s; halts and boarding take no time unless asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

import busim.network
from busim import sim
from busim.core import travel as core_travel
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import (
    BusSpec,
    ChargerSpec,
    ChargingSpec,
    DemandSpec,
    FleetSpec,
    LineSpec,
    MapSpec,
    ObjectiveSpec,
    OutputSpec,
    ScenarioSpec,
    ServiceSpec,
    StrategySpec,
    TravelSpec,
    VehicleSpec,
)

BLOCK_S = 50
START_S, END_S = 8 * 3600, 10 * 3600

VEHICLE = {
    "name": "minibus",
    "seats": 8,
    "standees": 0,
    "wheelchair_places": 1,
    "battery_kwh": 50.0,
    "kwh_per_km": 0.5,
    "standing_kw": 2.0,
    "charge_kw": 60.0,
    "top_speed_kmh": 36.0,
}
SERVICE = {
    "mode": "stop_to_stop",
    "zones": (),
    "max_wait_s": 600,
    "ride_factor": 1.5,
    "ride_constant_s": 300,
    "patience_s": 600,
    "max_walk_m": 100.0,
    "walk_speed_mps": 1.25,
    "stop_s": 0,
    "board_s": 0.0,
    "alight_s": 0.0,
    "wheelchair_board_s": 0.0,
    "wheelchair_alight_s": 0.0,
}
TRAVEL = {"breaks_s": (0,), "factors": {"default": (1.0,)}, "bus_factor": 1.0, "noise_cv": 0.0, "noise_bin_s": 300}
LINE = {
    "name": "one",
    "stops": (),
    "is_loop": False,
    "headway_s": 600,
    "timetable_s": (),
    "headway_cv": 0.0,
    "layover_s": 0,
}
DEMAND = DemandSpec("model", None, 0.0, 1.0, "weekday", {"leisure": 1.0}, False, 0.0, 0.0, 3600, True)
OBJECTIVE = ObjectiveSpec(wait=1.0, ride=0.5, walk=0.8, late=1.5, drive=0.25, distance=0.1, refusal=3600.0)


def map_spec(kind: str = "line", size: int = 8, spacing_m: float = 500.0, speed_kmh: float = 36.0) -> MapSpec:
    """Describe a synthetic town; its stops are stop_0 ..., its depot stands at node 0, a charger at node size // 2."""
    return MapSpec(kind, None, size, spacing_m, speed_kmh)


@cache
def town(kind: str = "line", size: int = 8, spacing_m: float = 500.0, speed_kmh: float = 36.0) -> RoadNetwork:
    """Compile a synthetic town."""
    return busim.network.compile(map_spec(kind, size, spacing_m, speed_kmh))


def scenario(
    *,
    buses: int = 1,
    shift: tuple[int, int] = (START_S, END_S),
    start_charge: float = 1.0,
    depots: Sequence[str] = ("depot",),
    return_to_depot: bool = True,
    town_map: MapSpec | None = None,
    vehicle: dict[str, Any] | None = None,
    service: dict[str, Any] | None = None,
    travel: dict[str, Any] | None = None,
    line: dict[str, Any] | None = None,
    dispatch: str | StrategySpec = "insertion",
    charging: str | StrategySpec = "none",
    reserve: float = 0.0,
    sites: Sequence[ChargerSpec] = (),
    objective: dict[str, float] | None = None,
    seed: int = 1,
) -> ScenarioSpec:
    """Describe a scenario: one day of identical buses that all work the same shift."""
    fleet = tuple(BusSpec(0, depots[b % len(depots)], *shift, start_charge) for b in range(buses))
    dispatch = StrategySpec(dispatch) if isinstance(dispatch, str) else dispatch
    charging = StrategySpec(charging) if isinstance(charging, str) else charging
    return ScenarioSpec(
        name="tiny",
        date="2026-03-18",
        start_s=shift[0],
        end_s=shift[1],
        seed=seed,
        map=town_map or map_spec(),
        fleet=FleetSpec((VehicleSpec(**{**VEHICLE, **(vehicle or {})}),), fleet, return_to_depot),
        demand=DEMAND,
        service=ServiceSpec(**{**SERVICE, **({"mode": "line"} if line is not None else {}), **(service or {})}),
        line=LineSpec(**{**LINE, **line}) if line is not None else None,
        dispatch=dispatch,
        idling=StrategySpec("stay"),
        objective=replace(OBJECTIVE, **(objective or {})),
        charging=ChargingSpec(charging.strategy, charging.parameters, reserve, tuple(sites)),
        travel=TravelSpec(**{**TRAVEL, **(travel or {})}),
        output=OutputSpec(),
    )


def requests(network: RoadNetwork, rows: Sequence[tuple[Any, ...]]) -> RequestTable:
    """Make riders from rows ``(time_s, from_node, to_node[, {party, wheelchair, earliest, patience, x, y}])``."""
    rows = sorted(rows, key=lambda row: row[0])
    extra = [row[3] if len(row) > 3 else {} for row in rows]
    start, end = np.array([row[1] for row in rows], np.int64), np.array([row[2] for row in rows], np.int64)
    time = np.array([row[0] for row in rows], np.int64)
    zones = network.places.zones
    return RequestTable(
        ids=tuple(f"r{i}" for i in range(len(rows))),
        time_s=time,
        earliest_s=np.array([e.get("earliest", t) for e, t in zip(extra, time.tolist(), strict=True)], np.int64),
        origin_x_m=network.x_m[start] + np.array([e.get("x", 0.0) for e in extra]),
        origin_y_m=network.y_m[start] + np.array([e.get("y", 0.0) for e in extra]),
        destination_x_m=network.x_m[end],
        destination_y_m=network.y_m[end],
        origin_node=start,
        destination_node=end,
        origin_zone=tuple(zones[i] for i in start.tolist()),
        destination_zone=tuple(zones[i] for i in end.tolist()),
        party=np.array([e.get("party", 1) for e in extra], np.int64),
        wheelchair=np.array([e.get("wheelchair", False) for e in extra], bool),
        purpose=np.zeros(len(rows), np.int64),
        patience_s=np.array([e.get("patience", -1) for e in extra], np.int64),
    )


def network_of(spec: ScenarioSpec) -> RoadNetwork:
    """Give the town of a scenario."""
    return town(spec.map.kind, spec.map.size, spec.map.spacing_m, spec.map.speed_kmh)


def run(spec: ScenarioSpec, rows: Sequence[tuple[Any, ...]]) -> sim.SimResult:
    """Run a day with riders given as rows."""
    network = network_of(spec)
    return sim.build(spec, network, requests(network, rows)).run()


def events(
    result: sim.SimResult, *kinds: int, rider: int | None = None, bus: int | None = None
) -> list[dict[str, Any]]:
    """List the events of the given kinds, in the order of the log, each as a dictionary of its columns."""
    log = result.log
    names = ("time", "kind", "bus", "rider", "node", "other", "a", "b", "c", "value")
    rows = [dict(zip(names, row, strict=True)) for row in zip(*(getattr(log, n).tolist() for n in names), strict=True)]
    return [row for row in rows if row["kind"] in kinds and rider in (None, row["rider"]) and bus in (None, row["bus"])]


def static_travel(network: RoadNetwork, seconds: Sequence[int]) -> core_travel.TravelTimes:
    """Compile travel times from seconds per edge."""
    return core_travel.build_static(network, np.asarray(seconds, np.int64))

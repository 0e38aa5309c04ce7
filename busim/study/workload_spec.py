"""The scenario that a neutral workload stands for: door to door between nodes, no dwell, no battery to mind."""

from __future__ import annotations

import math

from busim.model.network import Floats
from busim.model.specs import (
    BusSpec,
    ChargingSpec,
    DemandSpec,
    FleetSpec,
    MapSpec,
    ObjectiveSpec,
    OutputSpec,
    ScenarioSpec,
    ServiceSpec,
    StrategySpec,
    TravelSpec,
    VehicleSpec,
)

# Riders' time and metres driven, weighed as the scenario files do by default.
OBJECTIVE = ObjectiveSpec(wait=1.0, ride=0.5, walk=0.8, late=1.5, drive=0.0, distance=0.1, refusal=3600.0)


def scenario_spec(name: str, nodes: Floats, capacity: Floats, latest_s: float, strategy: str) -> ScenarioSpec:
    """Give the scenario of a workload.

    Parameters
    ----------
    nodes, capacity
        Where each bus stands at first, and its places [B].
    latest_s
        By then the last rider must have arrived [s].
    strategy
        Dispatch strategy by name.
    """
    end_s = math.ceil(latest_s) + 1
    sizes = sorted({int(seats) for seats in capacity})
    buses = tuple(
        BusSpec(sizes.index(int(seats)), f"node_{int(node)}", 0, end_s, 1.0)
        for node, seats in zip(nodes, capacity, strict=True)
    )
    return ScenarioSpec(
        name=name,
        date="2026-03-18",
        start_s=0,
        end_s=end_s,
        seed=0,
        map=MapSpec("graphml", None, 0, 0.0, 0.0),
        fleet=FleetSpec(tuple(_vehicle(seats) for seats in sizes), buses, return_to_depot=False),
        demand=DemandSpec("file", None, 0.0, 1.0, "weekday", {}, False, 0.0, 0.0, 0, True),
        service=_service(),
        line=None,
        dispatch=StrategySpec(strategy),
        idling=StrategySpec("stay"),
        objective=OBJECTIVE,
        charging=ChargingSpec("none", {}, 0.0, ()),
        travel=TravelSpec((0,), {"default": (1.0,)}, 1.0, 0.0, 900),
        output=OutputSpec(),
    )


def _vehicle(seats: int) -> VehicleSpec:
    return VehicleSpec(
        name=f"{seats} seats",
        seats=seats,
        standees=0,
        wheelchair_places=0,
        battery_kwh=1.0,
        kwh_per_km=0.0,
        standing_kw=0.0,
        charge_kw=0.0,
        top_speed_kmh=1000.0,
    )


def _service() -> ServiceSpec:
    return ServiceSpec(
        mode="door_to_door",
        zones=(),
        max_wait_s=600,
        ride_factor=1.5,
        ride_constant_s=300,
        patience_s=600,
        max_walk_m=0.0,
        walk_speed_mps=1.0,
        stop_s=0,
        board_s=0.0,
        alight_s=0.0,
        wheelchair_board_s=0.0,
        wheelchair_alight_s=0.0,
    )

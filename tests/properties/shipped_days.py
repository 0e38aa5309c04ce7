"""Days from the scenarios that busim ships, as they are or changed a little."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import busim.network
from busim import demand
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec
from busim.policy.registry import PolicyRegistry
from busim.rng import Streams
from busim.scenario import load

SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"
LINE = ("service.mode=line", "line.is_loop=true", "line.stops=[stop_0,stop_3,stop_6,stop_9]")
TOWN = ("map.kind=grid", "map.size=6", "demand.scale=2", "fleet.size=8")
MEET = "service.meeting_points=3"
NEAR_STOPS = ("map.spacing_m=250", "map.size=10", "service.max_walk_m=400", "objective.walk=0.4")
DAYS = {
    "quick": ("quick", ()),
    "quick, nearest": ("quick", ("dispatch.strategy=nearest",)),
    "quick, balanced": ("quick", ("dispatch.strategy=balanced",)),
    "quick, batch": ("quick", ("dispatch.strategy=batch",)),
    "quick, rtv": ("quick", ("dispatch.strategy=rtv", "scenario.end=07:36:00")),
    "quick, lns": ("quick", ("dispatch.strategy=lns", "dispatch.iterations=4", "scenario.end=07:36:00")),
    "quick, spread": ("quick", ("idling.strategy=spread",)),
    "quick, rebalance": ("quick", ("idling.strategy=rebalance",)),
    "quick, three times the riders": ("quick", ("demand.scale=3",)),
    "quick, noise": ("quick", ("travel.noise_cv=0.4",)),
    "quick, small batteries": ("quick", ("fleet.battery_kwh=6",)),
    "quick, small batteries and noise": ("quick", ("fleet.battery_kwh=6", "travel.noise_cv=0.3")),
    "quick, line": ("quick", LINE),
    "quick, crowded line with noise": ("quick", (*LINE, "demand.scale=6", "travel.noise_cv=0.3", "fleet.seats=3")),
    "town, rush hour": ("quick", (*TOWN, "travel.profile=weekday", "travel.noise_cv=0.2")),
    "science city, morning": ("science_city", ("scenario.end=08:30:00",)),
    "science city, morning, no noise": ("science_city", ("scenario.end=08:30:00", "travel.noise_cv=0")),
    "science city, meeting points": ("science_city", (MEET, "scenario.end=07:00:00")),
    "science city, meeting points in rounds": (
        "science_city",
        (MEET, "scenario.end=06:45:00", "travel.noise_cv=0", "dispatch.strategy=batch"),
    ),
    "town, meeting points": ("quick", (*TOWN, MEET, *NEAR_STOPS, "scenario.end=07:36:00")),
    "town, meeting points and trips": (
        "quick",
        (*TOWN, MEET, *NEAR_STOPS, "dispatch.strategy=rtv", "scenario.end=07:20:00"),
    ),
    "science city, line, morning": ("science_city_line", ("scenario.end=08:30:00",)),
}


@cache
def day(name: str) -> tuple[ScenarioSpec, RoadNetwork, RequestTable]:
    """Give scenario, map and riders of a day by its name in ``DAYS``."""
    file, overrides = DAYS[name]
    spec = load(SCENARIOS / f"{file}.toml", overrides, registry=PolicyRegistry()).spec
    network = busim.network.compile(spec.map)
    rng = Streams(spec.seed)["demand"]
    return spec, network, demand.make(spec.demand, spec.service, network, rng, spec.start_s, spec.end_s)

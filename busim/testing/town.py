"""The small town in which strategies are tried: a grid of blocks, four buses, riders as the case needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from busim import network as networks
from busim import scenario, sim
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec
from busim.rng import stream

BLOCKS, BLOCK_M = 5, 400
NODES = BLOCKS * BLOCKS
START_S, END_S = 8 * 3600, 10 * 3600
_TEXT = f"""
[scenario]
name = "conformance"
start = "08:00"
end = "10:00"

[map]
kind = "grid"
size = {BLOCKS}
spacing_m = {BLOCK_M}
speed_kmh = 40

[fleet]
size = 4
depots = ["depot", "stop_{NODES - 1}"]
start_charge = 1.0

[service]
mode = "door_to_door"
max_wait_min = 8
patience_min = 10

[travel]
profile = "flat"
"""


class Rider(NamedTuple):
    """One rider of a case: when he asks and is ready [s], from where to where, how many, in a wheelchair or not."""

    ask_s: int
    start: int
    end: int
    ready_s: int = -1  # as he asks
    party: int = 1
    wheelchair: bool = False


@cache
def day(buses: int = 4, *settings: str) -> ScenarioSpec:
    """Describe a day in the town; ``buses`` may be 0, which no scenario file allows."""
    spec = scenario.loads(_TEXT, settings).spec
    chosen = tuple(spec.fleet.buses[b % len(spec.fleet.buses)] for b in range(buses))
    return replace(spec, fleet=replace(spec.fleet, buses=chosen))


@cache
def town() -> RoadNetwork:
    """Compile the town."""
    return networks.compile(day().map)


def closed(node: int) -> RoadNetwork:
    """Give the town with a node that buses can leave but not reach: its end of every street is one-way."""
    whole = town()
    return replace(whole, edge_bus=whole.edge_bus & (whole.edge_to != node))


def crowd(count: int, *, name: str, booked: float = 0.0, until_s: int = START_S + 3600) -> list[Rider]:
    """Draw riders over an hour, the same for the same name; some share of them book half an hour ahead."""
    rng, riders = stream(1, f"conformance {name}"), []
    for ask in np.sort(rng.integers(START_S, until_s, count)).tolist():
        start, step = int(rng.integers(NODES)), int(rng.integers(1, NODES))
        ahead = int(rng.integers(900, 2700)) if rng.random() < booked else 0
        party = int(rng.choice([1, 1, 1, 2, 4]))
        riders.append(Rider(ask, start, (start + step) % NODES, ask + ahead, party, bool(rng.random() < 0.05)))
    return riders


def table(riders: Sequence[Rider]) -> RequestTable:
    """Make the requests of some riders, who are sorted by when they ask."""
    ordered, network = sorted(riders, key=lambda rider: rider.ask_s), town()
    column = {name: np.array([getattr(r, name) for r in ordered], np.int64) for name in Rider._fields}
    start, end, zones = column["start"], column["end"], network.places.zones
    return RequestTable(
        ids=tuple(f"r{k}" for k in range(len(ordered))),
        time_s=column["ask_s"],
        earliest_s=np.maximum(column["ready_s"], column["ask_s"]),
        origin_x_m=network.x_m[start],
        origin_y_m=network.y_m[start],
        destination_x_m=network.x_m[end],
        destination_y_m=network.y_m[end],
        origin_node=start,
        destination_node=end,
        origin_zone=tuple(zones[k] for k in start.tolist()),
        destination_zone=tuple(zones[k] for k in end.tolist()),
        party=column["party"],
        wheelchair=column["wheelchair"].astype(bool),
        purpose=np.zeros(len(ordered), np.int64),
        patience_s=np.full(len(ordered), -1, np.int64),
    )


def play(
    riders: Sequence[Rider], given: sim.Given, spec: ScenarioSpec | None = None, network: RoadNetwork | None = None
) -> sim.SimResult:
    """Run a day in the town with strategies that are handed in."""
    return sim.build(spec or day(), network or town(), table(riders), given=given).run()

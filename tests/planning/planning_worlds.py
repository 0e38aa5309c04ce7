"""Tiny problems in the published format, small random ones, and the folder of published ones."""

import os
from pathlib import Path

import numpy as np
import pytest

from busim.planning import Instance

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = Path(os.environ.get("BUSIM_BENCHMARKS", ROOT.parent / "shared" / "benchmarks"))
needs_benchmarks = pytest.mark.skipif(
    not BENCHMARKS.is_dir(), reason="no published instances: set BUSIM_BENCHMARKS to their folder"
)

EADARP = """2 2 1 1 2 1 120
1 0 4 2 1 0 1440
2 3 0 2 1 20 30
3 6 4 2 -1 30 45
4 8 0 2 -1 0 1440
5 0 0 0 0 0 120
6 0 0 0 0 0 120
7 0 0 0 0 0 120
8 0 0 0 0 0 120
9 0 0 0 0 0 120
10 0 0 0 0 0 120
11 0 0 0 0 0 120
12 4 2 0 0 0 120
5
6
7 8
9 10
11 12
20 20
3 3
2 2
2 2
0.5 0.5
0.055 0.055
0.055
0.75 0.25
"""

DARP = """1 4 100 3 30
0 0 0 0 0 0 1440
1 1 0 1 1 0 1440
2 2 0 1 1 10 25
3 5 0 1 -1 5 20
4 6 0 1 -1 0 1440
"""


def random_instance(seed: int, riders: int = 3, buses: int = 2, stations: int = 1, gamma: float = 0.5) -> Instance:
    """Make a small problem whose battery often runs short: uniform stops, two destinations to choose from."""
    rng = np.random.default_rng(seed)
    nodes = 2 * riders + buses + 2 + stations
    position = rng.uniform(-8.0, 8.0, (nodes, 2))
    gap = position[:, None, :] - position[None, :, :]
    early, late = np.zeros(nodes), np.full(nodes, 160.0)
    for rider in range(riders):
        node = rider if rng.random() < 0.5 else rider + riders
        early[node] = np.floor(rng.uniform(20.0, 90.0))
        late[node] = early[node] + 12.0
    ones = np.ones(riders, dtype=np.int64)
    first = 2 * riders
    return Instance(
        name=f"random-{seed}",
        node_id=np.arange(1, nodes + 1),
        position=position,
        travel=np.hypot(gap[..., 0], gap[..., 1]),
        service=np.where(np.arange(nodes) < first, 2.0, 0.0),
        early=early,
        late=late,
        load=np.concatenate([ones, -ones, np.zeros(nodes - first, dtype=np.int64)]),
        pickup=np.arange(riders),
        dropoff=np.arange(riders, first),
        max_ride=np.full(riders, 28.0),
        origin=np.arange(first, first + buses),
        capacity=np.full(buses, 2),
        energy_start=np.full(buses, 3.0),
        battery=np.full(buses, 3.0),
        end_ratio=np.full(buses, gamma),
        destination=np.arange(first + buses, first + buses + 2),
        places=np.full(2, 1 if buses == 2 else buses),
        station=np.arange(first + buses + 2, nodes),
        visits=np.ones(stations, dtype=np.int64),
        rate=rng.choice([0.05, 0.08], stations),
        discharge=0.05,
        drive_weight=0.75,
        excess_weight=0.25,
    )

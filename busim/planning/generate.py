"""Instances of any size in the manner of the published ones of type a, for tests of growth."""

from __future__ import annotations

import numpy as np

from busim.planning.instance import Instance
from busim.rng import stream

WINDOW_MIN = 15.0
RIDE_MIN = 30.0
SERVICE_MIN = 3.0
STATIONS = ((0.0, 0.0), (-4.0, -4.0), (4.0, 4.0))


def generate(num_requests: int, num_buses: int, gamma: float = 0.1, seed: int = 0, visits: int = 1) -> Instance:
    """Make an e-ADARP instance: stops uniform on a square of 20 minutes, half the riders with a drop-off window.

    The day is as long as the published instances give a bus: 15 minutes per rider and ten more per rider of one bus.

    Parameters
    ----------
    num_requests, num_buses
        Riders and buses.
    gamma
        Least share of charge at the end.
    seed
        At least 0.
    visits
        Visits that each station admits.
    """
    rng = stream(seed, f"planning-generate-{num_requests}-{num_buses}")
    num, horizon = num_requests, 30.0 * num_requests / num_buses + 240.0
    riders = rng.uniform(-10.0, 10.0, (2 * num, 2))
    position = np.concatenate([riders, np.zeros((2, 2)), np.array(STATIONS)])
    gap = position[:, None, :] - position[None, :, :]
    travel = np.hypot(gap[..., 0], gap[..., 1])
    early, late = np.zeros(len(position)), np.full(len(position), horizon)
    outbound = np.arange(num) < num // 2
    centre = rng.uniform(60.0, horizon - 60.0, num)
    node = np.where(outbound, np.arange(num) + num, np.arange(num))
    early[node], late[node] = np.floor(centre), np.floor(centre) + WINDOW_MIN
    ones = np.ones(num, dtype=np.int64)
    return Instance(
        name=f"generated-{num_buses}-{num}-{gamma:g}",
        node_id=np.arange(1, len(position) + 1),
        position=position,
        travel=travel,
        service=np.where(np.arange(len(position)) < 2 * num, SERVICE_MIN, 0.0),
        early=early,
        late=late,
        load=np.concatenate([ones, -ones, np.zeros(5, dtype=np.int64)]),
        pickup=np.arange(num),
        dropoff=np.arange(num, 2 * num),
        max_ride=np.full(num, RIDE_MIN),
        origin=np.full(num_buses, 2 * num),
        capacity=np.full(num_buses, 3),
        energy_start=np.full(num_buses, 14.85),
        battery=np.full(num_buses, 14.85),
        end_ratio=np.full(num_buses, gamma),
        destination=np.array([2 * num + 1]),
        places=np.array([num_buses]),
        station=np.arange(2 * num + 2, 2 * num + 5),
        visits=np.full(3, visits),
        rate=np.full(3, 0.055),
        discharge=0.055,
        drive_weight=0.75,
        excess_weight=0.25,
    )

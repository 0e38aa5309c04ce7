"""Instances of any size in the manner of the published ones of types a and u, for tests of growth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import floyd_warshall

from busim.errors import InputError, did_you_mean
from busim.planning.instance import Floats, Instance, Ints
from busim.rng import stream

WINDOW_MIN = 15.0
STATIONS = ((0.0, 0.0), (-4.0, -4.0), (4.0, 4.0))
ONE_WAY = (0.8, 1.4)  # a trip through a city takes this much of its length, each way its own share


class _Family(NamedTuple):
    """What instances of a family have in common: minutes, kWh."""

    service: float
    max_ride: float
    battery: float
    discharge: float
    half_side: float


FAMILIES = {"a": _Family(3.0, 30.0, 14.85, 0.055, 10.0), "u": _Family(0.5, 8.0, 3.5, 0.0715, 2.6)}
RATE = 0.055


def generate(
    num_requests: int, num_buses: int, gamma: float = 0.1, seed: int = 0, visits: int = 1, family: str = "a"
) -> Instance:
    """Make an e-ADARP instance.

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
    family
        ``"a"``: stops uniform on a square of 20 minutes, half the riders with a pick-up window, half with one at the
        drop-off; one depot, three stations; straight ways. ``"u"``: a small city of one-way streets, drop-off windows,
        small batteries, five places (more for more than two buses) that are station and depot alike; each takes
        one bus at the end.

    Raises
    ------
    InputError
        If there is no such family.
    """
    if family not in FAMILIES:
        raise InputError.single("family", f"there is no '{family}'", did_you_mean(family, tuple(FAMILIES)))
    kind, num, is_city = FAMILIES[family], num_requests, family == "u"
    name = f"planning-generate-{num_requests}-{num_buses}" + ("-u" if is_city else "")
    rng = stream(seed, name)
    horizon = (10.0 * num / num_buses + 65.0) if is_city else (30.0 * num / num_buses + 240.0)
    riders = rng.uniform(-kind.half_side, kind.half_side, (2 * num, 2))
    places = np.array(STATIONS)
    if is_city:
        places = rng.uniform(-kind.half_side, kind.half_side, (max(5, 2 * num_buses + 1), 2))
    ends = places if is_city else np.zeros((1, 2))
    starts = places[:num_buses] if is_city else np.zeros((1, 2))
    position = np.concatenate([riders, starts, ends, places])
    ones, size = np.ones(num, dtype=np.int64), len(position)
    early, late = _windows(num, size, horizon, rng, 0 if is_city else num - num // 2)
    first_end, first_station = 2 * num + len(starts), 2 * num + len(starts) + len(ends)
    return Instance(
        name=f"generated-{family}{num_buses}-{num}-{gamma:g}",
        node_id=np.arange(1, size + 1),
        position=position,
        travel=_city(position, rng) if is_city else _straight(position),
        service=np.where(np.arange(size) < 2 * num, kind.service, 0.0),
        early=early,
        late=late,
        load=np.concatenate([ones, -ones, np.zeros(size - 2 * num, dtype=np.int64)]),
        pickup=np.arange(num),
        dropoff=np.arange(num, 2 * num),
        max_ride=np.full(num, kind.max_ride),
        origin=2 * num + (np.arange(num_buses) if is_city else np.zeros(num_buses, np.int64)),
        capacity=np.full(num_buses, 3),
        energy_start=np.full(num_buses, kind.battery),
        battery=np.full(num_buses, kind.battery),
        end_ratio=np.full(num_buses, gamma),
        destination=np.arange(first_end, first_station),
        places=np.full(len(ends), 1 if is_city else num_buses),
        station=np.arange(first_station, size),
        visits=np.full(len(places), visits),
        rate=np.full(len(places), RATE),
        discharge=kind.discharge,
        drive_weight=0.75,
        excess_weight=0.25,
    )


def _windows(num: int, size: int, horizon: float, rng: np.random.Generator, num_pickups: int) -> tuple[Floats, Floats]:
    """Draw one window a rider: at the pick-up for the last ``num_pickups``, at the drop-off for the others."""
    early, late = np.zeros(size), np.full(size, horizon)
    centre = (
        np.floor(rng.uniform(60.0, horizon - 60.0, num))
        if num_pickups
        else np.floor(rng.uniform(15.0, horizon - 25.0, num))
    )
    node: Ints = np.where(np.arange(num) < num - num_pickups, np.arange(num) + num, np.arange(num))
    early[node], late[node] = centre, centre + WINDOW_MIN
    return early, late


def _straight(position: Floats) -> Floats:
    gap = position[:, None, :] - position[None, :, :]
    travel: Floats = np.hypot(gap[..., 0], gap[..., 1])
    return travel


def _city(position: Floats, rng: np.random.Generator) -> Floats:
    """Make ways longer by chance, each direction by its own, and let nobody take one that is no short cut."""
    straight = _straight(position)
    ways = np.maximum(straight, 1e-6) * rng.uniform(
        *ONE_WAY, straight.shape
    )  # scipy takes next to nothing for "no way"
    travel: Floats = np.where(straight == 0.0, 0.0, floyd_warshall(ways))
    return travel

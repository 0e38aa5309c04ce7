"""From where to where: the probability of every pair of places, by purpose and direction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from busim.demand.ground import Ground
from busim.demand.matrices import DECAY_PER_KM, FEEDER_REACH_M, FEEDER_ZONES, FOOTPATH_DETOUR, MATRICES, ZONES
from busim.demand.profiles import MODEL_PURPOSES
from busim.model.network import Bools, Floats, Ints

LEAST_TRIP_M = 500.0  # who goes less far walks
LEAST_TRIP_SHARE = 0.15  # of a small map's diagonal
BALANCING_ROUNDS = 30


@dataclass(frozen=True)
class Pairs:
    """Probabilities of trips between candidates of a ground.

    Parameters
    ----------
    share
        From the origin (row) to the destination (column) [n, n]; together 1.
    """

    share: Floats

    @cached_property
    def origin_share(self) -> Floats:
        """Probability of each origin [n]."""
        share: Floats = self.share.sum(axis=1)
        return share

    @cached_property
    def _before(self) -> Floats:
        return np.concatenate(([0.0], np.cumsum(self.share.ravel())))

    def origins(self, u: Floats) -> Ints:
        """Draw origins for uniform numbers [n]."""
        return _pick(np.cumsum(self.origin_share), u)

    def destinations(self, origin: Ints, u: Floats) -> Ints:
        """Draw destinations for origins and uniform numbers [n]."""
        width = self.share.shape[1]
        low, high = self._before[origin * width], self._before[(origin + 1) * width]
        cell = np.searchsorted(self._before, low + u * (high - low), side="right") - 1
        column: Ints = np.clip(cell - origin * width, 0, width - 1)
        return column

    def reversed(self) -> Pairs:
        """Give the way back."""
        return Pairs(np.ascontiguousarray(self.share.T))


def least_trip_m(extent_m: float) -> float:
    """Give the least straight distance between the ends of a trip on a map of this diagonal [m]."""
    return min(LEAST_TRIP_M, LEAST_TRIP_SHARE * extent_m)


def outward_pairs(ground: Ground, is_allowed: Bools) -> dict[str, Pairs]:
    """Give the trips away from home by purpose (of metro riders: to the station).

    Between districts that the matrices know, trips follow the matrices, cut to those served; inside a pair of
    districts, people at both ends and a decay with distance. Elsewhere people and decay alone.

    Parameters
    ----------
    is_allowed
        Pairs that are far enough apart [n, n].
    """
    decay_km = _distances_m(ground) * FOOTPATH_DETOUR / 1000
    return {purpose: _pairs(purpose, ground, is_allowed, decay_km) for purpose in MODEL_PURPOSES}


def _pairs(purpose: str, ground: Ground, is_allowed: Bools, road_km: Floats) -> Pairs:
    has_trains = bool((ground.riders > 0).any())
    mass = _home(purpose, ground)[:, None] * _away(purpose, ground)[None, :]
    mass = np.where(is_allowed, mass * np.exp(-DECAY_PER_KM[purpose] * road_km), 0.0)
    if purpose == "feeder" and has_trains:
        near = mass * (road_km <= FEEDER_REACH_M * FOOTPATH_DETOUR / 1000)
        mass = _balanced(near, ground) if near.any() else mass
    elif purpose in MATRICES:
        mass = _between_zones(mass, purpose, ground)
    if not mass.any():
        mass = is_allowed.astype(np.float64)
    return Pairs(mass / mass.sum())


def _home(purpose: str, ground: Ground) -> Floats:
    people = ground.people
    if purpose == "student":
        return _or_all(people["students"] + 0.02 * people["residents"])
    if purpose == "feeder":
        workers = np.maximum(people["jobs"] - people["factory_jobs"], 0.0)
        return _or_all((people["residents"] + people["students"] + 0.7 * workers) * ~ground.is_station)
    if purpose == "leisure":
        return _or_all(people["residents"] + 0.3 * people["students"])
    return _or_all(people["residents"])


def _away(purpose: str, ground: Ground) -> Floats:
    people = ground.people
    if purpose == "student":
        return _or_all(people["students"] + people["visitors"])
    if purpose == "feeder":
        return _or_all(ground.riders) if ground.riders.any() else _or_all(people["visitors"])
    if purpose == "leisure":
        return _or_all(people["visitors"])
    if purpose == "factory" and people["factory_jobs"].any():
        return people["factory_jobs"]
    return _or_all(people["jobs"])


def _or_all(weight: Floats) -> Floats:
    return weight if weight.any() else np.ones_like(weight)


def _between_zones(mass: Floats, purpose: str, ground: Ground) -> Floats:
    """Scale pairs so that each pair of districts has the matrix's share of trips."""
    member = _membership(ground)
    if not member.any():
        return mass
    sums = member.T @ mass @ member
    wanted = np.where(sums > 0, np.array(MATRICES[purpose]), 0.0)
    factor = wanted / np.where(sums > 0, sums, 1.0)
    scaled: Floats = mass * (member @ factor @ member.T)
    return scaled if scaled.any() else mass


def _balanced(mass: Floats, ground: Ground) -> Floats:
    """Scale metro trips to the stations' riders and, where known, to the districts' shares, in turn."""
    member = _membership(ground)
    shares = np.array([FEEDER_ZONES[zone] for zone in ZONES])
    for _ in range(BALANCING_ROUNDS):
        station = mass.sum(axis=0)
        mass = mass * np.where(station > 0, ground.riders / np.where(station > 0, station, 1.0), 0.0)
        if member.any():
            zone = member.T @ mass.sum(axis=1)
            mass = mass * (member @ np.where(zone > 0, shares / np.where(zone > 0, zone, 1.0), 0.0))[:, None]
    return mass


def _membership(ground: Ground) -> Floats:
    return np.array([[float(zone == name) for name in ZONES] for zone in ground.zones])


def _distances_m(ground: Ground) -> Floats:
    return np.hypot(ground.x_m[:, None] - ground.x_m, ground.y_m[:, None] - ground.y_m)


def _pick(cumulated: Floats, u: Floats) -> Ints:
    picked: Ints = np.minimum(np.searchsorted(cumulated, u * cumulated[-1], side="right"), len(cumulated) - 1)
    return picked

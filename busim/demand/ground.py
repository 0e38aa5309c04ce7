"""Where trips can begin and end: places of the map with the people who live, work and study there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.demand.locate import METRO_KINDS, STOP_KIND, Locator, known_zones, riders_nodes
from busim.errors import InputError, did_you_mean
from busim.model.network import Bools, Floats, Places, RoadNetwork

NO_TRIP_KINDS = ("depot", "charger", "terminal", "metro_planned")
MOST_NODES = 600  # trip ends on a map without places; pairs of them stay a small matrix
WEIGHTS = ("residents", "jobs", "factory_jobs", "students")

# People by kind of place, where the map does not say how many; only the ratios count.
KIND_WEIGHTS: dict[str, dict[str, float]] = {
    "town": {"residents": 10, "jobs": 3},
    "campus": {"residents": 1, "jobs": 2, "students": 10},
    "school": {"jobs": 1, "students": 3},
    "factory": {"jobs": 10, "factory_jobs": 10},
    "park": {"jobs": 6, "factory_jobs": 2},
    "hospital": {"jobs": 4},
    "government": {"jobs": 3},
    "mall": {"residents": 1, "jobs": 6},
    STOP_KIND: {"residents": 1, "jobs": 1, "factory_jobs": 0.1, "students": 0.2},
}
LEISURE_FACTORS = {"mall": 5.0, "hospital": 2.0, "town": 1.5}  # visitors per job, over those of an office
SPREAD_M = {"campus": 200.0, "factory": 150.0, "metro_station": 30.0}  # of trip ends about a place
OTHER_SPREAD_M = 110.0


@dataclass(frozen=True)
class Ground:
    """Candidates for the ends of trips.

    Parameters
    ----------
    x_m, y_m
        Positions [n].
    zones
        Districts [n].
    spread_m
        Standard deviation of trip ends about the candidate, east and north [n, m].
    is_station
        Whether metro riders come and go here [n].
    riders
        Metro riders by station [n].
    people
        ``residents``, ``jobs``, ``factory_jobs``, ``students`` and ``visitors``, each [n].
    extent_m
        Diagonal of the map's usable part.
    """

    x_m: Floats
    y_m: Floats
    zones: tuple[str, ...]
    spread_m: Floats
    is_station: Bools
    riders: Floats
    people: dict[str, Floats]
    extent_m: float


def survey(network: RoadNetwork, zones: tuple[str, ...], locator: Locator) -> Ground:
    """Take stock of a map: its places, or its bus nodes if it has no stops and no people.

    Parameters
    ----------
    zones
        Districts served; empty for all.

    Raises
    ------
    InputError
        If the map has no such district, or fewer than two places to go to in them.
    """
    _check_zones(network, zones)
    ground = _of_places(network, locator)
    if ground is None:
        ground = _of_nodes(network, locator)
    keep = np.array([not zones or zone in zones for zone in ground.zones], np.bool_)
    if keep.sum() < 2:
        what = f"the map has {int(keep.sum())} places where trips begin or end in {', '.join(zones) or 'it'}"
        raise InputError.single("service.zones", what, "two are needed: serve more districts, or add stops to the map")
    return _cut(ground, keep)


def _check_zones(network: RoadNetwork, zones: tuple[str, ...]) -> None:
    known = known_zones(network)
    unknown = [zone for zone in zones if zone not in known]
    if unknown:
        what = f"the map has no zone {', '.join(map(repr, unknown))}"
        raise InputError.single("service.zones", what, did_you_mean(unknown[0], known))


def _of_places(network: RoadNetwork, locator: Locator) -> Ground | None:
    places = network.places
    kinds = np.array(places.kinds, object)
    people = _people(places)
    stations = np.isin(kinds, METRO_KINDS)
    riders = _attribute(places, "feeder_riders")
    riders = np.where(stations, riders if riders.any() else 1.0, 0.0)
    weight = sum((people[name] for name in WEIGHTS), start=riders)
    keep = (weight > 0) & ~np.isin(kinds, NO_TRIP_KINDS)
    if not keep.any() or (STOP_KIND not in places.kinds and not _counts_people(places)):
        return None
    spread = np.array([SPREAD_M.get(kind, OTHER_SPREAD_M) for kind in places.kinds])
    zones = tuple(locator.zones(places.x_m, places.y_m))
    extent = _extent_m(places.x_m[keep], places.y_m[keep])
    return _cut(Ground(places.x_m, places.y_m, zones, spread, stations, riders, people, extent), keep)


def _of_nodes(network: RoadNetwork, locator: Locator) -> Ground:
    nodes = riders_nodes(network)
    if len(nodes) > MOST_NODES:
        nodes = nodes[np.linspace(0, len(nodes) - 1, MOST_NODES).astype(np.int64)]
    x, y, ones = network.x_m[nodes], network.y_m[nodes], np.ones(len(nodes))
    people = dict.fromkeys((*WEIGHTS, "visitors"), ones)
    zones = tuple(locator.zones(x, y))
    spread = ones * OTHER_SPREAD_M
    return Ground(x, y, zones, spread, np.zeros(len(nodes), np.bool_), 0 * ones, people, _extent_m(x, y))


def _people(places: Places) -> dict[str, Floats]:
    if _counts_people(places):
        people = {name: _attribute(places, name) for name in WEIGHTS}
    else:
        people = {
            name: np.array([float(KIND_WEIGHTS.get(kind, {}).get(name, 0.0)) for kind in places.kinds])
            for name in WEIGHTS
        }
    factor = np.array([LEISURE_FACTORS.get(kind, 1.0) for kind in places.kinds])
    people["visitors"] = np.maximum(people["jobs"] - people["factory_jobs"], 0.0) * factor
    return people


def _counts_people(places: Places) -> bool:
    return any(_attribute(places, name).any() for name in WEIGHTS)


def _attribute(places: Places, name: str) -> Floats:
    return np.nan_to_num(places.attributes.get(name, np.zeros(len(places))))


def _extent_m(x_m: Floats, y_m: Floats) -> float:
    return float(np.hypot(np.ptp(x_m), np.ptp(y_m)))


def _cut(ground: Ground, keep: Bools) -> Ground:
    kept = np.flatnonzero(keep)
    return Ground(
        ground.x_m[kept],
        ground.y_m[kept],
        tuple(ground.zones[k] for k in kept),
        ground.spread_m[kept],
        ground.is_station[kept],
        ground.riders[kept],
        {name: weight[kept] for name, weight in ground.people.items()},
        ground.extent_m,
    )

"""Ends of trips as files name them: a place, a node, degrees, or metres on the map's plane."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.demand import cells
from busim.demand.cells import Unreadable
from busim.demand.columns import Row
from busim.demand.ends import on_millimetres
from busim.demand.findings import Finding
from busim.demand.locate import Locator
from busim.errors import did_you_mean
from busim.model.network import Bools, Floats, Ints, RoadNetwork
from busim.model.plane import to_plane

FARTHEST_M = 3000.0  # from the nearest node where a rider can stand
FARTHEST_DEGREES = 5.0  # from the centre of the map; the projection is not meant for more
TO_BE_FOUND = -1
_PAIRS = (("degrees", "_lon", "_lat"), ("metres", "_x_m", "_y_m"))


class Spots(NamedTuple):
    """Positions [n, m], nan where a row is wrong, and their bus nodes [n]."""

    x_m: Floats
    y_m: Floats
    node: Ints


def find_spots(rows: list[Row], end: str, network: RoadNetwork, locator: Locator, findings: list[Finding]) -> Spots:
    """Find one end (``"origin"`` or ``"destination"``) of every row's trip; what is wrong is added to the findings."""
    spots = Spots(np.full(len(rows), np.nan), np.full(len(rows), np.nan), np.full(len(rows), TO_BE_FOUND, np.int64))
    is_degrees = np.zeros(len(rows), np.bool_)
    names = _Names(network)
    for k, row in enumerate(rows):
        try:
            way = _way(row, end)
            if way == "name":
                spots.node[k], spots.x_m[k], spots.y_m[k] = names.find(row[end])
            else:
                is_degrees[k] = way == "degrees"
                spots.x_m[k], spots.y_m[k] = _numbers(row, end, way)
        except Unreadable as error:
            findings.append(Finding(row.line, end, error.what, error.remedy))
    told = Spots(spots.x_m.copy(), spots.y_m.copy(), spots.node)
    _project(spots, is_degrees, network.centre)
    findings += [
        _outside(rows[k].line, end, told, k, bool(is_degrees[k]), network)
        for k in _snap(spots, network, locator).tolist()
        if np.isfinite(told.x_m[k])
    ]
    return spots


class _Names:
    """Places and nodes by name."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._nodes = {name: k for k, name in enumerate(network.node_id)}
        used = network.edge_bus
        self._bus_nodes = set(np.concatenate((network.edge_from[used], network.edge_to[used])).tolist())

    def find(self, name: str) -> tuple[int, float, float]:
        places = self._network.places
        if name in places.index:
            k = places.index[name]
            return int(places.node[k]), float(places.x_m[k]), float(places.y_m[k])
        node = self._nodes.get(name)
        if node is None:
            what = f"'{name}' is neither a place nor a node of the map"
            raise Unreadable(what, did_you_mean(name, places.ids or self._network.node_id))
        if node not in self._bus_nodes:
            raise Unreadable(f"node '{name}' is on no road that buses use", "take a node nearby")
        return node, float(self._network.x_m[node]), float(self._network.y_m[node])


def _way(row: Row, end: str) -> str:
    told = ["name"] if row[end] else []
    told += [way for way, east, north in _PAIRS if row[end + east] or row[end + north]]
    if not told:
        raise Unreadable("is empty", "name a place or a node of the map, or give coordinates")
    if len(told) > 1:
        raise Unreadable(f"is told in two ways: {' and '.join(told)}", "keep one of them")
    return told[0]


def _numbers(row: Row, end: str, way: str) -> tuple[float, float]:
    columns = next((end + east, end + north) for name, east, north in _PAIRS if name == way)
    values = []
    for column in columns:
        try:
            values.append(cells.number(row[column]))
        except Unreadable as error:
            raise Unreadable(f"{column} {error.what}", error.remedy) from None
    return values[0], values[1]


def _project(spots: Spots, is_degrees: Bools, centre: tuple[float, float]) -> None:
    """Turn degrees into metres; those far away become nan."""
    lon, lat = spots.x_m[is_degrees], spots.y_m[is_degrees]
    is_near = (np.abs(lon - centre[0]) <= FARTHEST_DEGREES) & (np.abs(lat - centre[1]) <= FARTHEST_DEGREES)
    lon, lat = np.where(is_near, lon, np.nan), np.where(is_near, lat, np.nan)
    spots.x_m[is_degrees], spots.y_m[is_degrees] = on_millimetres(*to_plane(lon, lat, centre))


def _snap(spots: Spots, network: RoadNetwork, locator: Locator) -> Ints:
    """Fill in the nodes, and list the rows [k] whose points lie outside the map."""
    todo = spots.node == TO_BE_FOUND
    known = np.flatnonzero(todo & np.isfinite(spots.x_m))
    node = locator.nodes(spots.x_m[known], spots.y_m[known])
    away = np.hypot(network.x_m[node] - spots.x_m[known], network.y_m[node] - spots.y_m[known])
    spots.node[known] = np.where(away <= FARTHEST_M, node, TO_BE_FOUND)
    return np.flatnonzero(spots.node == TO_BE_FOUND)


def _outside(line: int, end: str, told: Spots, k: int, is_degrees: bool, network: RoadNetwork) -> Finding:
    east, north, centre = float(told.x_m[k]), float(told.y_m[k]), network.centre
    what = f"({east:g}, {north:g}) {'degrees' if is_degrees else 'm'} lies outside the map"
    remedy = f"metres from the map's centre, at most {FARTHEST_M:g} m from a road that buses use"
    if is_degrees and abs(north - centre[0]) < FARTHEST_DEGREES and abs(east - centre[1]) < FARTHEST_DEGREES:
        remedy = "longitude and latitude look swapped"
    elif is_degrees:
        remedy = f"WGS-84 degrees near ({centre[0]:.3f}, {centre[1]:.3f}), at most {FARTHEST_M:g} m from a road"
    return Finding(line, end, what, remedy)

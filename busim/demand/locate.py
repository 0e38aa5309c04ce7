"""Where a point of the plane belongs: its bus node, its stop, its district."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from busim.model.network import ROAD_CLASSES, Bools, Floats, Ints, RoadNetwork

STOP_KIND, ZONE_KIND = "stop", "zone"
METRO_KINDS = ("metro_station",)


class Locator:
    """Finds nodes, stops and districts of points; the same point always gets the same answer.

    Parameters
    ----------
    network
        The map. Riders stand at nodes of roads that buses use, motorways excepted.
    """

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network
        self._nodes = riders_nodes(network)
        self._node_tree = cKDTree(np.column_stack((network.x_m, network.y_m))[self._nodes])
        kinds = np.array(network.places.kinds, object)
        self._stops = np.flatnonzero(kinds == STOP_KIND)
        places = np.column_stack((network.places.x_m, network.places.y_m))
        self._stop_tree = cKDTree(places[self._stops]) if len(self._stops) else None
        self._areas = [area for area in network.areas if area.kind == ZONE_KIND]
        self._zoned = np.flatnonzero(np.array([zone != "" for zone in network.places.zones], np.bool_))
        self._zoned_tree = cKDTree(places[self._zoned]) if len(self._zoned) else None

    def nodes(self, x_m: Floats, y_m: Floats) -> Ints:
        """Give the nearest bus node of points [n]."""
        if len(x_m) == 0:
            return np.empty(0, np.int64)
        nearest = self._node_tree.query(np.column_stack((x_m, y_m)))[1]
        return self._nodes[nearest].astype(np.int64)

    def stops(self, x_m: Floats, y_m: Floats) -> Ints:
        """Give the nearest stop of points [n] as a place; on a map without stops, the nearest bus node."""
        if self._stop_tree is None or len(x_m) == 0:
            return self.nodes(x_m, y_m)
        nearest = self._stop_tree.query(np.column_stack((x_m, y_m)))[1]
        return self._stops[nearest].astype(np.int64)

    def zones(self, x_m: Floats, y_m: Floats) -> list[str]:
        """Name the district of points [n]: the first whose outline holds it, empty outside of all.

        On a map without outlines, the district of the nearest place that names one.
        """
        found = np.full(len(x_m), "", object)
        for area in self._areas:
            found[(found == "") & inside(area.ring_m, x_m, y_m)] = area.id
        if not self._areas and self._zoned_tree is not None and len(x_m):
            nearest = self._zoned[self._zoned_tree.query(np.column_stack((x_m, y_m)))[1]]
            found = np.array(self._network.places.zones, object)[nearest]
        return [str(zone) for zone in found]


def riders_nodes(network: RoadNetwork) -> Ints:
    """List the nodes where a rider can stand: on roads that buses use, but on no motorway if there is another road."""
    usable = network.edge_bus & (network.edge_class != ROAD_CLASSES.index("motorway"))
    usable = usable if usable.any() else network.edge_bus
    ends = np.concatenate((network.edge_from[usable], network.edge_to[usable]))
    return np.unique(ends).astype(np.int64)


def inside(ring_m: Floats, x_m: Floats, y_m: Floats) -> Bools:
    """Tell which points [n] lie in a polygon [k, 2], by counting the sides that a ray to the east crosses."""
    x0, y0 = ring_m[:, 0], ring_m[:, 1]
    x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
    is_between = (y0 > y_m[:, None]) != (y1 > y_m[:, None])
    rise = np.where(y1 == y0, 1.0, y1 - y0)
    crossing = x0 + (y_m[:, None] - y0) * (x1 - x0) / rise
    crossed: Bools = (is_between & (x_m[:, None] < crossing)).sum(axis=1) % 2 == 1
    return crossed


def known_zones(network: RoadNetwork) -> tuple[str, ...]:
    """List the map's districts: outlined, or else named by places."""
    outlined = [area.id for area in network.areas if area.kind == ZONE_KIND]
    return tuple(dict.fromkeys(outlined)) or tuple(sorted(set(network.places.zones) - {""}))

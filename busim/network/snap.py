"""Points to roads and stops: nearest usable nodes, stops within walking reach, zones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike

from busim.model.network import Bools, Floats, Ints, RoadNetwork

STOP_KINDS = ("stop",)
_SNAPPER = "_snapper"


class Snapped(NamedTuple):
    """Where points meet the roads: the node [n], and the distance to the nearest road [n, m]."""

    node: Ints
    road_m: Floats


class StopsInReach(NamedTuple):
    """Pairs of a point and a stop in its reach, sorted by point, then distance, then place.

    Parameters
    ----------
    point
        Index into the points that were asked for [k].
    place
        Index into ``network.places`` [k].
    distance_m
        Straight distance [k].
    """

    point: Ints
    place: Ints
    distance_m: Floats


class Snapper:
    """Finds the nearest road of each point, and the nearer end of that road.

    Parameters
    ----------
    x_m, y_m
        Nodes [N].
    edge_from, edge_to
        Ends of the roads that count [K].
    shapes
        Their polylines, each [k, 2].
    favoured
        Nodes that win over others as an end, whatever the distance [N]; ``None``: all alike.
    """

    def __init__(
        self,
        x_m: Floats,
        y_m: Floats,
        edge_from: Ints,
        edge_to: Ints,
        shapes: tuple[Floats, ...],
        favoured: Bools | None = None,
    ) -> None:
        self._x_m, self._y_m = x_m, y_m
        self._from, self._to = edge_from, edge_to
        self._penalty = np.zeros(len(x_m)) if favoured is None else np.where(favoured, 0.0, 1e9)
        # a polyline that never leaves its spot is no valid line, yet its node can be reached
        self._tree = shapely.STRtree([shapely.LineString(shape) for shape in shapes])

    def snap(self, x_m: ArrayLike, y_m: ArrayLike) -> Snapped:
        """Snap points [n]; of roads and ends equally near, the end with the lowest index wins."""
        x, y = np.atleast_1d(np.asarray(x_m, np.float64)), np.atleast_1d(np.asarray(y_m, np.float64))
        if len(x) == 0:
            return Snapped(np.empty(0, np.int64), np.empty(0))
        (point, road), away = self._tree.query_nearest(shapely.points(x, y), return_distance=True)
        point = np.concatenate((point, point))
        node = np.concatenate((self._from[road], self._to[road]))
        away = np.concatenate((away, away))
        to_node = np.hypot(self._x_m[node] - x[point], self._y_m[node] - y[point]) + self._penalty[node]
        order = np.lexsort((node, np.rint(to_node * 1000), point))  # whole millimetres: no ties by noise
        first = order[np.unique(point[order], return_index=True)[1]]
        return Snapped(node[first].astype(np.int64), away[first])


def nearest_nodes(network: RoadNetwork, x_m: ArrayLike, y_m: ArrayLike) -> Ints:
    """Give, for points [n], the nearer end of the nearest road that buses use [n]."""
    return snapper(network).snap(x_m, y_m).node


def snapper(network: RoadNetwork) -> Snapper:
    """Give the network's snapper, made once for each network object."""
    # kept in the object's own dictionary, as cached properties are: a changed copy starts anew
    made = vars(network).get(_SNAPPER)
    if made is None:
        used = np.flatnonzero(network.edge_bus)
        made = vars(network)[_SNAPPER] = Snapper(
            network.x_m,
            network.y_m,
            network.edge_from[used],
            network.edge_to[used],
            tuple(network.edge_shape_m[k] for k in used),
        )
    assert isinstance(made, Snapper)
    return made


def stop_places(network: RoadNetwork) -> Ints:
    """List the places where buses stop for riders, as indices into ``network.places`` [S]."""
    return np.flatnonzero(np.isin(np.array(network.places.kinds, object), STOP_KINDS)).astype(np.int64)


def stops_within(network: RoadNetwork, x_m: ArrayLike, y_m: ArrayLike, reach_m: float) -> StopsInReach:
    """Find the stops within a straight distance of points [n].

    Parameters
    ----------
    x_m, y_m
        Points on the plane [n].
    reach_m
        Straight distance; divide a walking distance by the detour of footpaths first.
    """
    x, y = np.atleast_1d(np.asarray(x_m, np.float64)), np.atleast_1d(np.asarray(y_m, np.float64))
    stops = stop_places(network)
    if len(x) == 0 or len(stops) == 0:
        return StopsInReach(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    from scipy.spatial import cKDTree  # noqa: PLC0415  (slow to import; pictures need none)

    stop_x, stop_y = network.places.x_m[stops], network.places.y_m[stops]
    pairs = cKDTree(np.column_stack((x, y))).sparse_distance_matrix(
        cKDTree(np.column_stack((stop_x, stop_y))), reach_m, output_type="ndarray"
    )
    point, stop = pairs["i"].astype(np.int64), pairs["j"].astype(np.int64)
    distance = np.hypot(stop_x[stop] - x[point], stop_y[stop] - y[point])
    order = np.lexsort((stop, distance, point))
    return StopsInReach(point[order], stops[stop[order]], distance[order])

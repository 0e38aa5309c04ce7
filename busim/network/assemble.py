"""From a draft to the arrays of a road network: connection, snapping, rounding, fingerprint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from busim.errors import InputError, Problem
from busim.model.network import ROAD_CLASSES, Bools, Ints, Places, RoadNetwork
from busim.network.draft import Draft, DraftPlace
from busim.network.fingerprint import fingerprint
from busim.network.snap import Snapper

OUTSIDE_M = 2000.0
LANDMARK_OUTSIDE_M = 10_000.0  # sights and stations around the map, which no bus needs to reach
SERVICE_KINDS = ("stop", "depot", "charger", "terminal")


def assemble(draft: Draft) -> RoadNetwork:
    """Make the network of a draft.

    Only the largest part in which buses get from every node to every other is used: other edges stay for
    drawing, with ``edge_bus`` false.

    Raises
    ------
    InputError
        If no two nodes are joined both ways by roads that buses may use, or a place lies outside the map or
        on a road from which that part cannot be reached.
    """
    edge_from = np.array([edge.start for edge in draft.edges], np.int64)
    edge_to = np.array([edge.end for edge in draft.edges], np.int64)
    allowed = np.array([edge.is_bus for edge in draft.edges], np.bool_)
    connected = _largest_part(draft, edge_from[allowed], edge_to[allowed])
    shapes = tuple(edge.shape_m for edge in draft.edges)
    roads = np.flatnonzero(allowed)
    snapper = Snapper(
        draft.x_m, draft.y_m, edge_from[roads], edge_to[roads], tuple(shapes[k] for k in roads), favoured=connected
    )
    network = RoadNetwork(
        name=draft.name,
        node_id=draft.node_id,
        x_m=draft.x_m,
        y_m=draft.y_m,
        lon=draft.lon,
        lat=draft.lat,
        is_signal=np.array(draft.is_signal, np.bool_),
        edge_from=edge_from,
        edge_to=edge_to,
        edge_length_m=np.maximum(1, np.rint([edge.length_m for edge in draft.edges])).astype(np.int64),
        edge_class=np.array([ROAD_CLASSES.index(edge.road_class) for edge in draft.edges], np.int64),
        edge_speed_kmh=np.array([edge.speed_kmh for edge in draft.edges], np.float64),
        edge_bus=allowed & connected[edge_from] & connected[edge_to],
        edge_climb_m=np.array([edge.climb_m for edge in draft.edges], np.float64),
        edge_name=tuple(edge.name for edge in draft.edges),
        edge_name_zh=tuple(edge.name_zh for edge in draft.edges),
        edge_source=tuple(edge.source for edge in draft.edges),
        edge_confidence=tuple(edge.confidence for edge in draft.edges),
        edge_shape_m=shapes,
        places=_places(draft, snapper, connected),
        areas=draft.areas,
        centre=draft.centre,
        fingerprint="",
    )
    return replace(network, fingerprint=fingerprint(network))


def _largest_part(draft: Draft, edge_from: Ints, edge_to: Ints) -> Bools:
    """Mark the nodes of the largest strongly connected part of the bus roads [N]; the first of equals."""
    size = len(draft.node_id)
    if len(edge_from) == 0:
        raise InputError.single(draft.where, "has no road that buses may use", "see the edges' highway and bus")
    part = strong_parts(edge_from, edge_to, size)
    sizes = np.bincount(part)
    if sizes.max() < 2:
        what = "no two nodes are joined both ways by roads that buses may use"
        raise InputError.single(draft.where, what, "a two-way road needs an edge in each direction")
    first = np.flatnonzero(sizes[part] == sizes.max())[0]
    marked: Bools = part == part[first]
    return marked


def strong_parts(edge_from: Ints, edge_to: Ints, size: int) -> Ints:
    """Give each node the number of its part, in which every node reaches every other [N]."""
    from scipy.sparse import csr_array  # noqa: PLC0415  (slow to import; pictures need none)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    graph = csr_array((np.ones(len(edge_from)), (edge_from, edge_to)), shape=(size, size))
    _, part = connected_components(graph, directed=True, connection="strong")
    return part.astype(np.int64)


def _places(draft: Draft, snapper: Snapper, connected: Bools) -> Places:
    rows = draft.places
    x_m, y_m = np.array([row.x_m for row in rows]), np.array([row.y_m for row in rows])
    snapped = snapper.snap(x_m, y_m)
    problems = [
        problem
        for row, node, road_m in zip(rows, snapped.node, snapped.road_m, strict=True)
        for problem in _unreachable(row, bool(connected[node]), float(road_m))
    ]
    if problems:
        raise InputError(problems)
    names = sorted({name for row in rows for name in row.attributes})
    return Places(
        ids=tuple(row.id for row in rows),
        names=tuple(row.name or row.id for row in rows),
        names_zh=tuple(row.name_zh for row in rows),
        kinds=tuple(row.kind for row in rows),
        zones=tuple(row.zone for row in rows),
        node=snapped.node,
        x_m=x_m,
        y_m=y_m,
        attributes={name: np.array([row.attributes.get(name, np.nan) for row in rows]) for name in names},
    )


def _unreachable(row: DraftPlace, is_connected: bool, road_m: float) -> list[Problem]:
    if road_m > (OUTSIDE_M if row.kind in SERVICE_KINDS else LANDMARK_OUTSIDE_M):
        what = f"{row.kind} '{row.id}' lies outside the map: {road_m / 1000:.1f} km from the nearest bus road"
        return [Problem(row.where, what, "are lon and lat in this order, in degrees (WGS-84)?")]
    if not is_connected:
        what = f"unreachable {row.kind} '{row.id}': its road is not joined both ways with the main bus network"
        return [Problem(row.where, what, "join the road, or set bus='no' on it so that the next road counts")]
    return []

"""The road network and its places as arrays; lengths are whole metres, positions on a local metric plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROAD_CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential", "campus", "other")


@dataclass(frozen=True)
class Places:
    """Named points of the map, each snapped to a node that buses reach.

    Parameters
    ----------
    ids, names, names_zh, kinds, zones
        Texts, one per place [P]; ``zones`` is empty where a place lies in none.
    node
        Nearest bus node [P].
    x_m, y_m
        Position on the plane [P].
    attributes
        Further columns by name, each [P] float64 (``nan`` = not given): residents, jobs, plugs, power_kw, ...
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    names_zh: tuple[str, ...]
    kinds: tuple[str, ...]
    zones: tuple[str, ...]
    node: Ints
    x_m: Floats
    y_m: Floats
    attributes: dict[str, Floats]

    def __len__(self) -> int:
        """Count the places."""
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each place id."""
        return {place: i for i, place in enumerate(self.ids)}


@dataclass(frozen=True)
class Area:
    """A polygon of the map for drawing and for service areas: outer ring [k, 2] in metres."""

    id: str
    name: str
    name_zh: str
    kind: str
    ring_m: Floats


@dataclass(frozen=True)
class RoadNetwork:
    """A directed road graph as arrays.

    Parameters
    ----------
    name
        Of the map.
    node_id
        The node's id in its source [N].
    x_m, y_m, lon, lat
        Positions [N].
    is_signal
        Whether a node is signalised [N].
    edge_from, edge_to
        Node indices [E].
    edge_length_m
        Whole metres, at least 1 [E].
    edge_class
        Index into ``ROAD_CLASSES`` [E].
    edge_speed_kmh
        Speed limit [E].
    edge_bus
        Whether buses may use it [E].
    edge_name, edge_name_zh, edge_source, edge_confidence
        Texts [E].
    edge_climb_m
        Height of the end over the start, 0 where the map does not tell [E].
    edge_shape_m
        Polylines, each [k, 2], for drawing [E].
    places, areas
        Named points and polygons.
    centre
        Longitude and latitude of the plane's origin [degrees].
    fingerprint
        SHA-256 over the arrays that a run depends on.
    """

    name: str
    node_id: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    lon: Floats
    lat: Floats
    is_signal: Bools
    edge_from: Ints
    edge_to: Ints
    edge_length_m: Ints
    edge_class: Ints
    edge_speed_kmh: Floats
    edge_bus: Bools
    edge_climb_m: Floats
    edge_name: tuple[str, ...]
    edge_name_zh: tuple[str, ...]
    edge_source: tuple[str, ...]
    edge_confidence: tuple[str, ...]
    edge_shape_m: tuple[Floats, ...]
    places: Places
    areas: tuple[Area, ...]
    centre: tuple[float, float]
    fingerprint: str

    @property
    def num_nodes(self) -> int:
        """Count the nodes."""
        return len(self.x_m)

    @property
    def num_edges(self) -> int:
        """Count the directed edges."""
        return len(self.edge_from)

    def summary(self) -> dict[str, Any]:
        """Tell size and length in a few numbers."""
        bus = self.edge_bus
        return {
            "name": self.name,
            "nodes": self.num_nodes,
            "edges": self.num_edges,
            "places": len(self.places),
            "km": float(self.edge_length_m.sum()) / 1000,
            "km_bus": float(self.edge_length_m[bus].sum()) / 1000,
        }

"""Streets as one reads them on a map: the pieces of one name joined to lines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from busim.model.network import Floats, Ints, RoadNetwork


class Street(NamedTuple):
    """A line of one name: its class (index into ``ROAD_CLASSES``), and the polyline [k, 2] on the plane."""

    name: str
    name_zh: str
    road_class: int
    line_m: Floats


def one_way_pieces(network: RoadNetwork) -> Ints:
    """List edges such that a two-way street, or one of several parallel edges of one length, appears once [k]."""
    low, high = np.minimum(network.edge_from, network.edge_to), np.maximum(network.edge_from, network.edge_to)
    keys = np.column_stack((low, high, network.edge_length_m, network.edge_class))
    first = np.unique(keys, axis=0, return_index=True)[1]
    return np.sort(first).astype(np.int64)


def streets(network: RoadNetwork) -> list[Street]:
    """Join the edges that carry one name and class into lines, longest first."""
    pieces: dict[tuple[str, str, int], list[shapely.LineString]] = {}
    for k in one_way_pieces(network):
        if network.edge_name[k] or network.edge_name_zh[k]:
            key = (network.edge_name[k], network.edge_name_zh[k], int(network.edge_class[k]))
            pieces.setdefault(key, []).append(shapely.LineString(network.edge_shape_m[k]))
    made = [
        Street(*key, shapely.get_coordinates(line))
        for key, lines in pieces.items()
        for line in shapely.get_parts(shapely.line_merge(shapely.MultiLineString(lines)))
    ]
    return sorted(made, key=lambda street: (-shapely.LineString(street.line_m).length, street.name))

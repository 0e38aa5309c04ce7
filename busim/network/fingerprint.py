"""One hash for all of a network that a run depends on."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from busim.model.network import Floats, RoadNetwork


def fingerprint(network: RoadNetwork) -> str:
    """Hash arrays and the texts by which places are found (SHA-256, hexadecimal).

    Positions count in whole millimetres, so that the last digit of a sine does not tell machines apart.
    """
    places = network.places
    columns: dict[str, NDArray[np.generic]] = {
        "x": _millimetres(network.x_m),
        "y": _millimetres(network.y_m),
        "from": network.edge_from,
        "to": network.edge_to,
        "length": network.edge_length_m,
        "class": network.edge_class,
        "speed": network.edge_speed_kmh,
        "bus": network.edge_bus,
        "climb": _millimetres(network.edge_climb_m),
        "shapes": _millimetres(np.concatenate(network.edge_shape_m)),
        "rings": _millimetres(np.concatenate([area.ring_m for area in network.areas] or [np.empty((0, 2))])),
        "place_node": places.node,
        "place_x": _millimetres(places.x_m),
        "place_y": _millimetres(places.y_m),
        **{f"place.{name}": places.attributes[name] for name in sorted(places.attributes)},
    }
    digest = hashlib.sha256()
    for name, column in columns.items():
        little = np.ascontiguousarray(column, column.dtype.newbyteorder("<"))
        digest.update(f"{name} {little.dtype.str} {little.shape}\n".encode())
        digest.update(little.tobytes())
    areas = [(area.id, area.kind) for area in network.areas]
    digest.update(repr((network.node_id, places.ids, places.kinds, places.zones, areas)).encode())
    return digest.hexdigest()


def _millimetres(metres: Floats) -> NDArray[np.int64]:
    return np.rint(np.asarray(metres) * 1000).astype(np.int64)

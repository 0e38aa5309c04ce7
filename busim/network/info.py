"""A map in numbers: size, kilometres by class, how much of it is estimated."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from busim.model.network import ROAD_CLASSES, Bools, Floats, Ints, RoadNetwork
from busim.network.assemble import strong_parts
from busim.network.zones import zone_names

ESTIMATED = "E"  # the mark of confidence; others are S (sourced), M (middling), R (reported)


def is_estimated(network: RoadNetwork) -> Bools:
    """Tell of each edge whether its course is an estimate, by its confidence or its source [E]."""
    pairs = zip(network.edge_confidence, network.edge_source, strict=True)
    return np.array([sure == ESTIMATED or source.startswith("estimate") for sure, source in pairs], np.bool_)


def street_km(network: RoadNetwork) -> Floats:
    """Give kilometres of street that each edge stands for [E]: half, where another one leads back."""
    there = list(zip(network.edge_from.tolist(), network.edge_to.tolist(), network.edge_length_m.tolist(), strict=True))
    known = set(there)
    half = np.array([0.5 if (end, start, length) in known else 1.0 for start, end, length in there])
    km: Floats = network.edge_length_m * half / 1000
    return km


def info(network: RoadNetwork) -> dict[str, Any]:
    """Tell what a map consists of; lengths count a two-way street once.

    Returns
    -------
    dict
        ``name``, ``nodes``, ``edges``, ``street_km``, ``bus_km``, ``km_by_class`` and ``bus_km_by_class``,
        ``estimated_share`` (of street km), ``estimated_bus_share``, ``bus_nodes``, ``is_strongly_connected``
        (every bus node reaches every other), ``places_by_kind``, ``zones``,
        ``signals``, ``extent_km`` (east to west, north to south), ``fingerprint``.
    """
    km, bus, guessed = street_km(network), network.edge_bus, is_estimated(network)
    kinds = network.edge_class
    used = np.unique(network.edge_from[bus])
    return {
        "name": network.name,
        "nodes": network.num_nodes,
        "edges": network.num_edges,
        "street_km": round(float(km.sum()), 1),
        "bus_km": round(float(km[bus].sum()), 1),
        "km_by_class": _by_class(kinds, km),
        "bus_km_by_class": _by_class(kinds[bus], km[bus]),
        "estimated_share": _share(km[guessed], km),
        "estimated_bus_share": _share(km[guessed & bus], km[bus]),
        "bus_nodes": len(used),
        "is_strongly_connected": _is_connected(network),
        "places_by_kind": dict(sorted(Counter(network.places.kinds).items())),
        "zones": list(zone_names(network)),
        "signals": int(network.is_signal.sum()),
        "extent_km": [round(float(np.ptp(axis)) / 1000, 1) for axis in (network.x_m, network.y_m)],
        "fingerprint": network.fingerprint,
    }


def _is_connected(network: RoadNetwork) -> bool:
    used = np.flatnonzero(network.edge_bus)
    ends = network.edge_from[used], network.edge_to[used]
    part = strong_parts(*ends, network.num_nodes)
    return len(used) > 0 and len(np.unique(part[np.concatenate(ends)])) == 1


def _by_class(kinds: Ints, km: Floats) -> dict[str, float]:
    sums = np.bincount(kinds, km, len(ROAD_CLASSES))
    return {name: round(float(total), 1) for name, total in zip(ROAD_CLASSES, sums, strict=True) if total > 0}


def _share(part: Floats, whole: Floats) -> float:
    return round(float(part.sum() / whole.sum()), 3) if whole.sum() > 0 else 0.0

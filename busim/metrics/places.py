"""Which place of the map a node stands for, and which charging sites there are."""

from __future__ import annotations

import numpy as np

from busim.model.charger_sites import STOP_KINDS
from busim.model.events import NONE
from busim.model.network import Ints, Places, RoadNetwork
from busim.model.specs import ScenarioSpec


def place_at(network: RoadNetwork, first: tuple[str, ...] = ()) -> Ints:
    """Give the place that a node stands for, or ``NONE`` [N].

    Of several places at a node, those named in ``first`` win, then those where riders board, then the earliest in
    the map.
    """
    places = network.places
    found = np.full(network.num_nodes, NONE, np.int64)
    chosen = set(first)
    order = sorted(
        range(len(places)),
        key=lambda i: (places.ids[i] in chosen, places.kinds[i] in STOP_KINDS, -i),
    )
    index = np.array(order, np.int64)
    found[places.node[index]] = index
    return found


def line_nodes(spec: ScenarioSpec, places: Places) -> Ints:
    """Give the nodes of the line's stops in order [L]; empty without a line or where a stop is unknown."""
    stops = spec.line.stops if spec.line is not None else ()
    if any(stop not in places.index for stop in stops):
        return np.zeros(0, np.int64)
    nodes: Ints = places.node[[places.index[stop] for stop in stops]] if stops else np.zeros(0, np.int64)
    return nodes


def site_places(spec: ScenarioSpec, places: Places) -> Ints:
    """Give the place of each charging site: those of the scenario, else every charger of the map [S]."""
    if spec.charging.sites:
        return np.array([places.index.get(site.place, NONE) for site in spec.charging.sites], np.int64)
    return np.array([i for i, kind in enumerate(places.kinds) if kind == "charger"], np.int64)

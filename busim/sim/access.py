"""Requests as the service meets them: boarding and alighting stops within walking reach, windows, limits, dwell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from busim.core.travel import UNREACHABLE, TravelTimes
from busim.model.charger_sites import STOP_KINDS
from busim.model.events import NONE, Reason
from busim.model.network import Bools, Floats, Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.model.riders import Riders
from busim.model.specs import ScenarioSpec, ServiceSpec

WALK_DETOUR = 1.3  # network distance over straight line, for walking among big blocks


class Ends(NamedTuple):
    """One end of each trip: node (``NONE`` out of reach), place or ``NONE``, walk [s], each [R]."""

    node: Ints
    place: Ints
    walk_s: Ints


def stop_places(spec: ScenarioSpec, network: RoadNetwork) -> Ints:
    """Give the places where riders may board: the line's stops, or all stops of the zones served."""
    places = network.places
    if spec.service.mode == "line" and spec.line is not None:
        return np.array([places.index[stop] for stop in spec.line.stops], np.int64)
    zones = spec.service.zones
    chosen = [
        i for i in range(len(places)) if places.kinds[i] in STOP_KINDS and (not zones or places.zones[i] in zones)
    ]
    return np.array(chosen, np.int64)


def _nearest_stop(stops: Ints, network: RoadNetwork, x_m: Floats, y_m: Floats, service: ServiceSpec) -> Ends:
    if not len(stops):
        none = np.full(len(x_m), NONE)
        return Ends(none, none, np.zeros(len(x_m), np.int64))
    places = network.places
    tree = cKDTree(np.column_stack((places.x_m[stops], places.y_m[stops])))
    straight, nearest = tree.query(np.column_stack((x_m, y_m)))
    place = stops[nearest]
    walk_m = np.asarray(straight) * WALK_DETOUR
    reached = walk_m <= service.max_walk_m
    walk_s = np.rint(walk_m / service.walk_speed_mps).astype(np.int64)
    return Ends(np.where(reached, places.node[place], NONE), np.where(reached, place, NONE), walk_s)


def _outside(zones: tuple[str, ...], names: tuple[str, ...]) -> Bools:
    if not zones:
        return np.zeros(len(names), bool)
    return ~np.isin(np.array(names, dtype=str), np.array(zones, dtype=str))


def _reasons(start: Ints, end: Ints, outside: Bools, direct: Ints, is_line: bool) -> Ints:
    """Tell who cannot be served at all, and why (``NONE`` = can be) [R]."""
    reasons = np.full(len(start), NONE)
    reasons[direct >= UNREACHABLE] = Reason.NO_PATH
    reasons[start == end] = Reason.NO_LINE if is_line else Reason.NO_STOP
    reasons[(start == NONE) | (end == NONE) | outside] = Reason.NO_STOP
    return reasons


def riders(
    spec: ScenarioSpec, network: RoadNetwork, requests: RequestTable, travel: TravelTimes
) -> tuple[Riders, Ints]:
    """Make the riders of a run, and tell who cannot be served at all [R].

    The window opens when the rider has walked to the stop; the longest ride is
    ``max(direct * factor, direct + constant)``. Deadlines are rounded down.
    """
    service = spec.service
    if service.mode == "door_to_door":
        none, zero = np.full(len(requests), NONE), np.zeros(len(requests), np.int64)
        start, end = Ends(requests.origin_node, none, zero), Ends(requests.destination_node, none, zero)
    else:
        stops = stop_places(spec, network)
        start = _nearest_stop(stops, network, requests.origin_x_m, requests.origin_y_m, service)
        end = _nearest_stop(stops, network, requests.destination_x_m, requests.destination_y_m, service)
    earliest = np.maximum(requests.earliest_s, requests.time_s) + start.walk_s
    direct = travel.direct_s(start.node, end.node, earliest)
    outside = _outside(service.zones, requests.origin_zone) | _outside(service.zones, requests.destination_zone)
    reasons = _reasons(start.node, end.node, outside, direct, service.mode == "line")
    longest = np.maximum(np.floor(direct * service.ride_factor), direct + service.ride_constant_s).astype(np.int64)
    patience = np.where(requests.patience_s < 0, service.patience_s, requests.patience_s)
    wheels = requests.wheelchair.astype(np.int64)
    persons = requests.party - wheels
    made = Riders(
        requests.time_s,
        earliest,
        earliest + service.max_wait_s,
        longest,
        earliest + np.maximum(patience, service.max_wait_s if service.mode != "line" else 0),
        start.node,
        end.node,
        start.place,
        end.place,
        np.where(start.node == NONE, 0, start.walk_s),
        np.where(end.node == NONE, 0, end.walk_s),
        persons,
        wheels,
        np.ceil(persons * service.board_s + wheels * service.wheelchair_board_s),
        np.ceil(persons * service.alight_s + wheels * service.wheelchair_alight_s),
        direct,
        travel.direct_m(start.node, end.node, earliest),
    )
    return made, reasons

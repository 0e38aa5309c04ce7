"""Requests as the service meets them: boarding and alighting stops within walking reach, windows, limits, dwell."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from busim.core.travel import UNREACHABLE, TravelTimes
from busim.model.charger_sites import STOP_KINDS
from busim.model.events import NONE, Reason
from busim.model.network import Bools, Floats, Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.model.riders import Choices, Riders, take
from busim.model.specs import ScenarioSpec, ServiceSpec

WALK_DETOUR = 1.3  # network distance over straight line, for walking among big blocks


class Ends(NamedTuple):
    """One end of trips: node (``NONE`` out of reach), place or ``NONE``, walk [s]; one stop [n], or several [R, k]."""

    node: Ints
    place: Ints
    walk_s: Ints

    def at(self, *index: Ints) -> Ends:
        """Take some."""
        return Ends(self.node[index], self.place[index], self.walk_s[index])


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


def _near_stops(stops: Ints, network: RoadNetwork, x_m: Floats, y_m: Floats, service: ServiceSpec) -> Ends:
    """Find the stops among which a rider may choose, nearest first; of several at one node the nearest [R, k]."""
    most = service.meeting_points if service.mode == "stop_to_stop" else 1
    looked = min(most if most == 1 else 3 * most, len(stops))  # several may stand at one node
    if not looked:
        none = np.full((len(x_m), 1), NONE)
        return Ends(none, none, np.zeros((len(x_m), 1), np.int64))
    places = network.places
    tree = cKDTree(np.column_stack((places.x_m[stops], places.y_m[stops])))
    straight, nearest = tree.query(np.column_stack((x_m, y_m)), k=list(range(1, looked + 1)))
    place = stops[nearest]
    walk_m = np.asarray(straight) * WALK_DETOUR
    reached = walk_m <= service.max_walk_m
    walk_s = np.rint(walk_m / service.walk_speed_mps).astype(np.int64)
    node = np.where(reached, places.node[place], NONE)
    for k in range(1, looked):
        node[(node[:, :k] == node[:, k : k + 1]).any(axis=1), k] = NONE
    node[:, 1:][np.cumsum(node != NONE, axis=1)[:, 1:] > most] = NONE
    return Ends(node, np.where(node == NONE, NONE, place), walk_s)


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
    ``max(direct * factor, direct + constant)``. Deadlines are rounded down. With meeting points the same holds for
    each other pair of stops that a rider may be sent to; who uses a wheelchair is met at the nearest.
    """
    service, size = spec.service, len(requests)
    starts, ends = _both_ends(spec, network, requests)
    everyone, first = np.arange(size), np.zeros(size, np.int64)
    made = _offered(service, requests, travel, everyone, starts.at(everyone, first), ends.at(everyone, first))
    outside = _outside(service.zones, requests.origin_zone) | _outside(service.zones, requests.destination_zone)
    reasons = _reasons(made.from_node, made.to_node, outside, made.direct_s, service.mode == "line")
    if service.mode == "stop_to_stop" and service.meeting_points > 1:
        may = (reasons == NONE) & (made.wheels == 0)
        made = replace(made, choices=_choices(service, requests, travel, np.flatnonzero(may), starts, ends))
    return made, reasons


def _both_ends(spec: ScenarioSpec, network: RoadNetwork, requests: RequestTable) -> tuple[Ends, Ends]:
    service, size = spec.service, len(requests)
    if service.mode == "door_to_door":
        none, zero = np.full((size, 1), NONE), np.zeros((size, 1), np.int64)
        return Ends(requests.origin_node[:, None], none, zero), Ends(requests.destination_node[:, None], none, zero)
    stops = stop_places(spec, network)
    return (
        _near_stops(stops, network, requests.origin_x_m, requests.origin_y_m, service),
        _near_stops(stops, network, requests.destination_x_m, requests.destination_y_m, service),
    )


def _choices(
    service: ServiceSpec, requests: RequestTable, travel: TravelTimes, who: Ints, starts: Ends, ends: Ends
) -> Choices:
    """Pair the stops at both ends, but for the nearest pair and where there is no way; shortest walks first."""
    shape = len(who), starts.node.shape[1], ends.node.shape[1]
    row, k, m = (index.ravel() for index in np.indices(shape))
    start, end = starts.at(who[row], k), ends.at(who[row], m)
    is_pair = (start.node != NONE) & (end.node != NONE) & (start.node != end.node) & (k + m > 0)
    kept = np.flatnonzero(is_pair)
    kept = kept[np.lexsort((kept, (start.walk_s + end.walk_s)[kept], row[kept]))]
    table = _offered(service, requests, travel, who[row[kept]], start.at(kept), end.at(kept))
    has_way = np.flatnonzero(table.direct_s < UNREACHABLE)
    counts = np.bincount(who[row[kept]][has_way], minlength=len(requests))
    return Choices(np.concatenate(([0], np.cumsum(counts))), take(table, has_way))


def _offered(
    service: ServiceSpec, requests: RequestTable, travel: TravelTimes, who: Ints, start: Ends, end: Ends
) -> Riders:
    """Give what riders are offered between two stops each [n]."""
    asked = requests.time_s[who]
    earliest = np.maximum(requests.earliest_s[who], asked) + start.walk_s
    direct = travel.direct_s(start.node, end.node, earliest)
    longest = np.maximum(np.floor(direct * service.ride_factor), direct + service.ride_constant_s).astype(np.int64)
    own = requests.patience_s[who]
    patience = np.where(own < 0, service.patience_s, own)
    wheels = requests.wheelchair[who].astype(np.int64)
    persons = requests.party[who] - wheels
    return Riders(
        asked,
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

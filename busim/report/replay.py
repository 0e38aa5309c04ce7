"""The day as data for a moving map: roads, places, where every bus is at any moment, and who waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from busim.core.travel import TravelTimes
from busim.metrics import flows
from busim.metrics.halts import STATES
from busim.metrics.series import charge_course, grid
from busim.model.events import Kind
from busim.model.network import ROAD_CLASSES, Floats, RoadNetwork
from busim.model.table import Table
from busim.report.day import FinishedDay

CHARGE_STEP_S = 300
SHOWN_PLACES = ("stop", "metro_station", "depot", "charger")
SHOWN_AREAS = ("water", "park", "campus", "industrial", "restricted")
_MARGIN_M = 600.0
_GONE = (Kind.ABANDON, Kind.CANCEL, Kind.NO_SHOW)


def replay(day: FinishedDay) -> dict[str, Any]:
    """Give all that a moving map of a finished day needs, ready for JSON.

    Positions are whole metres on the map's plane, times whole seconds from midnight. A leg is the edges that a bus
    drove from ``leave`` to ``arrive``, evenly along their length: both moments stand in the log, those between do not.

    Parameters
    ----------
    day
        The finished day.

    Returns
    -------
    dict
        ``extent`` [w, s, e, n]; ``start``, ``end``; ``roads`` [class, polyline] by edge; ``areas`` [kind, ring];
        ``places`` [kind, x, y, name, Chinese name]; ``nodes`` [x, y]; ``states``, names of what buses do; ``buses``,
        each with its type, first node, legs, states and charge; ``riders``, columns of node, from, until, outcome.
    """
    network, spec, tables = day.network, day.spec, day.tables
    end = int(max(spec.end_s, tables["states"]["end_s"].max(initial=spec.end_s)))
    edges = leg_edges(tables["legs"], day.travel)
    return {
        "start": spec.start_s,
        "end": end,
        "extent": _extent(network, [edge for leg in edges for edge in leg]),
        "classes": ROAD_CLASSES,
        "roads": [
            [int(kind), _flat(shape)] for kind, shape in zip(network.edge_class, network.edge_shape_m, strict=True)
        ],
        "areas": [[area.kind, _flat(area.ring_m)] for area in network.areas if area.kind in SHOWN_AREAS],
        "places": _places(network),
        "nodes": [[round(float(x)), round(float(y))] for x, y in zip(network.x_m, network.y_m, strict=True)],
        "states": STATES,
        "chargeStep": CHARGE_STEP_S,
        "buses": _buses(day, edges, end),
        "riders": _riders(day, end),
    }


def leg_edges(legs: Table, travel: TravelTimes) -> list[list[int]]:
    """Give the edges of each leg [L]: those of the planned path, as far as the node where the bus turned."""
    leg, edge, *_ = flows.leg_edges(legs, travel)  # each leg from its end
    order = np.argsort(leg[::-1], kind="stable")
    ends = np.cumsum(np.bincount(leg, minlength=legs.num_rows))
    return [part.tolist() for part in np.split(edge[::-1][order], ends[:-1])] if legs.num_rows else []


def _flat(points: Floats) -> list[int]:
    whole: list[int] = np.rint(points).astype(np.int64).ravel().tolist()
    return whole


def _extent(network: RoadNetwork, driven: Sequence[int]) -> list[int]:
    """Give the part of the plane where nearly all driving was; all bus roads where there was none.

    A single trip to a far charger must not make the rest of the map small.
    """
    edges, times = np.unique(driven or np.flatnonzero(network.edge_bus), return_counts=True)
    middles = np.repeat([network.edge_shape_m[edge].mean(axis=0) for edge in edges], times, axis=0)
    low, high = np.quantile(middles, [0.002, 0.998], axis=0)
    return [round(float(value)) for value in (*(low - _MARGIN_M), *(high + _MARGIN_M))]


def _places(network: RoadNetwork) -> list[list[Any]]:
    places = network.places
    return [
        [
            kind,
            round(float(places.x_m[i])),
            round(float(places.y_m[i])),
            places.names[i],
            places.names_zh[i],
        ]
        for i, kind in enumerate(places.kinds)
        if kind in SHOWN_PLACES
    ]


def _buses(day: FinishedDay, edges: Sequence[Sequence[int]], end: int) -> list[dict[str, Any]]:
    legs, states, fleet = day.tables["legs"], day.tables["states"], day.spec.fleet
    num = len(fleet.buses)
    told: list[dict[str, Any]] = [{"type": fleet.vehicles[bus.vehicle].name} for bus in fleet.buses]
    starts = day.log.kind == Kind.SHIFT_START
    first = dict(zip(day.log.bus[starts].tolist(), day.log.node[starts].tolist(), strict=True))
    columns = (legs[name].tolist() for name in ("bus", "leave_s", "arrive_s", "riders", "to_node"))
    driven: list[list[list[Any]]] = [[] for _ in range(num)]
    for (bus, leave, arrive, riders, node), path in zip(zip(*columns, strict=True), edges, strict=True):
        driven[bus].append([leave, arrive, riders, node, list(path)])
    code = {name: i for i, name in enumerate(STATES)}
    doing: list[list[list[int]]] = [[] for _ in range(num)]
    for bus, state, start, stop in zip(
        *(states[c].tolist() for c in ("bus", "state", "start_s", "end_s")), strict=True
    ):
        doing[bus].append([int(start), int(stop), code[state]])
    charge = np.nan_to_num(charge_course(day.tables, grid(day.spec.start_s, end, CHARGE_STEP_S)), nan=-1)
    for bus, each in enumerate(told):
        percent = np.where(charge[bus] < 0, -1, np.rint(100 * charge[bus])).astype(np.int64).tolist()
        each |= {"node": first.get(bus, 0), "legs": driven[bus], "states": doing[bus], "charge": percent}
    return told


def _riders(day: FinishedDay, end: int) -> dict[str, list[Any]]:
    """Tell where each rider waited from when until when; who was refused stands there for no time at all."""
    rides = day.tables["rides"]
    gone = np.full(rides.num_rows, np.nan)
    for kind in _GONE:
        gone = np.fmax(gone, day.rider_log.last(kind, day.log.time))
    asked, pickup = rides["request_s"].astype(np.float64), rides["pickup_s"]
    is_refused = rides["outcome"] == "refused"
    start = np.where(is_refused, asked, np.maximum(rides["earliest_s"], asked))
    until = np.where(is_refused, start, np.where(np.isnan(pickup), gone, pickup))
    dropoff = rides["dropoff_s"]
    return {
        "node": rides["from_node"].tolist(),
        "asked": rides["request_s"].tolist(),
        "from": np.nan_to_num(start, nan=end).astype(np.int64).tolist(),
        "until": np.nan_to_num(until, nan=end).astype(np.int64).tolist(),
        "done": np.where(np.isnan(dropoff), -1, np.nan_to_num(dropoff)).astype(np.int64).tolist(),
        "party": rides["party"].tolist(),
        "outcome": rides["outcome"].tolist(),
    }

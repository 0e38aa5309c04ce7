"""A service day that is known in advance, as arrays: riders, buses, charges that stay as they are, roads, weights."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from busim.core.compiled import borrowing
from busim.core.roads import Roads
from busim.model.network import Floats, Ints, Small

INF = np.inf
HOME = -1  # code of the slot that ends a route; see ``DayRoutes.seq``


class DayData(NamedTuple):
    """The problem; times in seconds, energy in kWh.

    Parameters
    ----------
    roads, halt
        How long legs take, and the fixed time of a halt at another node.
    leg_row, leg_ends, leg_period, leg_since, leg_grid, leg_seconds, leg_metres
        A ``RoadTable`` of legs from all stops, array by array.
    to_charger_m, to_charger_s
        Way to the nearest charger that the battery must last for after every rider's stop [N].
    origin, destination, persons, wheels
        Of each rider: nodes, seats and wheelchair places [n].
    earliest, latest, longest, late_room
        Window of the pick-up, longest ride, and by how much at most either may be exceeded, at a price [n].
    board, alight
        Dwells [n].
    share
        Persons whom a rider's seconds count for [n].
    skip_cost, serve_cost
        Cost of leaving a rider out, and of what he costs however he is carried [n].
    block_node, block_in, block_out, block_gain, block_full
        Charges: where, from when until when the bus is plugged in, how much it gets, and what it holds at most
        afterwards [m].
    via_node, via_halt
        Waypoints without service, and the halt there [v].
    depot, home, seats, places
        Of each bus: node where it starts, and where it ends (-1 for anywhere); seats, wheelchair places [B].
    shift_start, shift_end, energy, floor, per_metre, per_second
        Start; latest return; energy at the start, and the least at any stop; use [B].
    wait, ride, late, drive, distance
        Weights.
    """

    roads: Roads
    leg_row: Ints
    leg_ends: Floats
    leg_period: Ints
    leg_since: float
    leg_grid: Ints
    leg_seconds: NDArray[np.int16]
    leg_metres: Small
    halt: float
    to_charger_m: Floats
    to_charger_s: Floats
    origin: Ints
    destination: Ints
    persons: Ints
    wheels: Ints
    earliest: Floats
    latest: Floats
    longest: Floats
    late_room: Floats
    board: Floats
    alight: Floats
    share: Floats
    skip_cost: Floats
    serve_cost: Floats
    block_node: Ints
    block_in: Floats
    block_out: Floats
    block_gain: Floats
    block_full: Floats
    via_node: Ints
    via_halt: Floats
    depot: Ints
    home: Ints
    seats: Ints
    places: Ints
    shift_start: Floats
    shift_end: Floats
    energy: Floats
    floor: Floats
    per_metre: Floats
    per_second: Floats
    wait: float
    ride: float
    late: float
    drive: float
    distance: float


class DayRoutes(NamedTuple):
    """The routes of all buses with their schedules; slot ``length[b]`` of bus ``b`` is the way home.

    Parameters
    ----------
    seq
        What each slot is: rider ``r`` boards (``r``) or alights (``n + r``), charge ``c`` (``2 n + c``), waypoint ``v``
        (``2 n + m + v``) [B, L].
    leave
        Earliest departure towards each slot, -1 for as soon as possible [B, L].
    ready, start, depart
        Arrival with the halt, start and end of service [B, L].
    last
        Latest start of service that what follows allows, if legs take as long as they do now [B, L].
    load, wheels
        Persons and wheelchairs aboard after each slot [B, L].
    held, energy
        Energy on arrival and after service [B, L].
    leg, piece
        Cost of the leg to each slot, and that with waits and rides that end there [B, L].
    length, cost
        Slots before the way home, and cost of each route [B].
    owner
        Bus of each rider, -1 if left out [n].
    total
        Objective [1].
    """

    seq: Ints
    leave: Floats
    ready: Floats
    start: Floats
    depart: Floats
    last: Floats
    load: Ints
    wheels: Ints
    held: Floats
    energy: Floats
    leg: Floats
    piece: Floats
    length: Ints
    cost: Floats
    owner: Ints
    total: Floats


class DayRow(NamedTuple):
    """One route being tried: as in ``DayRoutes`` [L].

    ``old`` is the slot's place in the route before, or -1; ``stuck`` is the slot at which it cannot be driven [1].
    """

    seq: Ints
    leave: Floats
    old: Ints
    ready: Floats
    start: Floats
    depart: Floats
    load: Ints
    wheels: Ints
    held: Floats
    energy: Floats
    leg: Floats
    piece: Floats
    stuck: Ints


def empty_routes(data: DayData, width: int) -> DayRoutes:
    """Allocate routes that serve nobody and are not scheduled yet.

    Parameters
    ----------
    data
        The problem.
    width
        Slots per bus at most, the way home included.
    """
    shape = (len(data.depot), width)

    def whole() -> Ints:
        return np.zeros(shape, np.int64)

    def real() -> Floats:
        return np.zeros(shape)

    return DayRoutes(
        np.full(shape, HOME), np.full(shape, -1.0), real(), real(), real(), real(), whole(), whole(), real(), real(),
        real(), real(), np.zeros(shape[0], np.int64), np.zeros(shape[0]), np.full(len(data.origin), -1),
        np.full(1, INF),
    )  # fmt: skip


def empty_row(width: int) -> DayRow:
    """Allocate a row of so many slots."""
    whole = {"seq", "old", "load", "wheels"}
    arrays: dict[str, Any] = {name: np.zeros(width, np.int64 if name in whole else float) for name in DayRow._fields}
    return DayRow(**{**arrays, "stuck": np.zeros(1, np.int64)})


@borrowing
def node_of(data: DayData, code: int, bus: int) -> int:
    """Give the node of a slot; -1 for the end of a shift that may be anywhere."""
    num, blocks = len(data.origin), len(data.block_node)
    if code == HOME:
        return int(data.home[bus])
    if code < num:
        return int(data.origin[code])
    if code < 2 * num:
        return int(data.destination[code - num])
    if code < 2 * num + blocks:
        return int(data.block_node[code - 2 * num])
    return int(data.via_node[code - 2 * num - blocks])


@borrowing
def halt_of(data: DayData, code: int) -> float:
    """Give the fixed time of the halt at a slot that lies at another node than the one before."""
    via = code - 2 * len(data.origin) - len(data.block_node)
    return float(data.via_halt[via]) if code != HOME and via >= 0 else data.halt


@borrowing
def way_kwh(data: DayData, code: int, bus: int) -> float:
    """Give the energy that must be left after a slot for the way to a charger."""
    if code == HOME or code >= 2 * len(data.origin):
        return 0.0
    node = node_of(data, code, bus)
    return float(data.to_charger_m[node] * data.per_metre[bus] + data.to_charger_s[node] * data.per_second[bus])

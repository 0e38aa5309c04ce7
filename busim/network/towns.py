"""Synthetic towns whose travel times one works out by hand: a line, a ring, a grid."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from busim.errors import InputError, Problem
from busim.model.network import Area, Floats
from busim.model.plane import from_plane
from busim.network.draft import Draft, DraftEdge, DraftPlace
from busim.network.zones import zones_of

CENTRE = (106.30, 29.60)  # longitude and latitude of a town's node 0 (line, grid) or middle (ring)
SOURCE = "synthetic"
_ARC_STEPS = 4  # pieces of a drawn arc
_MARGIN = 0.5  # zones reach half a block beyond the outer nodes

Layout = tuple[Floats, list[tuple[int, int]], list[Area]]


def draw(kind: str, size: int, spacing_m: float, speed_kmh: float) -> Draft:
    """Draw a town: two-way streets of one length, a stop at every node, a depot and a charger.

    Stops are ``stop_0`` ... ``stop_<n-1>`` at nodes 0 ... n-1, ``depot`` stands at node 0, ``charger``
    (2 plugs of 60 kW) at node n // 2; nodes of a grid count along the rows, from the south-west.

    Parameters
    ----------
    kind
        ``"line"``, ``"ring"`` or ``"grid"``.
    size
        Nodes; of a grid, nodes per side.
    spacing_m
        Length of every street [m]; on the ring along the arc.
    speed_kmh
        Speed limit everywhere [km/h].

    Raises
    ------
    InputError
        If the size is below 2 (ring: 3), or spacing or speed is not a positive number.
    """
    _check(kind, size, spacing_m, speed_kmh)
    xy, pairs, zones = _LAYOUTS[kind](size, spacing_m)
    lon, lat = from_plane(xy[:, 0], xy[:, 1], CENTRE)
    shape = _arc if kind == "ring" else _straight
    edges = [
        DraftEdge(a, b, spacing_m, "tertiary", speed_kmh, True, shape(xy[a], xy[b]), name=name, source=SOURCE)
        for start, end in pairs
        for name in (_street(kind, size, start, end),)
        for a, b in ((start, end), (end, start))
    ]
    return Draft(
        name=f"{kind}-{size}",
        where="map",
        centre=CENTRE,
        node_id=tuple(str(node) for node in range(len(xy))),
        x_m=xy[:, 0],
        y_m=xy[:, 1],
        lon=lon,
        lat=lat,
        is_signal=(False,) * len(xy),
        edges=tuple(edges),
        places=tuple(_places(xy, zones)),
        areas=tuple(zones),
    )


def _check(kind: str, size: int, spacing_m: float, speed_kmh: float) -> None:
    problems = []
    least = 3 if kind == "ring" else 2
    if size < least:
        problems.append(Problem("map.size", f"{size} is too small", f"a {kind} has at least {least} nodes"))
    for key, value in (("spacing_m", spacing_m), ("speed_kmh", speed_kmh)):
        if not (math.isfinite(value) and value > 0):
            problems.append(Problem(f"map.{key}", f"{value} is no positive number", "such as 400 m, 40 km/h"))
    if problems:
        raise InputError(problems)


def _line(size: int, spacing_m: float) -> Layout:
    xy = np.column_stack((np.arange(size) * spacing_m, np.zeros(size)))
    half, margin = (size // 2 - 0.5) * spacing_m, _MARGIN * spacing_m
    end = (size - 1) * spacing_m + margin
    zones = [_box("west", -margin, -margin, half, margin), _box("east", half, -margin, end, margin)]
    return xy, [(i, i + 1) for i in range(size - 1)], zones


def _ring(size: int, spacing_m: float) -> Layout:
    """Node 0 lies in the east, the others follow against the clock; north holds the first half of the nodes."""
    radius = size * spacing_m / (2 * math.pi)
    angle = 2 * math.pi * np.arange(size) / size
    xy = radius * np.column_stack((np.cos(angle), np.sin(angle)))
    outer, turn = radius + _MARGIN * spacing_m, -math.pi / size
    middle = turn + 2 * math.pi * (size // 2) / size
    zones = [_sector("north", outer, turn, middle), _sector("south", outer, middle, turn + 2 * math.pi)]
    return xy, [(i, (i + 1) % size) for i in range(size)], zones


def _grid(size: int, spacing_m: float) -> Layout:
    row, column = np.divmod(np.arange(size * size), size)
    xy = np.column_stack((column, row)) * spacing_m
    pairs = [(k, k + 1) for k in range(size * size) if (k + 1) % size]
    pairs += [(k, k + size) for k in range(size * (size - 1))]
    low, half = -_MARGIN * spacing_m, (size // 2 - 0.5) * spacing_m
    high = (size - 1 + _MARGIN) * spacing_m
    zones = [
        _box("south_west", low, low, half, half),
        _box("south_east", half, low, high, half),
        _box("north_west", low, half, half, high),
        _box("north_east", half, half, high, high),
    ]
    return xy, pairs, zones


_LAYOUTS: dict[str, Callable[[int, float], Layout]] = {"line": _line, "ring": _ring, "grid": _grid}
KINDS = tuple(_LAYOUTS)


def _box(zone: str, west: float, south: float, east: float, north: float) -> Area:
    ring = np.array([(west, south), (east, south), (east, north), (west, north), (west, south)])
    return Area(zone, zone.replace("_", " ").capitalize(), "", "zone", ring)


def _sector(zone: str, radius: float, start: float, end: float) -> Area:
    angle = np.linspace(start, end, 25)
    arc = radius * np.column_stack((np.cos(angle), np.sin(angle)))
    return Area(zone, zone.capitalize(), "", "zone", np.vstack((np.zeros((1, 2)), arc, np.zeros((1, 2)))))


def _straight(start: Floats, end: Floats) -> Floats:
    return np.vstack((start, end))


def _arc(start: Floats, end: Floats) -> Floats:
    angle, turn = math.atan2(start[1], start[0]), math.atan2(end[1], end[0])
    turn = math.remainder(turn - angle, 2 * math.pi)
    angles = angle + turn * np.linspace(0, 1, _ARC_STEPS + 1)[1:-1]
    between = float(np.hypot(*start)) * np.column_stack((np.cos(angles), np.sin(angles)))
    return np.vstack((start, between, end))


def _street(kind: str, size: int, start: int, end: int) -> str:
    if kind != "grid":
        return f"{kind.capitalize()} Road"
    return f"Row {start // size}" if end == start + 1 else f"Column {start % size}"


def _places(xy: Floats, zones: list[Area]) -> list[DraftPlace]:
    middle = len(xy) // 2
    zone = zones_of(tuple(zones), xy[:, 0], xy[:, 1])
    rows = [
        DraftPlace(f"map place stop_{i}", f"stop_{i}", "stop", x, y, f"Stop {i}", f"{i}号站", zone[i])
        for i, (x, y) in enumerate(xy.tolist())
    ]
    x, y = xy[0].tolist()
    rows.append(DraftPlace("map place depot", "depot", "depot", x, y, "Depot", "停车场", zone[0]))
    x, y = xy[middle].tolist()
    plugs = {"plugs": 2.0, "power_kw": 60.0}
    rows.append(DraftPlace("map place charger", "charger", "charger", x, y, "Charger", "充电站", zone[middle], plugs))
    return rows

"""Requests to a CSV file that reads back as the same table."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from busim.demand.columns import COLUMNS, ENDS
from busim.demand.ends import on_millimetres
from busim.demand.locate import Locator
from busim.model.network import Bools, Floats, Ints, RoadNetwork
from busim.model.plane import from_plane, to_plane
from busim.model.requests import PURPOSES, RequestTable
from busim.units import clock

DECIMALS = (6, 9)  # of degrees: a tenth of a metre does for riders of the model


def write_requests(table: RequestTable, network: RoadNetwork, path: Path) -> None:
    """Write riders as a file of requests.

    An end that is a place or a node of the map is named; others are given in degrees, or in metres on the map's plane
    where degrees would not give the same point back.

    Raises
    ------
    ValueError
        If the riders are not of this map.
    """
    columns: dict[str, list[str]] = {
        "id": list(table.ids),
        "time": [clock(time) for time in table.time_s.tolist()],
        "earliest": [
            clock(ready) if ready > time else ""
            for time, ready in zip(table.time_s.tolist(), table.earliest_s.tolist(), strict=True)
        ],
        "party": [str(size) for size in table.party.tolist()],
        "wheelchair": ["yes" if used else "no" for used in table.wheelchair.tolist()],
        "purpose": [PURPOSES[k] for k in table.purpose.tolist()],
        "patience_min": ["" if wait < 0 else f"{wait / 60:.4f}" for wait in table.patience_s.tolist()],
    }
    locator = Locator(network)
    for end in ENDS:
        x_m, y_m, node = (getattr(table, f"{end}_{part}") for part in ("x_m", "y_m", "node"))
        columns |= _end_columns(end, x_m, y_m, node, network, locator)
    header = [name for name in COLUMNS if name in columns and (name in ("id", "time") or any(columns[name]))]
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(zip(*(columns[name] for name in header), strict=True))


def _end_columns(
    end: str, x_m: Floats, y_m: Floats, node: Ints, network: RoadNetwork, locator: Locator
) -> dict[str, list[str]]:
    names = _names(x_m, y_m, node, network)
    named = np.array([name != "" for name in names], np.bool_)
    if np.any(locator.nodes(x_m[~named], y_m[~named]) != node[~named]):
        raise ValueError(f"riders are at nodes that are not the nearest of map '{network.name}': not of this map")
    lon, lat, exact = _degrees(x_m, y_m, network.centre)
    shown = {
        "_lon": (lon, exact & ~named),
        "_lat": (lat, exact & ~named),
        "_x_m": ([repr(x) for x in x_m.tolist()], ~exact & ~named),
        "_y_m": ([repr(y) for y in y_m.tolist()], ~exact & ~named),
    }
    cells = {end + part: [text if use else "" for text, use in zip(*pair, strict=True)] for part, pair in shown.items()}
    return {end: names} | cells


def _names(x_m: Floats, y_m: Floats, node: Ints, network: RoadNetwork) -> list[str]:
    """Name the ends that are exactly a place or a node; empty for others."""
    places = network.places
    known: dict[tuple[float, float, int], str] = {}
    for k, name in enumerate(places.ids):
        known.setdefault((float(places.x_m[k]), float(places.y_m[k]), int(places.node[k])), name)
    for k, name in enumerate(network.node_id):
        if name not in places.index:
            known.setdefault((float(network.x_m[k]), float(network.y_m[k]), k), name)
    return [known.get(spot, "") for spot in zip(x_m.tolist(), y_m.tolist(), node.tolist(), strict=True)]


def _degrees(x_m: Floats, y_m: Floats, centre: tuple[float, float]) -> tuple[list[str], list[str], Bools]:
    """Give degrees as texts with the fewest decimals that lead back to the same points, and whether they do."""
    lon, lat = from_plane(x_m, y_m, centre)
    texts = np.full((2, len(x_m)), "", object)
    exact = np.zeros(len(x_m), np.bool_)
    for decimals in DECIMALS:
        x, y = on_millimetres(*to_plane(np.round(lon, decimals), np.round(lat, decimals), centre))
        better = ~exact & (x == x_m) & (y == y_m)
        for k in np.flatnonzero(better).tolist():
            texts[:, k] = f"{lon[k]:.{decimals}f}", f"{lat[k]:.{decimals}f}"
        exact |= better
    return list(texts[0]), list(texts[1]), exact

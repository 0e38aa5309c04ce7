"""The neutral on-demand workload: its CSV files, and the same parts of a run that a scenario gives."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from busim.core.travel import UNREACHABLE, TravelTimes, build_static
from busim.errors import InputError, Problem
from busim.model.events import NONE
from busim.model.network import ROAD_CLASSES, Floats, Ints, Places, RoadNetwork
from busim.model.requests import PURPOSES, RequestTable
from busim.model.riders import Riders, take
from busim.model.specs import ScenarioSpec
from busim.study.workload_spec import scenario_spec

_INTS = {
    "node.csv": ("node_id",),
    "edge.csv": ("from", "to"),
    "fleet.csv": ("node", "capacity"),
    "request.csv": ("request_id", "origin", "destination", "pax"),
}
_FLOATS = {
    "node.csv": ("x", "y"),
    "edge.csv": ("length", "travel_time"),
    "fleet.csv": (),
    "request.csv": ("time", "earliest_pickup", "latest_pickup", "direct_time", "max_ride"),
}
_MAX_PROBLEMS = 100  # of one file


@dataclass(frozen=True)
class Workload:
    """A workload, ready to run.

    Parameters
    ----------
    spec, network, requests, riders, travel
        As the simulation takes them; limits are rounded down to whole seconds, edges to whole seconds of at least 1.
    earliest_s, latest_s, longest_s, direct_s
        As the file has them, unrounded: readiness, latest pick-up, longest ride, direct ride [R].
    """

    spec: ScenarioSpec
    network: RoadNetwork
    requests: RequestTable
    riders: Riders
    travel: TravelTimes
    earliest_s: Floats
    latest_s: Floats
    longest_s: Floats
    direct_s: Floats

    def first(self, count: int) -> Riders:
        """Give the first riders alone."""
        return take(self.riders, np.arange(count))


def read_workload(folder: Path, strategy: str) -> Workload:
    """Read node.csv, edge.csv, fleet.csv and request.csv.

    Raises
    ------
    InputError
        With everything that is missing or wrong in them.
    """
    problems: list[Problem] = []
    files = {name: _read(folder / name, _INTS[name], _FLOATS[name], problems) for name in _INTS}
    if problems:
        raise InputError(problems)
    node, edge, fleet, request = files.values()
    index = {int(name): k for k, name in enumerate(node["node_id"])}
    _check(folder, files, index)
    network = _network(folder.name, node, edge, fleet, index)
    seconds = np.maximum(1, np.rint(edge["travel_time"])).astype(np.int64)
    travel = build_static(network, seconds)
    order = np.argsort(request["time"], kind="stable")
    request = {name: column[order] for name, column in request.items()}
    start, end = (np.array([index[int(n)] for n in request[key]], np.int64) for key in ("origin", "destination"))
    if np.any(travel.times[0, start, end] >= UNREACHABLE):
        raise InputError.single(str(folder / "edge.csv"), "some destinations cannot be reached", "see one-way streets")
    latest = float((request["latest_pickup"] + request["max_ride"]).max(initial=0.0))
    spec = scenario_spec(folder.name, fleet["node"], fleet["capacity"], latest, strategy)
    requests = _requests(request, start, end, network)
    bounds = (request[key] for key in ("earliest_pickup", "latest_pickup", "max_ride", "direct_time"))
    return Workload(spec, network, requests, _riders(request, start, end, travel), travel, *bounds)


def _read(path: Path, whole: tuple[str, ...], real: tuple[str, ...], problems: list[Problem]) -> dict[str, Floats]:
    """Read columns of numbers; what is wrong is added to the problems."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
            header = rows[0].keys() if rows else ()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        problems.append(Problem(str(path), what, "a workload has node.csv, edge.csv, fleet.csv and request.csv"))
        return {}
    missing = [name for name in (*whole, *real) if name not in header]
    if missing:
        problems.append(Problem(str(path), "has no rows" if not rows else f"lacks the columns {', '.join(missing)}"))
        return {}
    found: list[Problem] = []
    columns = {name: np.empty(len(rows)) for name in (*whole, *real)}
    for k, row in enumerate(rows):
        for name, column in columns.items():
            value = _number(row[name])
            column[k] = value
            if not math.isfinite(value) or (name in whole and not value.is_integer()):
                kind = "a whole number" if name in whole else "a number"
                found.append(Problem(f"{path} line {k + 2}", f"{name} must be {kind}, got '{row[name]}'"))
    problems += found[:_MAX_PROBLEMS]
    return columns


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


def _check(folder: Path, files: dict[str, dict[str, Floats]], index: dict[int, int]) -> None:
    """Check what must hold between the files.

    Raises
    ------
    InputError
        With each row that is wrong.
    """
    problems: list[Problem] = []
    refers = (("edge.csv", "from"), ("edge.csv", "to"), ("fleet.csv", "node"))
    for name, key in (*refers, ("request.csv", "origin"), ("request.csv", "destination")):
        known = np.isin(files[name][key], list(index))
        lines = np.flatnonzero(~known)
        problems += [
            Problem(f"{folder / name} line {k + 2}", f"{key}: node.csv has no node {files[name][key][k]:.0f}")
            for k in lines[:_MAX_PROBLEMS].tolist()
        ]
    positive = (("edge.csv", "length", 0), ("edge.csv", "travel_time", 0), ("fleet.csv", "capacity", 1))
    for name, key, least in (*positive, ("request.csv", "pax", 1), ("request.csv", "time", 0)):
        lines = np.flatnonzero(files[name][key] < least)
        problems += [
            Problem(f"{folder / name} line {k + 2}", f"{key} must be at least {least}, got {files[name][key][k]:g}")
            for k in lines[:_MAX_PROBLEMS].tolist()
        ]
    if problems:
        raise InputError(problems)


def _network(
    name: str, node: dict[str, Floats], edge: dict[str, Floats], fleet: dict[str, Floats], index: dict[int, int]
) -> RoadNetwork:
    start, end = (np.array([index[int(n)] for n in edge[key]], np.int64) for key in ("from", "to"))
    size, count = len(index), len(start)
    at = np.column_stack([node["x"], node["y"]])
    length = np.maximum(1, np.rint(edge["length"])).astype(np.int64)
    depots = sorted({int(n) for n in fleet["node"]})
    at_depot = np.array([index[n] for n in depots], np.int64)
    blank, ids = ("",) * len(depots), tuple(f"node_{n}" for n in depots)
    kinds = ("depot",) * len(depots)
    return RoadNetwork(
        name=name,
        node_id=tuple(str(n) for n in index),
        x_m=node["x"],
        y_m=node["y"],
        lon=np.zeros(size),
        lat=np.zeros(size),
        is_signal=np.zeros(size, np.bool_),
        edge_from=start,
        edge_to=end,
        edge_length_m=length,
        edge_class=np.full(count, ROAD_CLASSES.index("other")),
        edge_speed_kmh=3.6 * length / np.maximum(1, np.rint(edge["travel_time"])),
        edge_bus=np.ones(count, np.bool_),
        edge_climb_m=np.zeros(count),
        edge_name=("",) * count,
        edge_name_zh=("",) * count,
        edge_source=("",) * count,
        edge_confidence=("",) * count,
        edge_shape_m=tuple(at[[a, b]] for a, b in zip(start, end, strict=True)),
        places=Places(ids, ids, blank, kinds, blank, at_depot, node["x"][at_depot], node["y"][at_depot], {}),
        areas=(),
        centre=(0.0, 0.0),
        fingerprint="",
    )


def _requests(request: dict[str, Floats], start: Ints, end: Ints, network: RoadNetwork) -> RequestTable:
    count = len(start)
    return RequestTable(
        ids=tuple(f"{k:.0f}" for k in request["request_id"]),
        time_s=np.floor(request["time"]).astype(np.int64),
        earliest_s=np.ceil(request["earliest_pickup"]).astype(np.int64),
        origin_x_m=network.x_m[start],
        origin_y_m=network.y_m[start],
        destination_x_m=network.x_m[end],
        destination_y_m=network.y_m[end],
        origin_node=start,
        destination_node=end,
        origin_zone=("",) * count,
        destination_zone=("",) * count,
        party=request["pax"].astype(np.int64),
        wheelchair=np.zeros(count, np.bool_),
        purpose=np.full(count, PURPOSES.index("other")),
        patience_s=np.full(count, -1),
    )


def _riders(request: dict[str, Floats], start: Ints, end: Ints, travel: TravelTimes) -> Riders:
    """Give the riders with the file's own limits: deadlines rounded down, readiness rounded up."""
    nobody, zero = np.full(len(start), NONE), np.zeros(len(start), np.int64)
    latest = np.floor(request["latest_pickup"]).astype(np.int64)
    return Riders(
        ask_s=np.floor(request["time"]).astype(np.int64),
        earliest_s=np.ceil(request["earliest_pickup"]).astype(np.int64),
        latest_s=latest,
        longest_s=np.floor(request["max_ride"]).astype(np.int64),
        patience_s=latest,
        from_node=start,
        to_node=end,
        from_place=nobody,
        to_place=nobody,
        walk_to_s=zero,
        walk_from_s=zero,
        persons=request["pax"].astype(np.int64),
        wheels=zero,
        board_s=np.zeros(len(start)),
        alight_s=np.zeros(len(start)),
        direct_s=travel.times[0, start, end].astype(np.int64),
        direct_m=travel.lengths[0, start, end].astype(np.int64),
    )

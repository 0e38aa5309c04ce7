"""Making an on-demand workload of the neutral format: a made-up town, a fleet and a few hours of requests."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from busim.errors import InputError, did_you_mean
from busim.model.network import Floats, Ints
from busim.rng import Streams
from busim.study.folder import check_free, telling_where
from busim.study.manifest import write_json

BLOCK_M, BEND = 200.0, 1.1  # distance of streets; how much longer a street is than the straight line
ARTERIAL_EVERY, ARTERIAL_MPS, LOCAL_MPS = 4, 11.0, 6.5
ONE_WAY_SHARE = 0.1
NEAREST_M = 500.0
CAPACITY, MAX_WAIT_S, RIDE_FACTOR, RIDE_CONSTANT_S = 8, 600, 1.5, 300


@dataclass(frozen=True)
class Size:
    """How large a workload is: streets each way, buses, requests, hours, typical trip [m]."""

    rows: int
    cols: int
    buses: int
    requests: int
    hours: float
    trip_m: float


SIZES = {
    "T": Size(10, 10, 5, 60, 2, 1200),
    "S": Size(20, 20, 20, 1000, 3, 2500),
    "M": Size(32, 32, 100, 10_000, 6, 3000),
    "L": Size(63, 64, 500, 50_000, 8, 3500),
}


@dataclass(frozen=True)
class Town:
    """Streets as arrays: node positions [N, 2]; from, to, metres, seconds and whether arterial of each edge [E]."""

    at_m: Floats
    start: Ints
    end: Ints
    length_m: Floats
    seconds: Floats
    is_arterial: np.ndarray[tuple[int], np.dtype[np.bool_]]


def write(size: str, seed: int, folder: Path) -> dict[str, Any]:
    """Write a workload into a new folder, and tell what it is.

    Raises
    ------
    InputError
        If there is no such size, or the folder is taken or cannot be written.
    """
    if size not in SIZES:
        raise InputError.single("--make", f"there is no size '{size}'", did_you_mean(size, SIZES))
    if seed < 0:
        raise InputError.single("--seed", f"must be a whole number of at least 0, got {seed}")
    check_free(folder)
    return write_size(size, SIZES[size], seed, folder)


def write_size(name: str, size: Size, seed: int, folder: Path) -> dict[str, Any]:
    """Write a workload of any size into a folder, and tell what it is; the town follows from seed and streets alone.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    town = make_town(size, Streams(seed)["workload.town"])
    depots = Streams(seed)["workload.fleet"].integers(len(town.at_m), size=size.buses)
    rows = list(_request_rows(town, size, Streams(seed)["workload.requests"]))
    limits = {"capacity": CAPACITY, "max_wait": MAX_WAIT_S, "detour_factor": RIDE_FACTOR}
    told = {"name": name, "seed": seed, **asdict(size), **limits, "detour_const": RIDE_CONSTANT_S, "dwell": 0}
    with telling_where(folder):
        folder.mkdir(parents=True, exist_ok=True)
        nodes = [(k, f"{x:.2f}", f"{y:.2f}") for k, (x, y) in enumerate(town.at_m.tolist())]
        _write(folder / "node.csv", ("node_id", "x", "y"), nodes)
        _write(folder / "edge.csv", EDGE_COLUMNS, _edge_rows(town))
        fleet = [(k, node, CAPACITY) for k, node in enumerate(depots.tolist())]
        _write(folder / "fleet.csv", ("vehicle_id", "node", "capacity"), fleet)
        _write(folder / "request.csv", REQUEST_COLUMNS, rows)
        write_json(folder / "meta.json", told)
    return {"folder": str(folder), **told}


EDGE_COLUMNS = ("edge_id", "from", "to", "length", "speed", "travel_time", "road")
REQUEST_COLUMNS = (
    *("request_id", "time", "origin", "destination", "earliest_pickup", "latest_pickup"),
    *("direct_time", "direct_dist", "max_ride", "latest_dropoff", "pax"),
)


def make_town(size: Size, rng: np.random.Generator) -> Town:
    """Lay out streets on a bent grid, some of them one-way, so that one can drive from everywhere to everywhere."""
    count = size.rows * size.cols
    row, col = np.divmod(np.arange(count), size.cols)
    at_m = BLOCK_M * (np.column_stack([col, row]) + rng.normal(0, 0.12, (count, 2)))
    across, up = np.flatnonzero(col < size.cols - 1), np.flatnonzero(row < size.rows - 1)
    tail = np.concatenate([across, up])
    head = np.concatenate([across + 1, up + size.cols])
    middle = ARTERIAL_EVERY // 2
    arterial = np.concatenate([row[across] % ARTERIAL_EVERY == middle, col[up] % ARTERIAL_EVERY == middle])
    start, end, arterial = np.append(tail, head), np.append(head, tail), np.tile(arterial, 2)
    kept = _with_one_way(start, end, ~arterial, count, rng)
    start, end, arterial = start[kept], end[kept], arterial[kept]
    length_m = np.round(BEND * np.hypot(*(at_m[start] - at_m[end]).T), 1)
    speed = np.where(arterial, ARTERIAL_MPS, LOCAL_MPS) * rng.uniform(0.8, 1.2, len(start))
    return Town(at_m, start, end, length_m, np.round(length_m / speed, 2), arterial)


def _with_one_way(start: Ints, end: Ints, may_go: Any, count: int, rng: np.random.Generator) -> Ints:
    """Close some directions of local streets; give the edges that stay [E], sorted by their ends."""
    local = np.flatnonzero(may_go)
    is_open = np.ones(len(start), np.bool_)
    is_open[rng.choice(local, int(ONE_WAY_SHARE * len(local)), replace=False)] = False
    while True:
        graph = _graph(np.ones(is_open.sum()), start[is_open], end[is_open], count)
        parts, part = connected_components(graph, directed=True, connection="strong")
        if parts == 1:
            break
        is_open |= part[start] != part[end]
    stay = np.flatnonzero(is_open)
    return stay[np.lexsort((end[stay], start[stay]))]


def _graph(cost: Floats, start: Ints, end: Ints, count: int) -> csr_array:
    """Put edges into a matrix; older releases of scipy search it only by indices of 32 bits."""
    return csr_array((cost, (start.astype(np.int32), end.astype(np.int32))), shape=(count, count))


def _edge_rows(town: Town) -> Iterable[Sequence[Any]]:
    speed = np.round(town.length_m / town.seconds, 3)
    columns = (town.start, town.end, town.length_m, speed, town.seconds)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for k, row in enumerate(rows):
        yield (k, *row, "arterial" if town.is_arterial[k] else "local")


def _request_rows(town: Town, size: Size, rng: np.random.Generator) -> Iterable[Sequence[Any]]:
    """Draw the requests: two peaks, busy quarters, trips about the typical length."""
    weight = _busy_quarters(town.at_m, rng)
    times = np.sort(_times(size.requests, size.hours * 3600, rng))
    origins = rng.choice(len(weight), size.requests, p=weight / weight.sum())
    graph = _graph(town.seconds, town.start, town.end, len(weight))
    metres = dict(zip(zip(town.start.tolist(), town.end.tolist(), strict=True), town.length_m.tolist(), strict=True))
    seconds, before = dijkstra(graph, return_predecessors=True)
    for k, (time, origin) in enumerate(zip(times.tolist(), origins.tolist(), strict=True)):
        distance = np.hypot(*(town.at_m - town.at_m[origin]).T)
        wish = weight * np.exp(-((np.log(np.maximum(distance, 1) / size.trip_m) / 0.5) ** 2)) * (distance > NEAREST_M)
        goal = int(rng.choice(len(weight), p=wish / wish.sum()))
        direct = round(float(seconds[origin, goal]), 2)
        longest = round(RIDE_FACTOR * direct + RIDE_CONSTANT_S, 2)
        latest = time + MAX_WAIT_S
        dist = round(_path_m(before[origin], origin, goal, metres), 1)
        yield (k, time, origin, goal, time, latest, direct, dist, longest, round(latest + longest, 2), 1)


def _busy_quarters(at_m: Floats, rng: np.random.Generator) -> Floats:
    weight = np.ones(len(at_m))
    for centre in rng.uniform(0.1, 0.9, (max(3, len(at_m) // 300), 2)) * at_m.max(axis=0):
        weight += 5 * np.exp(-((at_m - centre) ** 2).sum(axis=1) / (2 * (2 * BLOCK_M) ** 2))
    return weight


def _times(count: int, span_s: float, rng: np.random.Generator) -> Ints:
    """Draw whole seconds: two thirds anywhere, the rest around two peaks."""
    peak = rng.choice([0.25, 0.75], count) + rng.normal(0, 0.06, count)
    share = np.where(rng.random(count) < 2 / 3, rng.random(count), np.clip(peak, 0, 1))
    return np.floor(share * (span_s - 1)).astype(np.int64)


def _path_m(before: Ints, start: int, end: int, metres: dict[tuple[int, int], float]) -> float:
    steps = []
    while end != start:
        steps.append(metres[int(before[end]), end])
        end = int(before[end])
    return math.fsum(steps)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

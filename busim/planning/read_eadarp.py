"""Files of the electric autonomous dial-a-ride problem (Bongiovanni, Kaspi & Geroliminis 2019)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from busim.errors import InputError
from busim.planning.instance import Floats, Instance, Ints
from busim.planning.nodes import NodeRow, check_pairs, take_node
from busim.planning.rows import Rows

MATRIX_UNIT = 2.0  # matrices of these files count in steps of two minutes
HEADER = "header (buses, riders, origins, destinations, stations, replications, horizon)"


def read_eadarp(path: Path, visits: int | None = None) -> Instance:
    """Read an e-ADARP file.

    Parameters
    ----------
    path
        The file.
    visits
        Visits that each station admits; what the file says if not given.

    Raises
    ------
    InputError
        With file and row of everything that is wrong.
    """
    rows = Rows(path)
    buses, riders, _, _, num_stations, replications, horizon = rows.take(HEADER, 7)
    if rows.problems or min(buses, riders) < 1 or not horizon > 0.0 or int(buses) != buses or int(riders) != riders:
        raise rows.stop("the header does not name whole numbers of buses and riders and a horizon above 0")
    num_buses, num = int(buses), int(riders)
    nodes = _take_nodes(rows, num)
    rows.take_whole("common origin", 1)
    rows.take_whole("common destination", 1)
    known = {node.ident: i for i, node in enumerate(nodes)}
    origin = _take_ids(rows, "origins", known, num_buses)
    destination = _take_ids(rows, "destinations", known, None)
    station = _take_ids(rows, "stations", known, int(num_stations))
    if len(destination) < num_buses:
        rows.wrong(f"{len(destination)} destinations for {num_buses} buses", "each bus needs its own")
    max_ride = rows.take("maximum ride times", num)
    capacity = rows.take_whole("capacities", num_buses)
    start, battery, ratio = (
        rows.take(what, num_buses) for what in ("initial energies", "battery capacities", "minimum end ratios")
    )
    rate = rows.take("recharge rates", len(station))
    (discharge,) = rows.take("discharge rate", 1)
    weights = rows.take("weights", 2)
    travel = _take_matrix(rows, len(nodes)) if len(rows) else _plane(nodes)
    _check_values(rows, nodes, num, horizon, max_ride, ratio, start, battery)
    if rows.problems:
        raise InputError(rows.problems)
    late = np.minimum([node.late for node in nodes], horizon)
    return Instance(
        name=path.stem,
        node_id=np.array([node.ident for node in nodes]),
        position=np.array([(node.x, node.y) for node in nodes]),
        travel=travel,
        service=np.array([node.service for node in nodes]),
        early=np.array([node.early for node in nodes]),
        late=late,
        load=np.array([node.load for node in nodes]),
        pickup=np.arange(num),
        dropoff=np.arange(num, 2 * num),
        max_ride=np.array(max_ride),
        origin=origin,
        capacity=np.array(capacity),
        energy_start=np.array(start),
        battery=np.array(battery),
        end_ratio=np.array(ratio),
        destination=destination,
        places=np.ones(len(destination), dtype=np.int64),
        station=station,
        visits=_visits(travel, station, int(replications), visits),
        rate=np.array(rate),
        discharge=discharge,
        drive_weight=weights[0],
        excess_weight=weights[1],
    )


def _take_nodes(rows: Rows, num: int) -> list[NodeRow]:
    """Take node rows up to the single id that ends them."""
    nodes: list[NodeRow] = []
    while len(rows) and len(rows.peek()) != 1:
        nodes.append(take_node(rows))
        if nodes[-1].ident != len(nodes):
            rows.wrong(f"node {nodes[-1].ident} where node {len(nodes)} should stand")
        if len(rows.problems) > 20:
            raise InputError(rows.problems)
    if len(nodes) < 2 * num + 2:
        raise rows.stop(
            f"{len(nodes)} node rows for {num} riders", f"expected {2 * num} of riders, then depots and stations"
        )
    return nodes


def _take_ids(rows: Rows, meaning: str, known: dict[int, int], count: int | None) -> Ints:
    """Take a row of node ids as node indices."""
    idents = rows.take_whole(meaning, count)
    unknown = [ident for ident in idents if ident not in known]
    if unknown:
        rows.wrong(f"{meaning}: there is no node {unknown[0]}", f"nodes are numbered 1 to {len(known)}")
    if len(set(idents)) < len(idents):
        rows.wrong(f"{meaning}: a node is named twice")
    return np.array([known.get(ident, 0) for ident in idents], dtype=np.int64)


def _take_matrix(rows: Rows, size: int) -> Floats:
    """Take the matrix of travel times that ends a file of type u, in minutes."""
    if len(rows) != size:
        raise rows.stop(f"{len(rows)} rows follow the weights", f"expected none, or a matrix of {size} rows")
    matrix = np.array([rows.take("travel times", size) for _ in range(size)])
    if np.any(matrix < 0.0):
        rows.wrong("the matrix holds a negative travel time")
    return matrix * MATRIX_UNIT


def _plane(nodes: list[NodeRow]) -> Floats:
    """Give Euclidean travel times."""
    x, y = np.array([node.x for node in nodes]), np.array([node.y for node in nodes])
    return np.asarray(np.hypot(x[:, None] - x, y[:, None] - y))


def _check_values(rows: Rows, nodes: list[NodeRow], num: int, horizon: float, max_ride: list[float],
                  ratio: list[float], start: list[float], battery: list[float]) -> None:  # fmt: skip
    """Record values that lie outside what they can mean."""
    check_pairs(rows, nodes[:num], nodes[num : 2 * num], horizon)
    for what, values in (("maximum ride time", max_ride), ("initial energy", start), ("battery", battery)):
        if any(value < 0.0 for value in values):
            rows.wrong(f"a {what} is negative")
    if any(not 0.0 <= value <= 1.0 for value in ratio):
        rows.wrong("a minimum end ratio is not between 0 and 1")
    if any(s > b + 1e-9 for s, b in zip(start, battery, strict=True)):
        rows.wrong("a bus starts with more energy than its battery holds")


def _visits(travel: Floats, station: Ints, replications: int, visits: int | None) -> Ints:
    """Give the visits each station admits: replicas that the file lists as nodes of their own count as such."""
    if visits is not None or len(station) == 0:
        return np.full(len(station), visits or 1, dtype=np.int64)
    together = (travel[np.ix_(station, station)] == 0.0).sum(axis=1)
    listed = bool(np.all(together >= max(replications, 1)))
    return np.full(len(station), 1 if listed else max(replications, 1), dtype=np.int64)

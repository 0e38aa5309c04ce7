"""Requests from a CSV file: every row checked, all problems told together."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from busim.demand import cells
from busim.demand.cells import Unreadable
from busim.demand.columns import Row, read_rows
from busim.demand.locate import Locator
from busim.demand.spots import Spots, find_spots
from busim.errors import InputError, Problem
from busim.model.network import Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.units import clock

_VALUES: dict[str, Callable[[str], Any]] = {
    "party": cells.party,
    "wheelchair": cells.wheelchair,
    "purpose": cells.purpose,
    "patience_min": cells.patience_s,
}


def read_requests(path: Path, network: RoadNetwork) -> RequestTable:
    """Read a file of requests.

    Columns: ``time``; for both ends ``origin`` (a place or node of the map) or ``origin_lon`` and ``origin_lat`` or
    ``origin_x_m`` and ``origin_y_m``; and if wanted ``id``, ``booking_time`` or ``earliest``, ``party``,
    ``wheelchair``, ``purpose``, ``patience_min``. With ``booking_time`` the rider asks then and is ready at ``time``;
    with ``earliest`` he asks at ``time`` and is ready then.

    Raises
    ------
    InputError
        With every problem: file, row, column, value and remedy.
    """
    path = Path(path)
    rows = read_rows(path)
    locator = Locator(network)
    problems: list[Problem] = []
    asks, ready = _times(path.name, rows, problems)
    values = {column: _column(path.name, rows, column, problems) for column in _VALUES}
    start, found = find_spots(path.name, rows, "origin", network, locator)
    problems += found
    end, found = find_spots(path.name, rows, "destination", network, locator)
    problems += found
    problems += _same_ends(path.name, rows, start, end)
    ids = _ids(path.name, rows, problems)
    if problems:
        raise InputError(sorted(problems, key=_line))
    return _sorted_table(ids, asks, ready, start, end, values, locator)


def _line(problem: Problem) -> int:
    match = re.search(r" row (\d+), \w+$", problem.where)
    return int(match.group(1)) if match else 0


def _times(file: str, rows: list[Row], problems: list[Problem]) -> tuple[Ints, Ints]:
    times = np.zeros((len(rows), 2), np.int64)
    for k, row in enumerate(rows):
        told = {column: _cell(file, row, column, cells.time_s, problems) for column in _times_of(row)}
        time, booking, earliest = (told.get(column) for column in ("time", "booking_time", "earliest"))
        if booking is not None and earliest is not None:
            what = f"'{row['earliest']}' and booking_time '{row['booking_time']}' are both given"
            remedy = "keep booking_time (asks then, ready at time) or earliest (asks at time, ready then)"
            problems.append(Problem(f"{file} row {row.line}, earliest", what, remedy))
        elif time is not None:
            times[k] = (time if booking is None else booking, time if earliest is None else earliest)
            if times[k, 0] > times[k, 1]:
                column = "booking_time" if earliest is None else "earliest"
                what = f"the ride is asked for at {clock(times[k, 0])}, after the travel at {clock(times[k, 1])}"
                problems.append(Problem(f"{file} row {row.line}, {column}", what, "leave it empty, or swap the times"))
    return times[:, 0], times[:, 1]


def _times_of(row: Row) -> list[str]:
    return ["time", *(column for column in ("booking_time", "earliest") if row[column])]


def _cell(file: str, row: Row, column: str, read: Callable[[str], Any], problems: list[Problem]) -> Any:
    try:
        return read(row[column])
    except Unreadable as error:
        problems.append(Problem(f"{file} row {row.line}, {column}", error.what, error.remedy))
        return None


def _column(file: str, rows: list[Row], column: str, problems: list[Problem]) -> list[Any]:
    return [_cell(file, row, column, _VALUES[column], problems) for row in rows]


def _same_ends(file: str, rows: list[Row], start: Spots, end: Spots) -> list[Problem]:
    same = np.flatnonzero((start.node == end.node) & np.isfinite(start.x_m) & np.isfinite(end.x_m))
    return [
        Problem(
            f"{file} row {rows[k].line}, destination", "is where the trip begins", "trips go from one node to another"
        )
        for k in same.tolist()
        if start.node[k] >= 0
    ]


def _ids(file: str, rows: list[Row], problems: list[Problem]) -> list[str]:
    width = max(4, len(str(len(rows))))
    ids = [row["id"] or f"r{k:0{width}d}" for k, row in enumerate(rows, start=1)]
    first: dict[str, int] = {}
    for row, name in zip(rows, ids, strict=True):
        if name in first:
            what = f"'{name}' is the id of row {first[name]} already"
            problems.append(Problem(f"{file} row {row.line}, id", what, "ids are unique; without any, they are made"))
        first.setdefault(name, row.line)
    return ids


def _sorted_table(
    ids: list[str], asks: Ints, ready: Ints, start: Spots, end: Spots, values: dict[str, list[Any]], locator: Locator
) -> RequestTable:
    order = sorted(range(len(ids)), key=lambda k: (int(asks[k]), ids[k]))
    start, end = (Spots._make(column[order] for column in spots) for spots in (start, end))
    return RequestTable(
        ids=tuple(ids[k] for k in order),
        time_s=asks[order],
        earliest_s=ready[order],
        origin_x_m=start.x_m,
        origin_y_m=start.y_m,
        destination_x_m=end.x_m,
        destination_y_m=end.y_m,
        origin_node=start.node,
        destination_node=end.node,
        origin_zone=tuple(locator.zones(start.x_m, start.y_m)),
        destination_zone=tuple(locator.zones(end.x_m, end.y_m)),
        party=np.array(values["party"], np.int64)[order],
        wheelchair=np.array(values["wheelchair"], np.bool_)[order],
        purpose=np.array(values["purpose"], np.int64)[order],
        patience_s=np.array(values["patience_min"], np.int64)[order],
    )

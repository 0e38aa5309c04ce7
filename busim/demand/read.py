"""Requests from a CSV file: every row checked, all problems told together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from busim.demand import cells
from busim.demand.cells import Unreadable
from busim.demand.columns import END_COLUMNS, ENDS, Row, read_rows
from busim.demand.findings import Finding, error_of
from busim.demand.locate import Locator
from busim.demand.spots import TO_BE_FOUND, Spots, find_spots
from busim.model.network import Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.units import clock

_VALUES: dict[str, Callable[[str], Any]] = {
    "party": cells.party,
    "wheelchair": cells.wheelchair,
    "purpose": cells.purpose,
    "patience_min": cells.patience_s,
}


def read_requests(path: Path | str, network: RoadNetwork) -> RequestTable:
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
    findings: list[Finding] = []
    asks, ready = _times(rows, findings)
    values = {column: [_cell(row, column, read, findings) for row in rows] for column, read in _VALUES.items()}
    start, end = (find_spots(rows, name, network, locator, findings) for name in ENDS)
    findings += _same_ends(rows, start, end)
    ids = _ids(rows, findings)
    if findings:
        raise error_of(path.name, findings)
    return _sorted_table(ids, asks, ready, start, end, values, locator)


def _times(rows: list[Row], findings: list[Finding]) -> tuple[Ints, Ints]:
    times = np.zeros((len(rows), 2), np.int64)
    for k, row in enumerate(rows):
        columns = ["time", *(column for column in ("booking_time", "earliest") if row[column])]
        told = {column: _cell(row, column, cells.time_s, findings) for column in columns}
        if len(told) == 3:
            what = f"'{row['earliest']}' and booking_time '{row['booking_time']}' are both given"
            remedy = "keep booking_time (asks then, ready at time) or earliest (asks at time, ready then)"
            findings.append(Finding(row.line, "earliest", what, remedy))
        elif None not in told.values():
            times[k] = told.get("booking_time", told["time"]), told.get("earliest", told["time"])
            if times[k, 0] > times[k, 1]:
                what = f"the ride is asked for at {clock(times[k, 0])}, after the travel at {clock(times[k, 1])}"
                findings.append(Finding(row.line, columns[-1], what, "leave it empty, or swap the times"))
    return times[:, 0], times[:, 1]


def _cell(row: Row, column: str, read: Callable[[str], Any], findings: list[Finding]) -> Any:
    try:
        return read(row[column])
    except Unreadable as error:
        findings.append(Finding(row.line, column, error.what, error.remedy))
        return None


def _same_ends(rows: list[Row], start: Spots, end: Spots) -> list[Finding]:
    same = np.flatnonzero((start.node == end.node) & (start.node != TO_BE_FOUND))
    remedy = "trips lead from one node of the map to another"
    return [
        Finding(
            rows[k].line,
            "destination",
            f"{_shown(rows[k], 'destination')} is at the node where the trip begins",
            remedy,
        )
        for k in same.tolist()
    ]


def _shown(row: Row, end: str) -> str:
    texts = [row[column] for column in END_COLUMNS if column.startswith(end) and row[column]]
    return f"'{texts[0]}'" if len(texts) == 1 else f"({', '.join(texts)})"


def _ids(rows: list[Row], findings: list[Finding]) -> list[str]:
    width = max(4, len(str(len(rows))))
    ids = [row["id"] or f"r{k:0{width}d}" for k, row in enumerate(rows, start=1)]
    first: dict[str, int] = {}
    for row, name in zip(rows, ids, strict=True):
        if name in first:
            what = f"'{name}' is the id of row {first[name]} already"
            findings.append(Finding(row.line, "id", what, "ids are unique; without any, they are made"))
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

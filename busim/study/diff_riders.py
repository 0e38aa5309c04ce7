"""Which riders and buses fared differently in two runs."""

from __future__ import annotations

from collections import Counter

import numpy as np

from busim.model.network import Floats, Ints
from busim.model.requests import RequestTable
from busim.model.table import Column, Table
from busim.study.outcome import Outcome

_BUS_COLUMNS = ("km", "km_empty", "riders", "used_kwh", "charged_kwh", "end_kwh")


def same_riders(first: RequestTable, second: RequestTable) -> tuple[Ints, Ints]:
    """Match the riders of two days who ask for the same ride at the same time, by id.

    Returns
    -------
    tuple
        Rows in the first and in the second table [M].
    """
    keys = _keys(first)
    at = {key: row for row, key in enumerate(_keys(second))}
    rows = [(row, at[key]) for row, key in enumerate(keys) if key in at]
    pairs = np.array(rows, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _keys(table: RequestTable) -> list[tuple[object, ...]]:
    ends = (table.origin_x_m, table.origin_y_m, table.destination_x_m, table.destination_y_m)
    places = [np.round(column, 1).tolist() for column in ends]  # a file of requests keeps no more
    whole = (table.time_s.tolist(), table.earliest_s.tolist(), table.party.tolist())
    return list(zip(table.ids, *whole, *places, strict=True))


def rider_table(first: Outcome, second: Outcome) -> Table:
    """Tabulate the riders who are in both runs, with what became of them in each; changes are second less first."""
    rows = same_riders(first.requests, second.requests)
    rides = [made.tables["rides"].where(index) for made, index in zip((first, second), rows, strict=True)]
    columns: dict[str, Column] = {"id": rides[0]["id"], "request_s": rides[0]["request_s"]}
    for name in ("outcome", "reason", "bus"):
        columns |= {f"{name}_first": rides[0][name], f"{name}_second": rides[1][name]}
    for name in ("wait_s", "ride_s"):
        stem = name.removesuffix("_s")
        columns |= {f"{stem}_first_s": rides[0][name], f"{stem}_second_s": rides[1][name]}
        columns[f"{stem}_change_s"] = rides[1][name] - rides[0][name]
    return Table(columns)


def outcome_table(riders: Table) -> Table:
    """Count riders by outcome in the first and in the second run, those with a change first."""
    pairs = zip(riders["outcome_first"].tolist(), riders["outcome_second"].tolist(), strict=True)
    counted = sorted(Counter(pairs).items(), key=lambda item: (item[0][0] == item[0][1], -item[1], item[0]))
    return Table(
        {
            "first": np.array([before for (before, _), _ in counted], object),
            "second": np.array([after for (_, after), _ in counted], object),
            "riders": np.array([count for _, count in counted], np.int64),
        }
    )


def bus_table(first: Outcome, second: Outcome) -> Table:
    """Tabulate kilometres, riders and energy of each bus in both runs; a bus that one run lacks has ``nan`` there."""
    buses = [made.tables["buses"] for made in (first, second)]
    count = max(table.num_rows for table in buses)
    columns: dict[str, Column] = {"bus": np.arange(count)}
    for name in _BUS_COLUMNS:
        before, after = (_padded(table[name], count) for table in buses)
        columns |= {f"{name}_first": before, f"{name}_second": after, f"{name}_change": after - before}
    return Table(columns)


def _padded(values: Column, count: int) -> Floats:
    made = np.full(count, np.nan)
    made[: len(values)] = values
    return made


def largest(changes: Floats, most: int) -> Ints:
    """Give the rows with the largest changes either way, the largest first; none where nothing changed [at most K]."""
    size = np.abs(np.nan_to_num(changes))
    order = np.argsort(-size, kind="stable")[:most]
    found: Ints = order[size[order] > 0]
    return found

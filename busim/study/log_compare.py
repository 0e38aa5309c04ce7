"""Where two event logs part: the first differing event, and the columns that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from busim.model.events import EventLog
from busim.model.network import Bools
from busim.model.table import Column
from busim.study.event_words import Names, event_text
from busim.study.log_file import COLUMNS


@dataclass(frozen=True)
class Parting:
    """Where two logs part.

    Parameters
    ----------
    row
        Of the first event that differs, from 0.
    time_s
        Of the earlier of the two [s from midnight].
    events
        How many events each log has.
    first, second
        The event in words; a log that has ended says so.
    columns
        Those that differ in that event, with both values; none where a log has ended.
    changed
        Per column, in how many events it differs, as far as both logs go.
    """

    row: int
    time_s: int
    events: tuple[int, int]
    first: str
    second: str
    columns: Mapping[str, tuple[float, float]]
    changed: Mapping[str, int]

    def lines(self, first: str, second: str, *, with_counts: bool = True) -> list[str]:
        """Tell it to people, the logs by their names; counts say little where events were added or left out."""
        size = max(len(first), len(second))
        told = [
            f"The first event that differs is number {self.row + 1} (of {self.events[0]} and {self.events[1]}):",
            f"  {first:<{size}}  {self.first}",
            f"  {second:<{size}}  {self.second}",
        ]
        if self.columns:
            pairs = ", ".join(f"{name} ({before:.12g}, {after:.12g})" for name, (before, after) in self.columns.items())
            told.append(f"  Columns: {pairs}")
        counts = ", ".join(f"{name} {count}" for name, count in self.changed.items() if count)
        return [*told, f"Events that differ, by column: {counts}"] if counts and with_counts else told


def compare_logs(first: EventLog, second: EventLog, names: Names | None = None) -> Parting | None:
    """Compare two logs bit for bit.

    Returns
    -------
    Parting or None
        None if every column of every event is the same.
    """
    sizes = (_length(first), _length(second))
    common = min(sizes)
    differs = {name: _differs(getattr(first, name), getattr(second, name), common) for name in COLUMNS}
    rows = np.flatnonzero(np.logical_or.reduce(list(differs.values())))
    if not len(rows) and sizes[0] == sizes[1]:
        return None
    row = int(rows[0]) if len(rows) else common
    one, two = (
        event_text(log, row, names) if row < size else _END for log, size in zip((first, second), sizes, strict=True)
    )
    times = [int(log.time[row]) for log, size in zip((first, second), sizes, strict=True) if row < size]
    at_row = {
        name: (float(getattr(first, name)[row]), float(getattr(second, name)[row]))
        for name in COLUMNS
        if row < common and differs[name][row]
    }
    changed = {name: int(each.sum()) for name, each in differs.items()}
    return Parting(row, min(times), sizes, one, two, at_row, changed)


_END = "the log has ended"


def _length(log: EventLog) -> int:
    """Count whole events; a log that was tampered with may have columns of different lengths."""
    return min(len(getattr(log, name)) for name in COLUMNS)


def _differs(first: Column, second: Column, count: int) -> Bools:
    """Compare by bits: nan equals nan, and 0.0 is not -0.0."""
    kind = np.float64 if first.dtype.kind == "f" or second.dtype.kind == "f" else np.int64
    bits = [np.ascontiguousarray(each[:count], kind).view(np.int64) for each in (first, second)]
    found: Bools = bits[0] != bits[1]
    return found

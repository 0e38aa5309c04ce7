"""Two runs side by side: what was set otherwise, who fared differently, and from which event on."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from busim.model.table import Table
from busim.study.diff_riders import bus_table, outcome_table, rider_table
from busim.study.diff_words import lines
from busim.study.event_words import Names
from busim.study.log_compare import Parting, compare_logs
from busim.study.opening import open_run
from busim.study.result import Run


@dataclass(frozen=True, repr=False)
class Diff:
    """How two runs differ; everywhere "change" is the second less the first.

    Parameters
    ----------
    names
        What the two are called.
    settings
        Keys of the scenario that differ, with both values; None where a key is not set.
    riders
        Those in both runs: ``outcome``, ``reason``, ``bus``, ``wait`` and ``ride`` in each, and changes.
    only
        How many riders only the first and only the second run has.
    outcomes
        Riders by outcome in the first and in the second run.
    buses
        Kilometres, riders and energy of each bus in both.
    kpis
        All that differ, in both, with the change.
    parting
        From which event on the logs differ; None if they do not.
    """

    names: tuple[str, str]
    settings: Mapping[str, tuple[Any, Any]]
    riders: Table
    only: tuple[int, int]
    outcomes: Table
    buses: Table
    kpis: Table
    parting: Parting | None

    @property
    def is_identical(self) -> bool:
        """Whether both logs are the same, byte for byte."""
        return self.parting is None

    def lines(self, most: int = 5) -> list[str]:
        """Tell it to people; of riders and buses those with the largest changes, at most so many."""
        return lines(self.names, self.settings, self.only, self.tables, self.parting, most)

    @property
    def tables(self) -> dict[str, Table]:
        """All tables by name."""
        return {"riders": self.riders, "outcomes": self.outcomes, "buses": self.buses, "kpis": self.kpis}

    def document(self) -> dict[str, Any]:
        """Give it as plain data; of the riders those to whom anything happened otherwise."""
        tables = {**self.tables, "riders": self.riders.where(changed_riders(self.riders))}
        return {
            "runs": list(self.names),
            "identical": self.is_identical,
            "settings": {key: list(pair) for key, pair in self.settings.items()},
            "riders_in_both": self.riders.num_rows,
            "riders_in_one": list(self.only),
            **{name: [table.row(i) for i in range(table.num_rows)] for name, table in tables.items()},
            "first_difference": None if self.parting is None else vars(self.parting),
        }

    def __repr__(self) -> str:
        """Tell it in one line."""
        told = (
            "identical" if self.is_identical else f"{int(changed_riders(self.riders).sum())} riders fared differently"
        )
        return f"<Diff {self.names[0]} and {self.names[1]}: {told}>"

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return f"<pre>{html.escape(chr(10).join(self.lines()))}</pre>"


def diff(first: str | Path | Run, second: str | Path | Run) -> Diff:
    """Compare two runs rider by rider, bus by bus and event by event.

    Parameters
    ----------
    first, second
        Run folders, or runs at hand.

    Raises
    ------
    InputError
        If a folder is no run.
    """
    runs = [each if isinstance(each, Run) else open_run(each) for each in (first, second)]
    before, after = runs
    riders = rider_table(before, after)
    return Diff(
        names=(_name(before), _name(after)),
        settings=_settings(before.scenario.document, after.scenario.document),
        riders=riders,
        only=(len(before.requests) - riders.num_rows, len(after.requests) - riders.num_rows),
        outcomes=outcome_table(riders),
        buses=bus_table(before, after),
        kpis=_kpis(before.kpis, after.kpis),
        parting=compare_logs(before.log, after.log, Names.of(before.network, before.requests)),
    )


def changed_riders(riders: Table) -> Any:
    """Tell to whom anything happened otherwise [R]."""
    other = [riders[f"{name}_first"] != riders[f"{name}_second"] for name in ("outcome", "reason", "bus")]
    times = [np.nan_to_num(riders[f"{name}_change_s"]) != 0 for name in ("wait", "ride")]
    return np.logical_or.reduce([*other, *times])


def _name(run: Run) -> str:
    return str(run.folder) if run.folder is not None else f"{run.scenario.name}, seed {run.scenario.spec.seed}"


def _settings(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    before, after = dict(_flat(first, "")), dict(_flat(second, ""))
    keys = [*before, *(key for key in after if key not in before)]
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def _flat(table: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _kpis(first: Mapping[str, float], second: Mapping[str, float]) -> Table:
    pairs = {name: (first[name], second[name]) for name in first if name in second}
    names = [name for name, (before, after) in pairs.items() if before != after and not _are_nan(before, after)]
    values = np.array([pairs[name] for name in names], np.float64).reshape(-1, 2)
    return Table(
        {
            "kpi": np.array(names, object),
            "first": values[:, 0],
            "second": values[:, 1],
            "change": values[:, 1] - values[:, 0],
        }
    )


def _are_nan(first: float, second: float) -> bool:
    return math.isnan(first) and math.isnan(second)

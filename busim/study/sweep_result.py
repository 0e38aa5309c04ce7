"""The result of a sweep: a tidy table, a summary per cell, plots, and the files of these."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from busim.errors import InputError, did_you_mean
from busim.metrics.kpi import Kpi
from busim.metrics.shown import read_in
from busim.model.table import Table
from busim.study.comparing import Values, columns_of
from busim.study.folder import telling_where
from busim.study.statistics import mean_interval
from busim.study.study_folder import cell_name, run_folder
from busim.study.table_csv import write_csv
from busim.study.tasks import KPI_NAMES
from busim.study.variants import Variant
from busim.study.wording import shown


@dataclass(frozen=True, repr=False)
class Sweep:
    """Variants run with many seeds.

    Parameters
    ----------
    name
        Of the study.
    cells
        The variants.
    keys
        That are varied.
    seeds
        Run for every cell.
    kpis
        That are looked at; ``table`` has all others as well.
    is_grid
        Whether the cells are all combinations of some values.
    values
        All KPIs of all runs [cells, seeds, KPIs].
    asked
        Which runs are part of this shard [cells, seeds].
    errors
        Why runs failed, by cell and seed.
    folder
        Where the runs are kept, or None.
    files
        That were written.
    """

    name: str
    cells: tuple[Variant, ...] = field(repr=False)
    keys: tuple[str, ...]
    seeds: tuple[int, ...]
    kpis: tuple[Kpi, ...] = field(repr=False)
    is_grid: bool
    values: Values = field(repr=False)
    asked: NDArray[np.bool_] = field(repr=False)
    errors: Mapping[tuple[int, int], str]
    folder: Path | None = None
    files: tuple[Path, ...] = ()

    @cached_property
    def table(self) -> Table:
        """One row per run: ``cell``, the varied keys, ``seed``, ``run`` (its folder), ``error``, and every KPI."""
        cell, seed = np.nonzero(self.asked)
        names = [cell_name(variant.scenario) for variant in self.cells]
        places = list(zip(cell.tolist(), seed.tolist(), strict=True))
        runs = [run_folder(Path(), names[c], self.seeds[s]).as_posix() if self.folder else "" for c, s in places]
        errors = [self.errors.get(place, "") for place in places]
        return Table(
            {
                **self._of_cells(cell),
                "seed": np.array(self.seeds, np.int64)[seed],
                "run": np.array(runs, object),
                "error": np.array(errors, object),
                **{name: self.values[cell, seed, k] for k, name in enumerate(KPI_NAMES)},
            }
        )

    @cached_property
    def summary(self) -> Table:
        """A row per cell and KPI that is looked at: the varied keys, ``kpi, unit, mean, low, high, sd, seeds``."""
        cell = np.repeat(np.flatnonzero(self.asked.any(axis=1)), len(self.kpis))
        kpis = [self.kpis[i % len(self.kpis)] for i in range(len(cell))]
        made = [mean_interval(columns_of(self.values, kpi)[c]) for c, kpi in zip(cell, kpis, strict=True)]
        columns = {"mean": "mean", "low": "low", "high": "high", "sd": "sd", "seeds": "n"}
        return Table(
            {
                **self._of_cells(cell),
                "kpi": np.array([kpi.name for kpi in kpis], object),
                "unit": np.array([kpi.unit for kpi in kpis], object),
                **{name: np.array([getattr(each, key) for each in made]) for name, key in columns.items()},
            }
        )

    def _of_cells(self, cell: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """Give number, name and values of cells as columns."""
        names = np.array([variant.name for variant in self.cells], object)
        keys = {key: column_of([variant.values.get(key) for variant in self.cells]) for key in self.keys}
        return {"cell": cell + 1, "name": names[cell], **{key: column[cell] for key, column in keys.items()}}

    def plot(self, kpi: str | None = None, ax: Any = None, x: str | None = None) -> Any:
        """Draw a KPI over the varied keys: lines with 95 % bands, a heat map, or points of a Latin hypercube.

        Parameters
        ----------
        kpi
            By name; the first that is looked at by default.
        ax
            Matplotlib axes; new ones are made if None.
        x
            The key along the x axis.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        InputError
            If the KPI is not looked at, or the key is not varied.
        """
        from busim.plot.sweep import plot_sweep  # noqa: PLC0415  (matplotlib is slow to import)

        names = [each.name for each in self.kpis]
        if kpi is not None and kpi not in names:
            raise InputError.single("plot", f"the KPI '{kpi}' was not looked at", did_you_mean(kpi, names))
        if x is not None and x not in self.keys:
            raise InputError.single("plot", f"the key '{x}' is not varied", did_you_mean(x, self.keys))
        return plot_sweep(self.summary, kpi or names[0], self.keys, self.is_grid, ax, x)

    def draw(self, folder: str | Path) -> list[Path]:
        """Write a plot per KPI; of a Latin hypercube one per KPI and key. Gives their paths.

        Raises
        ------
        InputError
            If they cannot be written.
        """
        from busim.plot import style  # noqa: PLC0415  (matplotlib is slow to import)

        if not self.asked.any():
            return []
        wanted: list[str | None] = [None] if self.is_grid or not self.keys else [*self.keys]
        place, drawn = Path(folder), []
        with telling_where(place):
            place.mkdir(parents=True, exist_ok=True)
            for kpi in self.kpis:
                for x in wanted:
                    ending = "" if len(wanted) == 1 else f"-{x}"
                    figure = self.plot(kpi.name, x=x).figure
                    drawn.append(style.save(figure, place / f"{kpi.name}{ending}.png"))
        return drawn

    def headline(self) -> list[tuple[str, ...]]:
        """Give a row per cell: its name, and mean ± half the 95 % interval of each KPI, as people read them."""
        rows = []
        for cell in np.flatnonzero(self.asked.any(axis=1)):
            made = [(kpi, mean_interval(columns_of(self.values, kpi)[cell])) for kpi in self.kpis]
            rows.append((self.cells[cell].name, *(_cell(kpi, each.mean, each.half) for kpi, each in made)))
        return rows

    def header(self) -> tuple[str, ...]:
        """Give the titles of the columns of ``headline``."""
        units = ((kpi, read_in(kpi)[1]) for kpi in self.kpis)
        return ("cell", *(f"{kpi.label} [{unit}]" if unit else kpi.label for kpi, unit in units))

    def __repr__(self) -> str:
        """Tell the sweep in one line."""
        told = f"{len(self.cells)} cells, {len(self.seeds)} seeds, {len(self.errors)} failed"
        return f"<Sweep {self.name!r}: {told}; {'in memory' if self.folder is None else self.folder}>"

    def _repr_html_(self) -> str:
        """Show the sweep in a notebook as a table."""
        head = "".join(f"<th>{html.escape(text)}</th>" for text in self.header())
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in self.headline())
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        title = html.escape(f"{self.name}, {len(self.seeds)} seeds; mean ± half the 95 % interval")
        return f"<table><caption>{title}</caption><tr>{head}</tr>{body}</table>"


def _cell(kpi: Kpi, mean: float, half: float) -> str:
    text = shown(kpi, mean, half)
    return f"{text} ± {shown(kpi, half, half)}" if np.isfinite(half) else text


def column_of(values: Sequence[Any]) -> NDArray[Any]:
    """Make a column of what a key was set to: numbers where all are, else texts; nan or empty where it was not set."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known) and len(known) == len(values):
        return np.array(values, np.bool_)
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        is_whole = len(known) == len(values) and all(isinstance(value, int) for value in known)
        return np.array([np.nan if value is None else value for value in values], np.int64 if is_whole else np.float64)
    return np.array(["" if value is None else str(value) for value in values], object)


def write_results(made: Sweep, out: Path, ending: str) -> tuple[Path, ...]:
    """Write the tidy table and the summary as CSV, the table also as Parquet where pyarrow is installed.

    Raises
    ------
    InputError
        If they cannot be written.
    """
    written = []
    with telling_where(out):
        tables = {"results": made.table} if ending else {"results": made.table, "summary": made.summary}
        for name, table in tables.items():
            path = out / f"{name}{ending}.csv"
            beside = path.with_suffix(".csv.tmp")
            write_csv(table, beside)
            written.append(beside.replace(path))
        if find_spec("pyarrow") is not None:
            written.append(_write_parquet(made.table, out / f"results{ending}.parquet"))
    return tuple(written)


def _write_parquet(table: Table, path: Path) -> Path:
    import pyarrow as pa  # noqa: PLC0415  (optional)
    import pyarrow.parquet as pq  # noqa: PLC0415

    beside = path.with_suffix(".parquet.tmp")
    pq.write_table(pa.table(dict(table)), beside)
    return beside.replace(path)

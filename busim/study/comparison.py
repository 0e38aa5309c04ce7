"""The result of a comparison: tables, sentences, plots, and a folder of these."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from busim.errors import InputError, did_you_mean
from busim.metrics import KPIS
from busim.metrics.kpi import Kpi
from busim.metrics.shown import read_in
from busim.model.table import Table
from busim.scenario import Scenario
from busim.study.comparing import Method, Values, arm_table, difference_table, run_table
from busim.study.folder import draft
from busim.study.manifest import versions, write_json
from busim.study.sequential import Reached
from busim.study.table_csv import write_csv
from busim.study.wording import p_text, shown, unit

PLOTS = ("differences", "arms")


@dataclass(frozen=True, repr=False)
class Comparison:
    """Arms compared seed by seed.

    Parameters
    ----------
    name
        Of the study.
    scenarios
        By arm.
    seeds
        Run for every arm.
    kpis
        That are looked at; ``runs`` has all others as well.
    values
        All KPIs of all runs [arms, seeds, KPIs].
    method
        How differences are judged.
    reached
        What became of the wishes for narrow intervals.
    """

    name: str
    scenarios: Mapping[str, Scenario] = field(repr=False)
    seeds: tuple[int, ...]
    kpis: tuple[Kpi, ...] = field(repr=False)
    values: Values = field(repr=False)
    method: Method
    reached: tuple[Reached, ...] = ()

    @property
    def arms(self) -> tuple[str, ...]:
        """The names of the arms."""
        return tuple(self.scenarios)

    @property
    def against(self) -> str:
        """The arm that the others are compared with."""
        return self.arms[self.method.base]

    @cached_property
    def table(self) -> Table:
        """The KPIs of each arm: ``kpi, unit, arm, mean, low, high, sd, seeds``; bounds are 95 %."""
        return arm_table(self.values, self.arms, self.kpis)

    @cached_property
    def differences(self) -> Table:
        """The paired differences: ``kpi, arm, against, difference, low, high, ..., p_holm, verdict, sentence``."""
        return difference_table(self.values, self.arms, self.kpis, self.method)

    @cached_property
    def runs(self) -> Table:
        """All KPIs of all runs: ``arm, seed`` and a column per KPI."""
        return run_table(self.values, self.arms, self.seeds)

    @property
    def sentences(self) -> tuple[str, ...]:
        """One plain sentence per difference."""
        return tuple(self.differences["sentence"].tolist())

    @property
    def caution(self) -> str:
        """What to keep in mind where arms serve different shares of the riders; empty where they do not."""
        rates = difference_table(self.values, self.arms, [KPIS["service_rate"]], self.method)
        unlike = [row["arm"] for row in map(rates.row, range(rates.num_rows)) if row["verdict"] in ("better", "worse")]
        if not unlike:
            return ""
        named = ", ".join(unlike)
        told = f"Mind that {named} and {self.against} serve different shares of the riders"
        return f"{told}: waits and rides are of those served."

    def plot(self, name: str = "differences", ax: Any = None, kpi: str | None = None) -> Any:
        """Draw a picture.

        Parameters
        ----------
        name
            ``"differences"`` or ``"arms"``.
        ax
            Matplotlib axes; new ones are made if None.
        kpi
            One KPI; without one, a page of all of them.

        Returns
        -------
        matplotlib.axes.Axes or matplotlib.figure.Figure

        Raises
        ------
        InputError
            If there is no such picture, or the KPI was not looked at.
        """
        from busim.plot import compare as pictures  # noqa: PLC0415  (matplotlib is slow to import)

        names = [each.name for each in self.kpis]
        if name not in PLOTS:
            raise InputError.single("plot", f"there is no picture '{name}'", did_you_mean(name, PLOTS))
        if kpi is not None and kpi not in (names if name == "differences" else KPIS):
            raise InputError.single("plot", f"the KPI '{kpi}' was not looked at", did_you_mean(kpi, names))
        if kpi is None:
            is_page = name == "differences"
            return pictures.differences_page(self.differences) if is_page else pictures.arms_page(self.runs, names)
        is_difference = name == "differences"
        return (
            pictures.plot_differences(self.differences, kpi, ax)
            if is_difference
            else pictures.plot_arms(self.runs, kpi, ax)
        )

    def headline(self) -> Iterator[tuple[str, ...]]:
        """Give a row per KPI: label, unit, and mean ± half the 95 % interval of each arm, as people read them."""
        for kpi in self.kpis:
            rows = self.table.where(self.table["kpi"] == kpi.name)
            halves = (rows["high"] - rows["low"]) / 2
            cells = (_cell(kpi, float(m), float(h)) for m, h in zip(rows["mean"], halves, strict=True))
            yield (kpi.label, read_in(kpi)[1], *cells)

    def paired_headline(self) -> Iterator[tuple[str, ...]]:
        """Give a row per difference: label and unit, arm, difference, interval, adjusted p, ratio of variances."""
        for i in range(self.differences.num_rows):
            row = self.differences.row(i)
            kpi, half = KPIS[row["kpi"]], (row["high"] - row["low"]) / 2
            size, low, high = (shown(kpi, row[key], half, "+") for key in ("difference", "low", "high"))
            label = f"{kpi.label} [{unit(kpi)}]" if unit(kpi) else kpi.label
            p = p_text(row["p_holm"]).removeprefix("p ").removeprefix("= ") if np.isfinite(row["p_holm"]) else "-"
            ratio = f"{row['variance_ratio']:.1f}" if np.isfinite(row["variance_ratio"]) else "-"
            yield (label, row["arm"], size, f"{low} .. {high}", p, ratio)

    def save(self, folder: str | Path, *, plots: bool = True, is_default: bool = False) -> Path:
        """Write tables, plots and the arms' scenarios; gives the folder.

        Parameters
        ----------
        folder
            Its name is free, or is_default and a number is put behind it.

        Raises
        ------
        InputError
            If it is taken or cannot be written.
        """
        with draft(Path(folder), is_default=is_default) as place:
            for i, chosen in enumerate(self.scenarios.values(), 1):
                (place.path / f"arm-{i}.toml").write_text(chosen.text, encoding="utf-8")
            for name, table in (("arms", self.table), ("differences", self.differences), ("runs", self.runs)):
                write_csv(table, place.path / f"{name}.csv")
            write_json(place.path / "comparison.json", self.describe())
            if plots:
                self._draw(place.path / "plots")
            return place.finish()

    def _draw(self, folder: Path) -> None:
        from busim.plot import style  # noqa: PLC0415  (matplotlib is slow to import)

        folder.mkdir()
        for name in PLOTS:
            style.save(self.plot(name), folder / f"{name}.png")

    def describe(self) -> dict[str, Any]:
        """Tell what was compared and how, as plain data."""
        prints = {arm: chosen.fingerprint for arm, chosen in self.scenarios.items()}
        return {
            "name": self.name,
            "arms": [{"name": arm, "fingerprint": print_} for arm, print_ in prints.items()],
            "against": self.against,
            "seeds": list(self.seeds),
            "first_stage": self.method.first,
            "until": [{**vars(each), "half": each.half if np.isfinite(each.half) else None} for each in self.reached],
            "method": {"intervals": "paired t, 95 %, unadjusted", "p_holm": "paired t, Holm over all differences told"},
            "versions": versions(),
            "sentences": list(self.sentences),
        }

    def __repr__(self) -> str:
        """Tell the comparison in one line."""
        return f"<Comparison {self.name!r}: {', '.join(self.arms)}; {len(self.seeds)} seeds>"

    def _repr_html_(self) -> str:
        """Show the comparison in a notebook: a table and the sentences."""
        head = "".join(f"<th>{html.escape(text)}</th>" for text in ("KPI", "unit", *self.arms))
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in self.headline())
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        told = "".join(f"<li>{html.escape(text)}</li>" for text in self.sentences)
        title = html.escape(f"{self.name}, {len(self.seeds)} seeds; mean ± half the 95 % interval")
        return f"<table><caption>{title}</caption><tr>{head}</tr>{body}</table><ul>{told}</ul>"


def _cell(kpi: Kpi, mean: float, half: float) -> str:
    text = shown(kpi, mean, half)
    return f"{text} ± {shown(kpi, half, half)}" if np.isfinite(half) else text

"""Pictures of a comparison: paired differences with their intervals, and each arm's days."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from busim.metrics import KPIS
from busim.metrics.shown import read_in
from busim.model.network import Floats
from busim.model.table import Column, Table
from busim.plot import style

_COLOURS = {"better": style.BLUE, "worse": style.VERMILLION, "higher": style.PURPLE, "lower": style.PURPLE}
_NAME_LETTERS = 26
_COLUMNS = 2


def plot_differences(differences: Table, kpi: str, ax: Axes | None = None) -> Axes:
    """Draw the differences of one KPI to the base, each arm's with its 95 % interval.

    Parameters
    ----------
    differences
        As ``Comparison.differences``.
    kpi
        By name.
    ax
        New ones if None.
    """
    rows = differences.where(differences["kpi"] == kpi)
    factor, unit = read_in(KPIS[kpi])
    ax = style.axes_or_new(ax, (6.0, 1.1 + 0.34 * max(rows.num_rows, 2)))
    style.decorate(ax, KPIS[kpi].label, "points" if unit == "%" else unit, grid="x")
    at = np.arange(rows.num_rows, dtype=np.float64)
    ax.axvline(0, color=style.INK, linewidth=0.8)
    for y, row in zip(at, map(rows.row, range(rows.num_rows)), strict=True):
        colour = _COLOURS.get(row["verdict"], style.MUTED)
        ax.plot([factor * row["low"], factor * row["high"]], [y, y], color=colour, linewidth=2.4, alpha=0.5)
        ax.scatter([factor * row["difference"]], [y], s=30, color=colour, zorder=3)
    ax.set_yticks(at, [_short(name) for name in rows["arm"]], fontfamily=style.font_family())
    ax.set_ylim(rows.num_rows - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6))
    return ax


def plot_arms(runs: Table, kpi: str, ax: Axes | None = None) -> Axes:
    """Draw one KPI of every day of every arm, with the mean; the same day is joined by a thin line.

    Parameters
    ----------
    runs
        As ``Comparison.runs``.
    kpi
        By name.
    ax
        New ones if None.
    """
    arms = list(dict.fromkeys(runs["arm"]))
    values = _by_arm(runs, kpi, arms)
    ax = style.axes_or_new(ax, (6.0, 1.1 + 0.34 * max(len(arms), 2)))
    style.decorate(ax, KPIS[kpi].label, read_in(KPIS[kpi])[1], grid="x")
    at = np.arange(len(arms), dtype=np.float64)
    if np.isnan(values).all():
        return style.say_empty(ax, "no day has it")
    ax.plot(values, at, color=style.GRID, linewidth=0.6, zorder=1)
    ax.scatter(values.T, np.tile(at, values.shape[1]), s=12, color=style.SKY, alpha=0.7, zorder=2, label="a day")
    means = [float(np.nanmean(row)) if np.isfinite(row).any() else np.nan for row in values]
    ax.scatter(means, at, s=170, marker="|", color=style.INK, linewidth=2, zorder=3, label="mean")
    ax.set_yticks(at, [_short(name) for name in arms], fontfamily=style.font_family())
    ax.set_ylim(len(arms) - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6))
    return ax


def _by_arm(runs: Table, kpi: str, arms: Sequence[str]) -> Floats:
    factor = read_in(KPIS[kpi])[0]
    return factor * np.array([runs[kpi][runs["arm"] == arm] for arm in arms], np.float64)


def differences_page(differences: Table) -> Figure:
    """Draw the differences of all KPIs on one page."""
    against = str(differences["against"][0])
    title = f"Differences to {style.shortened(against, 40)}, the same days, 95 % intervals (unadjusted)"
    kpis, arms = _kinds(differences["kpi"]), len(_kinds(differences["arm"]))
    figure = _page(kpis, arms, title, lambda kpi, ax: plot_differences(differences, kpi, ax))
    note = "blue better, red worse, violet higher or lower: shown after Holm's correction; grey: no difference shown"
    figure.supxlabel(note, fontsize=8.5, color=style.MUTED, x=0.01, ha="left")
    return figure


def arms_page(runs: Table, kpis: Sequence[str]) -> Figure:
    """Draw all KPIs of all arms on one page."""
    title = "Each dot a day, each bar a mean; a line joins the arms' same day"
    return _page(kpis, len(_kinds(runs["arm"])), title, lambda kpi, ax: plot_arms(runs, kpi, ax))


def _kinds(column: Column) -> list[str]:
    return list(dict.fromkeys(column.tolist()))


def _page(kpis: Sequence[str], arms: int, title: str, draw: Callable[[str, Axes], Axes]) -> Figure:
    rows = -(-len(kpis) // _COLUMNS)
    figure = style.new_figure((10.0, 0.9 + rows * (1.0 + 0.3 * max(arms, 2))))
    axes = figure.subplots(rows, min(_COLUMNS, len(kpis)), squeeze=False)
    for ax in axes.flat[len(kpis) :]:
        ax.axis("off")
    for kpi, ax in zip(kpis, axes.flat, strict=False):
        draw(kpi, ax)
    figure.suptitle(style.printable(title), x=0.01, ha="left", fontsize=11, color=style.INK)
    return figure


def _short(name: str) -> str:
    return style.shortened(style.printable(name), _NAME_LETTERS)

"""Pictures of a sweep: a KPI over the keys that were varied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from busim.metrics import KPIS
from busim.metrics.shown import digits_for, read_in
from busim.model.network import Floats
from busim.model.table import Column, Table
from busim.plot import style

_MOST_LINES = len(style.CYCLE)
_LEAST_HEAT = 3  # values of each key; fewer are told better by lines
_MOST_NUMBERS = 80  # fields of a heat map that get their number written in


def plot_sweep(
    summary: Table, kpi: str, keys: Sequence[str], is_grid: bool, ax: Axes | None = None, x: str | None = None
) -> Axes:
    """Draw a KPI the way that suits what was varied.

    Parameters
    ----------
    summary
        As ``Sweep.summary``: the keys as columns, ``kpi``, ``mean``, ``low``, ``high``.
    kpi
        By name.
    keys
        That were varied.
    is_grid
        Whether all combinations were run.
    ax
        New ones if None.
    x
        The key along the x axis; chosen if None.
    """
    rows = summary.where(summary["kpi"] == kpi)
    numeric = [key for key in keys if rows[key].dtype.kind in "if"]
    along = x or max(numeric, key=lambda key: len(np.unique(rows[key])), default=None)
    if not is_grid or (along is None and len(keys) < 2):
        return plot_points(rows, kpi, along or (keys[0] if keys else "name"), ax)
    others = [key for key in keys if key != along]
    lines = len(dict.fromkeys(_groups(rows, others)))
    is_wide = len(keys) == 2 and len(numeric) == 2 and all(len(np.unique(rows[key])) >= _LEAST_HEAT for key in keys)
    if along is None or lines > _MOST_LINES or (is_wide and x is None):
        pair = (along or keys[0], next(key for key in keys if key != (along or keys[0])))
        return plot_heat(rows, kpi, pair[0], pair[1], ax)
    return plot_lines(rows, kpi, along, others, ax)


def plot_lines(rows: Table, kpi: str, x: str, by: Sequence[str] = (), ax: Axes | None = None) -> Axes:
    """Draw means over one key with their 95 % bands, a line for each combination of the other keys."""
    factor, unit = read_in(KPIS[kpi])
    ax = style.axes_or_new(ax, (6.4, 4.0))
    style.decorate(ax, KPIS[kpi].label, x, unit)
    groups = _groups(rows, by)
    for colour, group in zip(style.CYCLE, dict.fromkeys(groups), strict=False):
        mine = rows.where(np.array([each == group for each in groups]))
        mine = mine.where(np.argsort(mine[x], kind="stable"))
        low, mean, high = (factor * mine[name] for name in ("low", "mean", "high"))
        ax.plot(mine[x], mean, color=colour, marker="o", markersize=4, linewidth=1.6, label=group or "mean, 95 % band")
        ax.fill_between(mine[x].astype(np.float64), low, high, color=colour, alpha=0.18, linewidth=0)
    _count_whole(ax, rows[x])
    style.legend(ax)
    return ax


def plot_heat(rows: Table, kpi: str, x: str, y: str, ax: Axes | None = None) -> Axes:
    """Draw means over two keys as a heat map; where more keys were varied, the mean over them."""
    factor, unit = read_in(KPIS[kpi])
    ax = style.axes_or_new(ax, (6.4, 4.6))
    style.decorate(ax, KPIS[kpi].label, x, y, grid="")
    xs, ys = _values(rows[x]), _values(rows[y])
    field = np.full((len(ys), len(xs)), np.nan)
    for i, down in enumerate(ys):
        for j, across in enumerate(xs):
            means = rows["mean"][(rows[x] == across) & (rows[y] == down)]
            field[i, j] = factor * float(np.nanmean(means)) if np.isfinite(means).any() else np.nan
    image = ax.imshow(field, origin="lower", aspect="auto", cmap="cividis")
    ax.set_xticks(range(len(xs)), [_text(value) for value in xs])
    ax.set_yticks(range(len(ys)), [_text(value) for value in ys])
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.colorbar(image, ax=ax, label=unit)
    if field.size <= _MOST_NUMBERS:
        _write_numbers(ax, field)
    return ax


def _write_numbers(ax: Axes, field: Floats) -> None:
    known = field[np.isfinite(field)]
    if not len(known):
        return
    digits = digits_for(float(np.ptp(known)) / 5)
    middle = (known.min() + known.max()) / 2
    for (i, j), value in np.ndenumerate(field):
        if np.isfinite(value):
            colour = style.PAPER if value < middle else style.INK
            ax.text(j, i, f"{value:.{digits}f}", ha="center", va="center", fontsize=8, color=colour)


def plot_points(rows: Table, kpi: str, x: str, ax: Axes | None = None) -> Axes:
    """Draw the mean of every cell over one key, with its 95 % interval."""
    factor, unit = read_in(KPIS[kpi])
    ax = style.axes_or_new(ax, (6.4, 4.0))
    style.decorate(ax, KPIS[kpi].label, x, unit)
    is_text = rows[x].dtype.kind not in "if"
    names = _values(rows[x])
    at = np.array([names.index(value) for value in rows[x].tolist()], np.float64) if is_text else rows[x]
    low, mean, high = (factor * rows[name] for name in ("low", "mean", "high"))
    ax.vlines(at, low, high, color=style.SKY, linewidth=1.6)
    ax.scatter(at, mean, s=22, color=style.BLUE, zorder=3)
    if is_text:
        ax.set_xticks(range(len(names)), [style.shortened(style.printable(str(name)), 22) for name in names])
        ax.set_xlim(-0.6, len(names) - 0.4)
    _count_whole(ax, rows[x])
    return ax


def _count_whole(ax: Axes, values: Column) -> None:
    """Put no ticks between whole numbers where the key has no others."""
    if values.dtype.kind == "i":
        ax.xaxis.set_major_locator(MaxNLocator(nbins="auto", steps=[1, 2, 5, 10], integer=True))


def _values(column: Column) -> list[object]:
    """List the values of a key: numbers ascending, texts in order of appearance."""
    return list(np.unique(column).tolist()) if column.dtype.kind in "if" else list(dict.fromkeys(column.tolist()))


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else style.shortened(style.printable(str(value)), 18)


def _groups(rows: Table, by: Sequence[str]) -> list[str]:
    """Name each row by its values of some keys."""
    short = {key: key.removesuffix(".strategy").rpartition(".")[2] for key in by}
    parts = [[f"{short[key]} {_text(value)}" for value in rows[key].tolist()] for key in by]
    return [", ".join(each) for each in zip(*parts, strict=True)] if parts else [""] * rows.num_rows

"""Waits by group of riders: who is served badly."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from busim.metrics import by_group
from busim.plot import style
from busim.plot.data import PlotData
from busim.units import MINUTE_S

_KINDS = {"from_zone": "from", "purpose": "purpose", "wheelchair": "wheelchair", "party": "persons"}
_MOST_ZONES = 12


def plot_groups(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw median and 90 % of the waits, and the service rate, by zone, purpose, wheelchair and party size."""
    rows = _rows(data)
    ax = style.axes_or_new(ax, (8.0, 1.4 + 0.27 * max(len(rows), 4)))
    style.decorate(ax, "Waits by group of riders", "minutes", grid="x")
    if not rows:
        return style.say_empty(ax, "no riders")
    at = np.arange(len(rows), dtype=np.float64)
    half = np.array([row["wait_p50_s"] for row in rows]) / MINUTE_S
    most = np.array([row["wait_p90_s"] for row in rows]) / MINUTE_S
    ax.hlines(at, half, most, color=style.PALE, linewidth=2, zorder=1)
    ax.scatter(half, at, s=28, color=style.BLUE, zorder=2, clip_on=False, label="median")
    ax.scatter(most, at, s=28, color=style.ORANGE, marker="D", zorder=2, clip_on=False, label="90 %")
    ax.set_yticks(at, [_label(row, data) for row in rows], fontfamily=style.font_family())
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, None)
    for y, row in zip(at, rows, strict=True):
        told = f"{row['service_rate']:.0%} of {row['requests']}"
        ax.text(1.01, y, told, transform=ax.get_yaxis_transform(), va="center", fontsize=8, color=style.MUTED)
    ax.text(1.01, -0.75, "served", transform=ax.get_yaxis_transform(), va="bottom", fontsize=8, color=style.INK)
    for before, (row, after) in enumerate(itertools.pairwise(rows)):
        if row["by"] != after["by"]:
            ax.axhline(before + 0.5, color=style.GRID, linewidth=0.8)
    style.legend(ax)
    return ax


def _rows(data: PlotData) -> list[dict[str, Any]]:
    """Collect the groups to show, kind by kind; of zones those with most riders."""
    table = by_group(data.tables)
    rows: list[dict[str, Any]] = []
    for kind in _KINDS:
        mine = [table.row(int(i)) for i in np.flatnonzero(table["by"] == kind)]
        if kind == "from_zone":
            mine = sorted(mine, key=lambda row: -row["requests"])[:_MOST_ZONES]
        rows += mine if len(mine) > 1 else []
    return rows


def _label(row: dict[str, Any], data: PlotData) -> str:
    zones = {area.id: area for area in data.network.areas if area.kind == "zone"}
    zone = zones.get(str(row["value"])) if row["by"] == "from_zone" else None
    name = style.name_of(zone.name, zone.name_zh) if zone else str(row["value"]).replace("_", " ")
    return style.printable(f"{_KINDS[row['by']]}: {name}")

"""The front of cost against service, of the candidates that a search has tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from busim.metrics import KPIS
from busim.model.table import Table
from busim.plot import style
from busim.units import MINUTE_S

_LOOKS = {"meets": (style.BLUE, "meets all targets"), "fails": (style.VERMILLION, "misses a target")}
_OPEN = (style.MUTED, "not decided")


def plot_front(
    candidates: Table,
    key: str,
    kpi: str,
    cost: str,
    targets: Sequence[tuple[float, bool, float]] = (),
    answer: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each candidate costs per day against how it serves.

    Parameters
    ----------
    candidates
        One row per candidate, with columns ``key``, ``verdict``, ``is_on_front``, the KPI's mean and ``<kpi>_half``,
        and the cost's mean.
    key, kpi, cost
        Names of the columns.
    targets
        Value of the KPI, whether it is the most allowed, and the margin within which either decision is right.
    answer
        The candidate to be marked.
    ax
        Axes; new ones are made if None.
    """
    ax = style.axes_or_new(ax)
    scale, unit = _scale(kpi)
    label = f"{KPIS[kpi].label} [{unit}]: mean of the days and its 95 % interval"
    style.decorate(ax, f"Cost against service, by {key}", label, "thousand CNY per service day", grid="both")
    service, money = candidates[kpi] * scale, candidates[cost] / 1000
    known = ~(np.isnan(service) | np.isnan(money))
    if not known.any():
        return style.say_empty(ax, "no candidate has both cost and service")
    half = np.nan_to_num(candidates[f"{kpi}_half"]) * scale
    order = np.argsort(money)
    on_front = order[(candidates["is_on_front"] & known)[order]]
    ax.plot(service[on_front], money[on_front], color=style.PALE, linewidth=1.5, zorder=1)
    for verdict in dict.fromkeys(candidates["verdict"]):
        rows = known & (candidates["verdict"] == verdict)
        colour, label = _LOOKS.get(verdict, _OPEN)
        ax.errorbar(
            service[rows], money[rows], xerr=half[rows], fmt="o", color=colour, label=label, elinewidth=1, capsize=2
        )
    for row in np.flatnonzero(known):
        weight = "bold" if candidates[key][row] == answer else "normal"
        place = (service[row], money[row])
        ax.annotate(str(candidates[key][row]), place, (5, 4), textcoords="offset points", fontsize=8, fontweight=weight)
    for value, is_most, margin in targets:
        ax.axvspan((value - margin) * scale, (value + margin) * scale, color=style.PALE, alpha=0.25, linewidth=0)
        sign = "at most" if is_most else "at least"
        ax.axvline(
            value * scale, color=style.INK, linestyle="--", linewidth=1, label=f"{sign} {value * scale:g} {unit}"
        )
    style.legend(ax)
    return ax


def _scale(kpi: str) -> tuple[float, str]:
    unit = KPIS[kpi].unit
    if unit == "s":
        return 1 / MINUTE_S, "min"
    if unit == "1" and kpi.endswith(("_share", "_rate")):
        return 100.0, "%"
    return 1.0, unit

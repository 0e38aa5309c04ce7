"""The charge of the fleet over the day."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from busim.metrics.series import charge_course, grid
from busim.plot import style
from busim.plot.data import PlotData


def plot_charge(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw the band of charge over all buses in service: least, 5 %, median, most, and the reserve."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, "Charge of the fleet", "", "share of the battery")
    times = grid(data.spec.start_s, data.end_s)
    course = charge_course(data.tables, times)
    known = ~np.all(np.isnan(course), axis=0) if course.size else np.zeros(len(times), np.bool_)
    if not known.any():
        return style.say_empty(ax, "no bus in service")
    times, course = times[known], course[:, known]
    least, low, half, most = np.nanquantile(course, [0.0, 0.05, 0.5, 1.0], axis=0)
    ax.fill_between(times, least, most, color=style.GREEN, alpha=0.18, linewidth=0, label="least to most")
    ax.fill_between(times, low, half, color=style.GREEN, alpha=0.25, linewidth=0, label="5 % to median")
    ax.plot(times, half, color=style.GREEN, linewidth=2, label="median")
    ax.plot(times, least, color=style.INK, linewidth=1, label="least")
    ax.axhline(data.spec.charging.reserve, color=style.VERMILLION, linewidth=1.2, linestyle="--", label="reserve")
    ax.set_ylim(min(0.0, float(least.min())), 1.02)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    style.clock_axis(ax, data.spec.start_s, data.end_s)
    style.legend(ax)
    return ax

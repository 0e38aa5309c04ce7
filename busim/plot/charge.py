"""The charge of the fleet over the day, as a band and bus by bus."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator, PercentFormatter

from busim.metrics.series import STEP_S, charge_course, grid
from busim.plot import style
from busim.plot.data import PlotData

_CHARGE_COLOURS = LinearSegmentedColormap.from_list(
    "charge", ["#7A0403", style.VERMILLION, "#F6C27A", "#DCEBDD", "#7CC7A5", style.GREEN]
)  # red where it is low, pale at half


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


def plot_charge_by_bus(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw the charge of every bus over the day, a row per bus, dark where it is low; a line where it is plugged in."""
    num = len(data.spec.fleet.buses)
    ax = style.axes_or_new(ax, (style.WIDE[0], min(11.0, max(2.8, 1.5 + 0.13 * num))))
    style.decorate(ax, "Charge of each bus", "", "bus", grid="")
    times = grid(data.spec.start_s, data.end_s)
    course = charge_course(data.tables, times)
    if not course.size or np.isnan(course).all():
        return style.say_empty(ax, "no bus in service")
    edges = np.append(times, times[-1] + STEP_S) - STEP_S / 2
    shown = ax.pcolormesh(
        edges, np.arange(num + 1) - 0.5, course, cmap=_CHARGE_COLOURS, vmin=0.0, vmax=1.0, rasterized=True
    )
    charges = data.tables["charges"]
    out = np.where(np.isnan(charges["plug_out_s"]), data.end_s, charges["plug_out_s"])
    if charges.num_rows:
        ax.hlines(charges["bus"], charges["plug_in_s"], out, color=style.INK, linewidth=1.4, label="plugged in")
    figure = ax.get_figure(root=True)
    if figure is not None:
        inset = ax.inset_axes((1.015, 0.0, 0.04, 1.0))
        bar = figure.colorbar(shown, cax=inset, format=PercentFormatter(1.0, decimals=0))
        bar.ax.tick_params(labelsize=8, colors=style.MUTED, length=2)
        bar.outline.set_visible(False)
        bar.ax.axhline(data.spec.charging.reserve, color=style.INK, linewidth=1.2)
        bar.set_label("charge; line: the reserve", fontsize=8, color=style.MUTED)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    ax.set_ylim(num - 0.5, -0.5)
    style.clock_axis(ax, data.spec.start_s, data.charged_s)
    style.legend(ax)
    return ax

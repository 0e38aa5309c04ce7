"""Pictures of waits and rides."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from busim.metrics.groups import grouped_quantile
from busim.model.network import Floats
from busim.plot import style
from busim.plot.data import PlotData
from busim.units import HOUR_S, MINUTE_S

_BINS = 40


def plot_waits(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw how waits and rides are distributed, with median and 95 % of each."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, "Waits and rides", "minutes", "riders")
    rides = data.tables["rides"]
    known = {name: rides[column][~np.isnan(rides[column])] / MINUTE_S for name, column in _COLUMNS.items()}
    if not len(known["wait"]):
        return style.say_empty(ax, "nobody was picked up")
    longest = _longest(known.values())
    bins = np.arange(0, longest + _step(longest), _step(longest))
    for name, values in known.items():
        colour, is_filled = _LOOKS[name]
        label = (
            f"{name}: median {np.median(values):.1f}, 95 % {np.quantile(values, 0.95):.1f} min" if len(values) else name
        )
        ax.hist(
            values,
            bins=bins.tolist(),
            histtype="stepfilled" if is_filled else "step",
            color=colour,
            alpha=0.75 if is_filled else 1.0,
            linewidth=1.8,
            label=label,
        )
        if len(values):
            ax.axvline(float(np.median(values)), color=colour, linewidth=1.2, linestyle="--")
    ax.set_xlim(0, bins[-1])
    beyond = np.concatenate([values[values > bins[-1]] for values in known.values()])
    if len(beyond):
        told = f"{len(beyond)} longer, up to {beyond.max():.0f} min"
        ax.text(0.995, 0.97, told, transform=ax.transAxes, ha="right", va="top", fontsize=8, color=style.MUTED)
    style.legend(ax)
    return ax


_COLUMNS = {"wait": "wait_s", "ride": "ride_s"}
_LOOKS = {"wait": (style.BLUE, True), "ride": (style.VERMILLION, False)}


def _longest(known: Iterable[Floats]) -> float:
    """Give what to show [min]: up to the longest, unless a few lie far beyond all others."""
    shown = 1.0
    for values in known:
        most, usual = float(values.max(initial=0.0)), float(np.quantile(values, 0.99)) if len(values) else 0.0
        shown = max(shown, most if most <= 1.5 * usual else 1.1 * usual)
    return shown


def _step(longest_min: float) -> float:
    """Choose the width of a bin [min]: a round one that makes at most about 40 of them."""
    steps = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
    return next((step for step in steps if longest_min / step <= _BINS), 30.0)


def plot_waits_by_hour(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw the median wait and ride of each hour, and up to where nine in ten riders wait."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, "Waits and rides by hour", "hour of the earliest pick-up", "minutes")
    rides = data.tables["rides"]
    hours = style.hours_between(data.spec.start_s, data.spec.end_s)
    group = np.clip(rides["earliest_s"] // HOUR_S - hours[0], 0, len(hours) - 1).astype(np.int64)

    def course(column: str, share: float) -> Floats:
        return grouped_quantile(rides[column], group, len(hours), share) / MINUTE_S

    middle = (np.maximum(hours * HOUR_S, data.spec.start_s) + np.minimum((hours + 1) * HOUR_S, data.spec.end_s)) / 2
    half, most = course("wait_s", 0.5), course("wait_s", 0.9)
    if np.all(np.isnan(half)):
        return style.say_empty(ax, "nobody was picked up")
    ax.fill_between(middle, half, most, color=style.BLUE, alpha=0.22, linewidth=0, label="wait, median to 90 %")
    ax.plot(middle, most, color=style.BLUE, linewidth=0.8)
    ax.plot(middle, half, color=style.BLUE, linewidth=2, marker="o", markersize=3.5, label="wait, median")
    ax.plot(
        middle, course("ride_s", 0.5), color=style.VERMILLION, linewidth=1.6, linestyle="--", label="ride, median"
    )  # fmt: skip
    ax.set_ylim(0, None)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    style.clock_axis(ax, data.spec.start_s, data.spec.end_s)
    style.legend(ax)
    return ax

"""Pictures of what became of the requests."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from busim.metrics.refusals import REASONS
from busim.model.events import OUTCOMES
from busim.model.network import Ints
from busim.model.table import Column
from busim.plot import style
from busim.plot.data import PlotData
from busim.units import HOUR_S

_REASONS = {reason.name.lower(): text for reason, text in REASONS.items()}


def plot_requests(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw requests by hour and outcome, stacked."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, "Requests by outcome", "hour of the earliest pick-up", "requests in the hour")
    outcome = data.tables["rides"]["outcome"]
    labels = {name: name.replace("_", " ") for name in OUTCOMES}
    _stack_hours(data, ax, np.ones(len(outcome), np.bool_), outcome, labels, style.OUTCOME_COLOURS)
    return ax


def plot_refusals(data: PlotData, ax: Axes | None = None, reasons: Column | None = None) -> Axes:
    """Draw refusals by hour and reason, stacked.

    Parameters
    ----------
    data, ax
        The day, and where to draw it.
    reasons
        Of each rider, what a replay of the log found to bind [R]; else those on record, told at once and coarser.
    """
    ax = style.axes_or_new(ax)
    what = "by reason on record" if reasons is None else "by what bound, replayed"
    style.decorate(ax, f"Refusals {what}", "hour of the earliest pick-up", "refused in the hour")
    rides = data.tables["rides"]
    colours = dict(zip(_REASONS, (*style.CYCLE, style.PALE, style.MUTED), strict=True))
    refused = rides["outcome"] == "refused"
    if not refused.any():
        return style.say_empty(ax, "nobody was refused")
    _stack_hours(data, ax, refused, rides["reason"] if reasons is None else reasons, _REASONS, colours)
    return ax


def _stack_hours(
    data: PlotData, ax: Axes, mask: Column, kind: Column, labels: dict[str, str], colours: dict[str, str]
) -> None:
    """Stack bars of one hour by kind; the legend tells each kind's total."""
    hours = style.hours_between(data.spec.start_s, data.spec.end_s)
    hour = np.clip(data.tables["rides"]["earliest_s"] // HOUR_S, hours[0], hours[-1]) - hours[0]
    below: Ints = np.zeros(len(hours), np.int64)
    for name, label in labels.items():
        count = np.bincount(hour[mask & (kind == name)].astype(np.int64), minlength=len(hours))
        if count.any():
            told = f"{label} {style.number(count.sum())}"
            style.draw_bars(ax, hours * HOUR_S, HOUR_S * 0.92, below, count, colours[name], told)
        below = below + count
    style.clock_axis(ax, data.spec.start_s, data.spec.end_s)
    style.count_axis(ax, float(below.max()))
    style.legend(ax)

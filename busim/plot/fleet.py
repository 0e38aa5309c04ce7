"""Pictures of what buses do over the day: states, load, distance."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from busim.metrics.halts import STATES
from busim.metrics.legs import USES
from busim.metrics.series import grid, mean_open, state_means
from busim.model.network import Floats
from busim.plot import style
from busim.plot.data import PlotData
from busim.units import HOUR_S, MINUTE_S

_BIN_S = 10 * MINUTE_S
_LOADS = ((0, 0, "0"), (1, 1, "1"), (2, 2, "2"), (3, 4, "3-4"), (5, 6, "5-6"), (7, 10**6, "7 +"))
_LOAD_COLOURS = (style.ORANGE, "#C6DBEF", "#9ECAE1", "#6BAED6", "#3182BD", "#08519C")
_USE_LABELS = {
    "with_riders": "with riders",
    "line": "line, empty",
    "to_rider": "to a pick-up",
    "move": "rebalancing",
    "to_charger": "to a charger",
    "to_depot": "to the depot",
}


def plot_states(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw how many buses do what over the day, stacked; means over ten minutes."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, "What the buses do", "", "buses")
    edges = _edges(data)
    means = state_means(data.tables["states"], edges)
    shown = [i for i in range(len(STATES)) if means[i].any()]
    if not shown:
        return style.say_empty(ax, "no bus in service")
    labels = [STATES[i].replace("_", " ").replace("driving riders", "driving with riders") for i in shown]
    _stack(ax, edges, means[shown], [style.STATE_COLOURS[STATES[i]] for i in shown], labels)
    return ax


def plot_occupancy(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw how many buses drive with how many persons on board, stacked; means over ten minutes."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, f"Occupancy: {data.kpis['occupancy']:.2f} persons on average", "", "buses driving")
    legs, edges = data.tables["legs"], _edges(data)
    means, labels, colours = [], [], []
    for (low, high, label), colour in zip(_LOADS, _LOAD_COLOURS, strict=True):
        mine = (legs["riders"] >= low) & (legs["riders"] <= high)
        if mine.any():
            means.append(mean_open(legs["leave_s"][mine], legs["arrive_s"][mine], edges))
            labels.append(f"{label} on board")
            colours.append(colour)
    if not means:
        return style.say_empty(ax, "no bus drove")
    _stack(ax, edges, np.array(means), colours, labels)
    return ax


def _edges(data: PlotData) -> Floats:
    return grid(data.spec.start_s, data.end_s + _BIN_S, _BIN_S)


def _stack(ax: Axes, edges: Floats, means: Floats, colours: list[str], labels: list[str]) -> None:
    steps = np.hstack((means, means[:, -1:]))
    ax.stackplot(edges, steps, step="post", colors=colours, labels=labels, linewidth=0)
    style.clock_axis(ax, float(edges[0]), float(edges[-2]))
    style.count_axis(ax, float(means.sum(axis=0).max()))
    style.legend(ax)


def plot_km_by_hour(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw kilometres by hour and use, loaded below, empty above."""
    ax = style.axes_or_new(ax)
    empty = data.kpis["empty_km_share"]
    style.decorate(ax, f"Kilometres: {empty:.0%} empty" if not np.isnan(empty) else "Kilometres", "", "km in the hour")
    legs = data.tables["legs"]
    hours = style.hours_between(data.spec.start_s, data.end_s)
    hour = np.clip(legs["leave_s"] // HOUR_S - hours[0], 0, len(hours) - 1).astype(np.int64)
    below = np.zeros(len(hours))
    for use in USES:
        mine = legs["use"] == use
        km = np.bincount(hour[mine], legs["length_m"][mine] / 1000, minlength=len(hours))
        if mine.any():
            style.draw_bars(ax, hours * HOUR_S, HOUR_S * 0.92, below, km, style.USE_COLOURS[use], _USE_LABELS[use])
        below = below + km
    style.clock_axis(ax, data.spec.start_s, data.end_s)
    style.count_axis(ax, float(below.max()))
    style.legend(ax)
    return ax


def plot_km_by_use(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw how many kilometres were driven for what."""
    ax = style.axes_or_new(ax, (8.0, 3.0))
    style.decorate(ax, f"Driven: {style.number(data.kpis['vehicle_km'])} km", "km", grid="x")
    legs = data.tables["legs"]
    km = {use: float(legs["length_m"][legs["use"] == use].sum()) / 1000 for use in USES}
    km = {use: value for use, value in km.items() if value > 0}
    if not km:
        return style.say_empty(ax, "no bus drove")
    at = np.arange(len(km))
    ax.barh(at, list(km.values()), 0.7, color=[style.USE_COLOURS[use] for use in km])
    ax.set_yticks(at, [_USE_LABELS[use] for use in km])
    ax.invert_yaxis()
    for y, value in zip(at.tolist(), km.values(), strict=True):
        told = f" {style.number(value)} km, {value / sum(km.values()):.0%}"
        ax.text(value, y, told, va="center", fontsize=8, color=style.INK)
    ax.set_xlim(0, 1.2 * max(km.values()))
    return ax

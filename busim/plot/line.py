"""Space-time diagram of the buses on a line."""

from __future__ import annotations

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from busim.metrics.places import line_nodes
from busim.model.network import Floats, Ints
from busim.plot import style
from busim.plot.data import PlotData
from busim.units import HOUR_S

_HOURS = 3.0
_PARKED_S = 1200  # who stands longer is charging or off, and would hide the others


def plot_line(data: PlotData, ax: Axes | None = None, hours: tuple[float, float] | None = None) -> Axes:
    """Draw the way of each bus along the line over time; the line is thicker the fuller the bus.

    Parameters
    ----------
    data
        The day.
    ax
        Where to draw.
    hours
        From and to which hour of the day; by default the three hours with most pick-ups.
    """
    ax = style.axes_or_new(ax, (9.5, 5.2))
    line = data.spec.line
    style.decorate(ax, f"Line {line.name}" if line is not None else "Line", "", "", grid="")
    nodes = line_nodes(data.spec, data.network.places)
    if line is None or len(nodes) < 2:
        return style.say_empty(ax, "this day has no line")
    position = _positions(data, nodes)
    start_s, end_s = _span(data) if hours is None else (hours[0] * HOUR_S, hours[1] * HOUR_S)
    _draw_ways(data, ax, nodes, position, (start_s, end_s))
    names = [data.network.places.index[stop] for stop in line.stops]
    names = [*names, names[0]] if line.is_loop else names
    places = data.network.places
    longest = 30 if style.width_of(ax) > 5 else 16
    labels = [style.shortened(style.name_of(places.names[k], places.names_zh[k]), longest) for k in names]
    told = _apart(position, ax)
    ax.set_yticks(position[told], [labels[k] for k in told], fontfamily=style.font_family())
    ax.set_ylim(-0.02 * position[-1], 1.02 * position[-1])
    for y in position:
        ax.axhline(y, color=style.GRID, linewidth=0.6, zorder=0)
    style.clock_axis(ax, start_s, end_s)
    return ax


def _apart(position: Floats, ax: Axes) -> list[int]:
    """Choose stops whose names do not run into each other; both ends are always told."""
    gap = position[-1] * 10.0 / (72 * style.height_of(ax))
    chosen = [0]
    for k in range(1, len(position) - 1):
        if position[k] - position[chosen[-1]] >= gap and position[-1] - position[k] >= gap:
            chosen.append(k)
    return [*chosen, len(position) - 1]


def _span(data: PlotData) -> tuple[float, float]:
    """Choose the hours of most pick-ups; all of a shorter day."""
    start, end, width = data.spec.start_s, data.spec.end_s, _HOURS * HOUR_S
    if end - start <= 1.5 * width:
        return float(start), float(data.end_s)
    pickups = data.tables["rides"]["pickup_s"]
    pickups = np.sort(pickups[~np.isnan(pickups)])
    starts = np.arange(start, end - width + 1, HOUR_S / 2)
    riders = np.searchsorted(pickups, starts + width) - np.searchsorted(pickups, starts)
    first = float(starts[int(np.argmax(riders))])
    return first, first + width


def _positions(data: PlotData, nodes: Ints) -> Floats:
    """Measure where the stops lie along the line [m], by the legs driven between them, else along the straight line."""
    network, legs = data.network, data.tables["legs"]
    is_loop = data.spec.line is not None and data.spec.line.is_loop
    ends = np.append(nodes, nodes[0]) if is_loop else nodes
    steps = []
    for here, there in itertools.pairwise(ends):
        driven = legs["length_m"][(legs["from_node"] == here) & (legs["to_node"] == there) & (legs["length_m"] > 0)]
        straight = float(np.hypot(network.x_m[here] - network.x_m[there], network.y_m[here] - network.y_m[there]))
        steps.append(float(np.median(driven)) if len(driven) else straight)
    return np.concatenate(([0.0], np.cumsum(steps)))


def _draw_ways(data: PlotData, ax: Axes, nodes: Ints, position: Floats, span: tuple[float, float]) -> None:
    """Draw halts level and legs sloped; a bus that is off the line is not seen."""
    halts = data.tables["stops"]
    bus, arrive, leave = halts["bus"], halts["arrive_s"], halts["leave_s"]
    at = np.full(data.network.num_nodes, np.nan)
    at[nodes] = position[: len(nodes)]
    here = at[halts["node"]]
    there = np.append(here[1:], np.nan)
    if len(position) > len(nodes):  # a loop comes home at its far end
        is_last = (halts["node"] == nodes[-1]) & (np.append(halts["node"][1:], -1) == nodes[0])
        there[is_last] = position[-1]
    there[np.append(bus[1:] != bus[:-1], True)] = np.nan
    seen = (leave >= span[0]) & (arrive <= span[1]) & ~np.isnan(here)
    on = np.flatnonzero(seen & ~np.isnan(there))
    stand = np.flatnonzero(seen & (leave - arrive <= _PARKED_S))
    ways = np.stack((leave[on], here[on], np.append(arrive[1:], 0)[on], there[on]), axis=1).reshape(-1, 2, 2)
    halted = np.stack((arrive[stand], here[stand], leave[stand], here[stand]), axis=1).reshape(-1, 2, 2)
    widths = 0.7 + 0.16 * np.append(halts["on_board"][on], np.zeros(len(stand)))
    colours = [style.CYCLE[k % len(style.CYCLE)] for k in np.append(bus[on], bus[stand]).tolist()]
    segments = list(np.concatenate((ways, halted)))
    ax.add_collection(LineCollection(segments, linewidths=widths.tolist(), colors=colours, capstyle="round"))
    left = np.flatnonzero((halts["left_behind"] > 0) & ~np.isnan(here))
    if len(left):
        ax.plot(leave[left], here[left], "x", color=style.INK, markersize=4.5, zorder=4, label="riders left behind")
        style.legend(ax)

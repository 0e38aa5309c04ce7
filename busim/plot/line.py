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

_HOURS = 4.0


def plot_line(data: PlotData, ax: Axes | None = None, hours: tuple[float, float] | None = None) -> Axes:
    """Draw the way of each bus along the line over time; the line is thicker the fuller the bus.

    Parameters
    ----------
    data
        The day.
    ax
        Where to draw.
    hours
        From and to which hour of the day; by default the four hours with most riders about their middle.
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
    labels = [style.name_of(places.names[k], places.names_zh[k]) for k in names]
    ax.set_yticks(position, labels, fontfamily=style.font_family())
    ax.set_ylim(-0.02 * position[-1], 1.02 * position[-1])
    for y in position:
        ax.axhline(y, color=style.GRID, linewidth=0.6, zorder=0)
    style.clock_axis(ax, start_s, end_s)
    return ax


def _span(data: PlotData) -> tuple[float, float]:
    """Choose four hours about the middle half-hour of most boardings; all of a shorter day."""
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
    stand = np.flatnonzero(seen)
    ways = np.stack((leave[on], here[on], np.append(arrive[1:], 0)[on], there[on]), axis=1).reshape(-1, 2, 2)
    halted = np.stack((arrive[stand], here[stand], leave[stand], here[stand]), axis=1).reshape(-1, 2, 2)
    widths = 0.8 + 0.3 * np.append(halts["on_board"][on], np.zeros(len(stand)))
    colours = [style.CYCLE[k % len(style.CYCLE)] for k in np.append(bus[on], bus[stand]).tolist()]
    segments = list(np.concatenate((ways, halted)))
    ax.add_collection(LineCollection(segments, linewidths=widths.tolist(), colors=colours, capstyle="round"))
    left = np.flatnonzero((halts["left_behind"] > 0) & ~np.isnan(here))
    if len(left):
        ax.plot(leave[left], here[left], "x", color=style.VERMILLION, zorder=4, label="riders left behind")
        style.legend(ax, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)

"""The map with the flows of buses and riders."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.lines import Line2D

from busim.model.network import Floats, Ints, RoadNetwork
from busim.plot import style
from busim.plot.data import PlotData
from busim.plot.map_base import draw_ground, draw_roads, draw_scale

_NAMED = 6
_LARGE = 5.0  # inches: a picture of its own, not a panel of a page
_SHOWN = 0.01  # streets that carry less than this share of the busiest may lie beyond the edge
_LETTER, _CHINESE, _LINE = 4.3, 7.6, 12.0  # points
_LOAD = LinearSegmentedColormap.from_list("load", [style.ORANGE, "#7FB8DD", style.BLUE, "#08306B"])


def plot_flows(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw how many buses pass each street (width) and how full (colour), and how many persons use each stop."""
    ax = style.axes_or_new(ax, (8.6, 7.6))
    street, passes, riders = _by_street(data)
    loaded = street[riders >= _SHOWN * riders.max(initial=0.0)]
    extent = _extent(data.network, loaded)
    draw_ground(data.network, ax)
    draw_roads(data.network, ax, zoom=extent and _filled(extent, ax), bus_only=True, width=0.35)
    ax.set_title("Flows", loc="left", y=1.0, fontsize=11, fontweight="bold", color=style.INK)
    if len(street):
        _draw_streets(data.network, ax, street, passes, riders / passes)
        _draw_stops(data, ax)
        style.legend(ax, _handles(float(passes.max()), _widest(ax)), share=0.6)
    if style.width_of(ax) > _LARGE:
        (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
        draw_scale(ax, (west, south, east, north))
    return ax


def _widest(ax: Axes) -> float:
    """Give the width of the busiest street, fit for the size of the map [points]."""
    return min(7.0, max(2.5, 1.1 * style.width_of(ax)))


def _draw_streets(network: RoadNetwork, ax: Axes, street: Ints, passes: Floats, load: Floats) -> None:
    order = np.argsort(passes, kind="stable")
    lines = LineCollection(
        [network.edge_shape_m[street[k]] for k in order],
        linewidths=np.maximum(0.5, _widest(ax) * passes[order] / passes.max()).tolist(),
        array=load[order],
        cmap=_LOAD,
        norm=Normalize(0, max(1.0, float(np.quantile(load, 0.98)))),
        capstyle="round",
        zorder=2,
    )
    ax.add_collection(lines)
    inset = ax.inset_axes((0.66, 1.0 + 0.045 / style.height_of(ax), 0.33, 0.08 / style.height_of(ax)))
    figure = ax.get_figure(root=True)
    assert figure is not None
    bar = figure.colorbar(lines, cax=inset, orientation="horizontal")
    inset.set_title("persons on board, mean", fontsize=8, color=style.INK, pad=3)
    inset.xaxis.set_ticks_position("top")
    inset.tick_params(labelsize=7, colors=style.MUTED, length=2, pad=1)
    bar.outline.set_visible(False)


def _by_street(data: PlotData) -> tuple[Ints, Floats, Floats]:
    """Add both directions of each street that buses passed: one edge of it, passes, persons [S]."""
    network, edges = data.network, data.tables["edges"]
    used = np.flatnonzero(edges["passes"] > 0)
    low = np.minimum(network.edge_from[used], network.edge_to[used])
    high = np.maximum(network.edge_from[used], network.edge_to[used])
    _, first, street = np.unique(low * network.num_nodes + high, return_index=True, return_inverse=True)
    passes = np.bincount(street, edges["passes"][used], minlength=len(first))
    riders = np.bincount(street, edges["riders"][used], minlength=len(first))
    return used[first], passes.astype(np.float64), riders.astype(np.float64)


def _extent(network: RoadNetwork, street: Ints) -> tuple[float, float, float, float] | None:
    """Show the part of the map that buses used, with a margin; all of it where none drove."""
    if not len(street):
        return None
    nodes = np.concatenate((network.edge_from[street], network.edge_to[street]))
    x, y = network.x_m[nodes], network.y_m[nodes]
    margin = max(200.0, 0.05 * float(max(np.ptp(x), np.ptp(y))))
    return float(x.min()) - margin, float(y.min()) - margin, float(x.max()) + margin, float(y.max()) + margin


def _filled(extent: tuple[float, float, float, float], ax: Axes) -> tuple[float, float, float, float]:
    """Widen an extent to the shape of the axes."""
    west, south, east, north = extent
    shape = style.width_of(ax) / style.height_of(ax)
    width = max(east - west, (north - south) * shape)
    height = width / shape
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2


def _draw_stops(data: PlotData, ax: Axes) -> None:
    """Draw the stops, larger the more persons get on and off; name the largest."""
    halts, places = data.tables["stops"], data.network.places
    named = halts["place"] >= 0
    persons = np.bincount(
        halts["place"][named], (halts["boarded"] + halts["alighted"])[named], minlength=max(len(places), 1)
    )
    shown = np.flatnonzero(persons > 0)
    if not len(shown):
        return
    wide = style.width_of(ax)
    size = (8 + 120 * persons[shown] / persons.max()) * min(1.0, (wide / 7.0) ** 1.5)
    at = places.x_m[shown], places.y_m[shown]
    ax.scatter(*at, s=size, facecolor=style.PAPER, edgecolor=style.INK, linewidth=0.4 + 0.08 * wide, zorder=4)
    _name_stops(data.network, ax, shown[np.argsort(-persons[shown], kind="stable")])


def _name_stops(network: RoadNetwork, ax: Axes, stops: Ints) -> None:
    """Name the busiest stops; a name that would run into one already written is left out."""
    places, west_east = network.places, ax.get_xlim()
    points_per_m = style.width_of(ax) * 72 / (west_east[1] - west_east[0])
    longest = 40 if style.width_of(ax) > _LARGE else 24
    taken: list[tuple[float, float, float]] = []
    for k in stops.tolist():
        name = style.shortened(style.name_of(places.names[k], places.names_zh[k]), longest)
        x, y, length = places.x_m[k] * points_per_m, places.y_m[k] * points_per_m, _length(name)
        is_clear = all(abs(y - b) > _LINE or x > a + other or a > x + length for a, b, other in taken)
        fits = x + length + 8 < west_east[1] * points_per_m
        if not (is_clear and fits):
            continue
        taken.append((x, y, length))
        ax.annotate(
            name, (float(places.x_m[k]), float(places.y_m[k])), xytext=(6, 4), textcoords="offset points", fontsize=7.5,
            color=style.INK, fontfamily=style.font_family(), zorder=5, annotation_clip=True,
            bbox={"boxstyle": "round,pad=0.12", "facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.75},
        )  # fmt: skip
        if len(taken) >= min(_NAMED, 1 + 0.6 * style.width_of(ax)):
            return


def _length(name: str) -> float:
    return sum(_CHINESE if style.is_chinese(letter) else _LETTER for letter in name)


def _handles(most: float, widest: float) -> list[Line2D]:
    handles = [
        Line2D([], [], color=style.MUTED, linewidth=widest * share, label=f"{most * share:.0f} passes")
        for share in (1.0, 0.5, 0.1)
    ]
    stop = Line2D([], [], linestyle="none", marker="o", markersize=7, color=style.INK, label="stop")
    stop.set_markerfacecolor(style.PAPER)
    return [*handles, stop]

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
from busim.plot.map_base import draw_roads

_WIDEST = 7.0  # points
_NAMED = 6
_LOAD = LinearSegmentedColormap.from_list("load", [style.ORANGE, "#7FB8DD", style.BLUE, "#08306B"])


def plot_flows(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw how many buses pass each street (width) and how full (colour), and how many persons use each stop."""
    ax = style.axes_or_new(ax, (8.6, 7.6))
    network = data.network
    street, passes, riders = _by_street(data)
    draw_roads(network, ax, zoom=_extent(network, street), bus_only=True, width=0.35)
    ax.set_title("Flows", loc="left", fontsize=11, fontweight="bold", color=style.INK)
    if not len(street):
        return ax
    order = np.argsort(passes, kind="stable")
    most = float(passes.max())
    lines = LineCollection(
        [network.edge_shape_m[street[k]] for k in order],
        linewidths=np.maximum(0.6, _WIDEST * passes[order] / most).tolist(),
        array=(riders / passes)[order],
        cmap=_LOAD,
        norm=Normalize(0, max(1.0, float(np.quantile(riders / passes, 0.98)))),
        capstyle="round",
        zorder=2,
    )
    ax.add_collection(lines)
    figure = ax.get_figure()
    assert figure is not None
    bar = figure.colorbar(lines, ax=ax, shrink=0.5, pad=0.01, aspect=30)
    bar.set_label("persons on board, mean", fontsize=8, color=style.INK)
    bar.ax.tick_params(labelsize=7, colors=style.MUTED)
    bar.outline.set_visible(False)
    _draw_stops(data, ax)
    _legend(ax, most)
    return ax


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
    size = 12 + 140 * persons[shown] / persons.max()
    at = places.x_m[shown], places.y_m[shown]
    ax.scatter(*at, s=size, facecolor=style.PAPER, edgecolor=style.INK, linewidth=1.0, zorder=4)
    for k in shown[np.argsort(-persons[shown], kind="stable")[:_NAMED]]:
        ax.annotate(
            style.name_of(places.names[k], places.names_zh[k]),
            (float(places.x_m[k]), float(places.y_m[k])),
            xytext=(7, 5),
            textcoords="offset points",
            fontsize=8,
            color=style.INK,
            fontfamily=style.font_family(),
            bbox={"boxstyle": "round,pad=0.15", "facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.75},
            zorder=5,
        )


def _legend(ax: Axes, most: float) -> None:
    handles = [
        Line2D([], [], color=style.MUTED, linewidth=_WIDEST * share, label=f"{most * share:.0f} passes")
        for share in (1.0, 0.5, 0.1)
    ]
    stop = Line2D([], [], linestyle="none", marker="o", markersize=8, color=style.INK, label="stop, by persons")
    stop.set_markerfacecolor(style.PAPER)
    handles.append(stop)
    ax.legend(handles=handles, loc="lower left", fontsize=8, frameon=True, framealpha=0.85, edgecolor="none")

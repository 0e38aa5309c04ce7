"""The map of a town: roads by class, land, names, stops, stations, depots and chargers."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import Normal, withStroke

from busim.model.network import ROAD_CLASSES, RoadNetwork
from busim.network import info, streets
from busim.plot import style
from busim.plot.map_base import (
    AREA_LOOK,
    ESTIMATED_DASH,
    ROAD_LOOK,
    Extent,
    Zoom,
    draw_areas,
    draw_classes,
    draw_roads,
    draw_scale,
    extent_of,
    set_sheet,
)
from busim.plot.map_labels import Labels, short_name

__all__ = ["draw_roads", "plot_map"]

_HEIGHT = 12.0  # inches of the longer side of the sheet
_LEGEND = 2.6  # inches beside it
# By kind of place: marker, size [points], fill, edge, label of the legend; later ones lie on top.
PLACE_LOOK = {
    "stop": ("o", 3.2, style.PAPER, style.BLUE, "minibus stop"),
    "terminal": ("o", 5.5, style.BLUE, style.PAPER, "terminal"),
    "depot": ("s", 9.0, style.INK, style.PAPER, "depot"),
    "charger": ("D", 5.6, style.GREEN, style.PAPER, "charger"),
    "metro_planned": ("o", 5.0, style.PAPER, style.VERMILLION, "metro station, planned"),
    "metro_station": ("o", 9.0, style.VERMILLION, style.PAPER, "metro station"),
}
_NAMED_KINDS = ("metro_station", "depot", "metro_planned")
_CLASS_NAMES = {
    "motorway": "expressway",
    "trunk": "urban expressway",
    "primary": "arterial",
    "secondary": "secondary street",
    "tertiary": "collector street",
    "residential": "local street",
    "campus": "campus street",
    "other": "other road",
}
_AREA_NAMES = {
    "campus": "campus",
    "park": "park",
    "water": "water",
    "residential": "neighbourhood",
    "industrial": "business and industry",
    "bonded_zone": "bonded zone",
    "restricted": "closed area",
}


def plot_map(network: RoadNetwork, ax: Axes | None = None, *, names: bool = True, zoom: Zoom = None) -> Axes:
    """Draw a map that fits a slide.

    Parameters
    ----------
    network
        The map.
    ax
        Where to draw; a new figure of fitting size when None.
    names
        Whether streets, places and districts are named; Chinese where an installed font has the letters.
    zoom
        District or districts, or an extent (west, south, east, north) [m]; None for all districts.
    """
    extent = extent_of(network, zoom)
    ax = _new_sheet(extent) if ax is None else ax
    points_per_m = set_sheet(ax, extent)
    draw_areas(network, ax)
    draw_classes(network, ax, points_per_m)
    shown = _draw_places(network, ax, extent)
    draw_scale(ax, extent)
    if names:
        _write_names(network, ax, extent, points_per_m)
    ax.set_title(style.printable(network.name), loc="left", fontsize=13, fontweight="bold", color=style.INK)
    _legend(network, ax, shown)
    return ax


def _new_sheet(extent: Extent) -> Axes:
    west, south, east, north = extent
    longer = max(east - west, north - south)
    width, height = _HEIGHT * (east - west) / longer, _HEIGHT * (north - south) / longer
    height = max(height, 6.0)
    figure = style.new_figure((width + _LEGEND + 0.3, height + 0.6))
    figure.set_layout_engine("none")
    whole_w, whole_h = width + _LEGEND + 0.3, height + 0.6
    return figure.add_axes((0.15 / whole_w, 0.15 / whole_h, width / whole_w, height / whole_h))


def _draw_places(network: RoadNetwork, ax: Axes, extent: Extent) -> list[str]:
    west, south, east, north = extent
    places, shown = network.places, []
    for order, (kind, (marker, size, fill, edge, _)) in enumerate(PLACE_LOOK.items()):
        at = [
            (x, y)
            for x, y, this in zip(places.x_m.tolist(), places.y_m.tolist(), places.kinds, strict=True)
            if this == kind and west <= x <= east and south <= y <= north
        ]
        if at:
            ax.plot(
                *zip(*at, strict=True), linestyle="none", marker=marker, markersize=size, markerfacecolor=fill,
                markeredgecolor=edge, markeredgewidth=1.0, zorder=5 + order / 10,
            )  # fmt: skip
            shown.append(kind)
    return shown


def _write_names(network: RoadNetwork, ax: Axes, extent: Extent, points_per_m: float) -> None:
    west, south, east, north = extent
    size_pt = ((east - west) * points_per_m, (north - south) * points_per_m)
    labels = Labels(ax, (west, south), points_per_m, size_pt)
    labels.taken += [(0.02 * size_pt[0] + 12 * k, 20.0 + 12 * j, 12.0) for k in range(9) for j in range(5)]
    _name_places(network, labels)
    for area in network.areas:
        if area.kind == "zone":
            name = short_name(area.name, area.name_zh)
            labels.inside(area.ring_m, name.upper(), 11, fits=False, color="#7A6E9C", fontweight="bold", alpha=0.85)
    for street in streets(network):
        name = short_name(street.name, street.name_zh)
        if name:
            rank = street.road_class
            size = 6.6 if rank <= ROAD_CLASSES.index("primary") else 5.6
            labels.along(street.line_m, name, size, color="#4A4640")
    for area in network.areas:
        if area.kind in ("campus", "water", "park", "restricted", "bonded_zone"):
            colour = {"water": "#2E6E96", "park": "#47733A"}.get(area.kind, "#7A6A3A")
            labels.inside(area.ring_m, short_name(area.name, area.name_zh), 5.4, color=colour, fontstyle="italic")


def _name_places(network: RoadNetwork, labels: Labels) -> None:
    places = network.places
    for x, y, kind in zip(places.x_m.tolist(), places.y_m.tolist(), places.kinds, strict=True):
        if kind in PLACE_LOOK and kind != "stop":
            labels.block(x, y, PLACE_LOOK[kind][1] / 2)
    for wanted in _NAMED_KINDS:
        for k in (k for k, kind in enumerate(places.kinds) if kind == wanted):
            name = short_name(places.names[k], places.names_zh[k])
            weight = "bold" if wanted == "metro_station" else "normal"
            colour = style.INK if wanted == "depot" else "#9C3F00"
            gap = PLACE_LOOK[wanted][1] / 2 + 1.5
            labels.beside(float(places.x_m[k]), float(places.y_m[k]), name, 7, gap, color=colour, fontweight=weight)


def _legend(network: RoadNetwork, ax: Axes, shown: list[str]) -> None:
    told = info(network)
    handles: list[Line2D | Patch] = [_road_handle(name, km) for name, km in told["km_by_class"].items()]
    if told["estimated_share"]:
        label = f"estimated course, {told['estimated_share']:.0%} of km"
        handles.append(Line2D([], [], color=style.MUTED, linewidth=3, linestyle=ESTIMATED_DASH, label=label))
    for kind in reversed(shown):
        marker, size, fill, edge, label = PLACE_LOOK[kind]
        handles.append(
            Line2D([], [], linestyle="none", marker=marker, markersize=size, markerfacecolor=fill,
                   markeredgecolor=edge if fill == style.PAPER else style.PALE, label=label)
        )  # fmt: skip
    kinds = {area.kind for area in network.areas}
    handles += [Patch(color=AREA_LOOK[kind], label=label) for kind, label in _AREA_NAMES.items() if kind in kinds]
    if "zone" in kinds:
        handles.append(Line2D([], [], color="#8A7FA8", linewidth=1, linestyle=(0, (6, 3)), label="district"))
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, frameon=False, fontsize=8,
        labelspacing=0.7, handlelength=2.2, labelcolor=style.INK,
    )  # fmt: skip


def _road_handle(name: str, km: float) -> Line2D:
    ground_m, fill, casing = ROAD_LOOK[name]
    width = 1.5 + ground_m / 30
    outline = [withStroke(linewidth=width + 1.4, foreground=casing), Normal()]
    return Line2D([], [], color=fill, linewidth=width, path_effects=outline, label=f"{_CLASS_NAMES[name]}, {km:g} km")

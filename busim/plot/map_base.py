"""The sheet of a map: extent, land, roads by class, scale bar and north arrow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnchoredOffsetbox, AuxTransformBox, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.patches import Polygon
from matplotlib.text import Text

from busim.errors import InputError, did_you_mean
from busim.model.network import ROAD_CLASSES, Ints, RoadNetwork
from busim.network import is_estimated, one_way_pieces
from busim.plot.style import INK, PAPER

Extent = tuple[float, float, float, float]  # west, south, east, north [m]
Zoom = str | Sequence[str] | Extent | None

LAND = "#F5F3EE"
# By class: drawn width on the ground [m], fill, casing.
ROAD_LOOK = {
    "motorway": (95.0, "#E2875E", "#B4552B"),
    "trunk": (85.0, "#EFAE73", "#BD7632"),
    "primary": (72.0, "#F8D584", "#B9924A"),
    "secondary": (56.0, "#FFFFFF", "#8F8A82"),
    "tertiary": (44.0, "#FFFFFF", "#A8A39B"),
    "residential": (30.0, "#FFFFFF", "#B9B5AD"),
    "campus": (26.0, "#E9F0DD", "#9AAE7C"),
    "other": (22.0, "#FFFFFF", "#C6C2BA"),
}
AREA_LOOK = {
    "residential": "#EAE5DC",
    "industrial": "#E4E1EA",
    "bonded_zone": "#DAD7E6",
    "restricted": "#EBDCDC",
    "campus": "#F3E6C4",
    "park": "#D3E6C3",
    "water": "#A9D0E8",
}
ESTIMATED_DASH = (0, (1.0, 1.0))
_CASING_PT = 1.1
_WIDEST_PT = 8.0
_MARGIN = 0.03
_SLIMMEST = 0.4  # of a sheet: shorter over longer side


def extent_of(network: RoadNetwork, zoom: Zoom = None) -> Extent:
    """Give the part of the plane to show.

    Parameters
    ----------
    network
        The map.
    zoom
        District or districts, an extent [m], or None for all districts (all bus roads where there are none).

    Raises
    ------
    InputError
        If the map has no polygon of such a district.
    """
    zones = {area.id: area.ring_m for area in network.areas if area.kind == "zone"}
    if zoom is not None and not isinstance(zoom, str) and all(isinstance(edge, int | float) for edge in zoom):
        west, south, east, north = (float(edge) for edge in zoom)
        return west, south, east, north
    wanted = [zoom] if isinstance(zoom, str) else [str(name) for name in zoom] if zoom is not None else list(zones)
    unknown = [name for name in wanted if name not in zones]
    if unknown:
        raise InputError.single("zoom", f"the map draws no zone '{unknown[0]}'", did_you_mean(unknown[0], zones))
    used = np.flatnonzero(network.edge_bus)
    points = np.concatenate([zones[name] for name in wanted] or [network.edge_shape_m[k] for k in used])
    low, high = points.min(axis=0), points.max(axis=0)
    longer = float((high - low).max())
    middle, half = (low + high) / 2, np.maximum(high - low, _SLIMMEST * longer) / 2 + max(_MARGIN * longer, 100.0)
    low, high = middle - half, middle + half
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def set_sheet(ax: Axes, extent: Extent, land: str = LAND) -> float:
    """Set limits and an equal scale; give the points (1/72 inch) per metre."""
    west, south, east, north = extent
    ax.set_xlim(west, east)
    ax.set_ylim(south, north)
    ax.set_aspect("equal")
    ax.set_facecolor(land)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_color("#CFCAC1")
    ax.apply_aspect()
    figure = ax.get_figure()
    assert figure is not None
    return float(ax.get_window_extent().width / figure.dpi * 72 / (east - west))


def draw_roads(
    network: RoadNetwork,
    ax: Axes,
    *,
    zoom: Zoom = None,
    colour: str = "#CFCBC4",
    bus_only: bool = False,
    width: float = 0.6,
) -> Axes:
    """Draw a light base layer of all roads in one colour, over which other pictures put their data.

    Parameters
    ----------
    network, ax
        The map, and where to draw.
    zoom
        Part to show; see ``extent_of``.
    colour, width
        Of the lines; widths of classes are relative to it [of the map's own width].
    bus_only
        Leave out the roads that no bus uses.
    """
    points_per_m = set_sheet(ax, extent_of(network, zoom), land=PAPER)
    pieces = one_way_pieces(network)
    pieces = pieces[network.edge_bus[pieces]] if bus_only else pieces
    widths = [
        min(max(0.3, width * ROAD_LOOK[ROAD_CLASSES[k]][0] * points_per_m), _WIDEST_PT)
        for k in network.edge_class[pieces]
    ]
    lines = [network.edge_shape_m[k] for k in pieces]
    ax.add_collection(LineCollection(lines, colors=colour, linewidths=widths, capstyle="round", zorder=1))
    return ax


def draw_areas(network: RoadNetwork, ax: Axes) -> None:
    """Fill built-up land, campuses, parks and water, in this order; outline the districts."""
    for order, (kind, colour) in enumerate(AREA_LOOK.items()):
        rings = [area.ring_m for area in network.areas if area.kind == kind]
        edge = "#7FB2D1" if kind == "water" else "none"
        hatch = "////" if kind == "restricted" else None
        ax.add_collection(
            PolyCollection(
                rings,
                facecolors=colour,
                edgecolors="#C9A9A9" if hatch else edge,
                linewidths=0.5,
                hatch=hatch,
                zorder=0.2 + order / 100,
            )
        )
    zones = [area.ring_m for area in network.areas if area.kind == "zone"]
    ax.add_collection(
        PolyCollection(
            zones, facecolors="none", edgecolors="#8A7FA8", linewidths=1.0, linestyles=(0, (6, 3)), zorder=3.4
        )
    )


def draw_ground(network: RoadNetwork, ax: Axes) -> None:
    """Tint campuses, parks and water a little, so that one finds one's way under data."""
    for kind in ("campus", "park", "water"):
        rings = [area.ring_m for area in network.areas if area.kind == kind]
        ax.add_collection(PolyCollection(rings, facecolors=AREA_LOOK[kind], linewidths=0, alpha=0.45, zorder=0.2))


def draw_classes(network: RoadNetwork, ax: Axes, points_per_m: float) -> None:
    """Draw roads by class, small below large; casings of estimated ones are dotted."""
    pieces, guessed = one_way_pieces(network), is_estimated(network)
    for order, (name, (ground_m, fill, casing)) in enumerate(reversed(ROAD_LOOK.items())):
        mine = pieces[network.edge_class[pieces] == ROAD_CLASSES.index(name)]
        width = min(max(0.55, ground_m * points_per_m), _WIDEST_PT)
        for rows, style in ((mine[~guessed[mine]], "solid"), (mine[guessed[mine]], ESTIMATED_DASH)):
            _lines(ax, network, rows, casing, width + _CASING_PT, 1.0 + order / 100, style)
        _lines(ax, network, mine, fill, width, 2.0 + order / 100)


def _lines(
    ax: Axes, network: RoadNetwork, rows: Ints, colour: str, width: float, zorder: float, style: object = "solid"
) -> None:
    lines = [network.edge_shape_m[k] for k in rows]
    ends = "round" if style == "solid" else "butt"
    ax.add_collection(
        LineCollection(
            lines, colors=colour, linewidths=width, linestyles=style, capstyle=ends, joinstyle="round", zorder=zorder
        )
    )


def draw_scale(ax: Axes, extent: Extent) -> None:
    """Put a scale bar and a north arrow on a sheet of paper into the lower left corner."""
    west, _, east, _ = extent
    wanted = (east - west) / 5
    unit = 10 ** np.floor(np.log10(wanted))
    length = float(unit * max(step for step in (1, 2, 5) if step * unit <= wanted))
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    bar = AuxTransformBox(ax.transData)
    tick = 0.04 * length
    bar.add_artist(
        Line2D([0, 0, length, length], [tick, 0, 0, tick], color=INK, linewidth=1.4, solid_joinstyle="miter")
    )
    scale = VPacker(
        children=[TextArea(label, textprops={"fontsize": 8, "color": INK}), bar], align="center", pad=0, sep=3
    )
    north = DrawingArea(12, 26)
    north.add_artist(Polygon([(6, 16), (1.5, 1), (6, 4.5), (10.5, 1)], closed=True, facecolor=INK, edgecolor="none"))
    north.add_artist(Text(6, 17.5, "N", fontsize=8, fontweight="bold", color=INK, ha="center", va="bottom"))
    both = HPacker(children=[north, scale], align="bottom", pad=0, sep=8)
    box = AnchoredOffsetbox("lower left", child=both, pad=0.5, borderpad=0.6, frameon=True)
    box.patch.set(facecolor=PAPER, edgecolor="#CFCAC1", alpha=0.92)
    box.set_zorder(9)
    ax.add_artist(box)

"""The day on one page: the first picture that a user sees."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from busim.metrics import KPIS
from busim.plot import style
from busim.plot.charge import plot_charge
from busim.plot.data import PlotData
from busim.plot.fleet import plot_km_by_hour, plot_states
from busim.plot.flows import plot_flows
from busim.plot.line import plot_line
from busim.plot.requests import plot_requests
from busim.plot.waits import plot_waits_by_hour
from busim.units import MINUTE_S

_SIZE = (14.6, 8.6)  # inches
TILES = (
    "served",
    "service_rate",
    "wait_mean_s",
    "wait_p95_s",
    "detour_mean",
    "empty_km_share",
    "occupancy",
    "kwh_per_km",
    "charge_min",
)
_MODES = {"stop_to_stop": "on demand, stop to stop", "door_to_door": "on demand, door to door", "line": "fixed line"}


def plot_day(data: PlotData, figure: Figure | None = None) -> Figure:
    """Compose the day: title, tiles with the first KPIs, and six panels.

    Parameters
    ----------
    data
        The day.
    figure
        Where to draw; a new one when None.
    """
    figure = style.new_figure(_SIZE) if figure is None else figure
    figure.set_layout_engine("none")
    head = figure.add_gridspec(2, 1, left=0.03, right=0.985, top=0.98, bottom=0.87, hspace=0.3, height_ratios=(2, 3))
    _draw_title(data, figure.add_subplot(head[0]))
    _draw_tiles(data, figure.add_subplot(head[1]))
    panels = figure.add_gridspec(2, 3, left=0.04, right=0.985, top=0.76, bottom=0.045, wspace=0.17, hspace=0.42)
    plot_flows(data, figure.add_subplot(panels[0, 0]))
    plot_requests(data, figure.add_subplot(panels[0, 1]))
    plot_waits_by_hour(data, figure.add_subplot(panels[0, 2]))
    plot_states(data, figure.add_subplot(panels[1, 0]))
    if data.spec.line is None:
        plot_km_by_hour(data, figure.add_subplot(panels[1, 1]))
    else:  # the names of the stops need room
        plot_line(data, figure.add_subplot(panels[1, 1].subgridspec(1, 2, width_ratios=(0.14, 1), wspace=0)[1]))
    plot_charge(data, figure.add_subplot(panels[1, 2]))
    return figure


def shown(name: str, value: float) -> tuple[str, str]:
    """Write a KPI as on a tile, number and unit: shares in per cent, seconds in minutes."""
    unit = KPIS[name].unit
    if math.isnan(value):
        return "–", ""
    if unit == "1" and not name.startswith("detour"):
        return f"{100 * value:.0f}", "%"
    if unit == "s":
        return f"{value / MINUTE_S:.1f}", "min"
    return style.number(value, 0 if value.is_integer() or value >= 1000 else 2), "" if unit == "1" else unit


def _draw_title(data: PlotData, ax: Axes) -> None:
    spec, kpis = data.spec, data.kpis
    ax.axis("off")
    told = (
        spec.date,
        _MODES.get(spec.service.mode, spec.service.mode),
        f"{len(spec.fleet.buses)} buses",
        f"{style.number(kpis['requests'])} requests",
        f"{style.number(kpis['vehicle_km'])} km driven",
    )
    name = style.printable(spec.name) or "A day"
    family = style.font_family()
    ax.text(0, 1, name, fontsize=17, fontweight="bold", color=style.INK, va="top", fontfamily=family)
    ax.text(1, 0.95, "   ·   ".join(told), fontsize=10.5, color=style.MUTED, va="top", ha="right")


def _draw_tiles(data: PlotData, ax: Axes) -> None:
    ax.axis("off")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    for i, name in enumerate(TILES):
        left = i / len(TILES)
        value, unit = shown(name, float(data.kpis[name]))
        ax.axvline(left + 0.0015, 0.02, 0.98, color=style.BLUE, linewidth=3)
        told = ax.text(left + 0.009, 0.97, value, fontsize=17, color=style.INK, va="top")
        beside = ax.annotate(unit, (1, 0.05), xycoords=told, xytext=(4, 0), textcoords="offset points")
        beside.set(fontsize=9, color=style.MUTED, va="bottom")
        ax.text(left + 0.009, 0.04, KPIS[name].label, fontsize=8.5, color=style.MUTED, va="bottom")

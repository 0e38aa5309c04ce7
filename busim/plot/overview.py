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
    rows = figure.add_gridspec(4, 3, height_ratios=(0.34, 0.5, 3.0, 3.0), width_ratios=(1.0, 1.0, 1.0))
    _draw_title(data, figure.add_subplot(rows[0, :]))
    _draw_tiles(data, figure.add_subplot(rows[1, :]))
    plot_flows(data, figure.add_subplot(rows[2, 0]))
    plot_requests(data, figure.add_subplot(rows[2, 1]))
    plot_waits_by_hour(data, figure.add_subplot(rows[2, 2]))
    plot_states(data, figure.add_subplot(rows[3, 0]))
    (plot_km_by_hour if data.spec.line is None else plot_line)(data, figure.add_subplot(rows[3, 1]))
    plot_charge(data, figure.add_subplot(rows[3, 2]))
    return figure


def shown(name: str, value: float) -> str:
    """Write a KPI as on a tile: shares in per cent, seconds in minutes, its unit after it."""
    unit = KPIS[name].unit
    if math.isnan(value):
        return "–"
    if unit == "1" and not name.startswith("detour"):
        return f"{value:.0%}"
    if unit == "s":
        return f"{value / MINUTE_S:.1f} min"
    number = f"{value:,.0f}" if float(value).is_integer() or value >= 1000 else f"{value:.2f}"
    return f"{number} {'' if unit in ('1', 'requests', 'persons') else unit}".replace(",", "\u202f").strip()


def _draw_title(data: PlotData, ax: Axes) -> None:
    spec = data.spec
    ax.axis("off")
    name = style.printable(spec.name) or "A day"
    mode = _MODES.get(spec.service.mode, spec.service.mode)
    buses, km = len(spec.fleet.buses), data.kpis["vehicle_km"]
    told = f"{spec.date}  ·  {mode}  ·  {buses} buses  ·  {data.kpis['requests']:,.0f} requests  ·  {km:,.0f} km driven"
    ax.text(0, 0.95, name, fontsize=17, fontweight="bold", color=style.INK, va="top", fontfamily=style.font_family())
    ax.text(0, -0.1, told.replace(",", "\u202f"), fontsize=10, color=style.MUTED, va="bottom")


def _draw_tiles(data: PlotData, ax: Axes) -> None:
    ax.axis("off")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    for i, name in enumerate(TILES):
        left = i / len(TILES)
        ax.axvline(left + 0.003, 0.05, 0.95, color=style.BLUE, linewidth=2.5)
        ax.text(left + 0.012, 0.98, shown(name, data.kpis[name]), fontsize=15, color=style.INK, va="top")
        ax.text(left + 0.012, 0.05, KPIS[name].label, fontsize=8.5, color=style.MUTED, va="bottom")

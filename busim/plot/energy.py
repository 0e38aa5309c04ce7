"""What the energy of the day went into."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from busim.plot import style
from busim.plot.data import PlotData

_CAUSES = {
    "rolling_kwh": ("rolling", style.BLUE),
    "air_kwh": ("air", style.SKY),
    "slope_kwh": ("slopes", style.PURPLE),
    "stops_kwh": ("braking and stops", style.ORANGE),
    "climate_kwh": ("heating and cooling", style.VERMILLION),
    "computer_kwh": ("automated driving", style.GREEN),
    "auxiliaries_kwh": ("doors, lights, pumps", style.YELLOW),
}
_BACK = ("recuperated_kwh", "recuperated", style.PALE)


def plot_energy(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw the energy out of the batteries by cause, and what braking and slopes gave back."""
    ax = style.axes_or_new(ax, (8.0, 3.2))
    buses, km = data.tables["buses"], float(data.kpis["vehicle_km"])
    parts = {name: float(np.nansum(buses[name])) for name in _CAUSES if name in buses}
    total = sum(parts.values())
    style.decorate(ax, "Energy by cause", "kWh", grid="x")
    if not total:
        return style.say_empty(ax, "no energy was used")
    back = float(np.nansum(buses[_BACK[0]])) if _BACK[0] in buses else 0.0
    per_km = f", net {(total - back) / km:.2f} kWh per km" if km else ""
    style.decorate(ax, f"Energy by cause: {style.number(total)} kWh{per_km}", "kWh", grid="x")
    bars = [(*_CAUSES[name], kwh) for name, kwh in parts.items()] + [(*_BACK[1:], -back)]
    bars = [bar for bar in bars if abs(bar[2]) > 0.0005 * total]
    at = np.arange(len(bars))
    ax.barh(at, [kwh for _, _, kwh in bars], 0.7, color=[colour for _, colour, _ in bars])
    ax.set_yticks(at, [label for label, _, _ in bars])
    ax.invert_yaxis()
    for y, (_, _, kwh) in zip(at.tolist(), bars, strict=True):
        told = f" {style.number(kwh)} kWh, {kwh / total:.0%}"
        ax.text(max(0.0, kwh), y, told, va="center", fontsize=8, color=style.INK)
    ax.axvline(0, color=style.PALE, linewidth=0.8)
    ax.set_xlim(1.05 * min(0.0, *(kwh for _, _, kwh in bars)), 1.3 * max(parts.values()))
    return ax

"""The charging sites over the day: power against limit and tariff, and who stood at which plug."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from busim.metrics.site_power import QUARTER_S
from busim.model.charger_sites import charger_specs
from busim.model.events import NONE
from busim.model.network import Floats, Ints
from busim.model.table import Table
from busim.plot import style
from busim.plot.data import PlotData
from busim.units import HOUR_S

_MOST_SITES = 5
_COLOURS = (style.BLUE, style.GREEN, style.ORANGE, style.SKY, style.PURPLE, style.PALE)
_BANDS = ("#FFFFFF", "#F3F3F3", "#E6E6E6", "#D9D9D9")  # from cheap to dear


def plot_power(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw the power at the meter of each site, quarter-hour means stacked, over bands of the tariff."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, "Power of the charging sites", "", "kW at the meter")
    power = data.tables["site_power"]
    if not power.num_rows or not (power["power_kw"] > 0).any():
        return style.say_empty(ax, "nothing was charged")
    sites = np.unique(power["site"])
    start = power["start_s"][power["site"] == sites[0]]
    levels = power["power_kw"].reshape(len(sites), len(start))
    order = np.argsort(-levels.sum(axis=1), kind="stable")
    shown = [site for site in order[:_MOST_SITES].tolist() if levels[site].any()]
    rest = levels.sum(axis=0) - levels[shown].sum(axis=0)
    parts, labels = [levels[site] for site in shown], [site_name(data, site) for site in shown]
    if rest.max() > 1e-9:
        parts.append(rest)
        labels.append("other sites")
    edges = np.append(start, start[-1] + QUARTER_S)
    stack = np.hstack((np.array(parts), np.array(parts)[:, -1:]))
    ax.stackplot(edges, stack, step="post", colors=_COLOURS[: len(parts)], labels=labels, linewidth=0)
    most = float(levels.sum(axis=0).max())
    top = _limit(data, ax, most)
    style.clock_axis(ax, data.spec.start_s, float(edges[-1]))
    style.count_axis(ax, 1.2 * top)  # above it stand the prices
    _tariff(data, ax, float(edges[0]), float(edges[-1]))
    style.legend(ax)
    return ax


def _limit(data: PlotData, ax: Axes, most: float) -> float:
    """Draw what all sites together can take, or tell it where that is far above what they took; gives the highest."""
    specs = charger_specs(data.spec, data.network.places)
    limit = sum(site.most_kw / site.efficiency for site in specs)
    if limit <= 2.0 * most:
        ax.axhline(limit, color=style.VERMILLION, linewidth=1.2, linestyle="--", label="limit of all sites")
        return max(limit, most)
    told = f"all sites together: up to {style.number(limit)} kW"
    ax.text(0.995, 0.87, told, transform=ax.transAxes, ha="right", va="top", fontsize=8, color=style.MUTED)
    return most


def _tariff(data: PlotData, ax: Axes, start_s: float, end_s: float) -> None:
    """Shade the periods of the tariff, the dearer the darker, and write their prices at the top."""
    electricity = data.spec.electricity
    prices = sorted(set(electricity.price_per_kwh))
    if len(prices) < 2:
        return
    starts = [day + second for day in (0, 24 * HOUR_S) for second in electricity.breaks_s]
    ends = [*starts[1:], 48 * HOUR_S]
    for k, (low, high) in enumerate(zip(starts, ends, strict=True)):
        price = electricity.price_per_kwh[k % len(electricity.breaks_s)]
        left, right = max(low, start_s), min(high, end_s)
        if right <= left:
            continue
        rank = round((len(_BANDS) - 1) * prices.index(price) / (len(prices) - 1))
        ax.axvspan(left, right, color=_BANDS[rank], zorder=-1, linewidth=0)
        if right - left >= 0.06 * (end_s - start_s):
            ax.text(
                (left + right) / 2, 0.985, f"{price:.2f}", transform=ax.get_xaxis_transform(), ha="center", va="top",
                fontsize=8, color=style.INK,
            )  # fmt: skip
    ax.text(
        0.004, 0.92, f"price, {electricity.currency}/kWh", transform=ax.transAxes, fontsize=7.5, color=style.MUTED,
        va="top",
    )  # fmt: skip


def plot_plugs(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw a bar per charging session on the row of its plug, darker the more it gave, and waits before it."""
    charges = data.tables["charges"]
    used = np.unique(charges["site"])
    specs = charger_specs(data.spec, data.network.places)
    rows = {site: specs[site].plugs for site in used.tolist()}
    height = min(11.0, 1.6 + 0.2 * sum(rows.values()))
    ax = style.axes_or_new(ax, (style.WIDE[0], max(2.6, height)))
    style.decorate(ax, "Who charges where", "", "", grid="")
    if not charges.num_rows:
        return style.say_empty(ax, "nothing was charged")
    first, ticks = 0, []
    for site, plugs in rows.items():
        mine = charges.where(charges["site"] == site)
        _bars(data, ax, mine, first + plug_rows(mine["plug_in_s"], _ends(data, mine), plugs))
        power = f"{plugs} x {specs[site].power_kw:g} kW"
        if specs[site].spares:
            power = f"swap, shelf of {specs[site].spares} x {specs[site].power_kw:g} kW"
        ticks.append((first + (plugs - 1) / 2, f"{style.printable(site_name(data, site))}\n{power}"))
        ax.axhline(first - 0.5, color=style.PALE, linewidth=0.8)
        first += plugs
    ax.set_yticks([at for at, _ in ticks], [text for _, text in ticks], fontsize=8)
    ax.set_ylim(first - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=True, axis="x", color=style.GRID, linewidth=0.6)
    style.clock_axis(ax, data.spec.start_s, data.charged_s)
    wait = Patch(facecolor=style.VERMILLION, label="waiting for the plug")
    style.legend(ax, [Patch(facecolor=style.GREEN, label="plugged in, with the number of the bus"), wait])
    return ax


def _ends(data: PlotData, charges: Table) -> Floats:
    ends: Floats = np.where(np.isnan(charges["plug_out_s"]), data.end_s, charges["plug_out_s"])
    return ends


def _bars(data: PlotData, ax: Axes, charges: Table, row: Ints) -> None:
    begin, ends, wait = charges["plug_in_s"], _ends(data, charges), charges["wait_s"]
    style.draw_bars(ax, begin, ends - begin, row - 0.41, 0.82, style.GREEN, edge=style.PAPER)
    queued = wait > 0
    style.draw_bars(ax, (begin - wait)[queued], wait[queued], row[queued] + 0.23, 0.2, style.VERMILLION)
    least = 0.011 * (data.charged_s - data.spec.start_s)  # for each digit
    size = 7 if len(np.unique(row)) < 60 else 5
    middle: dict[str, Any] = {"ha": "center", "va": "center", "clip_on": True}
    for bus, at, left, right in zip(charges["bus"].tolist(), row.tolist(), begin.tolist(), ends.tolist(), strict=True):
        if right - left >= least * len(str(bus)):
            ax.text((left + right) / 2, at, str(bus), fontsize=size, color=style.PAPER, **middle)


def plug_rows(begin: Floats, end: Floats, plugs: int) -> Ints:
    """Give each session a plug that is free, the lowest first [n]; sessions of one site are at most ``plugs`` at once.

    Parameters
    ----------
    begin, end
        Of each session [n, s].
    plugs
        Number of plugs.
    """
    row: Ints = np.zeros(len(begin), np.int64)
    free = list(range(plugs))
    busy: list[tuple[float, int]] = []
    for k in np.lexsort((end, begin)).tolist():
        while busy and busy[0][0] <= begin[k]:
            heapq.heappush(free, heapq.heappop(busy)[1])
        row[k] = heapq.heappop(free) if free else plugs - 1
        heapq.heappush(busy, (float(end[k]), int(row[k])))
    return row


def site_name(data: PlotData, site: int) -> str:
    """Give the name of a charging site's place, short."""
    place, places = int(data.tables["sites"]["place"][site]), data.network.places
    if place == NONE:
        return f"site {site}"
    name = style.name_of(places.names[place]) or places.ids[place]
    for ending in (" charging", " charger", " fast"):
        name = name.removesuffix(ending)
    return style.shortened(name, 26) if name else f"site {site}"

"""Pictures of how the time of a decision grows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from busim.plot import style


@dataclass(frozen=True)
class Curve:
    """Times of decisions over something that grows: its name, sizes [n], median and 95 % [n, us], the fitted slope."""

    over: str
    sizes: Sequence[float]
    p50_us: Sequence[float]
    p95_us: Sequence[float]
    slope: float


def plot_growth(curve: Curve, ax: Axes | None = None) -> Axes:
    """Draw median and 95 % on logarithmic axes, with the fit, and a line of slope 1 to hold it against."""
    ax = style.axes_or_new(ax)
    style.decorate(ax, f"over {curve.over}", curve.over, "CPU microseconds a decision", grid="both")
    sizes, half = np.array(curve.sizes, np.float64), np.array(curve.p50_us)
    if len(sizes) == 0:
        return style.say_empty(ax, "nothing was measured")
    ax.plot(sizes, half, color=style.BLUE, linewidth=2, marker="o", markersize=4, label="median")
    ax.plot(sizes, curve.p95_us, color=style.SKY, linewidth=1.2, marker="o", markersize=3, label="95 %")
    if math.isfinite(curve.slope):
        middle = np.exp(np.log(half).mean())
        ratio = sizes / np.exp(np.log(sizes).mean())
        label = f"fit of the median: slope {curve.slope:.2f}"
        ax.plot(sizes, middle * ratio**curve.slope, color=style.VERMILLION, linewidth=1.2, linestyle="--", label=label)
        ax.plot(sizes, half[0] * sizes / sizes[0], color=style.MUTED, linewidth=0.8, linestyle=":", label="linear")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xticks(sizes, [style.number(size, 0 if size >= 10 else 1) for size in sizes])
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: style.number(value, 0 if value >= 1 else 1)))
    style.legend(ax)
    return ax


def plot_page(curves: Sequence[Curve], title: str) -> Figure:
    """Draw several curves side by side under one title."""
    figure = style.new_figure((style.WIDE[0] * 1.25, style.WIDE[1]))
    for ax, curve in zip(np.atleast_1d(figure.subplots(1, len(curves))), curves, strict=True):
        plot_growth(curve, ax)
    figure.suptitle(title, fontsize=12, fontweight="bold", color=style.INK)
    return figure

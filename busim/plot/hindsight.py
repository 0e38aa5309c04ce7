"""Picture of a day in hindsight: its cost by parts, as it went and as it could have been planned."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from busim.errors import InputError
from busim.model.hindsight import HindsightCosts
from busim.plot import style
from busim.plot.data import PlotData


def plot_hindsight(data: PlotData, ax: Axes | None = None) -> Axes:
    """Draw the cost of a day that was looked back on; see ``plot_costs``.

    Raises
    ------
    InputError
        If nobody has looked back on the day.
    """
    if data.hindsight is None:
        raise InputError.single("plot", "the day was not planned in hindsight", "run it with --hindsight")
    return plot_costs(data.hindsight, ax)


def plot_costs(day: HindsightCosts, ax: Axes | None = None) -> Axes:
    """Draw the generalised cost by parts, live and planned, and what was saved of each.

    Parameters
    ----------
    day
        Cost by what it is for.
    ax
        New ones if None.
    """
    strategy, live, plan = day
    names = [name for name in live if live[name] or plan[name]]
    ax = style.axes_or_new(ax, (7.6, 1.6 + 0.55 * max(len(names), 2)))
    total = sum(live.values())
    saved = total - sum(plan.values())
    share = f" ({100 * saved / total:.1f} %)" if total else ""
    title = f"Knowing the future would have saved at least {saved:,.0f} points{share}".replace(",", " ")
    style.decorate(ax, title, "generalised cost [1000 points]", grid="x")
    at = np.arange(len(names), dtype=np.float64)
    for shift, costs, colour, label in (
        (-0.19, live, style.ORANGE, f"live: {strategy}"),
        (0.19, plan, style.BLUE, "planned with all requests known"),
    ):
        ax.barh(at + shift, [costs[name] / 1000 for name in names], 0.36, color=colour, label=label)
    for y, name in zip(at, names, strict=True):
        change = plan[name] - live[name]
        if abs(change) >= 0.5:
            x = max(live[name], plan[name]) / 1000
            text = f" {change / 1000:+,.1f}".replace(",", " ").replace("-", "−")
            ax.text(x, y, text, va="center", fontsize=8, color=style.INK)
    ax.set_yticks(at, names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(0, 1.12 * max([*live.values(), *plan.values(), 1.0]) / 1000)
    style.legend(ax)
    return ax

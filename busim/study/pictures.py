"""From runs and maps to pictures in files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from busim import plot
from busim.model.network import RoadNetwork
from busim.plot import style
from busim.plot.map import plot_map
from busim.plot.requests import plot_refusals
from busim.report.day import FinishedDay
from busim.report.explain_refusals import bindings
from busim.study.folder import telling_where
from busim.study.outcome import Outcome


def plot_data(made: Outcome) -> plot.PlotData:
    """Give what pictures are drawn from."""
    return plot.PlotData(made.tables, made.kpis, made.scenario.spec, made.network, made.costs_in_hindsight)


def draw_one(made: Outcome, name: str, ax: Any = None) -> Any:
    """Draw one picture of a day by name; gives its axes, or the figure of a whole page."""
    return plot.draw(name, plot_data(made), ax)


def draw_all(
    made: Outcome, folder: Path, only: Collection[str] = (), progress: Callable[[float], None] | None = None
) -> list[Path]:
    """Write all pictures of a day, or some, as PNG files; gives their paths.

    Raises
    ------
    InputError
        If a name is not that of a picture, or the folder cannot be written.
    """
    with telling_where(folder):
        return plot.draw_all(plot_data(made), folder, only, progress)


def draw_map(network: RoadNetwork, path: Path) -> Path:
    """Write the picture of a map.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    figure = plot_map(network).figure
    with telling_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return style.save(figure.figure, path)


def draw_refusals(day: FinishedDay, facts: Mapping[str, Any], path: Path) -> Path:
    """Write the picture of a day's refusals by what bound, as ``explain_refusals`` found it in ``facts``.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    reasons = bindings(facts["refusals"], day.tables["rides"].num_rows)
    figure = plot_refusals(plot.PlotData(day.tables, {}, day.spec, day.network), reasons=reasons).figure
    with telling_where(path):
        return style.save(figure.figure, path)

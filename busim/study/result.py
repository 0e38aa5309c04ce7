"""A run: one simulated day with its log, tables, KPIs and plots."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from busim.model.hindsight import HindsightCosts
from busim.study.headline import headline
from busim.study.outcome import Outcome
from busim.study.phases import Phases
from busim.study.saving import begin, check_before, finish

if TYPE_CHECKING:
    from busim.study.hindsight import Hindsight


@dataclass(frozen=True, repr=False)
class Run(Outcome):
    """A simulated day, in memory or in a run folder.

    Parameters
    ----------
    folder
        Where it is kept, or None.
    hindsight
        The same day planned with all requests known, if that was asked for.
    """

    folder: Path | None = None
    hindsight: Hindsight | None = None

    @property
    def costs_in_hindsight(self) -> HindsightCosts | None:
        """Give the day's cost beside that of a plan with all requests known, if it was looked back on."""
        found = self.hindsight
        return None if found is None else HindsightCosts(found.strategy, found.live, found.plan)

    def headline(self) -> list[tuple[str, str, str]]:
        """Give the KPIs that one looks at first: label, value, unit."""
        return headline(self.kpis, self.scenario.spec)

    def plot(self, name: str, ax: Any = None) -> Any:
        """Draw one plot.

        Parameters
        ----------
        name
            One of ``run.plot_names()``.
        ax
            Matplotlib axes; new ones are made if None.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        InputError
            If there is no such plot.
        """
        from busim.study.pictures import draw_one  # noqa: PLC0415  (matplotlib is slow to import)

        return draw_one(self, name, ax)

    def save(self, folder: str | Path, *, plots: bool = True) -> Run:
        """Write the run folder; gives the run with its place.

        Raises
        ------
        InputError
            If the folder is taken or cannot be written.
        """
        check_before(self.scenario)
        with begin(Path(folder), self.scenario) as draft:
            place, manifest = finish(self, draft, Phases(), plots, self.hindsight)
        return replace(self, manifest=manifest, folder=place)

    def __repr__(self) -> str:
        """Tell the run in one line."""
        served, requests = (int(self.kpis[name]) for name in ("served", "requests"))
        told = f"{self.scenario.name!r}, seed {self.scenario.spec.seed}, {served} of {requests} requests served"
        return f"<Run {told}, {'in memory' if self.folder is None else self.folder}>"

    def _repr_html_(self) -> str:
        """Show the run in a notebook as a small table."""
        title = html.escape(f"{self.scenario.name}, seed {self.scenario.spec.seed}")
        rows = "".join(
            f"<tr><td style='text-align:left'>{html.escape(label)}</td><td>{html.escape(value)}</td>"
            f"<td style='text-align:left'>{html.escape(unit)}</td></tr>"
            for label, value, unit in self.headline()
        )
        return f"<table><caption>{title}</caption>{rows}</table>"

"""What pictures are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from busim.model.hindsight import HindsightCosts
from busim.model.network import RoadNetwork
from busim.model.specs import ScenarioSpec
from busim.model.table import Table


@dataclass(frozen=True)
class PlotData:
    """A day to draw.

    Parameters
    ----------
    tables
        As from ``busim.metrics.tables``.
    kpis
        As from ``busim.metrics.summary``.
    spec
        The scenario.
    network
        The map.
    hindsight
        What the day would have cost with all requests known, if it was looked back on.
    """

    tables: Mapping[str, Table]
    kpis: Mapping[str, float]
    spec: ScenarioSpec
    network: RoadNetwork
    hindsight: HindsightCosts | None = None

    @property
    def end_s(self) -> float:
        """The end of the day to draw [s]: that of the service, or of the last bus's work where that is later."""
        ends = self.tables["states"]["end_s"]
        return float(max(self.spec.end_s, ends.max(initial=self.spec.end_s)))

    @property
    def charged_s(self) -> float:
        """The end of the day to draw where buses charge after their shifts [s]."""
        return float(np.nan_to_num(self.tables["charges"]["plug_out_s"]).max(initial=self.end_s))

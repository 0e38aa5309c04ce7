"""The KPIs of a day."""

from __future__ import annotations

from collections.abc import Mapping

from busim.metrics.day import Day
from busim.metrics.kpis import KPIS
from busim.model.specs import ScenarioSpec
from busim.model.table import Table


def summary(tables: Mapping[str, Table], spec: ScenarioSpec) -> dict[str, float]:
    """Compute every KPI of the dictionary, in its order; ``nan`` where the denominator is missing.

    Parameters
    ----------
    tables
        As from ``busim.metrics.tables``.
    spec
        The scenario of the day.
    """
    day = Day(tables, spec)
    return {name: float(kpi.value(day)) for name, kpi in KPIS.items()}

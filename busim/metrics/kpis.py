"""The KPI dictionary, by topic."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from busim.metrics import kpis_energy, kpis_fairness, kpis_fleet, kpis_meter, kpis_money, kpis_objective, kpis_riders
from busim.metrics.kpi import Kpi

TOPICS: Mapping[str, tuple[Kpi, ...]] = MappingProxyType(
    {
        "Riders": kpis_riders.OUTCOMES,
        "Waits and rides": kpis_riders.TIMES,
        "Promises": kpis_riders.PROMISES,
        "Fairness": kpis_fairness.FAIRNESS,
        "Fleet": kpis_fleet.FLEET,
        "Lines": kpis_fleet.LINES,
        "Energy and charging": kpis_energy.ENERGY,
        "Electricity": kpis_meter.METER,
        "Cost": kpis_objective.COST,
        "Cost in money": kpis_money.MONEY,
    }
)
KPIS: Mapping[str, Kpi] = MappingProxyType({kpi.name: kpi for kpis in TOPICS.values() for kpi in kpis})

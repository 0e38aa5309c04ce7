"""KPIs of fairness: averages hide who is served badly."""

from __future__ import annotations

import numpy as np

from busim.metrics.day import LEAST_GROUP, Day, gini, mean
from busim.metrics.kpi import Kpi


def _service_gap(day: Day) -> float:
    chair = day.rides["wheelchair"].astype(np.bool_)
    served = day.is_served.astype(np.float64)
    return mean(served[~chair]) - mean(served[chair])


FAIRNESS = (
    Kpi(
        "wait_gini",
        "Wait, Gini",
        "1",
        "riders picked up",
        "sum_i (2 i - n - 1) w_i / (n sum w), waits w ascending",
        "lower",
        lambda day: gini(day.wait_s),
        source="Gini 1912",
        about="0 where all wait the same; waits that come at random without memory give 0.5.",
    ),
    Kpi(
        "wait_gap_wheelchair_s",
        "Wait, wheelchair less others",
        "s",
        "riders picked up, in each group",
        "mean wait of riders with a wheelchair - mean wait of the others",
        "lower",
        lambda day: day.gap("wait_s", day.rides["wheelchair"].astype(bool), ~day.rides["wheelchair"].astype(bool)),
        source="asked for in MATSim: matsim-libs 4002",
    ),
    Kpi(
        "service_gap_wheelchair",
        "Service rate, others less wheelchair",
        "1",
        "requests, in each group",
        "service rate without wheelchair - service rate with wheelchair",
        "lower",
        _service_gap,
        source="asked for in MATSim: matsim-libs 4002",
    ),
    Kpi(
        "wait_gap_zones_s",
        "Wait, worst less best zone",
        "s",
        "riders picked up, in each zone",
        f"largest - smallest mean wait among zones of origin with at least {LEAST_GROUP} riders picked up",
        "lower",
        lambda day: day.zone_spread(day.rides["wait_s"]),
    ),
    Kpi(
        "service_gap_zones",
        "Service rate, best less worst zone",
        "1",
        "requests, in each zone",
        f"largest - smallest service rate among zones of origin with at least {LEAST_GROUP} requests",
        "lower",
        lambda day: day.zone_spread(day.is_served.astype(np.float64)),
    ),
)

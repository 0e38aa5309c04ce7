"""The statistics of a comparison as tables: each arm's KPIs, and the paired differences to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from busim.metrics.kpi import Kpi
from busim.model.table import Table
from busim.study.statistics import CONFIDENCE, Difference, holm, mean_interval, paired, seeds_to_show, variance_ratio
from busim.study.tasks import KPI_NAMES
from busim.study.wording import Found, sentence, verdict

Values = NDArray[np.float64]  # [arms, seeds, KPIs in the order of KPI_NAMES]


@dataclass(frozen=True)
class Method:
    """How differences are judged.

    Parameters
    ----------
    base
        Index of the arm that the others are compared with.
    first
        Seeds of the first stage, where the number of seeds followed from a look at them.
    relevant
        Share of the base's mean that would matter: to how many seeds it takes to show that much.
    """

    base: int
    first: int | None
    relevant: float


def columns_of(values: Values, kpi: Kpi) -> Values:
    """Give one KPI of all arms and seeds [arms, seeds]."""
    found: Values = values[:, :, KPI_NAMES.index(kpi.name)]
    return found


def arm_table(values: Values, arms: Sequence[str], kpis: Sequence[Kpi]) -> Table:
    """Tell mean, 95 % interval and spread of each KPI of each arm, in the KPI's own unit."""
    rows = []
    for kpi in kpis:
        for arm, found in zip(arms, columns_of(values, kpi), strict=True):
            made = mean_interval(found)
            rows.append((kpi.name, kpi.unit, arm, made.mean, made.low, made.high, made.sd, made.n))
    return _table(("kpi", "unit", "arm", "mean", "low", "high", "sd", "seeds"), rows)


def difference_table(values: Values, arms: Sequence[str], kpis: Sequence[Kpi], method: Method) -> Table:
    """Tell the paired differences of each KPI, arm less base, with unadjusted 95 % intervals and Holm-adjusted p."""
    pairs = [(kpi, arm) for kpi in kpis for arm in range(len(arms)) if arm != method.base]
    made = [_difference(columns_of(values, kpi), arm, method) for kpi, arm in pairs]
    adjusted = holm([each.p for each in made])
    level = (1 - CONFIDENCE) / max(1, int(np.sum(~np.isnan(adjusted))))
    rows = []
    for (kpi, arm), each, p in zip(pairs, made, adjusted, strict=True):
        found = columns_of(values, kpi)
        told = _found(kpi, found, arm, each, float(p), level, method)
        ratio = variance_ratio(found[arm], found[method.base])
        names = (arms[arm], arms[method.base])
        numbers = (each.mean, each.low, each.high, each.sd, each.n, each.p, float(p), ratio)
        rows.append(
            (kpi.name, kpi.unit, *names, *numbers, verdict(told), told.matters, told.seeds, sentence(told, *names))
        )
    return _table(_DIFFERENCES, rows)


_DIFFERENCES = (
    *("kpi", "unit", "arm", "against", "difference", "low", "high", "sd", "seeds", "p", "p_holm", "variance_ratio"),
    *("verdict", "relevant", "seeds_to_show", "sentence"),
)


def _difference(found: Values, arm: int, method: Method) -> Difference:
    return paired(found[arm], found[method.base], first=method.first)


def _found(kpi: Kpi, found: Values, arm: int, made: Difference, p: float, level: float, method: Method) -> Found:
    """Gather what a sentence needs."""
    matters = method.relevant * abs(mean_interval(found[method.base]).mean)
    can_be_told = np.isfinite(matters) and matters > 0 and np.isfinite(made.sd)
    seeds = seeds_to_show(made.sd, matters, level) if can_be_told else 0
    is_same = bool(np.array_equal(found[arm], found[method.base], equal_nan=True))
    return Found(kpi, made, p, is_same, matters if can_be_told else float("nan"), seeds, method.relevant)


def run_table(values: Values, arms: Sequence[str], seeds: Sequence[int]) -> Table:
    """List every run with all its KPIs, one row each."""
    count = len(arms), len(seeds)
    columns: dict[str, Any] = {
        "arm": np.repeat(np.array(arms, object), count[1]),
        "seed": np.tile(np.array(seeds, np.int64), count[0]),
    }
    flat = values.reshape(-1, values.shape[2])
    return Table({**columns, **{name: flat[:, k] for k, name in enumerate(KPI_NAMES)}})


def _table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return Table({name: _column(list(column)) for name, column in zip(names, columns, strict=True)})


def _column(values: list[Any]) -> NDArray[Any]:
    return np.array(values, object if values and isinstance(values[0], str) else None)

"""Demand-supply balancing: while buses are plenty riders choose, while they are scarce buses choose; no sharing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from busim.core.meeting import nearest_only
from busim.core.search import best_per_bus
from busim.core.view import View
from busim.core.worth import is_worth
from busim.model.network import Bools, Floats, Ints
from busim.model.orders import Assign, Orders
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.rounds import WHY, left_over
from busim.policy.service import needs_riders_on_demand


@dataclass(frozen=True)
class Balanced:
    """Demand-supply balancing without sharing: the scarcer side chooses the nearest of the other.

    With at least as many idle buses as open riders, each rider in turn gets the nearest idle bus; with fewer, each
    idle bus gets the nearest open rider, who need not be the one who has waited longest (Maciejewski & Bischoff 2015).
    """

    every_s: int = parameter(10, "length of a round", low=1, high=900, unit="s")

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line runs without dispatch."""
        return needs_riders_on_demand(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:  # noqa: ARG002  (nothing is drawn)
        """Pair open riders and idle buses."""
        riders, idle = view.open.tolist(), view.idle
        away, can = _away(view, view.open, idle)
        pairs: list[tuple[int, int]] = []
        rows, columns = range(len(riders)), range(len(idle))
        if len(idle) >= len(riders):
            for row in rows:
                _pair(row, int(np.argmin(away[row])) if len(idle) else 0, away, pairs)
        else:
            for column in columns:
                _pair(int(np.argmin(away[:, column])), column, away, pairs)
        orders = tuple(Assign(riders[row], int(idle[column]), 0, 0) for row, column in pairs)
        placed = {order.rider for order in orders}
        feasible = dict(zip(riders, can.tolist(), strict=True))
        refused, why = left_over(nearest_only(view), (r for r in riders if r not in placed), feasible, self.every_s)
        return Orders((*orders, *refused), {WHY: why})


def _away(view: View, riders: Ints, idle: Ints) -> tuple[Floats, Bools]:
    """Give each rider's time to wait for each idle bus (``inf`` where it cannot be) [k, m]; who has any bus [k]."""
    fleet = view.fleet._replace(last=np.where(np.isin(np.arange(len(view.fleet.node)), idle), view.fleet.last, -1))
    away = np.full((len(riders), len(idle)), math.inf)
    period = view.travel.period(view.now)
    for k, rider in enumerate(riders.tolist() if len(idle) else []):
        row = view.rider(rider)
        _, costs = best_per_bus(fleet, view.plans, row, view.now, view.travel.tables, view.costs)
        for m, bus in enumerate(idle.tolist()):
            if costs[bus] < math.inf and is_worth(view, row, float(costs[bus])):
                away[k, m] = view.travel.times[period, view.fleet.node[bus], row.origin]
    return away, np.isfinite(away).any(axis=1)


def _pair(row: int, column: int, away: Floats, pairs: list[tuple[int, int]]) -> None:
    """Pair a rider and a bus, and take both off the list, if they can come together."""
    if away.size and away[row, column] < math.inf:
        pairs.append((row, column))
        away[row, :], away[:, column] = math.inf, math.inf

"""First come, first served: the nearest idle bus, one party at a time; the baseline of every paper."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from busim.core.binding import binding_reason
from busim.core.search import best_per_bus
from busim.core.view import View
from busim.model.events import Reason
from busim.model.orders import Assign, Order, Orders, Refuse
from busim.model.specs import ScenarioSpec
from busim.policy.service import needs_riders_on_demand


@dataclass(frozen=True)
class Nearest:
    """Nearest idle bus, no pooling: each rider in turn gets the idle bus that can be there first."""

    @property
    def every_s(self) -> int:
        """Decide at each request."""
        return 0

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line runs without dispatch."""
        return needs_riders_on_demand(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:  # noqa: ARG002  (nothing is drawn)
        """Give each open rider the idle bus that reaches the pick-up first, or refuse."""
        free = view.fleet.last.copy()
        busy = np.ones(len(free), bool)
        busy[view.idle] = False
        free[busy] = -1
        orders: list[Order] = []
        for rider in view.open.tolist():
            fleet = view.fleet._replace(last=free)
            row = view.rider(rider)
            _, costs = best_per_bus(fleet, view.plans, row, view.now, view.travel.tables, view.costs)
            buses = np.flatnonzero(costs < math.inf)
            if len(buses):
                period = view.travel.period(view.now)
                away = view.travel.times[period, view.fleet.node[buses], row.origin]
                bus = int(buses[int(np.argmin(away))])
                free[bus] = -1
                orders.append(Assign(rider, bus, 0, 0))
            else:
                reason = binding_reason(fleet, view.plans, row, view.now, view.travel.tables, view.costs)
                orders.append(Refuse(rider, reason if (free >= 0).any() else Reason.NO_BUS))
        return Orders(tuple(orders))

"""Rounds of linear assignment: at most one new rider per bus and round."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from busim.core.assignment import assign
from busim.core.meeting import offer
from busim.core.view import View
from busim.model.orders import Assign, Order, Orders
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.rounds import WHY, left_over, prices
from busim.policy.service import needs_riders_on_demand


@dataclass(frozen=True)
class Batch:
    """Linear assignment in rounds: at most one new rider per bus, at least added cost (Simonetto et al. 2019).

    The cost of a pair is that of the rider's cheapest insertion into the bus's plan, over all stops that the rider
    may be sent to. Riders who are left over stay
    open for the next round, until no bus can reach them in time.
    """

    every_s: int = parameter(30, "length of a round", low=1, high=900, unit="s")

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line runs without dispatch."""
        return needs_riders_on_demand(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:  # noqa: ARG002  (nothing is drawn)
        """Assign open riders to buses."""
        rows = [view.rider(rider) for rider in view.open.tolist()]
        if not rows:
            return Orders((), view.memory)
        found = [offer(view, rider) for rider in view.open.tolist()]
        costs = np.array([each.costs for each in found])
        orders: list[Order] = []
        for k, bus in assign(costs, prices(view, rows)):
            pickup_at, dropoff_at = found[k].places[bus].tolist()
            ends = found[k].ways[found[k].which[bus]].ends
            orders.append(Assign(int(view.open[k]), bus, pickup_at, dropoff_at, *ends))
        placed = {order.rider for order in orders if isinstance(order, Assign)}
        feasible = dict(zip(view.open.tolist(), (costs.min(axis=1, initial=math.inf) < math.inf).tolist(), strict=True))
        refused, why = left_over(view, (r for r in view.open.tolist() if r not in placed), feasible, self.every_s)
        return Orders((*orders, *refused), {WHY: why})

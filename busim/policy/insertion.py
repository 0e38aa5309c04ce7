"""Cheapest feasible insertion over the whole fleet, at once and for good: the workhorse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.meeting import best_way
from busim.core.view import View
from busim.core.worth import is_worth
from busim.model.events import NONE, Reason
from busim.model.orders import Assign, Orders, Refuse
from busim.model.specs import ScenarioSpec
from busim.policy.service import needs_riders_on_demand


@dataclass(frozen=True)
class Insertion:
    """Cheapest feasible insertion: each rider in turn goes where the objective grows least (Jaw et al. 1986).

    All buses and all pairs of positions are searched under time windows, ride limits, capacity, shift end and battery,
    and where the service has meeting points all stops that a rider may be sent to.
    """

    @property
    def every_s(self) -> int:
        """Decide at each request."""
        return 0

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line runs without dispatch."""
        return needs_riders_on_demand(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:  # noqa: ARG002  (nothing is drawn)
        """Place the first open rider; the simulation asks again for the next, with the plans as they are then."""
        if not len(view.open):
            return Orders((), view.memory)
        rider = int(view.open[0])
        way, place = best_way(view, rider)
        row = way.rider if way.row == NONE else view.rider(rider)
        if place.bus >= 0 and not is_worth(view, row, place.cost):
            return Orders((Refuse(rider, Reason.STRATEGY),))
        if place.bus >= 0:
            if way.row == NONE:
                return Orders((Assign(rider, place.bus, place.p, place.q),))
            return Orders((Assign(rider, place.bus, place.p, place.q, *way.ends),))
        return Orders((Refuse(rider, view.search.reason(row, view.now)),))

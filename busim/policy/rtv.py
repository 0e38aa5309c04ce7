"""Trips and an integer program: riders who were promised a ride may change buses as long as they keep what they got."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from busim.core.assignment import assign, finite_prices
from busim.core.drafts import Draft
from busim.core.meeting import settled
from busim.core.packing import choose
from busim.core.trip_graph import Limits, TripGraph
from busim.core.view import View
from busim.model.orders import Assign, Order, Orders, Replace
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.rounds import WHY, left_over, prices
from busim.policy.service import needs_riders_on_demand


@dataclass(frozen=True)
class Rtv:
    """Feasible trips and an integer program over them, in rounds (Alonso-Mora et al. 2017).

    A trip is a set of riders that one bus can carry. Trips grow rider by rider from what a bus has planned, less up
    to ``removals`` riders who are not aboard yet. Work is limited by counts, not by time, so that the result does
    not depend on the machine. Meeting points are chosen once a round, by the rider's cheapest insertion.
    """

    every_s: int = parameter(30, "length of a round", low=1, high=900, unit="s")
    reach: int = parameter(4, "buses tried per rider: those with the cheapest insertions, and the nearest", low=1)
    removals: int = parameter(1, "riders that a bus may give to others in one round", low=0, high=8)
    additions: int = parameter(2, "riders that a bus may get in one round", low=1, high=8)
    trips: int = parameter(40, "trips of one size that grow further, per bus", low=1)
    order_nodes: int = parameter(0, "partial orders looked at per trip; 0 takes insertion's order", low=0)
    program_nodes: int = parameter(200, "branch-and-bound nodes per component of the integer program", low=1)

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line runs without dispatch."""
        return needs_riders_on_demand(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:  # noqa: ARG002  (nothing is drawn)
        """Choose a trip for each bus."""
        riders = view.open.tolist()
        if not riders:
            return Orders((), view.memory)
        chosen_stops = settled(view)
        rows = [chosen_stops.rider(rider) for rider in riders]
        limits = Limits(self.reach, self.removals, self.additions, self.trips, self.order_nodes)
        draft = Draft(chosen_stops, spare=4 * len(view.fleet.node))
        graph = TripGraph(draft, dict(zip(riders, rows, strict=True)), limits)
        price = prices(view, rows)
        pairs = [(riders[k], bus) for k, bus in assign(graph.single, price)]
        seed = graph.add_seed(pairs)
        graph.grow()
        trips = graph.trips
        known = np.array([trip.cost for trip in trips])
        worth = dict(zip(riders, finite_prices(known, price).tolist(), strict=True))
        chosen = choose(trips, worth, seed, self.program_nodes)
        orders: list[Order] = [order for j in chosen for order in self._order(graph, j)]
        draft.end()
        carried = {rider for j in chosen for rider in trips[j].riders}
        feasible = {r: bool(graph.single[k].min(initial=math.inf) < math.inf) for k, r in enumerate(riders)}
        refused, why = left_over(view, (r for r in riders if r not in carried), feasible, self.every_s)
        return Orders((*orders, *refused), {WHY: why})

    @staticmethod
    def _order(graph: TripGraph, trip: int) -> list[Assign | Replace]:
        """Give the order that makes a trip the plan of its bus: an insertion where that is all it takes."""
        bus, step = graph.trips[trip].bus, graph.steps[trip]
        if step is None:
            return []
        if step.is_only:
            row = graph.waiting[step.rider]
            return [Assign(step.rider, bus, step.p, step.q, row.origin, row.destination)]
        return [Replace(bus, 0, graph.draft.stops(graph.row(trip)))]

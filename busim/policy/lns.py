"""Rolling-horizon large neighbourhood search over the plans of all buses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.drafts import Draft
from busim.core.meeting import settled
from busim.core.plans import RIDER
from busim.core.ruin import OUT, Search
from busim.core.view import View
from busim.model.network import Floats
from busim.model.orders import Orders, Replace
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.rounds import WHY, left_over, prices
from busim.policy.service import needs_riders_on_demand


@dataclass(frozen=True)
class Lns:
    """Large neighbourhood search over all plans in rounds: riders not yet aboard may change buses.

    A round begins with the cheapest insertion of each open rider in turn; then some riders are taken out (at random,
    related, the dearest, or all of one bus) and put back by regret, and annealing decides whether to go on from there
    (Ropke & Pisinger 2006). The number of iterations is fixed, so that results do not depend on the machine.
    Meeting points are chosen once a round, by the rider's cheapest insertion.
    """

    every_s: int = parameter(30, "length of a round", low=1, high=900, unit="s")
    iterations: int = parameter(60, "times per round that riders are taken out and put back", low=0, high=100000)
    most: int = parameter(6, "riders taken out at once, at most", low=1, high=50)
    heat: float = parameter(0.05, "first temperature, as a share of the mean cost per rider", low=0.0, high=10.0)

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line runs without dispatch."""
        return needs_riders_on_demand(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:
        """Give new tails to the buses whose plans have changed."""
        waiting = view.open.tolist()
        if not waiting:
            return Orders((), view.memory)
        chosen_stops = settled(view)
        draft = Draft(chosen_stops)
        takes = np.flatnonzero(view.fleet.last >= 0).tolist()  # a bus at a plug keeps the riders it has
        planned = [r for bus in takes if view.plans.length[bus] for r in draft.movable(bus)]
        riders = {rider: chosen_stops.rider(rider) for rider in (*waiting, *planned)}
        price = prices(view, [riders[rider] for rider in waiting])
        weighed = _never(view, price)
        search = Search(draft, riders, dict(zip(waiting, weighed.tolist(), strict=True)), rng)
        search.insert_in_turn()
        search.run(self.iterations, self.most, self.heat)
        orders = [Replace(bus, 0, draft.stops(bus)) for bus in _changed(view, draft)]
        left = [search.names[k] for k in np.flatnonzero(search.owner == OUT).tolist()]
        feasible = {r: draft.nearest(riders[r]) is not None for r in left}
        draft.end()
        refused, why = left_over(view, left, feasible, self.every_s)
        return Orders((*orders, *refused), {WHY: why})


def _never(view: View, price: Floats) -> Floats:
    """Give those whose refusal has no price one that no plan outweighs: 10^6 s of wait, ride and driving."""
    weights, speed = view.costs.weights, 40.0  # metres per second, above any bus
    each = 1.0 + weights.wait + weights.ride + weights.drive + weights.distance * speed
    return np.where(np.isfinite(price), price, 1e6 * each)


def _changed(view: View, draft: Draft) -> list[int]:
    """List buses whose slots are not what they were."""
    changed = []
    for bus in range(draft.num_buses):
        size = int(view.plans.length[bus])
        before, after = view.plans.ints[bus, :size], draft.plans.ints[bus, : draft.plans.length[bus]]
        if not np.array_equal(before[:, : RIDER + 1], after[:, : RIDER + 1]):
            changed.append(bus)
    return changed

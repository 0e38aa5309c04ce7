"""Meeting points: which stops a rider may be sent to, what each choice costs him, and the cheapest insertion over all.

Whoever is sent to another stop than the nearest walks farther and may ride sooner. The choice is part of the insertion:
every pair of stops is searched as a rider of its own, and what walking and waiting for the answer add, weighed by the
scenario's objective, is added to what the search gives. Ties break by (cost, pair of stops, bus, slot).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from busim.core.insertion import Rider
from busim.core.search import NOWHERE, Insertion
from busim.core.view import View
from busim.model.events import NONE
from busim.model.network import Floats, Ints


class Way(NamedTuple):
    """A pair of stops for a rider.

    Parameters
    ----------
    rider
        As the kernels take it.
    row
        Among ``Riders.choices``; ``NONE`` is the nearest pair.
    extra
        Cost of walking and waiting over those of the nearest pair.
    """

    rider: Rider
    row: int
    extra: float

    @property
    def ends(self) -> tuple[int, int]:
        """Nodes as an order names them: ``NONE`` where they are the nearest."""
        return (NONE, NONE) if self.row == NONE else (self.rider.origin, self.rider.destination)


def ways(view: View, rider: int) -> list[Way]:
    """List the pairs of stops that a rider may be sent to, the nearest first, then by the sum of both walks.

    To other stops than the nearest he sets out when he is told, not when he asks; until then he waits.
    """
    found, riders = [Way(view.rider(rider), NONE, 0.0)], view.riders
    if riders.choices is None:
        return found
    near, table, weights = found[0].rider, riders.choices.table, view.objective
    persons = near.persons + near.wheels
    ready = int(riders.earliest_s[rider] - riders.walk_to_s[rider])
    walk = int(riders.walk_to_s[rider] + riders.walk_from_s[rider])
    spent = max(0.0, view.now - ready) - (near.earliest - float(riders.earliest_s[rider]))
    for row in riders.choices.of(rider):
        to, back = int(table.walk_to_s[row]), int(table.walk_from_s[row])
        there = near._replace(
            origin=int(table.from_node[row]),
            destination=int(table.to_node[row]),
            earliest=float(max(view.now, ready) + to),
            latest=float(table.latest_s[row]),
            longest=float(table.longest_s[row]),
        )
        found.append(Way(there, row, persons * (weights.walk * (to + back - walk) + weights.wait * spent)))
    return found


def best_way(view: View, rider: int) -> tuple[Way, Insertion]:
    """Find the cheapest feasible insertion over all pairs of stops; its cost holds the way's extra."""
    if view.riders.choices is None:
        near = view.rider(rider)
        return Way(near, NONE, 0.0), view.search.best(near, view.now)
    options = ways(view, rider)
    chosen, best = options[0], NOWHERE
    for way in options:
        place = view.search.best(way.rider, view.now)
        if place.cost + way.extra < best.cost:
            chosen, best = way, place._replace(cost=place.cost + way.extra)
    return chosen, best


class Offer(NamedTuple):
    """A rider's cheapest insertion into each bus over all pairs of stops: way [B], positions [B, 2], cost [B]."""

    ways: list[Way]
    which: Ints
    places: Ints
    costs: Floats


def offer(view: View, rider: int) -> Offer:
    """Find the cheapest insertion into each bus (``inf`` where none) over all pairs of stops."""
    options = ways(view, rider)
    places, costs = view.search.per_bus(options[0].rider, view.now)
    which = np.zeros(len(costs), np.int64)
    for k, way in enumerate(options[1:], 1):
        other, cost = view.search.per_bus(way.rider, view.now)
        is_less = cost + way.extra < costs
        which[is_less], places[is_less], costs[is_less] = k, other[is_less], (cost + way.extra)[is_less]
    return Offer(options, which, places, costs)


def settled(view: View) -> View:
    """Give the view in which each open rider stands at the stops of his cheapest insertion into the plans as they are.

    For strategies that shuffle whole plans: they choose the stops once, when they first look at a rider.
    """
    if view.riders.choices is None:
        return view
    riders = view.riders.own()
    for rider in view.open.tolist():
        way, place = best_way(view, rider)
        if way.row != NONE and place.cost < math.inf:
            riders.settle(rider, way.row, view.now)
    return replace(view, riders=riders)


def nearest_only(view: View) -> View:
    """Give the view of a service without meeting points."""
    return view if view.riders.choices is None else replace(view, riders=replace(view.riders, choices=None))

"""The best choice of trips under rents that leave buses in each other's way: depth first, over the few that may do.

NOTE: a speed trick in its own place. With good rents a best choice takes from nearly every bus its cheapest trip, and
what it costs beyond is little. So only trips that cost no more than a small budget beyond their bus's cheapest are
tried, and the budget grows until a choice fits in: it is then a best one. Some hundred steps, where HiGHS takes 10 ms.
"""

from __future__ import annotations

import math
from typing import NamedTuple

_MOST_STEPS = 5000  # then HiGHS is asked
_MOST_BUSES = 400  # each takes a level of recursion
_EQUAL = 1e-6  # choices that differ by less cost the same
_FIRST, _FACTOR = 1 / 256, 4.0  # budgets, as shares of the most that can be gained


class Offer(NamedTuple):
    """A trip: what it costs beyond its bus's cheapest one with the rents of its riders, its number, the riders."""

    excess: float
    trip: int
    riders: list[int]


class _Search:
    """A search with one budget, at most so many steps."""

    def __init__(
        self, offers: list[list[Offer]], rents: list[float], must: list[int], budget: float, steps: int
    ) -> None:
        some = ([offer for offer in listed if offer.excess <= budget + _EQUAL] for listed in offers)
        self._offers, self._rents, self._must = sorted(some, key=len), rents, must
        last = {rider: k for k, listed in enumerate(self._offers) for offer in listed for rider in offer.riders}
        self._due: list[list[int]] = [[] for _ in offers]  # riders whom no later bus can take
        self.best, self.found, self.steps = budget, list[int](), steps
        self.equals = 0  # choices that cost as much as the best one
        self._taken, self._chosen, spent = [False] * len(rents), [0] * len(offers), 0.0
        for rider, rent in enumerate(rents):
            if rider in last:
                self._due[last[rider]].append(rider)
            elif must[rider]:
                return  # this budget is too small for him
            else:
                spent += rent
        self._go(0, spent)

    def _go(self, level: int, spent: float) -> None:
        if level == len(self._offers):
            is_better = spent < self.best - _EQUAL
            self.equals = 1 if is_better else self.equals + 1
            if is_better:
                self.best, self.found = spent, list(self._chosen)
            return
        taken = self._taken
        for excess, trip, riders in self._offers[level]:
            if spent + excess > self.best + _EQUAL or self.steps <= 0:
                break
            if any(taken[rider] for rider in riders):
                continue
            self.steps -= 1
            for rider in riders:
                taken[rider] = True
            total = spent + excess
            left = [rider for rider in self._due[level] if not taken[rider]]
            if not any(self._must[rider] for rider in left):
                total += math.fsum(self._rents[rider] for rider in left)
                if total <= self.best + _EQUAL:
                    self._chosen[level] = trip
                    self._go(level + 1, total)
            for rider in riders:
                taken[rider] = False


def best_within(offers: list[list[Offer]], rents: list[float], must: list[int], most: float) -> list[int] | None:
    """Find the choice of one trip per bus that costs least beyond the cheapest trips under rents.

    Parameters
    ----------
    offers
        The trips of each bus, cheapest first.
    rents
        Of each rider; of those who may stay behind 0 or more, which is then lost.
    must
        Whether a rider must be carried.
    most
        Only choices that cost less are of interest.

    Returns
    -------
    list of int
        The trips, or none where there is no such choice; ``None`` where the search would take too long, and where
        several choices cost the same: which of them is taken is left to HiGHS.
    """
    if len(offers) > _MOST_BUSES:
        return None
    budget, steps = _FIRST * most, _MOST_STEPS
    while True:
        search = _Search(offers, rents, must, budget, steps)
        steps = search.steps
        if steps <= 0:
            return None
        if search.found or budget >= most:
            return None if search.equals > 1 else search.found
        budget = min(_FACTOR * budget, most)

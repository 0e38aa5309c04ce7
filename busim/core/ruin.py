"""Ruin and recreate on drafts of plans: riders not yet aboard are taken out and put back by regret."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from busim.core.drafts import Draft, Saved
from busim.core.insertion import Rider
from busim.core.lns import below, is_accepted, nearest_requests, pick_random, pick_related, seed_draws, uniform
from busim.core.view import View
from busim.model.network import Floats, Ints

OUT = -1
MOST_OTHERS = 12  # riders without a place who are tried again in one iteration; a crowd must not take all the time


class Search:
    """A large neighbourhood search over all riders who are not aboard (Ropke & Pisinger 2006; Shaw 1998).

    Parameters
    ----------
    draft
        The plans as they are.
    riders
        Riders who may be moved or put in, by their row in the riders' table.
    price
        Of leaving a rider out; riders who are not in it must be carried.
    rng
        Source of all draws.
    """

    def __init__(
        self, draft: Draft, riders: Mapping[int, Rider], price: Mapping[int, float], rng: np.random.Generator
    ) -> None:
        self.draft, self.names = draft, list(riders)
        self.rows = [riders[name] for name in self.names]
        self.price = [price.get(name, math.inf) for name in self.names]
        self.owner: Ints = np.full(len(self.names), OUT, np.int64)
        index = {name: k for k, name in enumerate(self.names)}
        for bus in range(draft.num_buses):
            if draft.fleet.last[bus] >= 0:  # else off duty or at a plug, and to be left alone
                draft.settle(bus)
                for name in draft.movable(bus):
                    if name in index:
                        self.owner[index[name]] = bus
        self.near = nearest_requests(distances(draft.view, self.rows), 12)
        self.draws = seed_draws(rng)
        self.changed: dict[int, Saved] = {}
        self.taken: set[int] = set()  # riders taken out in the current iteration

    def value(self) -> float:
        """Give the cost of all plans, and the prices of those left out."""
        left = [self.price[k] for k in np.flatnonzero(self.owner == OUT).tolist()]
        return math.fsum([*self.draft.cost[: self.draft.num_buses], *left])

    def insert_in_turn(self) -> None:
        """Put in those who are out, in their order, each where it is cheapest: as ``insertion`` does."""
        for k in np.flatnonzero(self.owner == OUT).tolist():
            found = self.draft.nearest(self.rows[k])
            if found is not None and found[0] <= self.price[k]:
                self._put(k, *found[1:])
        self.changed = {}

    def run(self, iterations: int, most: int, heat: float) -> None:
        """Search for so many iterations, and leave the best plans in the draft.

        Parameters
        ----------
        iterations
            Number of times that riders are taken out and put back.
        most
            Riders taken out at once, at most.
        heat
            First temperature of the annealing, as a share of the mean cost per rider; it falls to 0 in a straight line.
        """
        if not self.draft.num_buses:
            return
        current = best = self.value()
        first = heat * abs(current) / max(1, len(self.names))
        undo: dict[int, Saved] = {}  # how to get back from the current plans to the best ones
        kept = self.owner.copy()
        for step in range(iterations):
            self.changed, owner = {}, self.owner.copy()
            self._ruin(most)
            if not (self._recreate() and all(self.draft.holds(bus) for bus in self.changed)):
                self._back(owner)
                continue
            new = self.value()
            temperature = max(1e-9, first * (1.0 - step / iterations))
            if not is_accepted(self.draws, new, current, temperature):
                self._back(owner)
                continue
            current = new
            if new < best - 1e-9:
                best, undo, kept = new, {}, self.owner.copy()
            else:
                for bus, saved in self.changed.items():
                    undo.setdefault(bus, saved)
        self.changed = undo
        self._back(kept)

    def _back(self, owner: Ints) -> None:
        for bus, saved in self.changed.items():
            self.draft.restore(bus, saved)
        self.owner = owner

    def _touch(self, bus: int) -> None:
        if bus not in self.changed:
            self.changed[bus] = self.draft.save(bus)

    def _put(self, k: int, bus: int, p: int, q: int) -> None:
        self._touch(bus)
        self.draft.insert(bus, self.names[k], self.rows[k], p, q)
        self.owner[k] = bus

    def _take(self, picked: Iterable[int]) -> None:
        for k in picked:
            bus = int(self.owner[k])
            self._touch(bus)
            self.draft.remove(bus, self.names[k])
            self.owner[k] = OUT
            self.taken.add(k)

    def _ruin(self, most: int) -> None:
        """Take riders out: at random, related ones, the dearest of some, or all of one bus."""
        self.taken = set()
        count = 1 + below(self.draws, most)
        picked, marked = np.zeros(len(self.names), np.int64), np.zeros(len(self.names), np.int64)
        draw = uniform(self.draws)
        if draw < 0.25:
            found = pick_random(self.draws, self.owner, count, picked, marked)
            self._take(picked[:found].tolist())
        elif draw < 0.6:
            found = pick_related(self.draws, self.owner, self.near, count, picked, marked)
            self._take(picked[:found].tolist())
        elif draw < 0.8:
            found = pick_random(self.draws, self.owner, 3 * count, picked, marked)
            self._take_worst(picked[:found].tolist(), count)
        else:
            found = pick_random(self.draws, self.owner, 1, picked, marked)
            if found:
                self._take(np.flatnonzero(self.owner == self.owner[picked[0]])[: 2 * most].tolist())

    def _take_worst(self, among: Sequence[int], count: int) -> None:
        """Take out those of some riders who cost most where they are."""
        gains = []
        for k in among:
            bus = int(self.owner[k])
            saved = self.draft.save(bus)
            gains.append(saved.cost - self.draft.remove(bus, self.names[k]))
            self.draft.restore(bus, saved)
        order = sorted(range(len(among)), key=lambda i: (-gains[i], among[i]))
        self._take(among[i] for i in order[:count])

    def _pending(self) -> list[int]:
        """List who was just taken out, and some of those who stand in no plan, drawn anew if they are many."""
        out = np.flatnonzero(self.owner == OUT).tolist()
        taken = [k for k in out if k in self.taken]
        others = [k for k in out if k not in self.taken]
        if len(others) > MOST_OTHERS:
            others = [others[below(self.draws, len(others))] for _ in range(MOST_OTHERS)]
        return sorted({*taken, *others})

    def _recreate(self) -> bool:
        """Put riders back, first the one who loses most if he has to take his second-best bus; False if one cannot."""
        pending = self._pending()
        draft, buses = self.draft, self.draft.num_buses
        found = [draft.cheapest(self.rows[k], 0, buses) for k in pending]
        places, costs = [places for places, _ in found], [costs for _, costs in found]
        while pending:
            i = max(range(len(pending)), key=lambda i: (_regret(costs[i], self.price[pending[i]]), -pending[i]))
            k, bus = pending[i], int(np.argmin(costs[i]))
            if not costs[i][bus] <= self.price[k] or costs[i][bus] == math.inf:
                if self.price[k] == math.inf:
                    return False
                del pending[i], places[i], costs[i]
                continue
            self._put(k, bus, *places[i][bus].tolist())
            del pending[i], places[i], costs[i]
            for j, other in enumerate(pending):
                place, cost = draft.cheapest(self.rows[other], bus, bus + 1)
                places[j][bus], costs[j][bus] = place[0], cost[0]
        return True


def _regret(costs: Floats, price: float) -> float:
    """Give what is lost if the second-best place has to do; leaving out at its price is a place too."""
    two = np.sort(np.append(np.partition(costs, min(1, len(costs) - 1))[:2], min(price, 1e15)))
    return float(two[1] - two[0]) if two[0] < math.inf else 1e15


def distances(view: View, riders: Sequence[Rider]) -> Floats:
    """Give how unrelated riders are: seconds between their origins, destinations and windows [n, n]."""
    times = view.travel.times[view.travel.period(view.now)]
    start = np.array([r.origin for r in riders], np.int64)
    end = np.array([r.destination for r in riders], np.int64)
    when = np.array([r.earliest for r in riders], np.float64)
    apart = np.minimum(times[start[:, None], start[None, :]], times[start[None, :], start[:, None]]).astype(np.float64)
    apart += np.minimum(times[end[:, None], end[None, :]], times[end[None, :], end[:, None]])
    related: Floats = apart + np.abs(when[:, None] - when[None, :])
    return related

"""Pairs of positions for few pick-ups: the same candidates and bounds as ``core.many_pairs``, in plain Python.

NOTE: a speed trick in its own place. For the dozen of pick-ups that are left in a fleet of some ten or a hundred buses,
loops on plain numbers take half as long as a hundred numpy calls; from some thirty on they take longer. All legs have
to start in one period, so that each is a single look-up.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from busim.core.picks import Drop, Picks, Scan
from busim.core.plain_rows import Times, Whole
from busim.core.plans import (
    ACTION,
    DEPART,
    DROPOFFS,
    DROPOFFS_WAITED,
    END,
    LOAD,
    NODE,
    PICKUPS,
    PICKUPS_WAITED,
    READY,
    SLACK,
    SPAN_SLACK,
    WAITED,
    WHEEL_LOAD,
)

Found = tuple[float, int, int]  # bound, and the places of pick-up and drop-off in memory
_Look = Callable[[int], float]
# What legs cost by seconds or by metres: weight, the plans' column; to the pick-up, on from there, to the drop-off, on
# from there, and from any node to any in the period.
_Price = tuple[float, int, _Look, _Look, _Look, _Look, Callable[[int, int], float]]


class _Pairs:
    """The insertions found, and what it takes to weigh one."""

    def __init__(self, scan: Scan, picks: Picks, drop: Drop) -> None:
        self.found: list[Found] = []
        self.rider, self.weights = scan.rider, scan.costs.weights
        self.to, self.on = drop.into.look(), drop.onward.look()
        self.prices: list[_Price] = []
        for table, column, weight in scan.legs.prices:
            looks = picks.into.look(table), picks.out.look(table), drop.into.look(table), drop.onward.look(table)
            self.prices.append((weight, column, *looks, table[picks.into.period].item))

    def add_direct(
        self,
        ints: Whole,
        times: Times,
        at: int,
        p: int,
        node: int,
        waited: float,
        boarded: float,
        delay: float,
        ride: float,
    ) -> None:
        """Add the drop-off right after a pick-up before slot ``p``, for which the bus leaves a node."""
        rider, slot, target = self.rider, times[p], ints[p][NODE]
        shift = delay + waited if delay > 0.0 else waited
        picked = _late(slot[PICKUPS], slot[PICKUPS_WAITED], shift)
        dropped = _late(slot[DROPOFFS], slot[DROPOFFS_WAITED], shift)
        bound = self._weigh(picked, dropped, boarded, ride)
        for weight, column, come, away, _, on, any_leg in self.prices:
            added = come(node) + away(rider.destination)
            if ints[p][ACTION] != END:
                added += on(target) - (slot[column] if p > 0 else any_leg(node, target))
            bound += weight * added
        self.found.append((bound, at, at))

    def add_shared(
        self,
        ints: Whole,
        times: Times,
        at: int,
        p: int,
        node: int,
        waited: float,
        boarded: float,
        first: float,
        last: int,
        seats: int,
        places: float,
    ) -> None:
        """Add the drop-offs before later slots up to the last, as long as there is room."""
        longest, alight, to, on = self.rider.longest, self.rider.alight, self.to, self.on
        first = max(first, 0.0)
        for q in range(p + 1, last + 1):
            before, slot = times[q - 1], times[q]
            depart, waits = before[DEPART], before[WAITED]
            if before[LOAD] > seats or before[WHEEL_LOAD] > places or depart - boarded > longest:
                break
            carried = first - (waits - waited)
            carried = carried if carried > 0.0 else 0.0
            alighted = depart + carried + to(ints[q - 1][NODE])
            if alighted - boarded > longest:
                continue
            delay = alighted + alight + on(ints[q][NODE]) - slot[READY]
            delay = delay if delay > 0.0 else 0.0
            if delay > slot[SLACK] or delay - carried > slot[SPAN_SLACK]:
                continue
            begin, shift, tail = times[p], first + waited, delay + waits
            picked = _late(begin[PICKUPS] - slot[PICKUPS], begin[PICKUPS_WAITED] - slot[PICKUPS_WAITED], shift)
            picked += _late(slot[PICKUPS], slot[PICKUPS_WAITED], tail)
            dropped = _late(begin[DROPOFFS] - slot[DROPOFFS], begin[DROPOFFS_WAITED] - slot[DROPOFFS_WAITED], shift)
            dropped += _late(slot[DROPOFFS], slot[DROPOFFS_WAITED], tail)
            bound = self._weigh(picked, dropped, boarded, alighted - boarded)
            self.found.append((self._with_legs(bound, ints, times, p, q, node), at, at - p + q))

    def _weigh(self, picked: float, dropped: float, boarded: float, ride: float) -> float:
        """Weigh waiting and riding, as ``insertion.local_cost`` does."""
        rider, weights = self.rider, self.weights
        persons = float(rider.persons + rider.wheels)
        wait = picked + (boarded - rider.earliest) * persons
        return weights.wait * wait + weights.ride * ((dropped - picked) + ride * persons)

    def _with_legs(self, bound: float, ints: Whole, times: Times, p: int, q: int, node: int) -> float:
        """Add to a bound the legs of a shared ride."""
        first, target = ints[p][NODE], ints[q][NODE]
        for weight, column, come, away, to, on, any_leg in self.prices:
            planned = times[p][column] if p > 0 else any_leg(node, first)
            added = come(node) + away(first) - planned + to(ints[q - 1][NODE])
            if ints[q][ACTION] != END:
                added += on(target) - times[q][column]
            bound += weight * added
        return bound


def pair_few(scan: Scan, picks: Picks, drop: Drop) -> list[Found]:
    """List the insertions that pass, in no order; the legs of all four stars have to lie in single periods."""
    fleet, rider, width = scan.fleet, scan.rider, scan.width
    pairs, known, places = _Pairs(scan, picks, drop), -1, math.inf
    columns = picks.at, picks.boarded, picks.first, picks.delay, picks.alighted, picks.rides, picks.shares
    for at, boarded, first, delay, alighted, rides, shares in zip(*(c.tolist() for c in columns), strict=True):
        bus, p = divmod(at, width)
        if bus != known:
            known, (ints, times) = bus, scan.rows.of(bus)
            seats, last = fleet.seats.item(bus) - rider.persons, fleet.last.item(bus)
            if rider.wheels:
                places = fleet.wheel_places.item(bus) - rider.wheels
        if p > 0:
            before, node = times[p - 1], ints[p - 1][NODE]
            load, wheels, waited = before[LOAD], before[WHEEL_LOAD], before[WAITED]
        else:  # the bus may be elsewhere than when its plan was made
            load, wheels, waited, node = fleet.load.item(bus), fleet.wheels.item(bus), 0.0, fleet.node.item(bus)
        if load > seats or wheels > places:
            continue
        if rides:
            pairs.add_direct(ints, times, at, p, node, waited, boarded, delay, alighted - boarded)
        if shares and p < last:
            pairs.add_shared(ints, times, at, p, node, waited, boarded, first, last, seats, places)
    return pairs.found


def _late(total: float, weighted: float, shift: float) -> float:
    """Bound how long so many riders are delayed, some of whom gain what the bus waits for them [person s]."""
    late = total * shift - weighted
    return late if late > 0.0 else 0.0

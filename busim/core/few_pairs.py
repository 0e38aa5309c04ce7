"""Pairs of positions for few pick-ups: the same candidates and bounds as ``core.many_pairs``, in plain Python.

NOTE: a speed trick in its own place. For the dozen of pick-ups that are left in a fleet of some ten or a hundred buses,
loops on plain numbers take half as long as a hundred numpy calls; from some thirty on they take longer.
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
from busim.core.travel import Small

Found = tuple[float, int, int]  # bound, and the places of pick-up and drop-off in memory


_Look = Callable[[int, float], float]
# What legs cost by seconds or by metres: table, the plans' column and weight; to the pick-up, on from there, to the
# drop-off and on from there.
_Price = tuple[Small, int, float, _Look, _Look, _Look, _Look]


class _Pairs:
    """The insertions found, and what it takes to weigh one."""

    def __init__(self, scan: Scan, picks: Picks, drop: Drop) -> None:
        self.found: list[Found] = []
        self.rider, self.weights, self.legs, self.drop = scan.rider, scan.costs.weights, scan.legs, drop
        self.prices: list[_Price] = []
        for table, column, weight in scan.legs.prices:
            looks = picks.into.plain(table), picks.out.plain(table), drop.into.plain(table), drop.onward.plain(table)
            self.prices.append((table, column, weight, *looks))

    def add_direct(
        self,
        ints: Whole,
        times: Times,
        p: int,
        at: int,
        node: int,
        depart: float,
        waited: float,
        boarded: float,
        delay: float,
        alighted: float,
    ) -> None:
        """Add the drop-off right after a pick-up before slot ``p``, for which the bus leaves a node."""
        rider, slot, target = self.rider, times[p], ints[p][NODE]
        shift = delay + waited if delay > 0.0 else waited
        picked = _late(slot[PICKUPS], slot[PICKUPS_WAITED], shift)
        dropped = _late(slot[DROPOFFS], slot[DROPOFFS_WAITED], shift)
        bound = self._weigh(picked, dropped, boarded, alighted)
        for table, column, weight, come, away, _, on in self.prices:
            added = come(node, depart) + away(rider.destination, boarded + rider.board)
            if ints[p][ACTION] != END:
                planned = slot[column] if p > 0 else self.legs.one(table, node, target, depart)
                added += on(target, alighted + rider.alight) - planned
            bound += weight * added
        self.found.append((bound, at, at))

    def add_shared(
        self,
        ints: Whole,
        times: Times,
        p: int,
        at: int,
        node: int,
        depart: float,
        waited: float,
        boarded: float,
        first: float,
        end: int,
        seats: int,
        places: float,
    ) -> None:
        """Add the drop-offs before later slots up to an end, as long as there is room."""
        longest, alight, into, onward = self.rider.longest, self.rider.alight, self.drop.into, self.drop.onward
        to, on, begin, first = into.plain_seconds(), onward.plain_seconds(), times[p], max(first, 0.0)
        for q in range(p + 1, end):
            before, slot, last = times[q - 1], times[q], ints[q - 1][NODE]
            waits, leave = before[WAITED], before[DEPART]
            if before[LOAD] > seats or before[WHEEL_LOAD] > places or leave - boarded > longest:
                break
            carried = first - (waits - waited)
            if carried > 0.0:
                leave += carried
            else:
                carried = 0.0
            alighted = leave + (to(last) if to else into.second(last, leave))
            if alighted - boarded > longest:
                continue
            done, target = alighted + alight, ints[q][NODE]
            delay = done + (on(target) if on else onward.second(target, done)) - slot[READY]
            delay = delay if delay > 0.0 else 0.0
            if delay > slot[SLACK] or delay - carried > slot[SPAN_SLACK]:
                continue
            shift, tail = first + waited, delay + waits
            picked = _late(begin[PICKUPS] - slot[PICKUPS], begin[PICKUPS_WAITED] - slot[PICKUPS_WAITED], shift)
            picked += _late(slot[PICKUPS], slot[PICKUPS_WAITED], tail)
            dropped = _late(begin[DROPOFFS] - slot[DROPOFFS], begin[DROPOFFS_WAITED] - slot[DROPOFFS_WAITED], shift)
            dropped += _late(slot[DROPOFFS], slot[DROPOFFS_WAITED], tail)
            bound = self._weigh(picked, dropped, boarded, alighted)
            bound = self._with_legs(bound, ints, times, p, q, node, depart, boarded, leave, done)
            self.found.append((bound, at, at - p + q))

    def _weigh(self, picked: float, dropped: float, boarded: float, alighted: float) -> float:
        """Weigh waiting and riding, as ``insertion.local_cost`` does."""
        rider, weights = self.rider, self.weights
        persons = float(rider.persons + rider.wheels)
        wait = picked + (boarded - rider.earliest) * persons
        return weights.wait * wait + weights.ride * ((dropped - picked) + (alighted - boarded) * persons)

    def _with_legs(
        self,
        bound: float,
        ints: Whole,
        times: Times,
        p: int,
        q: int,
        node: int,
        depart: float,
        boarded: float,
        leave: float,
        done: float,
    ) -> float:
        """Add the legs of a shared ride to a bound."""
        first, last, target = ints[p][NODE], ints[q - 1][NODE], ints[q][NODE]
        for table, column, weight, come, away, to, on in self.prices:
            planned = times[p][column] if p > 0 else self.legs.one(table, node, first, depart)
            added = come(node, depart) + away(first, boarded + self.rider.board) - planned + to(last, leave)
            if ints[q][ACTION] != END:
                added += on(target, done) - times[q][column]
            bound += weight * added
        return bound


def pair_few(scan: Scan, picks: Picks, drop: Drop) -> list[Found]:
    """List the insertions that pass, in no order."""
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
            load, wheels, depart, waited = before[LOAD], before[WHEEL_LOAD], before[DEPART], before[WAITED]
        else:  # the bus may be elsewhere than when its plan was made
            load, wheels, node = fleet.load.item(bus), fleet.wheels.item(bus), fleet.node.item(bus)
            depart, waited = max(fleet.time.item(bus), scan.now), 0.0
        if load > seats or wheels > places:
            continue
        if rides:
            pairs.add_direct(ints, times, p, at, node, depart, waited, boarded, delay, alighted)
        if shares and p < last:
            pairs.add_shared(ints, times, p, at, node, depart, waited, boarded, first, last + 1, seats, places)
    return pairs.found


def _late(total: float, weighted: float, shift: float) -> float:
    """Bound how long so many riders are delayed, some of whom gain what the bus waits for them [person s]."""
    late = total * shift - weighted
    return late if late > 0.0 else 0.0

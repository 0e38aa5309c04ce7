"""Pairs of positions for few pick-ups: the same candidates and bounds as ``core.many_pairs``, in plain Python.

NOTE: a speed trick in its own place. For the few pick-ups that are mostly left in a fleet of some twenty buses,
loops on plain numbers take less than a hundred numpy calls; from a dozen on they take longer.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from busim.core.picks import Drop, Picks, Scan
from busim.core.plain_rows import PlanTimes, PlanWhole
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
from busim.model.network import Small

Found = tuple[float, int, int]  # bound, and the places of pick-up and drop-off in memory

_Look = Callable[[int, float], float]
# What legs cost by seconds or by metres: table, the plans' column and weight; to the pick-up, on from there, to the
# drop-off and on from there.
_Price = tuple[Small, int, float, _Look, _Look, _Look, _Look]


class _Pairs:
    """The insertions found so far, and the position of the pick-up that is being paired."""

    def __init__(self, scan: Scan, picks: Picks, drop: Drop) -> None:
        self.found: list[Found] = []
        self._scan, self._rider, self._weights, self._drop = scan, scan.rider, scan.costs.weights, drop
        self._ints: PlanWhole = ()
        self._times: PlanTimes = ()
        self._prices: list[_Price] = []
        for table, column, weight in scan.legs.prices:
            looks = picks.into.plain(table), picks.out.plain(table), drop.into.plain(table), drop.onward.plain(table)
            self._prices.append((table, column, weight, *looks))
        self._bus, self._places, self._persons = -1, math.inf, float(scan.rider.persons + scan.rider.wheels)

    def stand_at(self, at: int, boarded: float) -> bool:
        """Go to a position, at which the rider is aboard at a moment; tell whether there is room for him."""
        scan, fleet = self._scan, self._scan.fleet
        bus, p = divmod(at, scan.width)
        self._at, self._p, self._boarded = at, p, boarded
        if bus != self._bus:
            self._bus, (self._ints, self._times) = bus, scan.rows.of(bus)
            self._seats, self._last = fleet.seats.item(bus) - self._rider.persons, fleet.last.item(bus)
            if self._rider.wheels:
                self._places = fleet.wheel_places.item(bus) - self._rider.wheels
        if p > 0:
            before, self._node = self._times[p - 1], self._ints[p - 1][NODE]
            load, wheels, self._depart, self._waited = before[LOAD], before[WHEEL_LOAD], before[DEPART], before[WAITED]
        else:  # the bus may be elsewhere than when its plan was made
            load, wheels, self._node = fleet.load.item(bus), fleet.wheels.item(bus), fleet.node.item(bus)
            self._depart, self._waited = max(fleet.time.item(bus), scan.now), 0.0
        has_room = bool(load <= self._seats and wheels <= self._places)
        scan.lacks_room |= not has_room
        return has_room

    def add_direct(self, delay: float, alighted: float) -> None:
        """Add the drop-off right after the pick-up."""
        slot = self._times[self._p]
        shift = delay + self._waited if delay > 0.0 else self._waited
        picked = _late(slot[PICKUPS], slot[PICKUPS_WAITED], shift)
        dropped = _late(slot[DROPOFFS], slot[DROPOFFS_WAITED], shift)
        bound, p, target = self._weigh(picked, dropped, alighted), self._p, self._ints[self._p][NODE]
        for table, column, weight, come, away, _, on in self._prices:
            added = come(self._node, self._depart)
            added += away(self._rider.destination, self._boarded + self._rider.board)
            if self._ints[p][ACTION] != END:
                added += on(target, alighted + self._rider.alight) - self._planned(table, column)
            bound += weight * added
        self.found.append((bound, self._at, self._at))

    def add_shared(self, first: float) -> None:
        """Add the drop-offs before later slots, as long as there is room; the pick-up brings a delay."""
        p, ints, times, waited, boarded = self._p, self._ints, self._times, self._waited, self._boarded
        longest, alight, into, onward = self._rider.longest, self._rider.alight, self._drop.into, self._drop.onward
        to, on, begin, first = into.plain_seconds(), onward.plain_seconds(), times[p], max(first, 0.0)
        for q in range(p + 1, self._last + 1):
            before, slot, last = times[q - 1], times[q], ints[q - 1][NODE]
            waits, leave = before[WAITED], before[DEPART]
            if before[LOAD] > self._seats or before[WHEEL_LOAD] > self._places:
                self._scan.lacks_room = True
                break
            if leave - boarded > longest:
                break
            carried = first - (waits - waited)
            carried = carried if carried > 0.0 else 0.0
            leave += carried
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
            bound = self._with_legs(self._weigh(picked, dropped, alighted), q, leave, done)
            self.found.append((bound, self._at, self._at - p + q))

    def _weigh(self, picked: float, dropped: float, alighted: float) -> float:
        """Weigh waiting and riding, as ``insertion.local_cost`` does."""
        boarded, persons, (wait, ride, _, _) = self._boarded, self._persons, self._weights
        waited = picked + (boarded - self._rider.earliest) * persons
        return wait * waited + ride * ((dropped - picked) + (alighted - boarded) * persons)

    def _planned(self, table: Small, column: int) -> float:
        """Give the leg to the slot behind the pick-up as it is without him."""
        planned: float = self._times[self._p][column]
        if self._p == 0:
            planned = self._scan.legs.one(table, self._node, self._ints[0][NODE], self._depart)
        return planned

    def _with_legs(self, bound: float, q: int, leave: float, done: float) -> float:
        """Add the legs of a shared ride to a bound."""
        ints, p = self._ints, self._p
        for table, column, weight, come, away, to, on in self._prices:
            added = come(self._node, self._depart) + away(ints[p][NODE], self._boarded + self._rider.board)
            added -= self._planned(table, column)
            added += to(ints[q - 1][NODE], leave)
            if ints[q][ACTION] != END:
                added += on(ints[q][NODE], done) - self._times[q][column]
            bound += weight * added
        return bound


def pair_few(scan: Scan, picks: Picks, drop: Drop) -> list[Found]:
    """List the insertions that pass, in no order."""
    pairs = _Pairs(scan, picks, drop)
    columns = picks.at, picks.boarded, picks.first, picks.delay, picks.alighted, picks.rides, picks.shares
    for at, boarded, first, delay, alighted, rides, shares in zip(*(c.tolist() for c in columns), strict=True):
        if pairs.stand_at(at, boarded):
            if rides and alighted - boarded <= scan.rider.longest:
                pairs.add_direct(delay, alighted)
            if shares:
                pairs.add_shared(first)
    return pairs.found


def _late(total: float, weighted: float, shift: float) -> float:
    """Bound how long so many riders are delayed, some of whom gain what the bus waits for them [person s]."""
    late = total * shift - weighted
    return late if late > 0.0 else 0.0

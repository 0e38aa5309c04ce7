"""Positions at which a rider may get on: in time, with room, and in a plan that bears the delay.

Positions are places in memory, ``bus * L + p``. They are narrowed down step by step, since of hundreds only a dozen
come into question: by buses that can reach the pick-up in time, by positions from which it is in time, by what the slot
behind bears. See ``core.candidates``.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plans import (
    DEPART,
    LOAD,
    NODE,
    NUM_FLOATS,
    NUM_INTS,
    READY,
    RIDE_SLACK,
    SLACK,
    WAITED,
    WHEEL_LOAD,
    PlanArrays,
)
from busim.core.stars import Legs, Star
from busim.model.network import Bools, Floats, Ints

# NOTE: numpy takes half as long with an array of no axes as with a Python number, which it has to look at first.
ZERO, ONE, FLOATS_WIDE, INTS_WIDE = np.array(0.0), np.array(1), np.array(NUM_FLOATS), np.array(NUM_INTS)


@lru_cache(maxsize=64)
def numbers(count: int) -> Ints:
    """Count from 0 [count]; not to be changed."""
    found = np.arange(count)
    found.flags.writeable = False
    return found


class Search:
    """What is searched for, and where: the slots of all plans, as rows and as they lie.

    Parameters
    ----------
    fleet, plans, rider, now, costs, legs
        As ``candidates.candidates`` takes them; the legs of its travel times.
    """

    __slots__ = ("costs", "flat", "flat_ints", "fleet", "floats", "legs", "now", "rider", "width")

    def __init__(
        self, fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, costs: Costs, legs: Legs
    ) -> None:
        self.fleet, self.rider, self.now, self.costs, self.legs = fleet, rider, now, costs, legs
        self.width = plans.ints.shape[1]
        self.flat_ints, self.flat = plans.ints.reshape(-1), plans.floats.reshape(-1)
        self.floats = plans.floats.reshape(-1, NUM_FLOATS)

    def whole(self, column: int, at: Ints) -> Ints:
        """Give a column of slots that holds whole numbers."""
        found: Ints = self.flat_ints[column:].take(at * INTS_WIDE)
        return found

    def is_full(self, slots: Floats, bus: Ints) -> Bools:
        """Tell which buses have no room for the rider as they leave some slots."""
        rider, fleet = self.rider, self.fleet
        full: Bools = slots[:, LOAD] + rider.persons > fleet.seats.take(bus)
        if rider.wheels:
            full |= slots[:, WHEEL_LOAD] + rider.wheels > fleet.wheel_places.take(bus)
        return full


class Picks(NamedTuple):
    """Positions at which the rider may get on [n].

    ``at`` and ``bus`` tell where; ``node`` is where the bus leaves for the pick-up, ``before`` and ``slot`` hold what
    stands before and behind, ``target`` the node behind. ``boarded`` and ``free`` are when the rider is aboard and the
    bus goes on, ``first`` is the delay that this brings, ``delay`` that of a direct ride, which ends at ``alighted``;
    ``rides`` and ``shares`` tell whether he may ride alone, and with others. ``into`` and ``out`` are the legs.
    """

    at: Ints
    bus: Ints
    node: Ints
    before: Floats
    slot: Floats
    target: Ints
    boarded: Floats
    free: Floats
    first: Floats
    delay: Floats
    alighted: Floats
    rides: Bools
    shares: Bools
    into: Star
    out: Star


def arrivals(fleet: FleetArrays, rider: Rider, now: float, into: Star) -> tuple[Floats, Bools]:
    """Tell when buses are at the pick-up if they go there at once, and which take riders and are in time [B]."""
    arrived = np.maximum(fleet.time, now)
    arrived += into.seconds(fleet.node, arrived)
    reach = arrived <= rider.latest
    reach &= fleet.last >= 0
    return arrived, reach


def _in_time(search: Search) -> tuple[int, Ints, Floats, Star]:
    """List positions from which the pick-up is in time: how many lie before first slots, these first; all of them [n].

    Then when the bus is there [n], and the legs to the pick-up.
    """
    fleet, rider = search.fleet, search.rider
    into = search.legs.into(rider.origin, search.now, rider.latest)  # who leaves later is too late on any road
    arrived, reach = arrivals(fleet, rider, search.now, into)
    buses = reach.nonzero()[0]
    is_before = numbers(search.width) < fleet.last[:, None]
    is_before &= reach[:, None]
    before = is_before.reshape(-1).nonzero()[0]
    depart = search.flat[DEPART:].take(before * FLOATS_WIDE)
    if into.misses(depart):  # of a bus that is late, what was planned may lie in the past
        into = search.legs.into(rider.origin, -math.inf, rider.latest)
    later = depart + into.seconds(search.whole(NODE, before), depart)
    kept = (later <= rider.latest).nonzero()[0]
    at = np.concatenate((buses * search.width, before.take(kept) + ONE))
    return len(buses), at, np.concatenate((arrived.take(buses), later.take(kept))), into


def list_picks(search: Search, onward: Star) -> Picks:
    """List the positions at which the rider may get on; see ``Picks``.

    Parameters
    ----------
    search
        What is searched for.
    onward
        The legs from the drop-off.
    """
    rider, flat = search.rider, search.flat
    opens, at, arrived, into = _in_time(search)
    boarded = np.maximum(arrived, rider.earliest)
    free = boarded + rider.board if rider.board else boarded
    out = search.legs.out_of(rider.origin, rider.earliest + rider.board, rider.latest + rider.board)
    target, place = search.whole(NODE, at), at * FLOATS_WIDE
    ready = flat[READY:].take(place)
    slack = np.minimum(flat[SLACK:].take(place), flat[RIDE_SLACK:].take(place))
    first = free + out.seconds(target, free)
    first -= ready
    alighted = free + out.seconds(rider.destination, free)
    done = alighted + rider.alight if rider.alight else alighted
    delay = done + onward.seconds(target, done)
    delay -= ready
    rides, shares = delay <= slack, first <= slack
    rides &= alighted - boarded <= rider.longest
    kept = (rides | shares).nonzero()[0]
    at, target, opens = at.take(kept), target.take(kept), int(kept.searchsorted(opens))
    bus, node, before, slot = _surroundings(search, at, target, opens)
    room = ~search.is_full(before, bus)
    return Picks(
        at,
        bus,
        node,
        before,
        slot,
        target,
        boarded.take(kept),
        free.take(kept),
        first.take(kept),
        delay.take(kept),
        alighted.take(kept),
        rides.take(kept) & room,
        shares.take(kept) & room,
        into,
        out,
    )


def _surroundings(search: Search, at: Ints, target: Ints, opens: int) -> tuple[Ints, Ints, Floats, Floats]:
    """Give the buses of positions, the nodes that they leave, and what stands before and behind [n].

    The first few lie before the first slots of their plans, where buses may be elsewhere than when those were made.
    """
    fleet, behind = search.fleet, at - ONE
    bus = at // search.width
    before, slot, node = search.floats.take(behind, axis=0), search.floats.take(at, axis=0), search.whole(NODE, behind)
    first = bus[:opens]
    node[:opens], before[:opens, WAITED], before[:opens, LOAD] = fleet.node.take(first), 0.0, fleet.load.take(first)
    before[:opens, DEPART] = np.maximum(fleet.time.take(first), search.now)
    before[:opens, WHEEL_LOAD] = fleet.wheels.take(first)
    for table, column, _ in search.legs.prices:
        slot[:opens, column] = search.legs.between(table, node[:opens], target[:opens], before[:opens, DEPART])
    return bus, node, before, slot

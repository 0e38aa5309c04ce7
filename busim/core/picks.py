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
from busim.core.plain_rows import PlanRows
from busim.core.plans import (
    DEPART,
    NODE,
    READY,
    RIDE_SLACK,
    SLACK,
)
from busim.core.stars import Legs, Star
from busim.model.network import Bools, Floats, Ints

# NOTE: numpy takes half as long with an array of no axes as with a Python number, which it has to look at first.
ZERO, NOUGHT, ONE = np.array(0.0), np.array(0), np.array(1)


@lru_cache(maxsize=64)
def firsts(width: int) -> Bools:
    """Tell which places are among the first 0, 1, 2 ... of a row [width + 1, width]; not to be changed."""
    found: Bools = np.tri(width + 1, width, -1, dtype=np.bool_)
    found.flags.writeable = False
    return found


class Scan:
    """What is searched for, and where: the slots of all plans, as rows and as they lie in memory.

    Parameters
    ----------
    fleet, rider, now, costs, legs
        As ``candidates.candidates`` takes them; the legs of its travel times.
    rows
        The plans, and what is remembered of them.

    Attributes
    ----------
    nodes : array
        Of all slots, bus after bus.
    lacks_room : bool
        Whether some pair of positions was left out because the bus is full between them.
    """

    __slots__ = (
        "_times",
        "_whole",
        "costs",
        "fleet",
        "lacks_room",
        "legs",
        "nodes",
        "now",
        "rider",
        "rows",
        "stride",
        "width",
    )

    def __init__(
        self,
        fleet: FleetArrays,
        rider: Rider,
        now: float,
        costs: Costs,
        legs: Legs,
        rows: PlanRows,
    ) -> None:
        self.fleet, self.rider, self.now, self.costs, self.legs, self.rows = fleet, rider, now, costs, legs, rows
        self.width, self.stride, self.lacks_room = rows.width, rows.stride, False
        self._whole, self._times = rows.columns
        self.nodes = self._whole[NODE]

    def whole(self, column: int, at: Ints) -> Ints:
        """Give a column of slots that holds whole numbers; ``take`` would copy all of it first."""
        found: Ints = self._whole[column][at]
        return found

    def times(self, column: int, at: Ints) -> Floats:
        """Give a column of slots that holds others."""
        found: Floats = self._times[column][at]
        return found


class Drop(NamedTuple):
    """The legs to the drop-off and on from there."""

    into: Star
    onward: Star


class Picks(NamedTuple):
    """Positions at which the rider may get on, as far as time tells [n].

    The first ``opens`` lie before the first slots of their plans, where buses may be elsewhere than when those were
    made. ``at`` tells where, ``boarded`` when the rider is aboard; ``first`` is the delay that this brings, ``delay``
    that of a direct ride, which ends at ``alighted``, both negative where there is time to spare; ``rides`` and
    ``shares`` tell whether the plan bears him alone, however long he rides, and with others. ``into`` and ``out`` are
    the legs to the pick-up and from it.
    """

    opens: int
    into: Star
    out: Star
    at: Ints
    boarded: Floats
    first: Floats
    delay: Floats
    alighted: Floats
    rides: Bools
    shares: Bools


def arrivals(fleet: FleetArrays, rider: Rider, now: float, into: Star) -> tuple[Floats, Bools]:
    """Tell when buses are at the pick-up if they go there at once, and which take riders and are in time [B]."""
    arrived = np.maximum(fleet.time, float(now))
    arrived += into.seconds(fleet.node, arrived)
    reach = arrived <= rider.latest
    reach &= fleet.last >= NOUGHT
    return arrived, reach


def _in_time(scan: Scan) -> tuple[int, Ints, Floats, Star]:
    """List positions from which the pick-up is in time: how many lie before first slots, these first; all of them [n].

    Then when the bus is there [n], and the legs to the pick-up.
    """
    fleet, rider = scan.fleet, scan.rider
    into = scan.legs.into(rider.origin, scan.now, rider.latest)  # who leaves later is too late on any road
    arrived, reach = arrivals(fleet, rider, scan.now, into)
    buses = reach.nonzero()[0]
    scan.rows.settle(buses)
    before = firsts(scan.width).take(fleet.last * reach, axis=0).reshape(-1).nonzero()[0]
    depart = scan.times(DEPART, before)
    if into.misses(depart):  # of a bus that is late, what was planned may lie in the past
        into = scan.legs.into(rider.origin, -math.inf, rider.latest)
    later = depart + into.seconds(scan.nodes[before], depart)
    kept = (later <= rider.latest).nonzero()[0]
    at = np.concatenate((buses * scan.stride, before[kept] + ONE))
    return len(buses), at, np.concatenate((arrived[buses], later[kept])), into


def list_picks(scan: Scan, onward: Star) -> Picks:
    """List the positions at which the rider may get on; see ``Picks``.

    Parameters
    ----------
    scan
        What is searched for.
    onward
        The legs from the drop-off.
    """
    rider = scan.rider
    opens, at, arrived, into = _in_time(scan)
    boarded = np.maximum(arrived, rider.earliest)
    free = boarded + rider.board if rider.board else boarded
    out = scan.legs.out_of(rider.origin, rider.earliest + rider.board, rider.latest + rider.board)
    target, ready, slack = scan.nodes[at], scan.times(READY, at), scan.times(SLACK, at)
    np.minimum(slack, scan.times(RIDE_SLACK, at), out=slack)
    first = free + out.seconds(target, free)
    first -= ready
    direct = out.plain_seconds()
    alighted = free + (direct(rider.destination) if direct else out.seconds(rider.destination, free))
    done = alighted + rider.alight if rider.alight else alighted
    delay = done + onward.seconds(target, done)
    delay -= ready
    rides, shares = delay <= slack, first <= slack
    bears = rides | shares
    kept = bears.nonzero()[0]
    return Picks(
        bears[:opens].tobytes().count(1),
        into,
        out,
        at[kept],
        boarded[kept],
        first[kept],
        delay[kept],
        alighted[kept],
        rides[kept],
        shares[kept],
    )

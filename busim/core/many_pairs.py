"""Pairs of positions for many pick-ups, with lower bounds on their cost, in numpy; ``core.few_pairs`` is its twin.

NOTE: a numpy call costs some microsecond here however few the numbers. Hence one index on a column, which costs half of
``take``; nothing is looked up for pairs that do not pass, nor for what a scenario has not: halts, dwells, wheelchairs,
prices, hours.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.listing import Listing, Pairs
from busim.core.picks import ONE, ZERO, Drop, Picks, Scan, firsts
from busim.core.plans import (
    ACTION,
    DEPART,
    DROPOFFS,
    DROPOFFS_WAITED,
    END,
    LOAD,
    PICKUPS,
    PICKUPS_WAITED,
    READY,
    SLACK,
    SPAN_SLACK,
    WAITED,
    WHEEL_LOAD,
)
from busim.model.network import Bools, Floats, Ints

_END = np.array(END)


class _Around(NamedTuple):
    """What stands around pick-ups [n].

    ``node`` and ``target`` are whence a bus comes and where it goes on to, ``depart`` is when it leaves for the
    pick-up, ``free`` when it leaves that, ``waited`` how long it has waited for riders before. ``load`` and ``wheels``
    are whom it may have aboard, ``room`` whether it has no more; ``spare`` is how many slots there are to get off.
    """

    node: Ints
    target: Ints
    depart: Floats
    free: Floats
    waited: Floats
    load: Floats
    wheels: Floats
    room: Bools
    spare: Ints


class _Rides(NamedTuple):
    """Pairs of positions that pass [k], the first ``direct`` of them direct rides.

    ``pick`` is the row among picks, ``at`` and ``q`` are the places of the slots behind pick-up and drop-off, ``node``
    is whence the bus comes to the drop-off, ``leave`` and ``done`` are when it leaves for it and from it, ``shift`` and
    ``tail`` how late it is behind pick-up and drop-off, what it would have waited added; ``boarded`` and ``ride_s``
    when and how long the rider rides.
    """

    direct: int
    pick: Ints
    at: Ints
    q: Ints
    node: Ints
    leave: Floats
    done: Floats
    shift: Floats
    tail: Floats
    boarded: Floats
    ride_s: Floats


def pair_many(scan: Scan, picks: Picks, drop: Drop) -> Listing:
    """Do as ``few_pairs.pair_few``."""
    around = _around(scan, picks)
    rides = _list(scan, picks, around, drop)
    if not len(rides.q):
        return []
    return Pairs(_bounds(scan, picks, around, drop, rides), rides.at, rides.q)


def _around(scan: Scan, picks: Picks) -> _Around:
    fleet, rider, at, opens = scan.fleet, scan.rider, picks.at, picks.opens
    bus, behind = at // scan.stride, at - ONE
    first, spare = bus[:opens], bus * scan.stride
    spare += fleet.last[bus]
    spare -= at
    node, waited, aboard = scan.nodes[behind], scan.times(WAITED, behind), scan.times(LOAD, behind)
    node[:opens], waited[:opens], aboard[:opens] = fleet.node[first], 0.0, fleet.load[first]
    load = fleet.seats[bus].astype(np.float64)
    load -= float(rider.persons)
    room, wheels = aboard <= load, load
    if rider.wheels:
        aboard, wheels = scan.times(WHEEL_LOAD, behind), fleet.wheel_places[bus] - float(rider.wheels)
        aboard[:opens] = fleet.wheels[first]
        room &= aboard <= wheels
    free, depart = picks.boarded, waited
    if rider.board:
        free = free + rider.board
    if scan.legs.has_periods:  # else it makes no difference when
        depart = scan.times(DEPART, behind)
        depart[:opens] = np.maximum(fleet.time[first], scan.now)
    return _Around(node, scan.nodes[at], depart, free, waited, load, wheels, room, spare)


def _some_not(flags: Bools) -> bool:
    """Tell whether some of them are false, in a tenth of the time that numpy takes."""
    return 0 in flags.tobytes()


def _pairs(scan: Scan, picks: Picks, around: _Around) -> tuple[Ints, Ints, int]:
    """Pair pick-ups with slots before which the rider may get off: row among picks, place of the slot [k].

    The first of them are direct rides, so many: the drop-off right after the pick-up, before the same slot.
    """
    rides, shares, spare = picks.rides, picks.shares, around.spare
    if _some_not(around.room):
        scan.lacks_room = True
        rides, shares = rides & around.room, shares & around.room
    if _some_not(shares):
        spare = spare * shares
    direct = rides.nonzero()[0]
    cell = firsts(scan.width).take(spare, axis=0).reshape(-1).nonzero()[0]
    shared = cell // scan.stride
    pick = np.concatenate((direct, shared))
    q, num_direct = picks.at[pick], len(direct)
    cell -= shared * scan.stride
    cell += ONE
    further = q[num_direct:]
    further += cell
    return pick, q, num_direct


def _keeps_room(room: Bools, pick: Ints) -> Bools:
    """Tell before which slots there has been room since the pick-up, by where there is room [k]."""
    full = ~room
    number: Ints = full.cumsum()
    keeps: Bools = number == (number - full)[pick.searchsorted(pick)]
    return keeps


def _list(scan: Scan, picks: Picks, around: _Around, drop: Drop) -> _Rides:
    """List the rides of pairs of positions that pass.

    A direct ride leaves for the drop-off from the pick-up, a shared one from the slot before.
    """
    pick, q, direct = _pairs(scan, picks, around)
    rider, behind = scan.rider, q - ONE
    node = scan.nodes[behind]
    boarded, waited, first = picks.boarded[pick], around.waited[pick], np.maximum(picks.first, ZERO)[pick]
    waits, leave = scan.times(WAITED, behind), scan.times(DEPART, behind)
    node[:direct], waits[:direct] = rider.origin, waited[:direct]
    carried = waits - waited
    np.subtract(first, carried, out=carried)
    np.maximum(carried, ZERO, out=carried)
    leave += carried
    leave[:direct] = around.free[pick[:direct]]
    alighted = leave + drop.into.seconds(node, leave)
    ride_s = alighted - boarded
    done = alighted + rider.alight if rider.alight else alighted
    delay = done + drop.onward.seconds(scan.nodes[q], done)
    delay -= scan.times(READY, q)
    np.maximum(delay, ZERO, out=delay)
    passes = delay <= scan.times(SLACK, q)
    passes &= delay - carried <= scan.times(SPAN_SLACK, q)
    passes[:direct] = True  # these have been looked at
    passes &= ride_s <= rider.longest
    shared = pick[direct:]
    room = scan.times(LOAD, behind[direct:]) <= around.load[shared]
    if rider.wheels:
        room &= scan.times(WHEEL_LOAD, behind[direct:]) <= around.wheels[shared]
    if _some_not(room):
        scan.lacks_room = True
        passes[direct:] &= _keeps_room(room, shared)
    kept = passes.nonzero()[0]
    pick = pick[kept]
    shift, tail = (first + waited)[kept], (delay + waits)[kept]
    return _Rides(
        passes[:direct].tobytes().count(1),
        pick,
        picks.at[pick],
        q[kept],
        node[kept],
        leave[kept],
        done[kept],
        shift,
        tail,
        boarded[kept],
        ride_s[kept],
    )


def _late(scan: Scan, rides: _Rides, total: int, weighted: int) -> Floats:
    """Bound how long riders planned between pick-ups and drop-offs and behind are delayed [k, person s]."""
    between, number, weights = scan.times(total, rides.at), scan.times(total, rides.q), scan.times(weighted, rides.at)
    behind = number * rides.tail
    between -= number
    between *= rides.shift
    if np.count_nonzero(weights):  # some riders gain what the bus waits for them
        gained = scan.times(weighted, rides.q)
        between -= weights - gained
        behind -= gained
        np.maximum(between, ZERO, out=between)
        np.maximum(behind, ZERO, out=behind)
    between += behind
    return between


def _weigh(scan: Scan, rides: _Rides) -> Floats:
    """Weigh what riders planned already and the new one wait and ride, as ``insertion.local_cost`` does [k]."""
    rider, legs = scan.rider, scan.legs
    picked = _late(scan, rides, PICKUPS, PICKUPS_WAITED)
    dropped = _late(scan, rides, DROPOFFS, DROPOFFS_WAITED)
    wait_s, ride_s = rides.boarded - rider.earliest, rides.ride_s
    persons = float(rider.persons + rider.wheels)
    if persons != 1.0:
        wait_s, ride_s = wait_s * persons, ride_s * persons
    dropped -= picked
    dropped += ride_s
    dropped *= legs.ride
    picked += wait_s
    picked *= legs.wait
    picked += dropped
    return picked


def _bounds(scan: Scan, picks: Picks, around: _Around, drop: Drop, rides: _Rides) -> Floats:
    """Bound the costs of rides from below [k]."""
    bound, at, q, pick, direct, opens = _weigh(scan, rides), picks.at, rides.q, rides.pick, rides.direct, picks.opens
    target, home = scan.nodes[q], (scan.whole(ACTION, q) == _END).nonzero()[0]
    for table, column, weight in scan.legs.prices:
        planned = scan.times(column, at)
        planned[:opens] = scan.legs.between(table, around.node[:opens], around.target[:opens], around.depart[:opens])
        added = (picks.out.of(table, around.target, around.free) - planned)[pick]
        added[:direct] = 0.0
        added += picks.into.of(table, around.node, around.depart)[pick]
        added += drop.into.of(table, rides.node, rides.leave)
        on, before = drop.onward.of(table, target, rides.done), scan.times(column, q)
        before[:direct] = planned[pick[:direct]]
        on -= before
        on[home] = 0.0  # the way home counts for nothing
        added += on
        added *= weight
        bound += added
    return bound

"""Pairs of positions for many pick-ups, with lower bounds on their cost, in numpy; ``core.few_pairs`` is its twin.

NOTE: a numpy call costs some microsecond here however few the numbers, fancy indexing of two axes three times that.
Hence ``take``, or one index on a column, and no call for what a scenario has not: halts, dwells, wheelchairs, prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.few_pairs import Found
from busim.core.picks import ONE, ZERO, Drop, Picks, Scan, firsts
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
from busim.model.network import Bools, Floats, Ints

_END = np.array(END)


class _Around(NamedTuple):
    """Buses of pick-ups, the nodes that they leave and drive on to, when they do, and whether there is room [n].

    ``before`` and ``slot`` are what stands before and behind.
    """

    bus: Ints
    node: Ints
    target: Ints
    free: Floats
    before: Floats
    slot: Floats
    room: Bools


class _Rides(NamedTuple):
    """Pairs of positions [k], the first ``direct`` of them direct rides: row among picks, place of the drop-off's slot.

    ``passes`` tells which pass, ``begin`` and ``slot`` what stands behind pick-up and drop-off, ``node`` and ``target``
    whence the bus comes to the drop-off and where it goes on to, ``leave`` and ``done`` when it leaves for it and from
    it, ``shift`` and ``tail`` how late it is behind pick-up and drop-off, what it would have waited added; ``boarded``
    and ``ride_s`` when and how long the rider rides.
    """

    pick: Ints
    q: Ints
    direct: int
    passes: Bools
    begin: Floats
    slot: Floats
    node: Ints
    target: Ints
    leave: Floats
    done: Floats
    shift: Floats
    tail: Floats
    boarded: Floats
    ride_s: Floats


def pair_many(scan: Scan, picks: Picks, drop: Drop) -> list[Found]:
    """Do as ``few_pairs.pair_few``."""
    around = _around(scan, picks)
    scan.lacks_room |= not around.room.all()
    rides = _list(scan, picks, around, drop)
    kept = rides.passes.nonzero()[0]
    if not len(kept):
        return []
    bound = _bounds(scan, picks, around, drop, rides)
    columns = bound.take(kept), picks.at.take(rides.pick.take(kept)), rides.q.take(kept)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _around(scan: Scan, picks: Picks) -> _Around:
    fleet, at, opens = scan.fleet, picks.at, picks.opens
    bus, behind = at // scan.width, at - ONE
    before, slot = scan.floats.take(behind, axis=0), scan.floats.take(at, axis=0)
    node, target = scan.whole(NODE, behind), scan.whole(NODE, at)
    first = bus[:opens]
    node[:opens], before[:opens, WAITED], before[:opens, LOAD] = fleet.node.take(first), 0.0, fleet.load.take(first)
    before[:opens, DEPART] = np.maximum(fleet.time.take(first), scan.now)
    before[:opens, WHEEL_LOAD] = fleet.wheels.take(first)
    for table, column, _ in scan.legs.prices:
        slot[:opens, column] = scan.legs.between(table, node[:opens], target[:opens], before[:opens, DEPART])
    return _Around(bus, node, target, picks.boarded + scan.rider.board, before, slot, ~_is_full(scan, before, bus))


def _is_full(scan: Scan, slots: Floats, bus: Ints) -> Bools:
    """Tell which buses have no room for the rider as they leave some slots."""
    rider, fleet = scan.rider, scan.fleet
    full: Bools = slots[:, LOAD] + rider.persons > fleet.seats.take(bus)
    if rider.wheels:
        full |= slots[:, WHEEL_LOAD] + rider.wheels > fleet.wheel_places.take(bus)
    return full


def _behind(slot: Floats, shift: Floats, total: int, weighted: int) -> Floats:
    """Bound how long riders planned at or after a slot are delayed [k, person s]."""
    late: Floats = slot[:, total] * shift
    late -= slot[:, weighted]
    np.maximum(late, ZERO, out=late)
    return late


def _between(begin: Floats, slot: Floats, shift: Floats, total: int, weighted: int) -> Floats:
    """Bound how long riders planned between two slots are delayed [k, person s]."""
    late: Floats = begin[:, total] - slot[:, total]
    late *= shift
    late -= begin[:, weighted] - slot[:, weighted]
    np.maximum(late, ZERO, out=late)
    return late


def _weigh(scan: Scan, picked: Floats, dropped: Floats, wait_s: Floats, ride_s: Floats) -> Floats:
    """Weigh what riders planned already and the new one wait and ride, as ``insertion.local_cost`` does [k]."""
    rider, weights = scan.rider, scan.costs.weights
    persons = float(rider.persons + rider.wheels)
    if persons != 1.0:
        wait_s, ride_s = wait_s * persons, ride_s * persons
    bound: Floats = weights.wait * (picked + wait_s) + weights.ride * ((dropped - picked) + ride_s)
    return bound


def _pairs(scan: Scan, picks: Picks, around: _Around) -> tuple[Ints, Ints, int]:
    """Pair pick-ups with slots before which the rider may get off: row among picks, place of the slot [k].

    The first of them are direct rides, so many: the drop-off right after the pick-up, before the same slot.
    """
    ride_s = picks.alighted - picks.boarded
    direct = (picks.rides & around.room & (ride_s <= scan.rider.longest)).nonzero()[0]
    spare = around.bus * scan.width + scan.fleet.last.take(around.bus) - picks.at
    shared, further = firsts(scan.width).take(spare * (picks.shares & around.room), axis=0).nonzero()
    further += ONE
    pick = np.concatenate((direct, shared))
    q = picks.at.take(pick)
    q[len(direct) :] += further
    return pick, q, len(direct)


def _has_room(full: Bools, pick: Ints) -> Bools:
    """Tell before which slots there has been room since the pick-up, by where there is none [k]."""
    number: Ints = full.cumsum()
    room: Bools = number == (number - full).take(pick.searchsorted(pick))
    return room


def _list(scan: Scan, picks: Picks, around: _Around, drop: Drop) -> _Rides:
    """List the rides of pairs of positions, and which of them pass.

    A direct ride leaves for the drop-off from the pick-up, a shared one from the slot before.
    """
    pick, q, direct = _pairs(scan, picks, around)
    rider, behind = scan.rider, q - ONE
    before, slot, begin = scan.floats.take(behind, axis=0), scan.floats.take(q, axis=0), around.slot.take(pick, axis=0)
    node, target = scan.whole(NODE, behind), scan.whole(NODE, q)
    boarded, waited = picks.boarded.take(pick), around.before[:, WAITED].take(pick)
    waits, first = before[:, WAITED], np.maximum(picks.first.take(pick), ZERO)
    slot[:direct], waits[:direct], node[:direct] = begin[:direct], waited[:direct], rider.origin
    carried = np.maximum(first - (waits - waited), ZERO)
    leave = before[:, DEPART] + carried
    leave[:direct] = around.free.take(pick[:direct])
    alighted = leave + drop.into.seconds(node, leave)
    done = alighted + rider.alight if rider.alight else alighted
    delay = done + drop.onward.seconds(target, done)
    delay -= slot[:, READY]
    delay = np.maximum(delay, ZERO)
    ride_s = alighted - boarded
    passes = ride_s <= rider.longest
    passes &= delay <= slot[:, SLACK]
    passes &= delay - carried <= slot[:, SPAN_SLACK]
    full = _is_full(scan, before[direct:], around.bus.take(pick[direct:]))
    if np.count_nonzero(full):
        scan.lacks_room = True
        passes[direct:] &= _has_room(full, pick[direct:])
    passes[:direct] = True  # what is listed of them passes
    shift, tail = first + waited, delay + waits
    return _Rides(pick, q, direct, passes, begin, slot, node, target, leave, done, shift, tail, boarded, ride_s)


def _bounds(scan: Scan, picks: Picks, around: _Around, drop: Drop, rides: _Rides) -> Floats:
    """Bound the costs of rides from below [k]."""
    pick, begin, slot, shift, tail = rides.pick, rides.begin, rides.slot, rides.shift, rides.tail
    picked = _between(begin, slot, shift, PICKUPS, PICKUPS_WAITED)
    picked += _behind(slot, tail, PICKUPS, PICKUPS_WAITED)
    dropped = _between(begin, slot, shift, DROPOFFS, DROPOFFS_WAITED)
    dropped += _behind(slot, tail, DROPOFFS, DROPOFFS_WAITED)
    bound = _weigh(scan, picked, dropped, rides.boarded - scan.rider.earliest, rides.ride_s)
    for table, column, weight in scan.legs.prices:
        come = picks.into.of(table, around.node, around.before[:, DEPART])
        shared = come + picks.out.of(table, around.target, around.free)
        shared -= around.slot[:, column]
        added = shared.take(pick)
        added[: rides.direct] = come.take(pick[: rides.direct])
        added += drop.into.of(table, rides.node, rides.leave)
        on = drop.onward.of(table, rides.target, rides.done)
        on -= slot[:, column]
        on[scan.whole(ACTION, rides.q) == _END] = 0.0  # the way home counts for nothing
        added += on
        bound += weight * added
    return bound

"""Pairs of positions for many pick-ups, with lower bounds on their cost, in numpy; ``core.few_pairs`` is its twin.

NOTE: a numpy call costs some microsecond here however few the numbers, fancy indexing of two axes three times that.
Hence ``take`` on flat arrays, and no call for what a scenario has not: halts, dwells, wheelchairs, prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

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

Found = tuple[Floats, Ints, Ints]  # bound, and places of pick-up and drop-off in memory [n]

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


def pair_many(scan: Scan, picks: Picks, drop: Drop) -> list[Found]:
    """List the insertions that pass, in no order."""
    around = _around(scan, picks)
    return _direct(scan, picks, around, drop) + _shared(scan, picks, around, drop)


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
    bound: Floats = weights.wait * (picked + wait_s * persons) + weights.ride * ((dropped - picked) + ride_s * persons)
    return bound


def _add_way_on(scan: Scan, at: Ints, added: Floats, on: Floats, planned: Floats) -> None:
    """Add what the way on from the drop-off takes longer than was planned; the way home counts for nothing [k]."""
    on -= planned
    on[scan.whole(ACTION, at) == _END] = 0.0
    added += on


def _direct(scan: Scan, picks: Picks, around: _Around, drop: Drop) -> list[Found]:
    """List direct rides, with the drop-off right after the pick-up."""
    rider, slot, boarded, alighted = scan.rider, around.slot, picks.boarded, picks.alighted
    ride_s = alighted - boarded
    kept = (picks.rides & around.room & (ride_s <= rider.longest)).nonzero()[0]
    if not len(kept):
        return []
    shift = np.maximum(picks.delay, ZERO)
    shift += around.before[:, WAITED]
    picked = _behind(slot, shift, PICKUPS, PICKUPS_WAITED)
    dropped = _behind(slot, shift, DROPOFFS, DROPOFFS_WAITED)
    bound = _weigh(scan, picked, dropped, boarded - rider.earliest, ride_s)
    done = alighted + rider.alight if rider.alight else alighted
    for table, column, weight in scan.legs.prices:
        added = picks.into.of(table, around.node, around.before[:, DEPART])
        added += picks.out.of(table, rider.destination, around.free)
        _add_way_on(scan, picks.at, added, drop.onward.of(table, around.target, done), slot[:, column])
        bound += weight * added
    at = picks.at.take(kept)
    return [(bound.take(kept), at, at)]


def _pairs(scan: Scan, picks: Picks, around: _Around) -> tuple[Ints, Ints]:
    """Pair pick-ups with later slots before which the rider may get off: row among picks, place of the slot."""
    spare = around.bus * scan.width + scan.fleet.last.take(around.bus) - picks.at
    pick, further = firsts(scan.width).take(spare * (picks.shares & around.room), axis=0).nonzero()
    further += ONE
    return pick, picks.at.take(pick) + further


def _has_room(full: Bools, pick: Ints) -> Bools:
    """Tell before which slots there has been room since the pick-up, by where there is none [k]."""
    number: Ints = full.cumsum()
    room: Bools = number == (number - full).take(pick.searchsorted(pick))
    return room


def _shared(scan: Scan, picks: Picks, around: _Around, drop: Drop) -> list[Found]:
    """List shared rides: other riders get on or off between pick-up and drop-off."""
    pick, q = _pairs(scan, picks, around)
    if not len(pick):
        return []
    rider, behind = scan.rider, q - ONE
    before, slot = scan.floats.take(behind, axis=0), scan.floats.take(q, axis=0)
    node, target = scan.whole(NODE, behind), scan.whole(NODE, q)
    boarded, waited = picks.boarded.take(pick), around.before[:, WAITED].take(pick)
    waits, first = before[:, WAITED], np.maximum(picks.first.take(pick), ZERO)
    carried = np.maximum(first - (waits - waited), ZERO)
    leave = before[:, DEPART] + carried
    alighted = leave + drop.into.seconds(node, leave)
    done = alighted + rider.alight if rider.alight else alighted
    delay = done + drop.onward.seconds(target, done)
    delay -= slot[:, READY]
    delay = np.maximum(delay, ZERO)
    ride_s = alighted - boarded
    passes = ride_s <= rider.longest
    passes &= delay <= slot[:, SLACK]
    passes &= delay - carried <= slot[:, SPAN_SLACK]
    full = _is_full(scan, before, around.bus.take(pick))
    if np.count_nonzero(full):
        passes &= _has_room(full, pick)
    kept = passes.nonzero()[0]
    if not len(kept):
        return []
    begin, shift, tail = around.slot.take(pick, axis=0), first + waited, delay + waits
    picked = _between(begin, slot, shift, PICKUPS, PICKUPS_WAITED)
    picked += _behind(slot, tail, PICKUPS, PICKUPS_WAITED)
    dropped = _between(begin, slot, shift, DROPOFFS, DROPOFFS_WAITED)
    dropped += _behind(slot, tail, DROPOFFS, DROPOFFS_WAITED)
    bound = _weigh(scan, picked, dropped, boarded - rider.earliest, ride_s)
    for table, column, weight in scan.legs.prices:
        added = picks.into.of(table, around.node, around.before[:, DEPART])
        added += picks.out.of(table, around.target, around.free)
        added -= around.slot[:, column]
        added = added.take(pick)
        added += drop.into.of(table, node, leave)
        _add_way_on(scan, q, added, drop.onward.of(table, target, done), slot[:, column])
        bound += weight * added
    return [(bound.take(kept), picks.at.take(pick.take(kept)), q.take(kept))]

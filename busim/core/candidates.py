"""All insertions of one rider that pass constant-time checks, with a lower bound on their cost, in numpy.

Prunes first (``core.picks``): buses that cannot reach the pick-up in time are never looked at, of their positions only
those that reach it in time and whose plan bears the delay. What is left are a few dozen pairs of positions. See
``core.insertion`` for the search, ``core.candidates_compiled`` for the compiled twin.

NOTE: a numpy call costs some microsecond here however few the numbers, fancy indexing of two axes three times that.
Hence ``take`` on flat arrays, and no call for what a scenario has not: halts, dwells, wheelchairs, prices.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop
from typing import NamedTuple

import numpy as np

from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.picks import ONE, ZERO, Picks, Search, arrivals, list_picks, numbers
from busim.core.plans import (
    ACTION,
    DEPART,
    DROPOFFS,
    DROPOFFS_WAITED,
    END,
    NODE,
    PICKUPS,
    PICKUPS_WAITED,
    READY,
    SLACK,
    SPAN_SLACK,
    WAITED,
    PlanArrays,
)
from busim.core.stars import Legs, Star
from busim.core.travel import TravelTables
from busim.model.network import Bools, Floats, Ints

_END = np.array(END)
_MARGIN_S = 1.0  # more than moments that are no whole seconds lose by rounding


class Candidates(NamedTuple):
    """Insertions: bus, position of pick-up and drop-off, lower bound on the cost, each [n], in that order."""

    bus: Ints
    p: Ints
    q: Ints
    bound: Floats


class Found(NamedTuple):
    """Insertions in no order: places of pick-up and drop-off in memory, ``bus * L + p``, and bound, each [n]."""

    at: Ints
    q: Ints
    bound: Floats


_NONE = Found(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def in_reach(fleet: FleetArrays, rider: Rider, now: float, legs: Legs) -> Bools:
    """Tell which buses take riders, are large enough and can reach the pick-up in time if they go there at once [B]."""
    _, reach = arrivals(fleet, rider, now, legs.into(rider.origin, now, rider.latest))
    reach &= fleet.seats >= rider.persons
    if rider.wheels:
        reach &= fleet.wheel_places >= rider.wheels
    return reach


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


def _weigh(search: Search, picked: Floats, dropped: Floats, wait_s: Floats, ride_s: Floats) -> Floats:
    """Weigh what riders planned already and the new one wait and ride, as ``insertion.local_cost`` does [k]."""
    rider, weights = search.rider, search.costs.weights
    persons = float(rider.persons + rider.wheels)
    bound: Floats = weights.wait * (picked + wait_s * persons) + weights.ride * ((dropped - picked) + ride_s * persons)
    return bound


def _add_way_on(search: Search, at: Ints, added: Floats, on: Floats, planned: Floats) -> None:
    """Add what the way on from the drop-off takes longer than was planned; the way home counts for nothing [k]."""
    on -= planned
    on[search.whole(ACTION, at) == _END] = 0.0
    added += on


def _direct(search: Search, picks: Picks, onward: Star) -> Found | None:
    """List direct rides, with the drop-off right after the pick-up."""
    kept = picks.rides.nonzero()[0]
    if not len(kept):
        return None
    rider, slot, boarded, alighted = search.rider, picks.slot, picks.boarded, picks.alighted
    shift = np.maximum(picks.delay, ZERO)
    shift += picks.before[:, WAITED]
    picked = _behind(slot, shift, PICKUPS, PICKUPS_WAITED)
    dropped = _behind(slot, shift, DROPOFFS, DROPOFFS_WAITED)
    bound = _weigh(search, picked, dropped, boarded - rider.earliest, alighted - boarded)
    done = alighted + rider.alight if rider.alight else alighted
    for table, column, weight in search.legs.prices:
        added = picks.into.of(table, picks.node, picks.before[:, DEPART])
        added += picks.out.of(table, rider.destination, picks.free)
        _add_way_on(search, picks.at, added, onward.of(table, picks.target, done), slot[:, column])
        bound += weight * added
    at = picks.at.take(kept)
    return Found(at, at, bound.take(kept))


def _pairs(search: Search, picks: Picks) -> tuple[Ints, Ints]:
    """Pair pick-ups with later slots before which the rider may get off: row among picks, place of the slot."""
    at, bus = picks.at, picks.bus
    spare = bus * search.width + search.fleet.last.take(bus) - at
    is_behind = numbers(search.width) < spare[:, None]
    is_behind &= picks.shares[:, None]
    pick, further = is_behind.nonzero()
    further += ONE
    return pick, at.take(pick) + further


def _has_room(full: Bools, pick: Ints) -> Bools:
    """Tell before which slots there has been room since the pick-up, by where there is none [k]."""
    number: Ints = full.cumsum()
    room: Bools = number == (number - full).take(pick.searchsorted(pick))
    return room


def _shared(search: Search, picks: Picks, onward: Star) -> Found | None:
    """List shared rides: other riders get on or off between pick-up and drop-off."""
    pick, q = _pairs(search, picks)
    if not len(pick):
        return None
    rider, legs, behind = search.rider, search.legs, q - ONE
    before, slot = search.floats.take(behind, axis=0), search.floats.take(q, axis=0)
    node, target = search.whole(NODE, behind), search.whole(NODE, q)
    boarded, waited = picks.boarded.take(pick), picks.before[:, WAITED].take(pick)
    waits, first = before[:, WAITED], np.maximum(picks.first.take(pick), ZERO)
    carried = np.maximum(first - (waits - waited), ZERO)
    leave = before[:, DEPART] + carried
    into = legs.into(rider.destination, rider.earliest - _MARGIN_S, rider.latest + rider.longest + _MARGIN_S)
    alighted = leave + into.seconds(node, leave)
    done = alighted + rider.alight if rider.alight else alighted
    delay = done + onward.seconds(target, done)
    delay -= slot[:, READY]
    delay = np.maximum(delay, ZERO)
    ride_s = alighted - boarded
    passes = ride_s <= rider.longest
    passes &= delay <= slot[:, SLACK]
    passes &= delay - carried <= slot[:, SPAN_SLACK]
    full = search.is_full(before, picks.bus.take(pick))
    if np.count_nonzero(full):
        passes &= _has_room(full, pick)
    kept = passes.nonzero()[0]
    if not len(kept):
        return None
    begin, shift, tail = picks.slot.take(pick, axis=0), first + waited, delay + waits
    picked = _between(begin, slot, shift, PICKUPS, PICKUPS_WAITED)
    picked += _behind(slot, tail, PICKUPS, PICKUPS_WAITED)
    dropped = _between(begin, slot, shift, DROPOFFS, DROPOFFS_WAITED)
    dropped += _behind(slot, tail, DROPOFFS, DROPOFFS_WAITED)
    bound = _weigh(search, picked, dropped, boarded - rider.earliest, ride_s)
    for table, column, weight in legs.prices:
        added = picks.into.of(table, picks.node, picks.before[:, DEPART])
        added += picks.out.of(table, picks.target, picks.free)
        added -= picks.slot[:, column]
        added = added.take(pick)
        added += into.of(table, node, leave)
        _add_way_on(search, q, added, onward.of(table, target, done), slot[:, column])
        bound += weight * added
    return Found(picks.at.take(pick.take(kept)), q.take(kept), bound.take(kept))


def find(fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs) -> Found:
    """Do as ``candidates``, in no order."""
    if rider.earliest > rider.latest:
        return _NONE
    search = Search(fleet, plans, rider, now, costs, Legs(tables, costs))
    latest = rider.latest + rider.longest + rider.alight + _MARGIN_S  # who gets off later has ridden too long
    onward = search.legs.out_of(rider.destination, rider.earliest - _MARGIN_S, latest)
    picks = list_picks(search, onward)
    direct = shared = None
    if len(picks.at):
        direct, shared = _direct(search, picks, onward), _shared(search, picks, onward)
    if direct is None or shared is None:
        return direct or shared or _NONE
    return Found(*(np.concatenate(columns) for columns in zip(direct, shared, strict=True)))


def candidates(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Candidates:
    """List the insertions of a rider that pass constant-time checks, with bounds, by (bus, p, q).

    Parameters
    ----------
    fleet, plans
        The fleet [B] and its plans [B, L].
    rider
        Whom to insert.
    now
        The moment [s].
    tables, costs
        Travel times; weights and halt. ``weights.wait`` is at least ``weights.ride`` for the bound to hold.
    """
    return in_order(find(fleet, plans, rider, now, tables, costs), plans.ints.shape[1])


def in_order(found: Found, width: int) -> Candidates:
    """Sort insertions into plans of so many slots by (bus, p, q)."""
    order = np.lexsort((found.q, found.at))
    at, q = found.at.take(order), found.q.take(order)
    bus = at // width
    return Candidates(bus, at - bus * width, q - bus * width, found.bound.take(order))


def by_bound(found: Found, width: int) -> Iterator[tuple[float, int, int, int]]:
    """Give bound, bus and positions of insertions one after another, by (bound, bus, p, q)."""
    heap = list(zip(found.bound.tolist(), found.at.tolist(), found.q.tolist(), strict=True))
    heapify(heap)
    while heap:
        bound, at, q = heappop(heap)
        bus, p = divmod(at, width)
        yield bound, bus, p, q - bus * width

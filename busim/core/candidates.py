"""All insertions of one rider that pass constant-time checks, with a lower bound on their cost, in numpy.

Prunes first: buses that cannot reach the pick-up in time are never looked at, and pairs of positions are laid out
sparsely. See ``core.insertion`` for the search, ``core.candidates_compiled`` for the compiled twin.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plans import (
    ACTION,
    DEPART,
    DROPOFFS,
    DROPOFFS_WAITED,
    END,
    LEG_M,
    LEG_S,
    LOAD,
    NODE,
    PICKUPS,
    PICKUPS_WAITED,
    READY,
    RIDE_SLACK,
    SLACK,
    SPAN_SLACK,
    WAITED,
    WHEEL_LOAD,
    PlanArrays,
)
from busim.core.travel import TravelTables
from busim.model.network import Bools, Floats, Ints

Numbers = Any  # array of whole or real numbers, or one number


class Candidates(NamedTuple):
    """Insertions: bus, position of pick-up and drop-off, lower bound on the cost, each [n], in that order."""

    bus: Ints
    p: Ints
    q: Ints
    bound: Floats


class _Positions(NamedTuple):
    """The plans of the buses in question; what stands before each position, and the leg there planned now [b, L]."""

    bus: Ints
    last: Ints
    ints: Ints
    floats: Floats
    node: Ints
    depart: Floats
    load: Floats
    wheels: Floats
    waited: Floats
    base: Floats
    base_m: Floats


class _Pickups(NamedTuple):
    """Feasible pick-up positions [n]: row, position, boarding and leaving time, added drive, metres and base leg."""

    row: Ints
    p: Ints
    boarded: Floats
    free: Floats
    drive: Floats
    metres: Floats


class Legs:
    """Looks up seconds and metres of many legs by the period in which they start."""

    def __init__(self, tables: TravelTables, costs: Costs) -> None:
        self.tables, self.halt = tables, costs.halt
        self.size = tables.times.shape[1]
        self.inner = tables.breaks[1:-1]
        self.times, self.lengths = tables.times.reshape(-1), tables.lengths.reshape(-1)
        self.times_to = tables.times_to.reshape(-1)
        self.wants_metres = costs.weights.distance != 0.0

    def __call__(self, start: Ints | int, end: Ints | int, time: Floats) -> tuple[Numbers, Numbers, Numbers]:
        """Give seconds, seconds with the halt at the end, and metres (0 where they cost nothing).

        The numbers stay as the tables have them, 32 bits wide: they are sums of whole seconds and metres, exact in
        either form, and each conversion would be a pass over them.
        """
        period: Ints | int = 0
        if len(self.inner):
            period = np.searchsorted(self.inner, time, side="right") * (self.size * self.size)
        if isinstance(end, int):  # all to one node: neighbours in memory
            seconds = self.times_to.take(start + (end * self.size + period))
        else:
            seconds = self.times.take(start * self.size + end + period)
        metres: Numbers = 0
        if self.wants_metres:
            metres = self.lengths.take(start * self.size + end + period)
        return seconds, seconds + self.halt * (start != end) if self.halt else seconds, metres


def _none() -> Candidates:
    return Candidates(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def _positions(fleet: FleetArrays, plans: PlanArrays, buses: Ints, now: float, legs: Legs) -> _Positions:
    last = fleet.last[buses]
    width = int(last.max()) + 1
    ints, floats = plans.ints[buses, :width], plans.floats[buses, :width]

    def shifted(column: Floats | Ints, first: Floats | Ints) -> Floats:
        before: Floats = np.empty(column.shape)
        before[:, 0] = first
        before[:, 1:] = column[:, :-1]
        return before

    start = np.maximum(fleet.time[buses], now)
    base, base_m = floats[:, :, LEG_S].copy(), floats[:, :, LEG_M].copy()
    base[:, 0], _, base_m[:, 0] = legs(fleet.node[buses], ints[:, 0, NODE], start)
    return _Positions(
        buses,
        last,
        ints,
        floats,
        shifted(ints[:, :, NODE], fleet.node[buses]).astype(np.int64),
        shifted(floats[:, :, DEPART], start),
        shifted(floats[:, :, LOAD], fleet.load[buses]),
        shifted(floats[:, :, WHEEL_LOAD], fleet.wheels[buses]),
        shifted(floats[:, :, WAITED], np.zeros(len(buses))),
        base,
        base_m,
    )


def _pickups(fleet: FleetArrays, at: _Positions, rider: Rider, legs: Legs) -> _Pickups:
    seconds, with_halt, metres = legs(at.node, rider.origin, at.depart)
    boarded = np.maximum(at.depart + with_halt, rider.earliest)
    can = (np.arange(at.node.shape[1]) <= at.last[:, None]) & (boarded <= rider.latest)
    can &= at.load + rider.persons <= fleet.seats[at.bus, None]
    if rider.wheels:
        can &= at.wheels + rider.wheels <= fleet.wheel_places[at.bus, None]
    row, p = np.nonzero(can)
    boarded = boarded[row, p]
    return _Pickups(
        row, p, boarded, boarded + rider.board, seconds[row, p], metres[row, p] if legs.wants_metres else metres
    )


def _bound(
    rider: Rider,
    costs: Costs,
    drive: Floats,
    metres: Floats,
    own: tuple[Floats, Floats],
    delays: tuple[Floats, Floats],
) -> Floats:
    """Weigh as ``insertion.local_cost`` does, with added waits and set-downs of others as lower bounds."""
    persons = float(rider.persons + rider.wheels)
    wait = delays[0] + own[0] * persons
    ride = (delays[1] - delays[0]) + own[1] * persons
    weights = costs.weights
    return weights.wait * wait + weights.ride * ride + weights.drive * drive + weights.distance * metres


def _adjacent(at: _Positions, picks: _Pickups, rider: Rider, costs: Costs, legs: Legs) -> Candidates:
    """Direct rides: both stops before the same slot."""
    row, p = picks.row, picks.p
    slot = at.floats[row, p]
    node, is_end = at.ints[row, p, NODE], at.ints[row, p, ACTION] == END
    direct, direct_halt, direct_m = legs(rider.origin, rider.destination, picks.free)
    alighted = picks.free + direct_halt
    out = alighted + rider.alight
    onward, onward_halt, onward_m = legs(rider.destination, node, out)
    delay = np.maximum(0.0, out + onward_halt - slot[:, READY])
    ok = (alighted - picks.boarded <= rider.longest) & (delay <= slot[:, SLACK]) & (delay <= slot[:, RIDE_SLACK])
    base, base_m = at.base[row, p], at.base_m[row, p]
    drive = picks.drive + direct + np.where(is_end, 0.0, onward - base)
    metres = picks.metres + direct_m + np.where(is_end, 0.0, onward_m - base_m)
    shift = delay + at.waited[row, p]
    delays = (
        np.maximum(0.0, slot[:, PICKUPS] * shift - slot[:, PICKUPS_WAITED]),
        np.maximum(0.0, slot[:, DROPOFFS] * shift - slot[:, DROPOFFS_WAITED]),
    )
    bound = _bound(rider, costs, drive, metres, (picks.boarded - rider.earliest, alighted - picks.boarded), delays)
    return Candidates(at.bus[row[ok]], p[ok], p[ok], bound[ok])


def _first_full(fleet: FleetArrays, at: _Positions, rider: Rider) -> Ints:
    """Give, for each slot, the first slot at or after it that leaves no room for the rider [b, L]."""
    width = at.node.shape[1]
    full = at.floats[:, :, LOAD] + rider.persons > fleet.seats[at.bus, None]
    if rider.wheels:
        full |= at.floats[:, :, WHEEL_LOAD] + rider.wheels > fleet.wheel_places[at.bus, None]
    index = np.where(full, np.arange(width), width)
    return np.minimum.accumulate(index[:, ::-1], axis=1)[:, ::-1]


def _split(fleet: FleetArrays, at: _Positions, picks: _Pickups, rider: Rider, costs: Costs, legs: Legs) -> Candidates:
    """Rides shared with what stands between: the drop-off before a later slot than the pick-up."""
    row, p = picks.row, picks.p
    slot = at.floats[row, p]
    node = at.ints[row, p, NODE]
    away, away_halt, away_m = legs(rider.origin, node, picks.free)
    first = np.maximum(0.0, picks.free + away_halt - slot[:, READY])
    ends = np.minimum(at.last[row], _first_full(fleet, at, rider)[row, p])
    ok = (ends > p) & (first <= slot[:, SLACK]) & (first <= slot[:, RIDE_SLACK])
    if not ok.any():
        return _none()
    base, base_m = at.base[row, p], at.base_m[row, p]
    count = np.where(ok, ends - p, 0)
    pair = np.repeat(np.arange(len(p)), count)
    q = p[pair] + 1 + np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    drive = (picks.drive + away - base)[pair]
    metres = (picks.metres + away_m - base_m)[pair] if legs.wants_metres else picks.metres
    return _dropoffs(at, picks, pair, q, first[pair], drive, metres, rider, costs, legs)


def _dropoffs(
    at: _Positions,
    picks: _Pickups,
    pair: Ints,
    q: Ints,
    first: Floats,
    drive: Floats,
    metres: Floats,
    rider: Rider,
    costs: Costs,
    legs: Legs,
) -> Candidates:
    row, p, boarded = picks.row[pair], picks.p[pair], picks.boarded[pair]
    slot, begin = at.floats[row, q], at.floats[row, p]
    node, before = at.ints[row, q, NODE], at.node[row, q]
    is_end = at.ints[row, q, ACTION] == END
    waited, waited_p = at.waited[row, q], at.waited[row, p]
    carried = np.maximum(0.0, first - (waited - waited_p))
    depart = at.depart[row, q]
    leave = depart + carried
    to, to_halt, to_m = legs(before, rider.destination, leave)
    alighted = leave + to_halt
    out = alighted + rider.alight
    onward, onward_halt, onward_m = legs(rider.destination, node, out)
    delay = np.maximum(0.0, out + onward_halt - slot[:, READY])
    ok = (alighted - boarded <= rider.longest) & (delay <= slot[:, SLACK]) & (delay - carried <= slot[:, SPAN_SLACK])
    base, base_m = at.base[row, q], at.base_m[row, q]
    drive = drive + to + np.where(is_end, 0.0, onward - base)
    metres = metres + to_m + np.where(is_end, 0.0, onward_m - base_m)
    delays = tuple(
        np.maximum(
            0.0,
            (begin[:, total] - slot[:, total]) * (first + waited_p) - (begin[:, weighted] - slot[:, weighted]),
        )
        + np.maximum(0.0, slot[:, total] * (delay + waited) - slot[:, weighted])
        for total, weighted in ((PICKUPS, PICKUPS_WAITED), (DROPOFFS, DROPOFFS_WAITED))
    )
    own = (boarded - rider.earliest, alighted - boarded)
    bound = _bound(rider, costs, drive, metres, own, (delays[0], delays[1]))
    return Candidates(at.bus[row[ok]], p[ok], q[ok], bound[ok])


def in_reach(fleet: FleetArrays, rider: Rider, now: float, legs: Legs) -> Bools:
    """Tell which buses take riders, are large enough and can reach the pick-up in time if they go there at once [B]."""
    time = np.maximum(fleet.time, now)
    _, seconds, _ = legs(fleet.node, rider.origin, time)
    reach: Bools = (fleet.last >= 0) & (time + seconds <= rider.latest)
    reach &= fleet.seats >= rider.persons
    if rider.wheels:
        reach &= fleet.wheel_places >= rider.wheels
    return reach


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
    legs = Legs(tables, costs)
    buses = np.flatnonzero(in_reach(fleet, rider, now, legs))
    if not len(buses):
        return _none()
    at = _positions(fleet, plans, buses, now, legs)
    picks = _pickups(fleet, at, rider, legs)
    if not len(picks.p):
        return _none()
    near, far = _adjacent(at, picks, rider, costs, legs), _split(fleet, at, picks, rider, costs, legs)
    bus, p, q = (np.concatenate((near[i], far[i])).astype(np.int64) for i in range(3))
    order = np.lexsort((q, p, bus))
    return Candidates(bus[order], p[order], q[order], np.concatenate((near.bound, far.bound))[order])

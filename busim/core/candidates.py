"""All insertions of one rider that pass constant-time checks, with a lower bound on their cost, in numpy.

Prunes first: buses that cannot reach the pick-up in time are never looked at, of their positions only those that reach
it in time, and of pairs of positions only those between which there is room. A numpy call costs more than what it does
to a few dozen numbers, so direct rides (drop-off right after the pick-up) and shared ones go through one pass. See
``core.insertion`` for the search, ``core.candidates_compiled`` for the compiled twin.
"""

from __future__ import annotations

from typing import NamedTuple

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
from busim.core.travel import Small, TravelTables
from busim.model.network import Bools, Floats, Ints


class Candidates(NamedTuple):
    """Insertions: bus, position of pick-up and drop-off, lower bound on the cost, each [n], in that order."""

    bus: Ints
    p: Ints
    q: Ints
    bound: Floats


class Legs:
    """Looks legs up by the period in which they start: first their place in the tables, then what stands there.

    The numbers stay as the tables have them, 32 bits wide: they are sums of whole seconds and metres, exact in either
    form, and each conversion would be a pass over them.
    """

    def __init__(self, tables: TravelTables, costs: Costs) -> None:
        self.halt, self.size = costs.halt, tables.times.shape[1]
        self._inner = tables.breaks[1:-1]
        self.times, self.lengths = tables.times.reshape(-1), tables.lengths.reshape(-1)
        self._times_to = tables.times_to.reshape(-1)
        self.wants_metres = costs.weights.distance != 0.0

    def _period(self, time: Floats) -> Ints | int:
        if not len(self._inner):
            return 0
        period: Ints = self._inner.searchsorted(time, side="right") * (self.size * self.size)
        return period

    def place(self, start: Ints | int, end: Ints | int, time: Floats) -> Ints:
        """Give the place of legs in the tables."""
        place: Ints = start * self.size + end + self._period(time)
        return place

    def to(self, start: Ints, end: int, time: Floats) -> tuple[Small, Floats]:
        """Give seconds of legs that all end at one node, where they lie side by side; without and with the halt."""
        seconds = self._times_to.take(start + (end * self.size + self._period(time)))
        return seconds, self.with_halt(seconds, start, end)

    def with_halt(self, seconds: Small, start: Ints | int, end: Ints | int) -> Floats:
        """Add the halt at another node."""
        halted: Floats = seconds.astype(np.float64)
        return halted + self.halt * (start != end) if self.halt else halted

    def metres(self, place: Ints) -> Small | Floats:
        """Look up metres; none where they cost nothing."""
        return self.lengths.take(place) if self.wants_metres else np.zeros(len(place))


class _Picks(NamedTuple):
    """Positions from which the pick-up is in time [n]: the bus, the position, and what stands there.

    ``ints`` and ``floats`` hold the slot before which the rider gets on; ``waited`` is the running wait before it;
    ``boarded`` and ``free`` when the rider is aboard and the bus goes on; ``drive`` and ``metres`` the way there.
    """

    bus: Ints
    p: Ints
    ints: Ints
    floats: Floats
    waited: Floats
    boarded: Floats
    free: Floats
    drive: Small
    metres: Small | Floats


class _Places(NamedTuple):
    """Pairs of positions [k]: the pick-up among ``_Picks``, the drop-off's slot, and what comes before that.

    ``node`` and ``leave`` are where and when the bus starts for the drop-off, ``waited`` the running wait before the
    slot; ``first`` the delay that the pick-up brings, ``carried`` what is left of it there; ``drive`` and ``metres``
    the detour to the pick-up. The first pairs are direct rides, one for each of ``_Picks``.
    """

    pick: Ints
    q: Ints
    node: Ints
    leave: Floats
    waited: Floats
    first: Floats
    carried: Floats
    drive: Floats
    metres: Floats


def _none() -> Candidates:
    return Candidates(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def in_reach(fleet: FleetArrays, rider: Rider, now: float, legs: Legs) -> Bools:
    """Tell which buses take riders, are large enough and can reach the pick-up in time if they go there at once [B]."""
    time = np.maximum(fleet.time, now)
    _, seconds = legs.to(fleet.node, rider.origin, time)
    reach: Bools = (fleet.last >= 0) & (time + seconds <= rider.latest) & (fleet.seats >= rider.persons)
    if rider.wheels:
        reach &= fleet.wheel_places >= rider.wheels
    return reach


def _before(plans: PlanArrays, buses: Ints, width: int, column: int, first: Floats | Ints) -> Floats:
    """Give a column as it stands before each position: at first what the bus has now [b, L]."""
    before = np.empty((len(buses), width))
    before[:, 0] = first
    before[:, 1:] = plans.floats[buses, : width - 1, column]
    return before


def _picks(fleet: FleetArrays, plans: PlanArrays, buses: Ints, rider: Rider, now: float, legs: Legs) -> _Picks:
    last, start = fleet.last[buses], np.maximum(fleet.time[buses], now)
    width = int(last.max()) + 1
    depart = _before(plans, buses, width, DEPART, start)
    node = np.empty((len(buses), width), np.int64)
    node[:, 0], node[:, 1:] = fleet.node[buses], plans.ints[buses, : width - 1, NODE]
    seconds, with_halt = legs.to(node, rider.origin, depart)
    boarded = np.maximum(depart + with_halt, rider.earliest)
    can = (np.arange(width) <= last[:, None]) & (boarded <= rider.latest)
    can &= _before(plans, buses, width, LOAD, fleet.load[buses]) + rider.persons <= fleet.seats[buses, None]
    if rider.wheels:
        wheels = _before(plans, buses, width, WHEEL_LOAD, fleet.wheels[buses])
        can &= wheels + rider.wheels <= fleet.wheel_places[buses, None]
    row, p = can.nonzero()
    bus, boarded, node, depart = buses[row], boarded[row, p], node[row, p], depart[row, p]
    ints, floats = plans.ints[bus, p], plans.floats[bus, p]
    opens = (p == 0).nonzero()[0]  # before the first slot the bus may be elsewhere than when that was planned
    place = legs.place(node[opens], ints[opens, NODE], depart[opens])
    floats[opens, LEG_S], floats[opens, LEG_M] = legs.times.take(place), legs.metres(place)
    waited = plans.floats[bus, p - 1, WAITED]
    waited[opens] = 0.0
    metres = legs.metres(legs.place(node, rider.origin, depart))
    return _Picks(bus, p, ints, floats, waited, boarded, boarded + rider.board, seconds[row, p], metres)


def _first_full(fleet: FleetArrays, plans: PlanArrays, bus: Ints, rider: Rider) -> Ints:
    """Give, for each bus, the slots at or after each that leave no room for the rider: the first of them [n, L]."""
    width = int(fleet.last[bus].max()) + 1
    full = plans.floats[bus, :width, LOAD] + rider.persons > fleet.seats[bus, None]
    if rider.wheels:
        full |= plans.floats[bus, :width, WHEEL_LOAD] + rider.wheels > fleet.wheel_places[bus, None]
    index = np.where(full, np.arange(width), width)
    first: Ints = np.minimum.accumulate(index[:, ::-1], axis=1)[:, ::-1]
    return first


def _shared(fleet: FleetArrays, plans: PlanArrays, picks: _Picks, first: Floats, rider: Rider) -> tuple[Ints, Ints]:
    """Pair pick-ups with later slots before which the rider may get off: pick-up and slot, in that order."""
    slot, last = picks.floats, fleet.last[picks.bus]
    able = ((picks.p < last) & (first <= slot[:, SLACK]) & (first <= slot[:, RIDE_SLACK])).nonzero()[0]
    if not len(able):
        return able, able
    p = picks.p[able]
    full = _first_full(fleet, plans, picks.bus[able], rider)[np.arange(len(able)), p]
    count = np.maximum(np.minimum(last[able], full) - p, 0)
    pick = able.repeat(count)
    q = np.arange(len(pick)) - (count.cumsum() - count - p - 1).repeat(count)
    return pick, q


def _places(fleet: FleetArrays, plans: PlanArrays, picks: _Picks, rider: Rider, legs: Legs) -> _Places:
    """Lay out direct rides, then shared ones."""
    slot, node = picks.floats, picks.ints[:, NODE]
    place = legs.place(rider.origin, node, picks.free)
    away = legs.times.take(place)
    first = np.maximum(0.0, picks.free + legs.with_halt(away, rider.origin, node) - slot[:, READY])
    pick, q = _shared(fleet, plans, picks, first, rider)
    direct, bus = np.arange(len(picks.p)), picks.bus[pick]
    before, waited = plans.floats[bus, q - 1], picks.waited[pick]
    first = first[pick]
    carried = np.maximum(0.0, first - (before[:, WAITED] - waited))
    drive, metres = picks.drive + away - slot[:, LEG_S], picks.metres + legs.metres(place) - slot[:, LEG_M]
    none = np.zeros(len(direct))
    return _Places(
        np.concatenate((direct, pick)),
        np.concatenate((picks.p, q)),
        np.concatenate((np.full(len(direct), rider.origin), plans.ints[bus, q - 1, NODE])),
        np.concatenate((picks.free, before[:, DEPART] + carried)),
        np.concatenate((picks.waited, before[:, WAITED])),
        np.concatenate((none, first)),
        np.concatenate((none, carried)),
        np.concatenate((picks.drive, drive[pick])),
        np.concatenate((picks.metres, metres[pick])),
    )


def _others(
    slot: Floats, begin: Floats, at: _Places, waited: Floats, delay: Floats, columns: tuple[int, int]
) -> Floats:
    """Bound what the riders already planned are delayed, between pick-up and drop-off and behind [k, person s]."""
    total, weighted = columns
    middle = (begin[:, total] - slot[:, total]) * (at.first + waited) - (begin[:, weighted] - slot[:, weighted])
    tail = slot[:, total] * (delay + at.waited) - slot[:, weighted]
    bound: Floats = np.maximum(0.0, middle) + np.maximum(0.0, tail)
    return bound


def _weigh(
    plans: PlanArrays, picks: _Picks, at: _Places, rider: Rider, costs: Costs, legs: Legs
) -> tuple[Bools, Floats]:
    """Tell which places pass, and bound the cost of each as ``insertion.local_cost`` weighs it [k]."""
    direct, bus, boarded = len(picks.p), picks.bus[at.pick], picks.boarded[at.pick]
    slot, node, is_end = plans.floats[bus, at.q], plans.ints[bus, at.q, NODE], plans.ints[bus, at.q, ACTION] == END
    slot[:direct, LEG_S], slot[:direct, LEG_M] = picks.floats[:, LEG_S], picks.floats[:, LEG_M]
    slot[:direct, SPAN_SLACK] = picks.floats[:, RIDE_SLACK]
    to = legs.place(at.node, rider.destination, at.leave)
    seconds = legs.times.take(to)
    alighted = at.leave + legs.with_halt(seconds, at.node, rider.destination)
    out = alighted + rider.alight
    onward = legs.place(rider.destination, node, out)
    onward_s = legs.times.take(onward)
    delay = np.maximum(0.0, out + legs.with_halt(onward_s, rider.destination, node) - slot[:, READY])
    passes = (alighted - boarded <= rider.longest) & (delay <= slot[:, SLACK])
    passes &= delay - at.carried <= slot[:, SPAN_SLACK]
    drive = at.drive + seconds + np.where(is_end, 0.0, onward_s - slot[:, LEG_S])
    metres = at.metres + legs.metres(to) + np.where(is_end, 0.0, legs.metres(onward) - slot[:, LEG_M])
    begin, waited = picks.floats[at.pick], picks.waited[at.pick]
    picked = _others(slot, begin, at, waited, delay, (PICKUPS, PICKUPS_WAITED))
    dropped = _others(slot, begin, at, waited, delay, (DROPOFFS, DROPOFFS_WAITED))
    persons, weights = float(rider.persons + rider.wheels), costs.weights
    wait = picked + (boarded - rider.earliest) * persons
    ride = (dropped - picked) + (alighted - boarded) * persons
    return passes, weights.wait * wait + weights.ride * ride + weights.drive * drive + weights.distance * metres


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
    buses = in_reach(fleet, rider, now, legs).nonzero()[0]
    if not len(buses):
        return _none()
    picks = _picks(fleet, plans, buses, rider, now, legs)
    if not len(picks.p):
        return _none()
    at = _places(fleet, plans, picks, rider, legs)
    passes, bound = _weigh(plans, picks, at, rider, costs, legs)
    kept = passes.nonzero()[0]
    pick, q = at.pick[kept], at.q[kept]
    bus, p = picks.bus[pick], picks.p[pick]
    order = np.lexsort((q, p, bus))
    return Candidates(bus[order], p[order], q[order], bound[kept[order]])

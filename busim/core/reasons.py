"""One rider against every bus, without pruning: by how much each insertion would break each rule.

``trials`` walks through the plans as ``insertion.evaluate`` does, over all pairs of positions of all buses at once,
but measures what is broken instead of giving up; where nothing is, the cost is the same. It is there to explain a
finished day: the search of a live strategy prunes, and is far faster.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plain_legs import leg
from busim.core.plans import (
    ACTION,
    CHARGE,
    DEPART,
    DROPOFF,
    DWELL,
    EARLIEST,
    END,
    ENERGY,
    GAIN,
    LATEST,
    LOAD,
    NODE,
    PERSONS,
    PICKUP,
    RIDE,
    RIDER,
    START,
    WHEEL_LOAD,
    WHEELS,
    PlanArrays,
)
from busim.core.schedule import mate
from busim.core.travel import UNREACHABLE, TravelTables
from busim.model.events import NONE
from busim.model.network import Bools, Floats, Ints


@dataclass(frozen=True)
class Trials:
    """Every insertion of one rider [n], by (bus, p, q), and by how much it breaks each rule (0 = keeps it).

    Parameters
    ----------
    bus, p, q
        The bus, and the positions of pick-up and drop-off in its plan.
    cost
        As ``insertion.evaluate`` counts it, also where rules are broken.
    boarded_s, alighted_s
        When service at the pick-up and at the drop-off would begin [s].
    late_s, over_s
        Beyond the rider's own latest pick-up and longest ride [s].
    seats, wheel_places
        Missing at the fullest moment.
    others_s, other
        The most by which a rider planned before would be late, or ride too long [s], and who (or ``NONE``).
    home_s
        How late the shift would end [s].
    energy_kwh, energy_low_kwh
        Missing to keep the reserve and the way to a charger, and left at that moment.
    """

    bus: Ints
    p: Ints
    q: Ints
    cost: Floats
    boarded_s: Floats
    alighted_s: Floats
    late_s: Floats
    over_s: Floats
    seats: Floats
    wheel_places: Floats
    others_s: Floats
    other: Ints
    home_s: Floats
    energy_kwh: Floats
    energy_low_kwh: Floats

    @property
    def fits(self) -> Bools:
        """Tell which insertions break nothing [n]."""
        broken = (self.late_s, self.over_s, self.seats, self.wheel_places, self.others_s, self.home_s, self.energy_kwh)
        return np.asarray(np.max(broken, axis=0) <= 0.0) if len(self.bus) else np.zeros(0, bool)


class _Walk:
    """The state of all insertions on their way through the plans: where each bus is, when, with what energy."""

    def __init__(
        self,
        fleet: FleetArrays,
        plans: PlanArrays,
        rider: Rider,
        now: float,
        tables: TravelTables,
        costs: Costs,
        at: tuple[Ints, Ints, Ints],
    ) -> None:
        self.plans, self.rider, self.tables, self.costs = plans, rider, tables, costs
        self.bus, self.p, self.q = at
        size = len(self.bus)
        free = np.maximum(fleet.time, now)
        energy = fleet.energy - (free - fleet.time) * fleet.per_second
        before = self.p - 1
        is_later, slot = before >= 0, plans.floats[self.bus, before]
        self.node = np.where(is_later, plans.ints[self.bus, before, NODE], fleet.node[self.bus])
        self.now = np.where(is_later, slot[:, DEPART], free[self.bus])
        self.energy = np.where(is_later, slot[:, ENERGY], energy[self.bus])
        self.per_metre, self.per_second = fleet.per_metre[self.bus], fleet.per_second[self.bus]
        self.reserve = fleet.reserve[self.bus]
        self.drive, self.metres = np.zeros(size), np.zeros(size)
        self.boarded, self.alighted = np.zeros(size), np.zeros(size)
        self.margin, self.low = np.full(size, math.inf), np.full(size, math.inf)
        self.late, self.other, self.home = np.zeros(size), np.full(size, NONE), np.zeros(size)
        self.starts = plans.floats[self.bus, :, START].copy()

    def leg(self, start: Ints, end: Ints | int, time: Floats) -> tuple[Floats, Floats]:
        """Give seconds and metres of legs; those that cross into another period one by one."""
        tables, end = self.tables, np.broadcast_to(end, start.shape)
        period = np.searchsorted(tables.breaks, time, side="right") - 1
        seconds, metres = (table[period, start, end].astype(np.float64) for table in (tables.times, tables.lengths))
        crosses = (time + seconds > tables.breaks[period + 1]) & (seconds < UNREACHABLE)
        for i in np.flatnonzero(crosses).tolist():
            seconds[i], metres[i] = leg(tables, int(start[i]), int(end[i]), float(time[i]))
        return seconds, metres

    def _check_energy(self, rows: Ints, way: Floats) -> None:
        margin = self.energy[rows] - self.reserve[rows] - way
        worse = margin < self.margin[rows]
        self.margin[rows[worse]], self.low[rows[worse]] = margin[worse], self.energy[rows[worse]]

    def _to_charger(self, rows: Ints, node: Ints, now: Floats) -> Floats:
        """Give the energy from nodes to a plug, as ``insertion.charger_kwh`` does."""
        costs, drive = self.costs, self.costs.to_charger_s[node]
        seconds = drive + np.maximum(0.0, costs.plug_free[node] - (now + drive))
        way: Floats = costs.to_charger_m[node] * self.per_metre[rows] + seconds * self.per_second[rows]
        return way

    def _visit(self, rows: Ints, node: int, earliest: float, dwell: float) -> Floats:
        """Drive to one of the rider's own stops; gives when service begins there."""
        seconds, length = self.leg(self.node[rows], node, self.now[rows])
        begin: Floats = np.maximum(self.now[rows] + seconds + self.costs.halt * (self.node[rows] != node), earliest)
        most = self.tables.most[self.node[rows], node]
        self.energy[rows] -= most * self.per_metre[rows] + (begin + dwell - self.now[rows]) * self.per_second[rows]
        self.drive[rows] += seconds
        self.metres[rows] += length
        self.node[rows], self.now[rows] = node, begin + dwell
        return begin

    def detour(self, k: int) -> None:
        """Serve the rider where pick-up or drop-off stand before slot ``k``."""
        rider = self.rider
        rows = np.flatnonzero((self.p == k) | (self.q == k))
        since, before = self.now[rows], self.node[rows]
        picks, drops = np.flatnonzero(self.p == k), np.flatnonzero(self.q == k)
        self.boarded[picks] = self._visit(picks, rider.origin, rider.earliest, rider.board)
        self.alighted[drops] = self._visit(drops, rider.destination, -math.inf, rider.alight)
        self._check_energy(rows, self._to_charger(rows, self.node[rows], self.now[rows]))
        slot = self.plans.ints[self.bus[rows], k]
        counts = slot[:, ACTION] != END
        old, old_m = self.leg(before, slot[:, NODE], since)
        new, new_m = self.leg(self.node[rows], slot[:, NODE], self.now[rows])
        self.drive[rows] = np.where(counts, self.drive[rows] - old + new, self.drive[rows])
        self.metres[rows] = np.where(counts, self.metres[rows] - old_m + new_m, self.metres[rows])

    def serve(self, k: int) -> None:
        """Go on to slot ``k`` of the plans, and serve it."""
        rows = np.flatnonzero((self.p <= k) & (k < self.plans.length[self.bus]))
        slot, times = self.plans.ints[self.bus[rows], k], self.plans.floats[self.bus[rows], k]
        here, now = self.node[rows], self.now[rows]
        seconds, _ = self.leg(here, slot[:, NODE], now)
        start = np.maximum(now + seconds + self.costs.halt * (here != slot[:, NODE]), times[:, EARLIEST])
        self.starts[rows, k] = start
        late = np.maximum(0.0, start - np.maximum(times[:, LATEST], times[:, START]))
        is_end, action = slot[:, ACTION] == END, slot[:, ACTION]
        self.home[rows] = np.where(is_end, late, self.home[rows])
        self._blame(rows, np.where(is_end, 0.0, late), slot[:, RIDER])
        used = self.tables.most[here, slot[:, NODE]] * self.per_metre[rows] + (start - now) * self.per_second[rows]
        self.energy[rows] -= used
        self.energy[rows] -= np.where(action != CHARGE, times[:, DWELL] * self.per_second[rows], 0.0)
        has_rider = (action == PICKUP) | (action == DROPOFF)
        self._check_energy(
            rows, np.where(has_rider, self._to_charger(rows, slot[:, NODE], start + times[:, DWELL]), 0.0)
        )
        self.energy[rows] += np.where(action == CHARGE, times[:, GAIN], 0.0)
        self.node[rows], self.now[rows] = slot[:, NODE], start + times[:, DWELL]

    def _blame(self, rows: Ints, late: Floats, rider: Ints) -> None:
        worse = late > self.late[rows]
        self.late[rows[worse]], self.other[rows[worse]] = late[worse], rider[worse]

    def others(self, k: int, mates: Ints) -> tuple[Floats, Floats]:
        """Give added waiting and riding at slot ``k`` [n, person s], and note rides that become too long."""
        is_on = (self.p <= k) & (k < self.plans.length[self.bus])
        slot, times = self.plans.ints[self.bus, k], self.plans.floats[self.bus, k]
        delay = (self.starts[:, k] - times[:, START]) * (np.abs(slot[:, PERSONS]) + np.abs(slot[:, WHEELS]))
        is_pickup, is_dropoff = is_on & (slot[:, ACTION] == PICKUP), is_on & (slot[:, ACTION] == DROPOFF)
        rows = np.flatnonzero(is_dropoff & (times[:, RIDE] < math.inf))
        begin = mates[self.bus[rows], k]
        ride = self.starts[rows, k] - self.starts[rows, begin]
        planned = times[rows, START] - self.plans.floats[self.bus[rows], begin, START]
        self._blame(rows, np.maximum(0.0, ride - np.maximum(times[rows, RIDE], planned)), slot[rows, RIDER])
        return np.where(is_pickup, delay, 0.0), np.where(is_dropoff, delay, 0.0) - np.where(is_pickup, delay, 0.0)


def _mates(plans: PlanArrays) -> Ints:
    """Find the pick-up slot of each drop-off whose rider is not yet aboard [B, L]."""
    found = np.full(plans.ints.shape[:2], NONE)
    planned = np.argwhere((plans.ints[:, :, ACTION] == DROPOFF) & (plans.floats[:, :, RIDE] < math.inf))
    for bus, k in planned.tolist():
        if k < plans.length[bus]:
            found[bus, k] = mate(plans.ints[bus], k)
    return found


def _missing(fleet: FleetArrays, plans: PlanArrays, rider: Rider, at: tuple[Ints, Ints, Ints]) -> tuple[Floats, Floats]:
    """Give seats and wheelchair places that are missing at the fullest moment between pick-up and drop-off [n]."""
    bus, p, q = at
    seats, wheels = np.zeros(len(bus)), np.zeros(len(bus))
    for k in range(-1, int(q.max(initial=0))):
        rows = np.flatnonzero((p - 1 <= k) & (k < q))
        b = bus[rows]
        load = plans.floats[b, k, LOAD] if k >= 0 else fleet.load[b]
        taken = plans.floats[b, k, WHEEL_LOAD] if k >= 0 else fleet.wheels[b]
        seats[rows] = np.maximum(seats[rows], load + rider.persons - fleet.seats[b])
        if rider.wheels:
            wheels[rows] = np.maximum(wheels[rows], taken + rider.wheels - fleet.wheel_places[b])
    return seats, wheels


def trials(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Trials:
    """Try a rider in every position of every bus that takes riders.

    Parameters
    ----------
    fleet, plans
        The fleet [B] and its plans [B, L], scheduled.
    rider
        Whom to insert.
    now
        The moment [s].
    tables, costs
        Travel times; weights, halt and way to a charger.
    """
    pairs = [
        (b, p, q) for b, last in enumerate(fleet.last.tolist()) for p in range(last + 1) for q in range(p, last + 1)
    ]
    table = np.array(pairs, np.int64).reshape(-1, 3)
    at = table[:, 0], table[:, 1], table[:, 2]
    walk = _Walk(fleet, plans, rider, now, tables, costs, at)
    width = int(plans.length[at[0]].max(initial=0))
    for k in range(width):
        walk.detour(k)
        walk.serve(k)
    wait, ride, mates = np.zeros(len(table)), np.zeros(len(table)), _mates(plans)
    for k in range(width):
        more_wait, more_ride = walk.others(k, mates)
        wait, ride = wait + more_wait, ride + more_ride
    seats, wheels = _missing(fleet, plans, rider, at)
    persons = float(rider.persons + rider.wheels)
    wait += (walk.boarded - rider.earliest) * persons
    ride += (walk.alighted - walk.boarded) * persons
    weights = costs.weights
    cost = weights.wait * wait + weights.ride * ride + weights.drive * walk.drive + weights.distance * walk.metres
    return Trials(
        *at,
        cost,
        walk.boarded,
        walk.alighted,
        np.maximum(0.0, walk.boarded - rider.latest),
        np.maximum(0.0, walk.alighted - walk.boarded - rider.longest),
        np.maximum(0.0, seats),
        np.maximum(0.0, wheels),
        walk.late,
        walk.other,
        walk.home,
        np.maximum(0.0, -walk.margin),
        walk.low,
    )

"""The trips that buses can make from what they have planned: riders taken out, riders put in, level by level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from busim.core.drafts import Draft
from busim.core.insertion import Rider
from busim.core.rents import Trip
from busim.model.network import Bools, Floats

NOBODY = -1


class Limits(NamedTuple):
    """How far trips grow: see the parameters of the strategy ``rtv``."""

    reach: int
    removals: int
    additions: int
    trips: int
    order_nodes: int


class Step(NamedTuple):
    """How a trip's plan comes about: a rider put into a row of the draft; ``is_only`` if that row is the plan as it is.

    ``rider`` is ``NOBODY`` where the row itself is the plan.
    """

    row: int
    rider: int
    p: int
    q: int
    is_only: bool


class TripGraph:
    """Grows trips.

    Parameters
    ----------
    draft
        Plans to try edits on.
    riders
        Riders who are not in any plan, by their row in the riders' table.
    limits
        How far trips grow.
    """

    def __init__(self, draft: Draft, riders: dict[int, Rider], limits: Limits) -> None:
        self.draft, self.limits, self.waiting = draft, limits, riders
        self.known = dict(riders)  # and those taken out of plans
        self.trips: list[Trip] = []
        self.steps: list[Step | None] = []
        self._found: dict[tuple[int, tuple[int, ...]], int] = {}
        self._row_of: dict[int, int] = {}
        self._rows_with: dict[int, list[int]] = {}  # rows of the draft that hold a rider
        first = draft.cheapest_each(list(riders.values()))
        self.places = [places for places, _ in first]
        self.single: Floats = np.array([costs for _, costs in first]).reshape(len(first), draft.num_buses)
        self.touched = self._touched()
        self.sets: list[tuple[int, ...]] = [()] * draft.num_buses
        self.base = [0.0] * draft.num_buses

    def _touched(self) -> list[int]:
        """List buses that some rider could use: the cheapest, and those that are nearest whether they fit or not."""
        draft, reach = self.draft, self.limits.reach
        fleet, tables = draft.fleet, draft.tables
        cheap = np.argsort(self.single, axis=1, kind="stable")[:, :reach]
        touched = set(cheap[np.isfinite(np.take_along_axis(self.single, cheap, axis=1))].tolist())
        takes = np.flatnonzero(fleet.last[: draft.num_buses] >= 0)
        origins = np.array([[rider.origin] for rider in self.waiting.values()])
        latest = np.array([[rider.latest] for rider in self.waiting.values()])
        begin, table = np.maximum(fleet.time[takes], draft.now), tables.times[draft.view.travel.period(draft.now)]
        there = begin + table[fleet.node[takes], origins]
        near = np.argsort(there, axis=1, kind="stable")[:, :reach]
        in_time = np.take_along_axis(there, near, axis=1) <= latest
        return sorted(touched | set(takes[near[in_time]].tolist()))

    def add_seed(self, pairs: Iterable[tuple[int, int]]) -> list[int]:
        """Begin with the plans as they are and some insertions into them; gives the trips of that choice."""
        given, place = {bus: rider for rider, bus in pairs}, {r: k for k, r in enumerate(self.waiting)}
        for bus in self.touched:
            self._open(bus)
        for bus in sorted(set(given) - set(self.touched)):
            self._open(bus)
        chosen = []
        for bus in sorted({*self.touched, *given}):
            j = self._found[bus, self.sets[bus]]
            if bus in given:
                k = place[given[bus]]
                p, q = self.places[k][bus].tolist()
                j = self._add(bus, given[bus], float(self.single[k, bus]), p, q)
            chosen.append(j)
        return chosen

    def grow(self) -> None:
        """Take riders out, then put riders in, level by level."""
        frontier = [*self.touched, *self._removals(self.touched)]
        for level in range(self.limits.additions):
            added = self._additions(frontier, is_first=level == 0)
            if level + 1 < self.limits.additions:
                frontier = self._rows(added)

    def row(self, trip: int) -> int:
        """Give the draft's row that holds a trip's plan, made if need be."""
        step = self.steps[trip]
        if trip not in self._row_of and step is not None:
            draft = self.draft
            row = draft.variant_with(step.row, step.rider, self.known[step.rider], step.p, step.q)
            draft.improve(row, self.limits.order_nodes)
            self._name(row, self.trips[trip].riders)
            self._row_of[trip] = row
        return self._row_of[trip]

    def _name(self, row: int, riders: tuple[int, ...]) -> None:
        self.sets += [()] * (row + 1 - len(self.sets))
        self.sets[row] = riders
        for rider in riders:
            self._rows_with.setdefault(rider, []).append(row)

    def _open(self, bus: int) -> None:
        """Add the plan of a bus as it is."""
        self.base[bus] = self.draft.settle(bus)
        self._name(bus, tuple(sorted(self.draft.movable(bus))))
        self._row_of[self._keep(bus, self.sets[bus], 0.0, None)] = bus

    def _keep(self, bus: int, riders: tuple[int, ...], cost: float, step: Step | None) -> int:
        """Add a trip, or keep the one with the same riders if it costs no more; gives its index, -1 if turned down."""
        j = self._found.get((bus, riders))
        if j is None:
            self._found[bus, riders] = len(self.trips)
            self.trips.append(Trip(bus, riders, cost))
            self.steps.append(step)
            return len(self.trips) - 1
        if cost >= self.trips[j].cost - 1e-6:
            return -1
        self.trips[j], self.steps[j] = Trip(bus, riders, cost), step
        self._row_of.pop(j, None)
        if step is not None and step.rider == NOBODY:
            self._row_of[j] = step.row
        return j

    def _add(self, row: int, rider: int, cost: float, p: int, q: int) -> int:
        """Add the trip of a row and one more rider."""
        bus, draft = self.draft.bus[row], self.draft
        riders = tuple(sorted((*self.sets[row], rider)))
        total = draft.cost[row] + cost - self.base[bus]
        j = self._keep(bus, riders, total, Step(row, rider, p, q, is_only=row == bus and rider in self.waiting))
        if j >= 0 and self.limits.order_nodes:
            new = self.row(j)
            if draft.cost[new] - self.base[bus] < total - 1e-6:
                self.trips[j] = Trip(bus, riders, draft.cost[new] - self.base[bus])
                self.steps[j] = Step(new, NOBODY, 0, 0, is_only=False)
        return j

    def _removals(self, rows: list[int]) -> list[int]:
        """Add variants of rows with riders taken out, up to the limit; gives their rows."""
        draft, made, level = self.draft, [], rows
        for _ in range(self.limits.removals):
            nearer = []
            for row in level:
                for rider in draft.movable(row):
                    riders = tuple(r for r in self.sets[row] if r != rider)
                    if (draft.bus[row], riders) in self._found:
                        continue
                    if rider not in self.known:
                        self.known[rider] = draft.view.rider(rider)
                    new = draft.variant_without(row, rider, self.limits.order_nodes)
                    if new < 0:
                        continue
                    self._name(new, riders)
                    bus = draft.bus[new]
                    j = self._keep(bus, riders, draft.cost[new] - self.base[bus], _itself(new))
                    self._row_of[j] = new
                    nearer.append(new)
            made += nearer
            level = nearer
        return made

    def _additions(self, frontier: list[int], *, is_first: bool) -> list[int]:
        """Add trips of one more rider each; gives those that may grow."""
        groups, num_buses = np.zeros((2, self.draft.num_rows), np.bool_), self.draft.num_buses
        groups[0, [row for row in frontier if row < num_buses]] = True  # plans as they are, then their variants
        groups[1, [row for row in frontier if row >= num_buses]] = True
        riders = [rider for rider in self.known if is_first or rider in self.waiting]
        found = self.draft.nearest_each(
            [self.known[rider] for rider in riders], self.limits.reach, self._without(riders, groups)
        )
        added: list[int] = []
        for k, (cost, row, p, q) in found:
            j = self._add(row, riders[k], cost, p, q)
            if j >= 0 and riders[k] in self.waiting:
                added.append(j)
        return added

    def _without(self, riders: list[int], groups: Bools) -> Bools:
        """Give groups of rows [g, n] for each rider, without those that hold him [k, g, n]."""
        each = np.repeat(groups[None], len(riders), axis=0)
        for k, rider in enumerate(riders):
            rows = [row for row in self._rows_with.get(rider, ()) if row < groups.shape[1]]
            if rows:
                each[k, :, rows] = False
        return each

    def _rows(self, trips: list[int]) -> list[int]:
        """Make the plans of trips that grow further, the cheapest of each bus."""
        count: dict[int, int] = {}
        rows = []
        for j in sorted(dict.fromkeys(trips), key=lambda j: (self.trips[j].cost, j)):
            bus = self.trips[j].bus
            count[bus] = count.get(bus, 0) + 1
            if count[bus] <= self.limits.trips:
                rows.append(self.row(j))
        return rows


def _itself(row: int) -> Step:
    return Step(row, NOBODY, 0, 0, is_only=False)

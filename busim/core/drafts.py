"""Drafts of plans: a copy of what the view shows, to take riders out, put them in, and see what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from busim.core.compiled import KERNEL, compiled
from busim.core.draft_rows import DraftRows, borrow, give_back
from busim.core.fleet import FleetArrays, origin_of
from busim.core.insertion import Costs, Rider
from busim.core.plans import ACTION, ACTIONS, CHARGE, GAIN, PICKUP, RIDER, PlanArrays
from busim.core.schedule import backward, forward, misses, refresh, worst, worst_of
from busim.core.search import best_per_bus
from busim.core.search_rows import Place, cheapest_each, cheapest_of, cheapest_rows, columns, per_bus_each
from busim.core.travel import TravelTables
from busim.core.trips import best_order, lasts, plan_cost, put_in, relax, take_out
from busim.core.view import View
from busim.model.network import Bools, Floats, Ints
from busim.model.orders import Stop


class Saved(NamedTuple):
    """One plan as it was: slots, their number, last position, cost."""

    ints: Ints
    floats: Floats
    size: int
    last: int
    cost: float


@compiled
def _copy(fleet: FleetArrays, plans: PlanArrays, row: int, new: int) -> None:
    """Make a row what another is."""
    size = plans.length[row]
    plans.ints[new, :size], plans.floats[new, :size], plans.length[new] = (
        plans.ints[row, :size],
        plans.floats[row, :size],
        size,
    )
    fleet.node[new], fleet.time[new], fleet.energy[new] = fleet.node[row], fleet.time[row], fleet.energy[row]
    fleet.load[new], fleet.wheels[new], fleet.last[new] = fleet.load[row], fleet.wheels[row], fleet.last[row]
    fleet.seats[new], fleet.wheel_places[new] = fleet.seats[row], fleet.wheel_places[row]
    fleet.per_metre[new], fleet.per_second[new] = fleet.per_metre[row], fleet.per_second[row]
    fleet.reserve[new] = fleet.reserve[row]


@compiled
def _settle(fleet: FleetArrays, plans: PlanArrays, tables: TravelTables, costs: Costs, row: int, now: float) -> float:
    """Schedule a plan and give its cost; as ``schedule.refresh`` does it."""
    ints, floats, size = plans.ints[row], plans.floats[row], plans.length[row]
    origin = origin_of(fleet, row, now)
    forward(ints, floats, size, origin, tables, costs.halt)
    backward(ints, floats, size)
    last = size - 1
    for k in range(size - 1, -1, -1):
        if ints[k][ACTION] == CHARGE:
            last = k
    fleet.last[row] = last
    return plan_cost(ints, floats, size, origin, tables, costs)


@compiled
def _with(
    fleet: FleetArrays,
    plans: PlanArrays,
    tables: TravelTables,
    costs: Costs,
    row: int,
    new: int,
    index: int,
    rider: Rider,
    earliest: float,
    p: int,
    q: int,
    now: float,
) -> float:
    """Make a row what another is with one more rider, and give its cost."""
    _copy(fleet, plans, row, new)
    size = plans.length[row]
    plans.length[new] = put_in(plans.ints[new], plans.floats[new], size, index, rider, earliest, p, q)
    return _settle(fleet, plans, tables, costs, new, now)


@compiled
def _without(
    fleet: FleetArrays,
    plans: PlanArrays,
    tables: TravelTables,
    costs: Costs,
    row: int,
    new: int,
    index: int,
    now: float,
) -> tuple[float, bool]:
    """Make a row what another is with one rider less; gives its cost, and whether it keeps all limits."""
    _copy(fleet, plans, row, new)
    plans.length[new] = take_out(plans.ints[new], plans.floats[new], plans.length[new], index)
    cost = _settle(fleet, plans, tables, costs, new, now)
    late, over, _, _ = worst_of(plans, new)
    return cost, late <= 0.0 and over <= 0.0


_NOBODY = Rider(0, 0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0)  # for its types
_EXAMPLES: dict[Callable[..., Any], tuple[Any, ...]] = {  # of what each kernel is called with, but for those arrays
    _settle: (0, 0.0),
    _with: (0, 0, 0, _NOBODY, 0.0, 0, 0, 0.0),
    _without: (0, 0, 0, 0.0),
    cheapest_of: (np.zeros(0, np.bool_), _NOBODY, 0.0),
    cheapest_each: (np.zeros((0, 0, 0), np.bool_), 0, *columns([]), 0.0),
    per_bus_each: (0, *columns([]), 0.0),
}


class Draft:
    """Plans to try edits on; row ``b`` begins as the plan of bus ``b``, further rows are variants.

    Stops that are late already may stay as late as they are.

    Parameters
    ----------
    view
        What stands in the plans now; it is not changed.
    spare
        Room for variants; it doubles when they need more.
    """

    def __init__(self, view: View, spare: int = 0) -> None:
        self.view, self.now = view, float(view.now)
        self.tables, self.costs = view.travel.tables, view.costs
        self.num_buses = self.num_rows = len(view.plans.length)
        self._rows = borrow(view, spare)
        self.plans, self.fleet = self._rows.plans, self._rows.fleet
        self.bus, self.cost = list(range(self.num_buses)), [0.0] * self.num_buses
        relax(self.plans._replace(length=self.plans.length[: self.num_buses]))

    def end(self) -> None:
        """Leave the arrays to the next draft; this one is of no use any more."""
        give_back(self._rows)

    def _call(self, kernel: Callable[..., Any], *rest: Any) -> Any:
        """Call a kernel with fleet, plans, travel times and costs."""
        return self._rows.call(kernel, _EXAMPLES[kernel], rest)

    def settle(self, row: int) -> float:
        """Schedule a row anew; gives its cost."""
        if KERNEL == "numba":
            cost: float = self._call(_settle, row, self.now)
        else:
            refresh(self.plans, self.fleet, row, self.now, self.tables, self.costs.halt)
            size, origin = int(self.plans.length[row]), origin_of(self.fleet, row, self.now)
            self._rows.lists.forget(row)
            cost = float(plan_cost(*self._rows.lists.slots(row), size, origin, self.tables, self.costs))
        self.cost[row] = cost
        return cost

    def _new_row(self, row: int, more: int) -> int:
        """Append a row for a variant of another, with room for so many more slots."""
        new, (rows, width, _) = self.num_rows, self.plans.ints.shape
        if new == rows or self.plans.length.item(row) + more > width:
            self._grow(2 * rows if new == rows else rows, max(width, self.plans.length.item(row) + more))
        self.num_rows = new + 1
        self.bus.append(self.bus[row])
        self.cost.append(0.0)
        return new

    def variant_with(self, row: int, index: int, rider: Rider, p: int, q: int) -> int:
        """Append a copy of a row with a rider's stops put before slots ``p`` and ``q``; gives the new row."""
        new, earliest = self._new_row(row, 2), float(self.view.riders.earliest_s[index])
        if KERNEL == "numba":
            self.cost[new] = self._call(_with, row, new, index, rider, earliest, p, q, self.now)
        else:
            _copy(self.fleet, self.plans, row, new)
            self.insert(new, index, rider, p, q)
        return new

    def variant_without(self, row: int, rider: int, nodes: int) -> int:
        """Append a copy of a row with a rider's stops taken out; gives the new row, -1 if that breaks a limit.

        Parameters
        ----------
        row, rider
            Which, and whom.
        nodes
            Most partial orders of the rest to look at.
        """
        new = self._new_row(row, 0)
        if KERNEL == "numba":
            self.cost[new], holds = self._call(_without, row, new, rider, self.now)
        else:
            _copy(self.fleet, self.plans, row, new)
            self.remove(new, rider)
            holds = self.holds(new)
        if nodes:
            self.improve(new, nodes)
            holds = self.holds(new)
        if not holds:
            self.num_rows = new
            del self.bus[new], self.cost[new]
            return -1
        return new

    def remove(self, row: int, rider: int) -> float:
        """Take a rider's stops out of a row; gives its cost."""
        plans = self.plans
        plans.length[row] = take_out(plans.ints[row], plans.floats[row], int(plans.length[row]), rider)
        return self.settle(row)

    def holds(self, row: int) -> bool:
        """Tell whether a row keeps all windows and ride limits.

        Putting a rider in never breaks one, but taking one out may: who is fetched sooner waits longer aboard where the
        bus waits for a rider who has booked.
        """
        if KERNEL == "numba":
            late, over, _, _ = misses(self.plans, row)
        else:
            ints, floats = self._rows.lists.slots(row)
            late, over, _, _ = worst(ints, floats, len(ints))
        return late <= 0.0 and over <= 0.0

    def insert(self, row: int, index: int, rider: Rider, p: int, q: int) -> float:
        """Put a rider's stops before slots ``p`` and ``q`` of a row; gives its cost."""
        if self.plans.length[row] + 2 > self.plans.ints.shape[1]:
            self._grow(len(self.plans.length), 2 * self.plans.ints.shape[1])
        earliest = float(self.view.riders.earliest_s[index])
        plans = self.plans
        size = int(plans.length[row])
        plans.length[row] = put_in(plans.ints[row], plans.floats[row], size, index, rider, earliest, p, q)
        return self.settle(row)

    def cheapest(self, rider: Rider, first: int = 0, end: int | None = None) -> tuple[Ints, Floats]:
        """Find the cheapest insertion into each of some rows: positions [n, 2] and added costs [n]."""
        part = slice(first, self.num_rows if end is None else end)
        fleet = FleetArrays._make(array[part] for array in self.fleet)
        plans = PlanArrays._make(array[part] for array in self.plans)
        lists = self._rows.lists if first == 0 else None
        return best_per_bus(fleet, plans, rider, self.now, self.tables, self.costs, lists)

    def cheapest_each(self, riders: Sequence[Rider]) -> list[tuple[Ints, Floats]]:
        """Find the cheapest insertions of several riders into each bus: positions [B, 2] and added costs [B]."""
        if KERNEL == "numba":
            places, best = self._call(per_bus_each, self.num_buses, *columns(riders), self.now)
            return list(zip(places, best, strict=True))
        fleet, plans = self._first(self.num_buses)
        arguments = self.now, self.tables, self.costs, self._rows.lists
        return [best_per_bus(fleet, plans, rider, *arguments) for rider in riders]

    def nearest(self, rider: Rider) -> Place | None:
        """Find the cheapest insertion into a bus that takes riders."""
        takes = self.fleet.last[: self.num_buses] >= 0
        if KERNEL == "numba":
            places, best = self._call(cheapest_of, takes, rider, self.now)
            return (float(best[0]), *places[0].tolist()) if len(best) else None
        fleet, plans = self._first(self.num_buses)
        arguments = fleet, plans, rider, self.now, self.tables, self.costs, self._rows.lists
        return next(iter(cheapest_rows(1, takes[None], *arguments)[0]), None)

    def nearest_each(self, riders: Sequence[Rider], keep: int, groups: Bools) -> list[tuple[int, Place]]:
        """Find the cheapest insertions of several riders, by their number, into groups of rows.

        Parameters
        ----------
        riders
            Whom to put in.
        keep
            Most insertions for each rider and group, one per row.
        groups
            Which rows, for each rider and group [k, g, n].
        """
        if KERNEL == "numba":
            places, best = self._call(cheapest_each, groups, keep, *columns(riders), self.now)
            found = zip(places.tolist(), best.tolist(), strict=True)
            return [(k, (cost, row, p, q)) for (k, row, p, q), cost in found]
        fleet, plans = self._first(groups.shape[2])
        arguments = self.now, self.tables, self.costs, self._rows.lists
        return [
            (k, place)
            for k, rider in enumerate(riders)
            for kept in cheapest_rows(keep, groups[k], fleet, plans, rider, *arguments)
            for place in kept
        ]

    def _first(self, rows: int) -> tuple[FleetArrays, PlanArrays]:
        """Give the first rows of fleet and plans."""
        return FleetArrays._make(a[:rows] for a in self.fleet), PlanArrays._make(a[:rows] for a in self.plans)

    def improve(self, row: int, nodes: int, limit: float | None = None) -> bool:
        """Put a row's stops into a cheaper order if a search of so many nodes finds one.

        Parameters
        ----------
        row
            Which.
        nodes
            Most partial orders to look at.
        limit
            The cost to beat; ``None`` means that of the order as it is.
        """
        count, size = int(self.fleet.last[row]), int(self.plans.length[row])
        ints, floats = self.plans.ints[row], self.plans.floats[row]
        if count < 2 or nodes <= 0 or (ints[count:size, RIDER] >= 0).any():
            return False
        bound = self.cost[row] - 1e-9 if limit is None else limit
        origin, fleet = origin_of(self.fleet, row, self.now), self.fleet
        rows = (ints, floats) if KERNEL == "numba" else (ints[:size].tolist(), floats[:size].tolist())
        cost, order = best_order(
            *rows,
            size,
            count,
            origin,
            int(fleet.seats[row]),
            int(fleet.wheel_places[row]),
            self.tables,
            self.costs,
            bound,
            nodes,
        )
        if cost == math.inf:
            return False
        kept = ints[:count].copy(), floats[:count].copy()
        ints[:count], floats[:count] = kept[0][order], kept[1][order]
        self.settle(row)
        if not lasts(ints, floats, size, origin, float(fleet.reserve[row]), self.tables, self.costs):
            ints[:count], floats[:count] = kept
            self.settle(row)
            return False
        return True

    def movable(self, row: int) -> list[int]:
        """List riders whom a row picks up, before it charges, in that order."""
        size = int(self.plans.length[row])
        rows = self.plans.ints[row, :size, ACTION : RIDER + 1].tolist()
        actions = [action for action, _ in rows]
        end = actions.index(CHARGE) if CHARGE in actions else size
        return [rider for action, rider in rows[:end] if action == PICKUP]

    def save(self, row: int) -> Saved:
        """Remember a row."""
        size = int(self.plans.length[row])
        ints, floats = self.plans.ints[row, :size].copy(), self.plans.floats[row, :size].copy()
        return Saved(ints, floats, size, int(self.fleet.last[row]), float(self.cost[row]))

    def restore(self, row: int, saved: Saved) -> None:
        """Make a row what it was."""
        self.plans.ints[row, : saved.size], self.plans.floats[row, : saved.size] = saved.ints, saved.floats
        self.plans.length[row], self.fleet.last[row], self.cost[row] = saved.size, saved.last, saved.cost
        self._rows.lists.forget(row)

    def stops(self, row: int) -> tuple[Stop, ...]:
        """Give a row as stops; the simulation fills in riders' windows."""
        size = int(self.plans.length[row])
        ints, floats = self.plans.ints[row, :size].tolist(), self.plans.floats[row, :size, :4].tolist()
        return tuple(
            Stop(node, ACTIONS[action], rider, persons, wheels, site, earliest, latest, dwell, ride, gain)
            for (node, action, rider, persons, wheels, site), (earliest, latest, dwell, ride), gain in zip(
                ints, floats, self.plans.floats[row, :size, GAIN].tolist(), strict=True
            )
        )

    def _grow(self, rows: int, width: int) -> None:
        wider = DraftRows(self.view, rows, width)
        wider.fill(self.fleet, self.plans)
        self._rows, self.plans, self.fleet = wider, wider.plans, wider.fleet

"""Drafts of plans: a copy of what the view shows, to take riders out, put them in, and see what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from busim.core.compiled import KERNEL, bind, compiled
from busim.core.fleet import FleetArrays, origin_of
from busim.core.insertion import Costs, Rider
from busim.core.plans import ACTION, ACTIONS, CHARGE, GAIN, NUM_FLOATS, NUM_INTS, PICKUP, RIDER, PlanArrays
from busim.core.schedule import backward, forward, misses, refresh
from busim.core.search import best_per_bus
from busim.core.search_rows import Found, cheapest_of, cheapest_rows
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
        size, width = view.plans.ints.shape[:2]
        self.num_buses = self.num_rows = size
        ints, floats = np.empty((size + spare, width, NUM_INTS), np.int64), np.zeros((size + spare, width, NUM_FLOATS))
        ints[:size], floats[:size] = view.plans.ints, view.plans.floats
        self.plans = PlanArrays(ints, floats, np.concatenate((view.plans.length, np.zeros(spare, np.int64))))
        self.fleet = FleetArrays._make(np.concatenate((a, np.zeros(spare, a.dtype))) for a in view.fleet)
        self.bus: Ints = np.concatenate((np.arange(size), np.full(spare, -1)))
        self.cost: Floats = np.zeros(size + spare)
        self._settle: Callable[..., Any] | None = None  # kernels bound to the arrays as they are
        self._cheapest: Callable[..., Any] | None = None
        relax(self.plans._replace(length=self.plans.length[:size]))

    def _arrays(self) -> tuple[FleetArrays, PlanArrays, TravelTables, Costs]:
        return self.fleet, self.plans, self.tables, self.costs

    def settle(self, row: int) -> float:
        """Schedule a row anew; gives its cost."""
        if KERNEL == "numba":
            if self._settle is None:
                self._settle = bind(_settle, self._arrays(), (0, 0.0))
            self.cost[row] = self._settle(row, self.now)
            return float(self.cost[row])
        refresh(self.plans, self.fleet, row, self.now, self.tables, self.costs.halt)
        size, origin = int(self.plans.length[row]), origin_of(self.fleet, row, self.now)
        rows = self.plans.ints[row, :size].tolist(), self.plans.floats[row, :size].tolist()
        self.cost[row] = plan_cost(*rows, size, origin, self.tables, self.costs)
        return float(self.cost[row])

    def variant(self, row: int) -> int:
        """Append a copy of a row; gives the new row."""
        new: int = self.num_rows
        if new == len(self.bus):
            self._grow(2 * new, self.plans.ints.shape[1])
        for array in (*self.plans, *self.fleet, self.bus, self.cost):
            array[new] = array[row]
        self.num_rows = new + 1
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
        late, over, _, _ = misses(self.plans, row)
        return late <= 0.0 and over <= 0.0

    def drop_last(self) -> None:
        """Forget the variant that was appended last."""
        self.num_rows -= 1

    def insert(self, row: int, index: int, rider: Rider, p: int, q: int) -> float:
        """Put a rider's stops before slots ``p`` and ``q`` of a row; gives its cost."""
        if self.plans.length[row] + 2 > self.plans.ints.shape[1]:
            self._grow(len(self.bus), 2 * self.plans.ints.shape[1])
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
        return best_per_bus(fleet, plans, rider, self.now, self.tables, self.costs)

    def nearest(self, rider: Rider, keep: int, rows: Bools) -> Found:
        """Find the cheapest insertions into some rows [n], at most ``keep``, one per row."""
        if KERNEL == "numba":
            if self._cheapest is None:
                self._cheapest = bind(cheapest_of, self._arrays(), (rows, 0, rider, 0.0))
            kept, best = self._cheapest(rows, keep, rider, self.now)
            return Found(kept[:, 0], kept[:, 1], kept[:, 2], best)
        end = len(rows)
        fleet = FleetArrays._make(array[:end] for array in self.fleet)
        fleet = fleet._replace(last=np.where(rows, fleet.last, -1))
        plans = PlanArrays._make(array[:end] for array in self.plans)
        return cheapest_rows(keep, fleet, plans, rider, self.now, self.tables, self.costs)

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
        old, used = self.plans, self.plans.ints.shape[:2]
        ints, floats = np.zeros((rows, width, NUM_INTS), np.int64), np.zeros((rows, width, NUM_FLOATS))
        ints[: used[0], : used[1]], floats[: used[0], : used[1]] = old.ints, old.floats
        more = rows - used[0]
        self.plans = PlanArrays(ints, floats, np.concatenate((old.length, np.zeros(more, np.int64))))
        self.fleet = FleetArrays._make(np.concatenate((a, np.zeros(more, a.dtype))) for a in self.fleet)
        self._settle = self._cheapest = None
        self.bus = np.concatenate((self.bus, np.full(more, -1)))
        self.cost = np.concatenate((self.cost, np.zeros(more)))

"""The schedules of plans that live through a day: each kernel with the arrays that it works on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from busim.core.compiled import KERNEL, Fixed, bind, compiled
from busim.core.fleet import FleetArrays
from busim.core.leaving import leave_by
from busim.core.live_plans import Plans
from busim.core.plain_schedule import PlainSchedules
from busim.core.plans import (
    BRIEF_DEPART,
    BRIEF_LATEST,
    BRIEF_NODE,
    DEPART,
    NODE,
    READY,
    RIDE_SLACK,
    SLACK,
    PlanArrays,
    Whole,
)
from busim.core.schedule import refresh_bus, worst_of
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints


@compiled
def write_brief(plans: PlanArrays, brief: Floats, bus: int) -> None:
    """Write a plan that has been scheduled down in brief; see ``Plans.brief``."""
    ints, floats = plans.ints[bus], plans.floats[bus]
    for k in range(plans.length[bus]):
        brief[bus, k, BRIEF_NODE], brief[bus, k, BRIEF_DEPART] = ints[k, NODE], floats[k, DEPART]
        brief[bus, k, BRIEF_LATEST] = floats[k, READY] + min(floats[k, SLACK], floats[k, RIDE_SLACK])


@compiled
def _refresh_known(
    plans: PlanArrays, brief: Floats, fleet: FleetArrays, tables: TravelTables, halt: float, bus: int, now: float
) -> None:
    refresh_bus(plans, fleet, tables, halt, bus, now)
    write_brief(plans, brief, bus)


@compiled
def _refresh_buses(
    plans: PlanArrays, brief: Floats, fleet: FleetArrays, tables: TravelTables, halt: float, buses: Ints, now: float
) -> None:
    for bus in buses:
        _refresh_known(plans, brief, fleet, tables, halt, bus, now)


class Schedules:
    """``refresh`` and ``misses`` with their arrays, now or when somebody asks.

    Parameters
    ----------
    plans, fleet, tables, halt_s
        As ``schedule.refresh`` takes them; the plans may grow.

    Notes
    -----
    A schedule that is put off is made (``settle``) from where its bus stands then: who moves a bus puts it off again.
    On noisy roads a third of all schedules are superseded before anybody asks. Compiled kernels make all at once.
    """

    def __init__(self, plans: Plans, fleet: FleetArrays, tables: TravelTables, halt_s: float) -> None:
        self._plans, self._fleet, self._tables, self._halt_s = plans, fleet, tables, float(halt_s)
        self._due: dict[int, float] = {}  # buses whose schedules are put off, since when
        self._made = 0
        self._bind()

    def _bind(self) -> None:
        arrays = self._arrays = self._plans.arrays
        if KERNEL == "numba":
            fixed = Fixed(arrays, self._plans.brief, self._fleet, self._tables, self._halt_s)
            self._refresh: Callable[..., Any] = fixed.bind(_refresh_known, (0, 0.0))
            self._refresh_many: Callable[..., Any] = fixed.bind(_refresh_buses, (arrays.length, 0.0))
            self._misses: Callable[..., Any] = bind(worst_of, (arrays,), (0,))
            self._leave_by: Callable[..., float] = bind(leave_by, (arrays, self._tables, self._halt_s), (0, 0))
        else:
            self._plain = PlainSchedules(arrays, self._fleet, self._tables, self._halt_s)

    def _follow_growth(self) -> None:
        if self._arrays.ints is not self._plans.ints:
            self._bind()

    def refresh(self, bus: int, now: float) -> None:
        """Do as ``schedule.refresh``."""
        self._follow_growth()
        if KERNEL == "numba":
            self._refresh(bus, now)
        else:
            self._due.pop(bus, None)
            self._schedule(bus, now)

    def limit(self, bus: int, now: float) -> None:
        """Do as ``refresh`` for a bus that is on time, where nothing but a limit in its plan has changed."""
        counts_energy = self._fleet.per_metre.item(bus) or self._fleet.per_second.item(bus)  # which the day puts right
        if KERNEL == "numba" or counts_energy or bus in self._due or not self._plans.slots(bus).is_scheduled:
            self.refresh(bus, now)
        else:
            self._follow_growth()
            self._made += 1
            self._plain.limit(self._plans.slots(bus), bus)

    def put_off(self, bus: int, now: float) -> None:
        """Let a schedule be made anew when somebody asks, as of now."""
        last = 0 if KERNEL == "numba" else self._plans.slots(bus).last
        if last == 0:  # compiled; or the next stop is a charge or the way home, so there is next to nothing to make
            self.refresh(bus, now)
        else:
            self._fleet.last[bus], self._due[bus] = last, now

    def put_off_many(self, buses: list[int], now: float) -> None:
        """Do so for several buses whose plans are as they were."""
        if KERNEL == "numba":
            self._follow_growth()
            self._refresh_many(np.array(buses, np.int64), now)
        else:
            self._due.update(dict.fromkeys(buses, now))

    def settle(self, bus: int) -> None:
        """Make a schedule that was put off."""
        now = self._due.pop(bus, None)
        if now is not None:
            self._follow_growth()
            self._schedule(bus, now)

    def settle_all(self, buses: Ints | None = None) -> None:
        """Make all that were put off, or those of some buses."""
        due = self._due
        if due:
            self._follow_growth()
            for bus in tuple(due) if buses is None else buses.tolist():
                if bus in due:
                    self._schedule(bus, due.pop(bus))

    def rows(self, bus: int) -> tuple[Sequence[Whole], list[list[float]]]:
        """Give the slots of a plan as they stand in the arrays, where no kernels are compiled; not to be changed."""
        slots = self._plans.slots(bus)
        if slots.read is None:
            size = len(slots.stops)
            slots.read = self._plans.ints[bus, :size].tolist(), self._plans.floats[bus, :size].tolist()
        return slots.read

    @property
    def changes(self) -> int:
        """Count what has changed in the arrays of plans: edits, and schedules without compiled kernels."""
        return self._plans.changes + self._made

    def _schedule(self, bus: int, now: float) -> None:
        self._made += 1
        self._plain.schedule(self._plans.slots(bus), bus, now)

    def lateness(self, bus: int) -> float:
        """Give by how much the worst stop or ride of a plan that has been scheduled is late [s]; 0 where none is."""
        self.settle(bus)
        if KERNEL == "numpy" and not self._plans.slots(bus).may_be_late:
            return 0.0
        late, over, _, _ = self.misses(bus)
        return late if late > over else over

    def misses(self, bus: int) -> tuple[float, float, float, float]:
        """Do as ``schedule.misses`` for a plan that has been scheduled."""
        self.settle(bus)
        self._follow_growth()
        if KERNEL == "numba":
            found: tuple[float, float, float, float] = self._misses(bus)
            return found
        return self._plain.misses(self._plans.slots(bus), bus)

    def leave_by(self, bus: int, node: int) -> float:
        """Do as ``leaving.leave_by``."""
        self.settle(bus)
        self._follow_growth()
        if KERNEL == "numba":
            return self._leave_by(bus, node)
        return float(leave_by(self._arrays, self._tables, self._halt_s, bus, node))

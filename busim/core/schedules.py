"""The schedules of plans that live through a day: each kernel with the arrays that it works on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from busim.core.compiled import KERNEL, Fixed, bind, compiled
from busim.core.fleet import FleetArrays
from busim.core.plain_legs import legs_of
from busim.core.plain_schedule import misses_plain, schedule
from busim.core.plain_slots import Slots
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
    Plans,
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
    """``refresh`` and ``misses`` with their arrays.

    Parameters
    ----------
    plans, fleet, tables, halt_s
        As ``schedule.refresh`` takes them; the plans may grow.
    """

    def __init__(self, plans: Plans, fleet: FleetArrays, tables: TravelTables, halt_s: float) -> None:
        self._plans, self._fleet, self._tables, self._halt_s = plans, fleet, tables, float(halt_s)
        self._known: dict[int, tuple[int, Slots]] = {}  # of each bus without compiled kernels, after how many edits
        self._bind()

    def _bind(self) -> None:
        arrays = self._arrays = self._plans.arrays
        if KERNEL == "numba":
            fixed = Fixed(arrays, self._plans.brief, self._fleet, self._tables, self._halt_s)
            self._refresh: Callable[..., Any] = fixed.bind(_refresh_known, (0, 0.0))
            self._refresh_many: Callable[..., Any] = fixed.bind(_refresh_buses, (arrays.length, 0.0))
            self._misses: Callable[..., Any] = bind(worst_of, (arrays,), (0,))
        else:
            self._memory, self._legs = arrays.floats.reshape(-1).view(np.uint8).data, legs_of(self._tables)

    def _follow_growth(self) -> None:
        if self._arrays.ints is not self._plans.ints:
            self._bind()

    def refresh(self, bus: int, now: float) -> None:
        """Do as ``schedule.refresh``."""
        self._follow_growth()
        if KERNEL == "numba":
            self._refresh(bus, now)
        else:
            self._refresh_plain([bus], now)

    def refresh_many(self, buses: Ints, now: float) -> None:
        """Do so for several buses."""
        self._follow_growth()
        if KERNEL == "numba":
            self._refresh_many(buses, now)
        else:
            self._refresh_plain(buses.tolist(), now)

    def _refresh_plain(self, buses: list[int], now: float) -> None:
        edits, known = self._plans.edits, self._known
        for bus in buses:
            count, slots = known.get(bus, (0, None))
            if slots is None or count != edits[bus]:
                slots = Slots(self._arrays, bus)
                known[bus] = edits[bus], slots
            schedule(slots, self._arrays, self._memory, self._fleet, bus, now, self._legs, self._halt_s)

    def misses(self, bus: int) -> tuple[float, float, float, float]:
        """Do as ``schedule.misses`` for a plan that has been refreshed."""
        self._follow_growth()
        if KERNEL == "numba":
            found: tuple[float, float, float, float] = self._misses(bus)
            return found
        return misses_plain(self._known[bus][1], self._memory, bus, self._arrays.floats.shape[1])

"""The schedules of plans that live through a day: each kernel with the arrays that it works on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from busim.core.compiled import KERNEL, bind, compiled
from busim.core.fleet import FleetArrays
from busim.core.plans import PlanArrays, Plans
from busim.core.schedule import misses, refresh, refresh_bus, worst_of
from busim.core.travel import TravelTables
from busim.model.network import Ints


@compiled
def _refresh_buses(
    plans: PlanArrays, fleet: FleetArrays, tables: TravelTables, halt: float, buses: Ints, now: float
) -> None:
    for bus in buses:
        refresh_bus(plans, fleet, tables, halt, bus, now)


class Schedules:
    """``refresh`` and ``misses`` with their arrays.

    Parameters
    ----------
    plans, fleet, tables, halt_s
        As ``schedule.refresh`` takes them; the plans may grow.
    """

    def __init__(self, plans: Plans, fleet: FleetArrays, tables: TravelTables, halt_s: float) -> None:
        self._plans, self._fleet, self._tables, self._halt_s = plans, fleet, tables, float(halt_s)
        self._bind()

    def _bind(self) -> None:
        arrays = self._arrays = self._plans.arrays
        if KERNEL == "numba":
            fixed = (arrays, self._fleet, self._tables, self._halt_s)
            self._refresh: Callable[..., Any] = bind(refresh_bus, fixed, (0, 0.0))
            self._refresh_many: Callable[..., Any] = bind(_refresh_buses, fixed, (arrays.length, 0.0))
            self._misses: Callable[..., Any] = bind(worst_of, (arrays,), (0,))

    def _follow_growth(self) -> None:
        if self._arrays.ints is not self._plans.ints:
            self._bind()

    def refresh(self, bus: int, now: float) -> None:
        """Do as ``schedule.refresh``."""
        self._follow_growth()
        if KERNEL == "numba":
            self._refresh(bus, now)
        else:
            refresh(self._arrays, self._fleet, bus, now, self._tables, self._halt_s)

    def refresh_many(self, buses: Ints, now: float) -> None:
        """Do so for several buses."""
        self._follow_growth()
        if KERNEL == "numba":
            self._refresh_many(buses, now)
        else:
            for bus in buses.tolist():
                self.refresh(bus, now)

    def misses(self, bus: int) -> tuple[float, float, float, float]:
        """Do as ``schedule.misses``."""
        self._follow_growth()
        found: tuple[float, float, float, float] = self._misses(bus) if KERNEL == "numba" else misses(self._arrays, bus)
        return found

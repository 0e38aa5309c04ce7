"""Searches for insertions among plans that live through a day: each kernel with the arrays that it works on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from busim.core.binding import binding_reason, reason_compiled
from busim.core.candidates import Listed, find
from busim.core.candidates_compiled import NO_BRIEF
from busim.core.compiled import KERNEL, bind
from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plain_rows import Living, PlanRows
from busim.core.plans import PlanArrays
from busim.core.search import Insertion, best_compiled, best_per_bus, best_per_bus_compiled, pick_best
from busim.core.travel import TravelTables
from busim.model.events import Reason
from busim.model.network import Floats, Ints

_NOBODY = Rider(0, 0, 0.0, 0.0, 0.0, 0, 0, 0.0, 0.0)  # for its types


class _Failed(NamedTuple):
    """A search that found no place: for whom, when, in what state of fleet and plans, and what was listed.

    NOTE: a speed trick in its own place. A rider without a place is refused, and why is asked of the same search.
    """

    rider: Rider
    now: float
    state: tuple[bytes | int, ...]
    listed: Listed


class Search:
    """``best_insertion`` and ``best_per_bus`` among plans that live through a day.

    Parameters
    ----------
    fleet, plans, tables, costs
        As they take them: the very arrays, whose values may change.
    brief
        The plans in brief, where they are known so; see ``Plans.brief``.
    living
        As ``PlanRows`` takes it.
    """

    def __init__(
        self,
        fleet: FleetArrays,
        plans: PlanArrays,
        tables: TravelTables,
        costs: Costs,
        brief: Floats | None = None,
        living: Living | None = None,
    ) -> None:
        self.fleet, self.plans, self._tables, self._costs, self._brief = fleet, plans, tables, costs, brief
        self._living = living
        self._failed: _Failed | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy the arguments: bound kernels cannot be copied."""
        return Search, (self.fleet, self.plans, self._tables, self._costs, self._brief)

    @cached_property
    def _best(self) -> Callable[..., Any]:
        return bind(best_compiled, self._known(), (_NOBODY, 0.0))

    def _known(self) -> tuple[Any, ...]:
        brief = NO_BRIEF if self._brief is None else self._brief
        return self.fleet, self.plans, brief, self._tables, self._costs

    @cached_property
    def _per_bus(self) -> Callable[..., Any]:
        return bind(best_per_bus_compiled, (self.fleet, self.plans, self._tables, self._costs), (_NOBODY, 0.0))

    @cached_property
    def _reason(self) -> Callable[..., Any]:
        return bind(reason_compiled, self._known(), (_NOBODY, 0.0))

    @cached_property
    def _rows(self) -> PlanRows:
        return PlanRows(self.plans, self._living)

    def best(self, rider: Rider, now: float) -> Insertion:
        """Do as ``best_insertion``."""
        if KERNEL == "numba":
            return Insertion(*self._best(rider, float(now)))
        listed = find(self.fleet, self.plans, rider, now, self._tables, self._costs, self._rows)
        best = pick_best(listed.found, self.fleet, self._rows, rider, now, self._tables, self._costs)
        if best.bus < 0:
            self._failed = _Failed(rider, now, self._state(), listed)
        return best

    def reason(self, rider: Rider, now: float) -> Reason:
        """Do as ``core.binding.binding_reason``."""
        if KERNEL == "numba":
            return Reason(self._reason(rider, float(now)))
        failed, self._failed, listed = self._failed, None, None
        if failed is not None and (rider, now, self._state()) == failed[:3]:
            listed = failed.listed
        return binding_reason(self.fleet, self.plans, rider, now, self._tables, self._costs, self._rows, listed)

    def _state(self) -> tuple[bytes | int, ...]:
        """Give all that a search depends on and that may change."""
        fleet = tuple(array.tobytes() for array in self.fleet)
        if self._living is not None:
            return (*fleet, self._living.changes)
        return (*fleet, *(array.tobytes() for array in self.plans))

    def per_bus(self, rider: Rider, now: float) -> tuple[Ints, Floats]:
        """Do as ``best_per_bus``."""
        if KERNEL == "numba":
            places, best = self._per_bus(rider, float(now))
            return places, best
        return best_per_bus(self.fleet, self.plans, rider, now, self._tables, self._costs, self._rows)

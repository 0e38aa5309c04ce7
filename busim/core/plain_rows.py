"""Plans as plain numbers, for searches without compiled kernels: remembered, so that few are read anew.

NOTE: a speed trick in its own place. A search looks at some ten plans slot by slot. Of plans that live, their schedules
know the numbers; of others, to make lists of one takes 4 us, to see that it is as it was for the rider before, half of
one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from busim.core.cells import cells
from busim.core.insertion import Costs
from busim.core.plans import NUM_FLOATS, NUM_INTS, PlanArrays
from busim.core.stars import Legs
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints

_WHOLE, _TIMES = 8 * NUM_INTS, 8 * NUM_FLOATS  # bytes of a slot
PlanWhole = Sequence[Sequence[int]]  # a plan's slots, as ``PlanArrays.ints`` has them
PlanTimes = Sequence[Sequence[float]]  # and as ``PlanArrays.floats`` does


class Living(Protocol):
    """The schedules of plans that live, as ``Schedules`` has them."""

    @property
    def changes(self) -> int:
        """Count what has changed in the arrays of plans: edits, and schedules without compiled kernels."""
        ...

    def settle_all(self, buses: Ints | None = None) -> None:
        """Make the schedules of buses, of all for ``None``, that were put off."""

    def settle(self, bus: int) -> None:
        """Make that of one bus, if it was put off."""

    def rows(self, bus: int) -> tuple[PlanWhole, PlanTimes]:
        """Give the slots of a plan as they stand in the arrays, where no kernels are compiled; not to be changed."""
        ...


class PlanRows:
    """The slots of plans as plain numbers.

    Parameters
    ----------
    plans
        All plans: the very arrays, whose values may change.
    living
        The schedules of these plans, where they live.

    Attributes
    ----------
    width : int
        Slots in memory from one plan to the next.
    stride : array of no axes
        The same for numpy, which takes twice as long with a plain number.
    is_live : bool
        Whether the plans live, so that their times are whole seconds.
    """

    def __init__(self, plans: PlanArrays, living: Living | None = None) -> None:
        self._plans, self.width, self._living = plans, plans.ints.shape[1], living
        self.stride, self.is_live = np.array(self.width), living is not None
        self._legs: Legs | None = None
        self._known: dict[int, tuple[tuple[bytes, bytes], PlanWhole, PlanTimes]] = {}

    @cached_property
    def _memory(self) -> tuple[Any, Any, Any]:
        return cells(self._plans.length), self._plans.ints.data.cast("B"), self._plans.floats.data.cast("B")

    @cached_property
    def cells(self) -> tuple[Any, Any, Any]:
        """The slots of each plan, their whole numbers and others, to be read one by one as they lie in memory."""
        return cells(self._plans.length), cells(self._plans.ints), cells(self._plans.floats)

    @cached_property
    def columns(self) -> tuple[tuple[Ints, ...], tuple[Floats, ...]]:
        """The columns of all slots, of whole numbers and of others, as they lie in memory: bus after bus."""
        ints, floats = self._plans.ints.reshape(-1, NUM_INTS), self._plans.floats.reshape(-1, NUM_FLOATS)
        return tuple(ints.T), tuple(floats.T)

    def settle(self, buses: Ints) -> None:
        """Let the schedules of some buses stand."""
        if self._living is not None:
            self._living.settle_all(buses)

    def legs(self, tables: TravelTables, costs: Costs) -> Legs:
        """Give the legs that a search looks up, the same for all riders of a run."""
        if self._legs is None or not self._legs.is_of(tables, costs):
            self._legs = Legs(tables, costs)
        return self._legs

    def of(self, bus: int) -> tuple[PlanWhole, PlanTimes]:
        """Give the slots of a plan; they are not to be changed."""
        if self._living is not None:
            return self._living.rows(bus)
        length, ints, floats = self._memory
        size, start = length[bus], bus * self.width
        end = start + size
        memory = bytes(ints[start * _WHOLE : end * _WHOLE]), bytes(floats[start * _TIMES : end * _TIMES])
        found = self._known.get(bus)
        if found is None or found[0] != memory:
            plans = self._plans
            found = self._known[bus] = memory, plans.ints[bus, :size].tolist(), plans.floats[bus, :size].tolist()
        return found[1], found[2]

"""Plans as plain numbers, remembered for as long as their memory stays the same.

NOTE: a speed trick in its own place. A search looks at some ten plans slot by slot; to make lists of one takes 4 us, to
see that it is as it was for the rider before, as most are, takes less than one.
"""

from __future__ import annotations

from collections.abc import Callable

from busim.core.plans import PlanArrays
from busim.model.network import Ints

Whole = list[list[int]]  # a plan's slots, as ``PlanArrays.ints`` has them
Times = list[list[float]]  # and as ``PlanArrays.floats`` does
Settle = Callable[[Ints | None], None]  # makes the schedules of buses, of all for ``None``, that were put off


class PlanRows:
    """The slots of plans as lists.

    Parameters
    ----------
    plans
        All plans: the very arrays, whose values may change.
    settle
        Called with buses before a search looks at their plans, where schedules may have been put off.
    """

    def __init__(self, plans: PlanArrays, settle: Settle | None = None) -> None:
        self._plans, self.width, self._settle = plans, plans.ints.shape[1], settle
        self._known: dict[int, tuple[tuple[bytes, bytes], Whole, Times]] = {}

    def settle(self, buses: Ints) -> None:
        """Let the schedules of some buses stand."""
        if self._settle is not None:
            self._settle(buses)

    def of(self, bus: int) -> tuple[Whole, Times]:
        """Give the slots of a plan; the lists are not to be changed."""
        plans, size = self._plans, self._plans.length.item(bus)
        ints, floats = plans.ints[bus, :size], plans.floats[bus, :size]
        memory = ints.tobytes(), floats.tobytes()
        found = self._known.get(bus)
        if found is None or found[0] != memory:
            found = self._known[bus] = memory, ints.tolist(), floats.tolist()
        return found[1], found[2]

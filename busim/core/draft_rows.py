"""The arrays of drafts, and kernels bound to them: a draft leaves them to the next one.

NOTE: a speed trick in its own place. A strategy makes a draft in every round. To allocate its arrays and to bind five
kernels to them takes half a millisecond, to copy fleet and plans into arrays that are there already a tenth of that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from busim.core.compiled import Fixed
from busim.core.fleet import FleetArrays
from busim.core.plain_rows import PlanRows
from busim.core.plans import NUM_FLOATS, NUM_INTS, PlanArrays
from busim.core.view import View


class RowLists(PlanRows):
    """Plans as plain numbers, remembered until they are to be forgotten; so nothing has to be compared.

    Parameters
    ----------
    plans
        All plans.
    """

    def __init__(self, plans: PlanArrays) -> None:
        super().__init__(plans)
        self._lists: dict[int, tuple[Any, Any]] = {}

    def slots(self, bus: int) -> tuple[Any, Any]:
        """Give the slots of a plan, to kernels without a compiler; the lists are not to be changed."""
        found = self._lists.get(bus)
        if found is None:
            plans, size = self._plans, self._plans.length.item(bus)
            found = self._lists[bus] = plans.ints[bus, :size].tolist(), plans.floats[bus, :size].tolist()
        return found

    of = slots

    def forget(self, bus: int | None = None) -> None:
        """Forget a plan that has changed, or all of them."""
        if bus is None:
            self._lists.clear()
        else:
            self._lists.pop(bus, None)


class DraftRows:
    """Rows of fleet and plans; from the number of buses on they stand for variants.

    Parameters
    ----------
    view
        Whose travel times and costs they go with.
    rows, width
        Room for plans, and for slots in each.
    """

    def __init__(self, view: View, rows: int, width: int) -> None:
        self._tables, self._costs = view.travel.tables, view.costs
        ints, floats = np.empty((rows, width, NUM_INTS), np.int64), np.zeros((rows, width, NUM_FLOATS))
        self.plans = PlanArrays(ints, floats, np.zeros(rows, np.int64))
        self.fleet = FleetArrays._make(np.zeros(rows, array.dtype) for array in view.fleet)
        self.lists = RowLists(self.plans)
        self._fixed: Fixed | None = None
        self._bound: dict[Callable[..., Any], Callable[..., Any]] = {}

    def fits(self, view: View, rows: int, width: int) -> bool:
        """Tell whether a draft of a view can have them."""
        have = self.plans.ints.shape
        is_large = have[0] >= rows and have[1] >= width
        return is_large and self._tables is view.travel.tables and self._costs is view.costs

    def fill(self, fleet: FleetArrays, plans: PlanArrays) -> None:
        """Write fleet and plans into the first rows; the others take no riders."""
        size, width = plans.ints.shape[:2]
        self.plans.ints[:size, :width], self.plans.floats[:size, :width] = plans.ints, plans.floats
        for mine, array in zip((*self.fleet, self.plans.length), (*fleet, plans.length), strict=True):
            mine[:size] = array
        self.fleet.last[size:], self.plans.length[size:] = -1, 0
        self.lists.forget()

    def call(self, kernel: Callable[..., Any], example: tuple[Any, ...], rest: tuple[Any, ...]) -> Any:
        """Call a kernel with these arrays, travel times, costs, and the rest, which is like an example."""
        bound = self._bound.get(kernel)
        if bound is None:
            if self._fixed is None:
                self._fixed = Fixed(self.fleet, self.plans, self._tables, self._costs)
            bound = self._bound[kernel] = self._fixed.bind(kernel, example)
        return bound(*rest)


_resting: list[DraftRows] = []  # those of the last draft that has ended, if any


def borrow(view: View, spare: int) -> DraftRows:
    """Give rows that hold the fleet and the plans of a view, and so many more."""
    size, width = view.plans.ints.shape[:2]
    found = _resting.pop() if _resting else None
    if found is None or not found.fits(view, size + spare, width):
        found = DraftRows(view, size + spare, width)
    found.fill(view.fleet, view.plans)
    return found


def give_back(rows: DraftRows) -> None:
    """Leave rows to the next draft; nobody may use them any more."""
    _resting[:] = [rows]

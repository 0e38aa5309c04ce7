"""The plans of all buses as padded arrays: what stands in a slot, and what the schedule makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from busim.core.compiled import bind, compiled, lent
from busim.model.events import NONE, Action
from busim.model.network import Floats, Ints
from busim.model.orders import Stop

# What stands in a slot: whole numbers.
NODE, ACTION, RIDER, PERSONS, WHEELS, SITE = range(6)
# What stands in a slot: times [s]. RIDE is the longest ride, at the drop-off of a rider not yet aboard.
EARLIEST, LATEST, DWELL, RIDE = range(4)
# What the schedule adds (see core/schedule.py).
READY, START, DEPART, LOAD, WHEEL_LOAD, WAITED, SLACK, RIDE_SLACK, SPAN_SLACK = range(4, 13)
PICKUPS, PICKUPS_WAITED, DROPOFFS, DROPOFFS_WAITED, ENERGY, LEG_S, LEG_M = range(13, 20)
# What stands in a slot of a charge: the energy that it will give at least [kWh].
GAIN = 20
NUM_INTS, NUM_FLOATS = 6, 21

PICKUP, DROPOFF, LINE, CHARGE, MOVE, END = (int(action) for action in Action)
ACTIONS = {int(action): action for action in Action}  # to look one up costs a tenth of making it of its number


@lent
class PlanArrays(NamedTuple):
    """What compiled kernels read: ``ints`` [B, L, 6], ``floats`` [B, L, 21] and ``length`` [B]."""

    ints: Ints
    floats: Floats
    length: Ints


@compiled
def _open(plans: PlanArrays, bus: int, position: int) -> None:
    size = plans.length[bus]
    plans.ints[bus, position + 1 : size + 1] = plans.ints[bus, position:size]
    plans.floats[bus, position + 1 : size + 1] = plans.floats[bus, position:size]
    plans.length[bus] = size + 1


@compiled
def _insert(
    plans: PlanArrays,
    bus: int,
    position: int,
    whole: tuple[int, ...],
    times: tuple[float, float, float, float],
    gain: float,
) -> None:
    _open(plans, bus, position)
    plans.ints[bus, position] = whole
    plans.floats[bus, position, :READY] = times
    plans.floats[bus, position, GAIN] = gain


@compiled
def _remove(plans: PlanArrays, bus: int, position: int) -> None:
    size = plans.length[bus]
    plans.ints[bus, position : size - 1] = plans.ints[bus, position + 1 : size]
    plans.floats[bus, position : size - 1] = plans.floats[bus, position + 1 : size]
    plans.length[bus] = size - 1


_BLANK = (0,) * NUM_INTS, (0.0,) * READY, 0.0  # what stands in a slot, for its types


class Plans:
    """All plans: slot ``k`` of bus ``b`` is ``ints[b, k]`` and ``floats[b, k]`` for ``k < length[b]``.

    Parameters
    ----------
    num_buses
        Number of buses.
    slots
        Room per bus at first; it doubles when a plan outgrows it.

    Notes
    -----
    ``edits`` counts how often each plan has been edited, for those who remember something of it; who writes into the
    arrays himself does so after an edit, before anyone reads them again.
    """

    def __init__(self, num_buses: int, slots: int = 16) -> None:
        self.ints: Ints = np.zeros((num_buses, slots, NUM_INTS), np.int64)
        self.floats: Floats = np.zeros((num_buses, slots, NUM_FLOATS))
        self.length: Ints = np.zeros(num_buses, np.int64)
        self.edits = [0] * num_buses
        self._kernels: tuple[Callable[..., Any], Callable[..., Any]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the bound kernels, which cannot be copied."""
        return {**vars(self), "_kernels": None}

    @property
    def arrays(self) -> PlanArrays:
        """The arrays as they are now; ask again after an edit, since they may have grown."""
        return PlanArrays(self.ints, self.floats, self.length)

    def insert(self, bus: int, position: int, stop: Stop) -> None:
        """Put a stop before ``position``."""
        if self.length[bus] == self.ints.shape[1]:
            self._grow()
        node, action, rider, persons, wheels, site, earliest, latest, dwell, ride, gain = stop
        whole, times = (node, int(action), rider, persons, wheels, site), (earliest, latest, dwell, ride)
        self.edits[bus] += 1
        self._bound()[0](bus, position, whole, times, gain)

    def remove(self, bus: int, position: int) -> None:
        """Take one slot out."""
        self.edits[bus] += 1
        self._bound()[1](bus, position)

    def _bound(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        """Give the kernels that insert and remove a slot."""
        if self._kernels is None:
            fixed = (self.arrays,)
            self._kernels = bind(_insert, fixed, (0, 0, *_BLANK)), bind(_remove, fixed, (0, 0))
        return self._kernels

    def cut(self, bus: int, keep: int) -> None:
        """Drop all but the first ``keep`` slots."""
        self.edits[bus] += 1
        self.length[bus] = min(keep, int(self.length[bus]))

    def remove_rider(self, bus: int, rider: int) -> None:
        """Take a rider's slots out."""
        size = int(self.length[bus])
        for position in reversed(np.flatnonzero(self.ints[bus, :size, RIDER] == rider).tolist()):
            self.remove(bus, position)

    def stops(self, bus: int) -> tuple[Stop, ...]:
        """Give a plan as stops."""
        size = int(self.length[bus])
        ints, times = self.ints[bus, :size].tolist(), self.floats[bus, :size, :READY].tolist()
        gains = self.floats[bus, :size, GAIN].tolist()
        return tuple(
            Stop(node, ACTIONS[action], rider, persons, wheels, site, earliest, latest, dwell, ride, gain)
            for (node, action, rider, persons, wheels, site), (earliest, latest, dwell, ride), gain in zip(
                ints, times, gains, strict=True
            )
        )

    def position(self, bus: int, rider: int, action: int) -> int:
        """Find a rider's slot, or give ``NONE``."""
        rows = self.ints[bus, : self.length[bus], ACTION : RIDER + 1].tolist()  # a short plan: faster than a mask
        wanted = [int(action), int(rider)]
        return rows.index(wanted) if wanted in rows else NONE

    def _grow(self) -> None:
        self.ints = np.concatenate((self.ints, np.zeros_like(self.ints)), axis=1)
        self.floats = np.concatenate((self.floats, np.zeros_like(self.floats)), axis=1)
        self._kernels = None

"""The plans of all buses as padded arrays: what stands in a slot, and what the schedule makes of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from busim.core.cells import cells
from busim.core.compiled import KERNEL, Fixed, compiled, lent
from busim.core.plain_edits import PlainEdits
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
# What stands in a slot in brief: its node, when the bus leaves it, and when it may be ready there at the latest [s].
BRIEF_NODE, BRIEF_DEPART, BRIEF_LATEST = range(3)

PICKUP, DROPOFF, LINE, CHARGE, MOVE, END = (int(action) for action in Action)
ACTIONS = {int(action): action for action in Action}  # to look one up costs a tenth of making it of its number


class Brief(NamedTuple):
    """Plans in brief: ``slots`` [B, L, 3], of the plans whose ``floats`` are the array ``of``."""

    of: Floats
    slots: Floats


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
def _insert_ride(
    plans: PlanArrays,
    bus: int,
    p: int,
    q: int,
    pick: tuple[int, ...],
    window: tuple[float, float, float, float],
    drop: tuple[int, ...],
    limits: tuple[float, float, float, float],
) -> None:
    _insert(plans, bus, q, drop, limits, 0.0)
    _insert(plans, bus, p, pick, window, 0.0)


@compiled
def _board(plans: PlanArrays, bus: int, rider: int, latest: float) -> None:
    _remove(plans, bus, 0)
    for k in range(plans.length[bus]):
        if plans.ints[bus, k, RIDER] == rider and plans.ints[bus, k, ACTION] == DROPOFF:
            plans.floats[bus, k, LATEST], plans.floats[bus, k, RIDE] = latest, np.inf
            break


@compiled
def _remove(plans: PlanArrays, bus: int, position: int) -> None:
    size = plans.length[bus]
    plans.ints[bus, position : size - 1] = plans.ints[bus, position + 1 : size]
    plans.floats[bus, position : size - 1] = plans.floats[bus, position + 1 : size]
    plans.length[bus] = size - 1


@compiled
def _remove_known(plans: PlanArrays, brief: Floats, bus: int, position: int) -> None:
    _remove(plans, bus, position)
    size = plans.length[bus]
    for k in range(position, size):  # compiles in a third of the time that slices take
        for column in range(3):
            brief[bus, k, column] = brief[bus, k + 1, column]


_BLANK = (0,) * NUM_INTS, (0.0,) * READY  # what stands in a slot, for its types


class _Kernels(NamedTuple):
    insert: Callable[..., Any]
    insert_ride: Callable[..., Any]
    board: Callable[..., Any]
    remove: Callable[..., Any]


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
    arrays himself does so after an edit, before anyone reads them again. ``moving`` are the buses whose plans have held
    a ``MOVE``: no other plan can hold one.

    ``brief`` is for compiled searches: what ``Schedules`` last made of each plan, in brief [B, L, 3].
    """

    def __init__(self, num_buses: int, slots: int = 16) -> None:
        self.ints: Ints = np.zeros((num_buses, slots, NUM_INTS), np.int64)
        self.floats: Floats = np.zeros((num_buses, slots, NUM_FLOATS))
        self.length: Ints = np.zeros(num_buses, np.int64)
        self.brief: Floats = np.zeros((num_buses, slots, 3))
        self.edits = [0] * num_buses
        self.moving: set[int] = set()
        self._bind()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out cells and bound kernels, which cannot be copied."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make them anew."""
        vars(self).update(state)
        self._bind()

    def _bind(self) -> None:
        """See the arrays as they are now; kernels are bound at the first edit."""
        self._slots = self.ints.shape[1]
        self._whole, self._times, self._length = cells(self.ints), cells(self.floats), cells(self.length)
        self._kernels: _Kernels | None = None

    @property
    def arrays(self) -> PlanArrays:
        """The arrays as they are now; ask again after an edit, since they may have grown."""
        return PlanArrays(self.ints, self.floats, self.length)

    def size(self, bus: int) -> int:
        """Count the slots of a plan."""
        size: int = self._length[bus]
        return size

    def first(self, bus: int) -> tuple[int, int, int]:
        """Give node, action and rider of a bus's next stop."""
        at, whole = bus * self._slots * NUM_INTS, self._whole
        return whole[at], whole[at + ACTION], whole[at + RIDER]

    def first_times(self, bus: int, one: int, other: int) -> tuple[float, float]:
        """Give two of the times of a bus's next stop: columns of its slot."""
        at, times = bus * self._slots * NUM_FLOATS, self._times
        return times[at + one], times[at + other]

    def first_time(self, bus: int, column: int, position: int = 0) -> float:
        """Give one of them, or one of a later stop."""
        time: float = self._times[(bus * self._slots + position) * NUM_FLOATS + column]
        return time

    def insert(self, bus: int, position: int, stop: Stop) -> None:
        """Put a stop before ``position``."""
        node, action, rider, persons, wheels, site, earliest, latest, dwell, ride, gain = stop
        whole, times = (node, int(action), rider, persons, wheels, site), (earliest, latest, dwell, ride)
        if action == MOVE:
            self.moving.add(bus)
        self._edit(bus, 1).insert(bus, position, whole, times, gain)

    def insert_ride(
        self,
        bus: int,
        places: tuple[int, int],
        rider: int,
        nodes: tuple[int, int],
        party: tuple[int, int],
        window: tuple[float, float, float, float],
        limits: tuple[float, float, float, float],
    ) -> None:
        """Put a rider's stops before two places of a plan.

        Parameters
        ----------
        bus, places
            Which plan; the slots before which pick-up and drop-off stand, by the plan as it is.
        rider, nodes, party
            Who, from where to where; persons in seats and wheelchairs.
        window, limits
            Of pick-up and drop-off: earliest, latest, dwell, longest ride [s].
        """
        (p, q), (start, end), (persons, wheels) = places, nodes, party
        pick, drop = (start, PICKUP, rider, persons, wheels, NONE), (end, DROPOFF, rider, -persons, -wheels, NONE)
        self._edit(bus, 2).insert_ride(bus, p, q, pick, window, drop, limits)

    def board(self, bus: int, rider: int, latest_s: float) -> None:
        """Let the rider of the first slot board: take it out, and bind the drop-off by the clock alone."""
        self._edit(bus, 0).board(bus, rider, latest_s)

    def remove(self, bus: int, position: int) -> None:
        """Take one slot out."""
        self._edit(bus, 0).remove(bus, position)

    def _edit(self, bus: int, more: int) -> _Kernels:
        """Note an edit that adds so many slots, and give the kernels that edit."""
        if more and self._length[bus] + more > self._slots:
            self._grow()
        self.edits[bus] += 1
        if self._kernels is None:
            self._kernels = self._bound() if KERNEL == "numba" else self._plain()
        return self._kernels

    def _bound(self) -> _Kernels:
        fixed, known = Fixed(self.arrays), Fixed(self.arrays, self.brief)
        return _Kernels(
            fixed.bind(_insert, (0, 0, *_BLANK, 0.0)),
            fixed.bind(_insert_ride, (0, 0, 0, *_BLANK, *_BLANK)),
            fixed.bind(_board, (0, 0, 0.0)),
            known.bind(_remove_known, (0, 0)),
        )

    def _plain(self) -> _Kernels:
        edits = PlainEdits(*self.arrays, GAIN)
        return _Kernels(edits.insert, edits.insert_ride, self._board, edits.remove)

    def _board(self, bus: int, rider: int, latest_s: float) -> None:
        """Do as the kernel."""
        self.remove(bus, 0)
        at = (bus * self._slots + self.position(bus, rider, DROPOFF)) * NUM_FLOATS
        self._times[at + LATEST], self._times[at + RIDE] = latest_s, math.inf

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
        at, whole = bus * self._slots * NUM_INTS, self._whole
        for k in range(self._length[bus]):  # a short plan: faster than a mask
            if whole[at + RIDER] == rider and whole[at + ACTION] == action:
                return k
            at += NUM_INTS
        return NONE

    def _grow(self) -> None:
        self.ints = np.concatenate((self.ints, np.zeros_like(self.ints)), axis=1)
        self.floats = np.concatenate((self.floats, np.zeros_like(self.floats)), axis=1)
        self.brief = np.concatenate((self.brief, np.zeros_like(self.brief)), axis=1)
        self._bind()

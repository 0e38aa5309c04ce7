"""The plans that live through a day: edited in place, with room that grows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from busim.core.cells import cells
from busim.core.compiled import KERNEL, Fixed
from busim.core.plain_edits import PlainEdits
from busim.core.plain_slots import Slots
from busim.core.plan_edits import board, insert, insert_ride, remove_known
from busim.core.plans import (
    ACTION,
    ACTIONS,
    CHARGE,
    DEPART,
    DROPOFF,
    GAIN,
    MOVE,
    NUM_FLOATS,
    NUM_INTS,
    PICKUP,
    READY,
    RIDER,
    SITE,
    START,
    PlanArrays,
    Window,
)
from busim.model.events import NONE
from busim.model.network import Floats, Ints
from busim.model.orders import Stop

# Slots that all plans get at least when one outgrows its room, else a quarter. Twice as many, of which hardly any is
# used, cost a hundred buses some percent of a day without compiled kernels: searches reach across them.
_MORE = 8
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
        Room per bus at first; it grows when a plan outgrows it.

    Notes
    -----
    ``moving`` are the buses whose plans have held a ``MOVE``: no other plan can hold one. Who writes into the
    arrays what a stop is cuts the plan first: without compiled kernels more is known of it (``slots``).

    ``charging`` are the buses whose plans hold a ``CHARGE``, as ``insert``, ``remove`` and ``cut`` know.

    ``changes`` counts edits.

    ``brief`` is for compiled searches: what ``Schedules`` last made of each plan, in brief [B, L, 3].
    """

    def __init__(self, num_buses: int, slots: int = 16) -> None:
        self.ints: Ints = np.zeros((num_buses, slots, NUM_INTS), np.int64)
        self.floats: Floats = np.zeros((num_buses, slots, NUM_FLOATS))
        self.length: Ints = np.zeros(num_buses, np.int64)
        self.brief: Floats = np.zeros((num_buses, slots, 3))
        self.moving: set[int] = set()
        self.charging: set[int] = set()
        self.changes = 0
        self._bind()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out cells and bound kernels, which cannot be copied."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make them anew."""
        vars(self).update(state)
        self._bind()

    def _bind(self, known: dict[int, Slots] | None = None) -> None:
        """See the arrays as they are now; compiled kernels are bound at the first edit."""
        self._slots = self.ints.shape[1]
        self._whole, self._times, self._length = cells(self.ints), cells(self.floats), cells(self.length)
        self._plain = PlainEdits(self.arrays, {} if known is None else known)
        self._kernels: _Kernels | PlainEdits | None = self._plain if KERNEL == "numpy" else None

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
        elif action == CHARGE:
            self.charging.add(bus)
        self._edit(bus, 1).insert(bus, position, whole, times, gain)

    def insert_ride(
        self,
        bus: int,
        places: tuple[int, int],
        rider: int,
        nodes: tuple[int, int],
        party: tuple[int, int],
        window: Window,
        limits: Window,
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
        if bus in self.charging:
            self._look_for_charges(bus)

    def slots(self, bus: int) -> Slots:
        """Give a plan as plain numbers, for schedules without compiled kernels."""
        return self._plain.slots(bus)

    def _edit(self, bus: int, more: int) -> _Kernels | PlainEdits:
        """Give what edits a plan, with room for so many slots more."""
        self.changes += 1
        if more and self._length[bus] + more > self._slots:
            self._grow()
        if self._kernels is None:
            fixed, known = Fixed(self.arrays), Fixed(self.arrays, self.brief)
            self._kernels = _Kernels(
                fixed.bind(insert, (0, 0, *_BLANK, 0.0)),
                fixed.bind(insert_ride, (0, 0, 0, *_BLANK, *_BLANK)),
                fixed.bind(board, (0, 0, 0.0)),
                known.bind(remove_known, (0, 0)),
            )
        return self._kernels

    def cut(self, bus: int, keep: int) -> None:
        """Drop all but the first ``keep`` slots."""
        self.changes += 1
        self._plain.known.pop(bus, None)
        self._length[bus] = min(keep, self._length[bus])
        if bus in self.charging:
            self._look_for_charges(bus)

    def remove_rider(self, bus: int, rider: int) -> None:
        """Take a rider's slots out."""
        size = int(self.length[bus])
        for position in reversed(np.flatnonzero(self.ints[bus, :size, RIDER] == rider).tolist()):
            self.remove(bus, position)

    def _look_for_charges(self, bus: int) -> None:
        if CHARGE not in self.ints[bus, : self._length[bus], ACTION].tolist():
            self.charging.discard(bus)

    def next_charges(self, site: int) -> list[tuple[int, float, float]]:
        """List who charges next of all at a site: bus, start and end as scheduled [s]."""
        found, whole, times = [], self._whole, self._times
        for bus in self.charging:
            slot = bus * self._slots
            at = slot * NUM_INTS
            if whole[at + ACTION] == CHARGE and whole[at + SITE] == site:
                found.append((bus, times[slot * NUM_FLOATS + START], times[slot * NUM_FLOATS + DEPART]))
        return found

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
        more = max(_MORE, self._slots // 4)
        self.ints = np.pad(self.ints, ((0, 0), (0, more), (0, 0)))
        self.floats = np.pad(self.floats, ((0, 0), (0, more), (0, 0)))
        self.brief = np.pad(self.brief, ((0, 0), (0, more), (0, 0)))
        self._bind(self._plain.known)

"""Edits of plans without compiled kernels: slots are moved as bytes.

NOTE: a speed trick in its own place. An array takes a microsecond or two to shift a few rows of its own or to take a
tuple, and a ride that is put into a plan has twelve such steps; to move and write bytes takes a fifth of that.
"""

from __future__ import annotations

from struct import Struct

from busim.core.cells import cells
from busim.model.network import Floats, Ints

_WHOLE, _TIMES, _GAIN = Struct("6q"), Struct("4d"), Struct("d")


class PlainEdits:
    """The edits of ``plans``, of arrays that do not grow.

    Parameters
    ----------
    ints, floats, length
        As ``PlanArrays`` has them.
    gain
        Column of ``floats`` in which a charge has what it gives.
    """

    def __init__(self, ints: Ints, floats: Floats, length: Ints, gain: int) -> None:
        self._ints, self._floats, self._length = ints.data.cast("B"), floats.data.cast("B"), cells(length)
        self._row, self._wide, self._gain = ints.strides[1], floats.strides[1], gain * floats.itemsize
        self._slots = ints.shape[1]

    def insert(
        self,
        bus: int,
        position: int,
        whole: tuple[int, ...],
        times: tuple[float, float, float, float],
        gain: float,
    ) -> None:
        """Put a slot before a position."""
        size = self._length[bus]
        self._move(bus, position, size, 1)
        at = bus * self._slots + position
        _WHOLE.pack_into(self._ints, at * self._row, *whole)
        _TIMES.pack_into(self._floats, at * self._wide, *times)
        _GAIN.pack_into(self._floats, at * self._wide + self._gain, gain)
        self._length[bus] = size + 1

    def insert_ride(
        self,
        bus: int,
        p: int,
        q: int,
        pick: tuple[int, ...],
        window: tuple[float, float, float, float],
        drop: tuple[int, ...],
        limits: tuple[float, float, float, float],
    ) -> None:
        """Put a rider's slots before two positions of the plan as it is."""
        self.insert(bus, q, drop, limits, 0.0)
        self.insert(bus, p, pick, window, 0.0)

    def remove(self, bus: int, position: int) -> None:
        """Take a slot out."""
        size = self._length[bus]
        self._move(bus, position + 1, size, -1)
        self._length[bus] = size - 1

    def _move(self, bus: int, first: int, end: int, by: int) -> None:
        """Move the slots of a plan from the first one to before the end."""
        begin = bus * self._slots
        first, end = begin + first, begin + end
        for memory, row in ((self._ints, self._row), (self._floats, self._wide)):
            start, stop, shift = first * row, end * row, by * row
            memory[start + shift : stop + shift] = memory[start:stop]

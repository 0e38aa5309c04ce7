"""What is remembered of one plan without compiled kernels: its stops and the legs between them."""

from __future__ import annotations

import math
from struct import Struct

from busim.core.plain_legs import Way
from busim.core.plans import CHARGE, DROPOFF, GAIN, PICKUP, READY, PlanArrays
from busim.model.events import NONE

_WHOLE = Struct("5q8x")  # of a slot, NODE to WHEELS
_TIMES = Struct(f"4d{8 * (GAIN - READY)}xd")  # EARLIEST to RIDE, and GAIN
_NEVER: Way = math.inf, -math.inf, 0.0, 0.0, 0
# Node, earliest start, dwell, the part of it that takes energy, persons, in wheelchairs, and the energy that it gives.
SlotStop = tuple[int, float, float, float, int, int, float]
# Latest start, and persons picked up and set down here.
SlotEnd = tuple[float, int, int]


class Slots:
    """One plan as plain numbers.

    Parameters
    ----------
    plans
        All plans.
    bus
        Whose.

    Notes
    -----
    ``stops`` and ``ends`` are what the passes forward and backward read of each slot. ``rides`` are pick-up, drop-off
    and longest time of each ride that is limited; a drop-off without its pick-up before it has ``NONE``. ``last`` is
    the first charge, else the end.
    """

    __slots__ = ("_node", "_ways", "ends", "last", "rides", "stops")

    def __init__(self, plans: PlanArrays, bus: int) -> None:
        size, row = plans.length.item(bus), bus * plans.ints.shape[1]
        ints = plans.ints.data.cast("B")[row * _WHOLE.size : (row + size) * _WHOLE.size]
        floats = plans.floats.data.cast("B")[row * _TIMES.size : (row + size) * _TIMES.size]
        self.last = size - 1
        self.stops: list[SlotStop] = []
        self.ends: list[SlotEnd] = []
        self.rides: list[tuple[int, int, float]] = []
        boards: dict[int, int] = {}
        slots = zip(_WHOLE.iter_unpack(ints), _TIMES.iter_unpack(floats), strict=True)
        for k, ((node, action, rider, persons, wheels), (earliest, latest, dwell, ride, gain)) in enumerate(slots):
            picked, dropped, stood, given = 0, 0, dwell, 0.0
            if action == PICKUP:
                picked, boards[rider] = abs(persons) + abs(wheels), k
            elif action == DROPOFF:
                dropped = abs(persons) + abs(wheels)
                if ride < math.inf:
                    self.rides.append((boards.get(rider, NONE), k, ride))
            elif action == CHARGE:
                stood, given, self.last = 0.0, gain, min(self.last, k)
            self.stops.append((node, earliest, dwell, stood, persons, wheels, given))
            self.ends.append((latest, picked, dropped))
        self._node, self._ways = -1, [_NEVER] * size

    def ways_from(self, node: int) -> list[Way]:
        """Give what is known of the legs to each slot, the first one from a node; to be kept up by whoever reads it."""
        if node != self._node and self._ways:
            self._node, self._ways[0] = node, _NEVER
        return self._ways

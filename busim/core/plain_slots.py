"""The stops of one plan as plain numbers, remembered between its schedules where no kernels are compiled."""

from __future__ import annotations

import math
from struct import Struct

from busim.core.plans import CHARGE, DROPOFF, GAIN, PICKUP, READY, PlanArrays
from busim.model.events import NONE

_WHOLE = Struct("5q8x")  # of a slot, NODE to WHEELS
_TIMES = Struct(f"4d{8 * (GAIN - READY)}xd")  # EARLIEST to RIDE, and GAIN
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

    __slots__ = ("ends", "last", "rides", "stops")

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

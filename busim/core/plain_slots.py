"""The stops of one plan as plain numbers, kept through its edits where no kernels are compiled."""

from __future__ import annotations

import math
from operator import itemgetter
from struct import Struct

from busim.core.plain_legs import NEVER, Way
from busim.core.plans import CHARGE, DROPOFF, GAIN, NUM_INTS, PICKUP, READY, PlanArrays, Whole, Window
from busim.model.events import NONE

_WHOLE = Struct(f"{NUM_INTS}q")
_TIMES = Struct(f"4d{8 * (GAIN - READY)}xd")  # EARLIEST to RIDE, and GAIN
# Node, earliest start, dwell, the part of it that takes energy, persons, in wheelchairs, the energy that it gives,
# latest start, persons picked up and set down here, and the rider.
SlotStop = tuple[int, float, float, float, int, int, float, float, float, float, int]
UNTIL, PICKED, _, WHO = range(7, 11)
# What a schedule makes of a slot: ready, start, depart, load, wheelchairs, running wait, energy, seconds and metres.
Row = tuple[float, float, float, float, float, float, float, float, float]


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
    ``stops`` are what schedules read of each slot, ``ways`` the legs to it as they were last driven, the first of them
    from ``start``. ``rides`` are pick-up, drop-off and longest time of each ride that is limited; a drop-off without
    its pick-up before it has ``NONE``. ``charge`` is the first charge, or ``NONE``. ``is_scheduled`` tells whether each
    slot has a schedule, ``may_be_late`` whether that misses a limit. ``read`` are the slots as they stand in the
    arrays, whole numbers and others, or nothing until somebody reads them anew.

    To keep little is to be fast: a day goes from one plan to another, and each object has to come from main memory.
    """

    __slots__ = ("charge", "is_scheduled", "may_be_late", "read", "rides", "start", "stops", "ways")

    def __init__(self, plans: PlanArrays, bus: int) -> None:
        size, row = plans.length.item(bus), bus * plans.ints.shape[1]
        ints = plans.ints.data.cast("B")[row * _WHOLE.size : (row + size) * _WHOLE.size]
        floats = plans.floats.data.cast("B")[row * _TIMES.size : (row + size) * _TIMES.size]
        self.charge, self.start, self.may_be_late, self.is_scheduled = NONE, NONE, True, False
        self.stops: list[SlotStop] = []
        self.ways: list[Way] = [NEVER] * size
        self.rides: list[tuple[int, int, float]] = []
        self.read: tuple[list[Whole], list[list[float]]] | None = None
        boards: dict[int, int] = {}
        slots = zip(_WHOLE.iter_unpack(ints), _TIMES.iter_unpack(floats), strict=True)
        for k, ((node, action, rider, persons, wheels, _), (earliest, latest, dwell, ride, gain)) in enumerate(slots):
            picked, dropped, stood, given = 0.0, 0.0, dwell, 0.0
            if action == PICKUP:
                picked, boards[rider] = float(abs(persons) + abs(wheels)), k
            elif action == DROPOFF:
                dropped = float(abs(persons) + abs(wheels))
                if ride < math.inf:
                    self.rides.append((boards.get(rider, NONE), k, ride))
            elif action == CHARGE:
                stood, given = 0.0, gain
                self.charge = k if self.charge == NONE else self.charge
            self.stops.append((node, earliest, dwell, stood, persons, wheels, given, latest, picked, dropped, rider))

    @property
    def last(self) -> int:
        """The last slot before which riders may be put: the first charge, else the end."""
        return len(self.stops) - 1 if self.charge == NONE else self.charge

    def put_ride(self, p: int, q: int, pick: Whole, window: Window, drop: Whole, limits: Window) -> None:
        """Put a rider's stops before two slots, as ``plan_edits.insert_ride`` does."""
        (node, _, rider, persons, wheels, _), (off, *_) = pick, drop
        (earliest, latest, dwell, _), (soonest, due, stood, most) = map(float, window), map(float, limits)
        size, ways = float(abs(persons) + abs(wheels)), self.ways
        self.read, self.is_scheduled = None, False
        self.stops.insert(q, (off, soonest, stood, stood, -persons, -wheels, 0.0, due, 0.0, size, rider))
        self.stops.insert(p, (node, earliest, dwell, dwell, persons, wheels, 0.0, latest, size, 0.0, rider))
        if p < len(ways):
            ways[p] = NEVER
        if q < len(ways):
            ways[q] = NEVER
        ways.insert(q, NEVER)
        ways.insert(p, NEVER)
        self.rides = [(b + (b >= p) + (b >= q), e + (e >= p) + (e >= q), longest) for b, e, longest in self.rides]
        if most < math.inf:
            self.rides.append((p, q + 1, most))
            self.rides.sort(key=itemgetter(1))
        if self.charge != NONE:
            self.charge += (self.charge >= p) + (self.charge >= q)

    def drop_first(self) -> bool:
        """Take the first slot out; tells whether what is left is known, which it is not behind a charge."""
        if self.charge == 0:
            return False
        self.start = self.stops.pop(0)[0]
        del self.ways[0]
        self.read = None
        self.rides = [(b - 1 if b > 0 else NONE, e - 1, most) for b, e, most in self.rides if e > 0]
        self.charge = self.charge - 1 if self.charge > 0 else NONE
        return True

    def bind(self, rider: int, latest_s: float) -> int:
        """Let a rider's drop-off be due by the clock alone; gives its slot."""
        for k, stop in enumerate(self.stops):
            if stop[WHO] == rider and not stop[PICKED]:
                node, earliest, dwell, stood, persons, wheels, given, _, picked, dropped, _ = stop
                self.stops[k] = node, earliest, dwell, stood, persons, wheels, given, latest_s, picked, dropped, rider
                self.read = None
                self.rides = [ride for ride in self.rides if ride[1] != k]
                return k
        return NONE

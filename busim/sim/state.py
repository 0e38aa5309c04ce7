"""The state that the event log describes; applying the log's events again gives the same state."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from busim.core.cells import cells
from busim.core.energy import J_PER_KWH
from busim.core.live_plans import Plans
from busim.core.plans import ACTION, ACTIONS, CHARGE, PICKUP, RIDER
from busim.model.events import NONE, EventLog, Kind
from busim.model.fleet import FleetState, Mode
from busim.model.network import Ints
from busim.model.orders import Stop
from busim.model.riders import Riders, Status

# Plain numbers, bound once: members of enumerations are slow to look up, and to put into arrays.
_OPEN, _PLANNED, _ABOARD, _SERVED = (int(s) for s in (Status.OPEN, Status.PLANNED, Status.ABOARD, Status.SERVED))
_SERVING, _DRIVING = int(Mode.SERVING), int(Mode.DRIVING)


class Parties:
    """What the state reads of riders, as plain numbers."""

    def __init__(self, riders: Riders) -> None:
        self.earliest_s, self.latest_s, self.longest_s = map(
            cells, (riders.earliest_s, riders.latest_s, riders.longest_s)
        )
        self.persons, self.wheels = cells(riders.persons), cells(riders.wheels)
        self.board_s, self.alight_s = cells(riders.board_s), cells(riders.alight_s)


Apply = Callable[[int, int, int, int, int, int, int, int, float], None]


class State:
    """Fleet, plans and riders of a run.

    Parameters
    ----------
    fleet
        The fleet, parked.
    riders
        All riders of the day [R].
    """

    def __init__(self, fleet: FleetState, riders: Riders) -> None:
        self.fleet, self.riders = fleet, riders if riders.choices is None else riders.own()
        self.plans = Plans(len(fleet.node))
        self.status: Ints = np.zeros(len(riders), np.int64)
        self.bus_of: Ints = np.full(len(riders), NONE)
        self._status, self._bus_of = cells(self.status), cells(self.bus_of)
        self._mode, self._node, self._target = cells(fleet.mode), cells(fleet.node), cells(fleet.target)
        self._load, self._wheels, self.energy = cells(fleet.load), cells(fleet.wheels), cells(fleet.energy_kwh)
        self._odometer = cells(fleet.odometer_m)
        self.party = Parties(self.riders)
        self.appliers: dict[int, Apply] = {
            Kind.REQUEST: self._request,
            Kind.STOPS: self._stops,
            Kind.ACCEPT: self._accept,
            Kind.BOARD: self._board,
            Kind.ALIGHT: self._alight,
            Kind.UNPLAN: self._unplan,
            Kind.PLAN: self._plan,
            Kind.SLOT: self._slot,
            Kind.DONE: self._done,
            Kind.TURN: self._turn,
            Kind.ARRIVE: self._arrive,
            Kind.PLUG_OUT: self._plug_out,
            Kind.LEFT_BEHIND: self._nothing,
            Kind.POWER: self._nothing,
            Kind.LOW: self._nothing,
            Kind.FREE_AT: self._nothing,
            Kind.PLUGS: self._nothing,
            Kind.REFUSE: self._ending(Status.REFUSED),
            Kind.ABANDON: self._ending(Status.ABANDONED),
            Kind.CANCEL: self._ending(Status.CANCELLED),
            Kind.NO_SHOW: self._ending(Status.NO_SHOW),
            Kind.SHIFT_START: self._shift_start,
            Kind.LEAVE: self._standing(Mode.DRIVING),
            Kind.IDLE: self._standing(Mode.IDLE),
            Kind.WAIT: self._standing(Mode.WAITING),
            Kind.PLUG_WAIT: self._standing(Mode.QUEUEING),
            Kind.PLUG_IN: self._standing(Mode.CHARGING),
            Kind.SHIFT_END: self._standing(Mode.OFF),
        }

    def apply(
        self, time: int, kind: int, bus: int, rider: int, node: int, other: int, a: int, b: int, c: int, value: float
    ) -> None:
        """Carry out one event of the log; the columns are those of ``EventLog``."""
        self.appliers[kind](time, bus, rider, node, other, a, b, c, value)

    def is_empty(self, bus: int) -> bool:
        """Tell whether nobody is aboard."""
        return not (self._load[bus] or self._wheels[bus])

    def replay(self, log: EventLog) -> None:
        """Carry out a whole log."""
        columns = (log.time, log.kind, log.bus, log.rider, log.node, log.other, log.a, log.b, log.c, log.value)
        for row in zip(*(column.tolist() for column in columns), strict=True):
            self.apply(*row)

    def differences(self, other: State) -> list[str]:
        """Name what differs from another state."""
        pairs = {name: (getattr(self.fleet, name), getattr(other.fleet, name)) for name in vars(self.fleet)}
        pairs |= {"status": (self.status, other.status), "bus_of": (self.bus_of, other.bus_of)}
        unequal = [name for name, (mine, theirs) in pairs.items() if not np.array_equal(mine, theirs)]
        plans = range(len(self.fleet.node))
        return unequal + [f"plan of bus {b}" for b in plans if self.plans.stops(b) != other.plans.stops(b)]

    def _nothing(self, *_: float) -> None:
        """Leave the state alone: the event only tells."""

    def _ending(self, status: Status) -> Apply:
        number = int(status)

        def end(_t: int, _bus: int, rider: int, *_: float) -> None:
            self._status[rider] = number

        return end

    def _request(self, _t: int, _bus: int, rider: int, *_: float) -> None:
        self._status[rider] = _OPEN

    def _stops(self, time: int, _bus: int, rider: int, node: int, other: int, *_: float) -> None:
        self.riders.settle(rider, self.riders.choice(rider, node, other), time)

    def _accept(
        self, _t: int, bus: int, rider: int, node: int, other: int, a: int, b: int, c: int, _value: float
    ) -> None:
        if a == NONE:  # a new tail has put the rider into the plan
            return
        party = self.party
        window = party.earliest_s[rider], party.latest_s[rider], party.board_s[rider], math.inf
        limits = -math.inf, c, party.alight_s[rider], party.longest_s[rider]
        size = party.persons[rider], party.wheels[rider]
        self.plans.insert_ride(bus, (a, b), rider, (node, other), size, window, limits)
        self._status[rider], self._bus_of[rider] = _PLANNED, bus

    def _unplan(self, _t: int, bus: int, rider: int, *_: float) -> None:
        self.plans.remove_rider(bus, rider)
        self.status[rider], self.bus_of[rider] = _OPEN, NONE

    def _board(self, time: int, bus: int, rider: int, *_: float) -> None:
        party = self.party
        self._load[bus] += party.persons[rider]
        self._wheels[bus] += party.wheels[rider]
        if self._status[rider] == _PLANNED:
            self.plans.board(bus, rider, time + party.longest_s[rider])
        self._status[rider], self._bus_of[rider] = _ABOARD, bus

    def _alight(self, _t: int, bus: int, rider: int, *_: float) -> None:
        party, plans = self.party, self.plans
        self._load[bus] -= party.persons[rider]
        self._wheels[bus] -= party.wheels[rider]
        if plans.size(bus) and plans.first(bus)[2] == rider:
            plans.remove(bus, 0)
        self._status[rider] = _SERVED

    def _plan(self, _t: int, bus: int, _rider: int, _node: int, _other: int, a: int, *_: float) -> None:
        """Cut a plan; riders whose pick-up goes with the tail are open again until a slot names them."""
        plans = self.plans
        for slot in plans.ints[bus, a : plans.size(bus)].tolist():
            rider = slot[RIDER]
            if slot[ACTION] == PICKUP and self._bus_of[rider] == bus:  # another's new tail may have taken him over
                self._status[rider], self._bus_of[rider] = _OPEN, NONE
        plans.cut(bus, a)

    def _slot(self, _t: int, bus: int, rider: int, node: int, other: int, a: int, b: int, c: int, value: float) -> None:
        persons, wheels, ride = 0, 0, math.inf
        if rider != NONE:
            sign = 1 if a == PICKUP else -1
            persons, wheels = sign * int(self.riders.persons[rider]), sign * int(self.riders.wheels[rider])
            if a == PICKUP:
                self.status[rider], self.bus_of[rider] = _PLANNED, bus
            elif self.status[rider] == _PLANNED:
                ride = float(self.riders.longest_s[rider])
        earliest, latest = (-math.inf if b == NONE else b), (math.inf if c == NONE else c)
        gain = 0.0
        if a == CHARGE:
            latest, gain = math.inf, max(0, c) / 1000
        stop = Stop(node, ACTIONS[a], rider, persons, wheels, other, earliest, latest, value, ride, gain)
        self.plans.insert(bus, int(self.plans.length[bus]), stop)

    def _done(self, _t: int, bus: int, *_: float) -> None:
        self.plans.remove(bus, 0)

    def _shift_start(self, _t: int, bus: int, _rider: int, node: int, *rest: float) -> None:
        self.fleet.mode[bus], self.fleet.node[bus], self.fleet.energy_kwh[bus] = Mode.IDLE, node, rest[-1]

    def _standing(self, mode: Mode) -> Apply:
        number = int(mode)

        def stand(
            _t: int, bus: int, _rider: int, _node: int, other: int, _a: int, _b: int, _c: int, used: float
        ) -> None:
            self._mode[bus] = number
            self.energy[bus] -= used
            if number == _DRIVING:
                self._target[bus] = other

        return stand

    def _turn(
        self, _t: int, bus: int, _rider: int, node: int, other: int, metres: int, _b: int, back_j: int, used: float
    ) -> None:
        self._node[bus], self._target[bus] = node, other
        self._odometer[bus] += metres
        self.energy[bus] += back_j / J_PER_KWH - used

    def _arrive(
        self, _t: int, bus: int, _rider: int, node: int, _other: int, metres: int, _b: int, back_j: int, used: float
    ) -> None:
        self._mode[bus], self._node[bus], self._target[bus] = _SERVING, node, node
        self._odometer[bus] += metres
        self.energy[bus] += back_j / J_PER_KWH - used

    def _plug_out(self, _t: int, bus: int, *rest: float) -> None:
        self.fleet.mode[bus] = Mode.SERVING
        self.fleet.energy_kwh[bus] += rest[-1]

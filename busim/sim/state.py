"""The state that the event log describes; applying the log's events again gives the same state."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from busim.core.energy import J_PER_KWH
from busim.core.plans import ACTION, ACTIONS, CHARGE, DROPOFF, LATEST, PICKUP, RIDE, RIDER, Plans
from busim.model.events import NONE, Action, EventLog, Kind
from busim.model.fleet import FleetState, Mode
from busim.model.network import Ints
from busim.model.orders import Stop
from busim.model.riders import Riders, Status

# Plain numbers, bound once: members of enumerations are slow to look up, and to put into arrays.
_OPEN, _PLANNED, _ABOARD, _SERVED = (int(s) for s in (Status.OPEN, Status.PLANNED, Status.ABOARD, Status.SERVED))
_SERVING, _DRIVING = int(Mode.SERVING), int(Mode.DRIVING)
_PICKUP, _DROPOFF = Action.PICKUP, Action.DROPOFF
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
            self.status[rider] = number

        return end

    def _request(self, _t: int, _bus: int, rider: int, *_: float) -> None:
        self.status[rider] = _OPEN

    def _stops(self, time: int, _bus: int, rider: int, node: int, other: int, *_: float) -> None:
        self.riders.settle(rider, self.riders.choice(rider, node, other), time)

    def _accept(
        self, _t: int, bus: int, rider: int, node: int, other: int, a: int, b: int, c: int, _value: float
    ) -> None:
        if a == NONE:  # a new tail has put the rider into the plan
            return
        riders, plans = self.riders, self.plans
        persons, wheels = int(riders.persons[rider]), int(riders.wheels[rider])
        longest, alight = float(riders.longest_s[rider]), float(riders.alight_s[rider])
        window = float(riders.earliest_s[rider]), float(riders.latest_s[rider])
        drop = Stop(other, _DROPOFF, rider, -persons, -wheels, NONE, -math.inf, c, alight, longest)
        pick = Stop(node, _PICKUP, rider, persons, wheels, NONE, *window, float(riders.board_s[rider]))
        plans.insert(bus, b, drop)
        plans.insert(bus, a, pick)
        self.status[rider], self.bus_of[rider] = _PLANNED, bus

    def _unplan(self, _t: int, bus: int, rider: int, *_: float) -> None:
        self.plans.remove_rider(bus, rider)
        self.status[rider], self.bus_of[rider] = _OPEN, NONE

    def _board(self, time: int, bus: int, rider: int, *_: float) -> None:
        fleet, riders = self.fleet, self.riders
        fleet.load[bus] += riders.persons[rider]
        fleet.wheels[bus] += riders.wheels[rider]
        if self.status[rider] == _PLANNED:
            self.plans.remove(bus, 0)
            drop = self.plans.position(bus, rider, DROPOFF)
            self.plans.floats[bus, drop, LATEST] = time + riders.longest_s[rider]
            self.plans.floats[bus, drop, RIDE] = math.inf
        self.status[rider], self.bus_of[rider] = _ABOARD, bus

    def _alight(self, _t: int, bus: int, rider: int, *_: float) -> None:
        fleet, riders, plans = self.fleet, self.riders, self.plans
        fleet.load[bus] -= riders.persons[rider]
        fleet.wheels[bus] -= riders.wheels[rider]
        if plans.length[bus] and plans.ints[bus, 0, RIDER] == rider:
            plans.remove(bus, 0)
        self.status[rider] = _SERVED

    def _plan(self, _t: int, bus: int, _rider: int, _node: int, _other: int, a: int, *_: float) -> None:
        """Cut a plan; riders whose pick-up goes with the tail are open again until a slot names them."""
        plans = self.plans
        tail = plans.ints[bus, a : plans.length[bus]]
        gone = tail[tail[:, ACTION] == PICKUP, RIDER]
        gone = gone[self.bus_of[gone] == bus]  # another bus's new tail may have taken some over already
        self.status[gone], self.bus_of[gone] = _OPEN, NONE
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
            fleet = self.fleet
            fleet.mode[bus] = number
            fleet.energy_kwh[bus] -= used
            if number == _DRIVING:
                fleet.target[bus] = other

        return stand

    def _turn(
        self, _t: int, bus: int, _rider: int, node: int, other: int, metres: int, _b: int, back_j: int, used: float
    ) -> None:
        fleet = self.fleet
        fleet.node[bus], fleet.target[bus] = node, other
        fleet.odometer_m[bus] += metres
        fleet.energy_kwh[bus] += back_j / J_PER_KWH - used

    def _arrive(
        self, _t: int, bus: int, _rider: int, node: int, _other: int, metres: int, _b: int, back_j: int, used: float
    ) -> None:
        fleet = self.fleet
        fleet.mode[bus], fleet.node[bus], fleet.target[bus] = _SERVING, node, node
        fleet.odometer_m[bus] += metres
        fleet.energy_kwh[bus] += back_j / J_PER_KWH - used

    def _plug_out(self, _t: int, bus: int, *rest: float) -> None:
        self.fleet.mode[bus] = Mode.SERVING
        self.fleet.energy_kwh[bus] += rest[-1]

"""The bus process: drive to the next planned stop, serve it, go on; every mode of service is this one process."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import Any, Protocol

import simpy

from busim.core.plans import (
    ACTION,
    CHARGE,
    DROPOFF,
    DWELL,
    EARLIEST,
    END,
    LINE,
    NODE,
    PICKUP,
    READY,
    SITE,
    SLACK,
    START,
    WAITED,
)
from busim.core.underway import Spent
from busim.model.events import NONE, Kind
from busim.model.orders import Stop
from busim.sim.world import World

Steps = Generator[simpy.Event, Any, None]
Sleep = Callable[[float], Generator[simpy.Event, Any, bool]]


class Control(Protocol):
    """What a bus asks of the control centre."""

    @property
    def plug_stops(self) -> frozenset[int]:
        """Give the nodes at which a bus may charge with riders aboard."""
        ...

    def on_idle(self, bus: int) -> None:
        """Find work for a bus that has none."""

    def on_stop(self, bus: int) -> None:
        """Let a bus with riders aboard charge where it stands, before it drives on."""

    def on_shift_end(self, bus: int) -> None:
        """See to a bus whose shift has ended."""

    def miss(self, rider: int, bus: int, node: int) -> None:
        """Take a rider who did not come to the stop out of the plan."""

    def duties_of(self, bus: int) -> tuple[Stop, ...]:
        """Give what a bus has to do from the start of its shift."""
        ...

    def promise(self, bus: int) -> None:
        """Tell these riders what they are promised, once the plan is scheduled."""


class Plugs(Protocol):
    """The charging sites."""

    def charge(
        self, bus: int, site: int, seconds: int, leave_by: float, sleep: Sleep, least_kwh: float, booked_s: float
    ) -> Steps:
        """Queue for a plug and charge, but leave in time for what is planned next, or when dispatch wants the bus."""
        ...


class Platform(Protocol):
    """The stops of a fixed line."""

    def serve(self, bus: int, stop: int, leave_s: float) -> Steps:
        """Let riders off and on, and hold until the time of departure."""
        ...


# Bound once, as plain numbers: to look up a member of an enumeration costs more than logging the event.
_ALIGHT, _ARRIVE, _BOARD, _DONE, _IDLE = (
    int(kind) for kind in (Kind.ALIGHT, Kind.ARRIVE, Kind.BOARD, Kind.DONE, Kind.IDLE)
)
_LEAVE, _SHIFT_END, _SHIFT_START, _TURN, _WAIT = (
    int(kind) for kind in (Kind.LEAVE, Kind.SHIFT_END, Kind.SHIFT_START, Kind.TURN, Kind.WAIT)
)

GAP_S = 1200  # an empty bus with so much time before its next rider may charge first
NEVER_S = 1 << 30
RECHECK_S = 900  # an idle bus asks again: its charge falls while it stands


class BusProcess:
    """One bus, from the start of its shift to the end.

    It can be interrupted while it drives, waits for a time or has nothing to do, never while it serves or charges;
    an interrupt means that the next stop of its plan is another one.

    Parameters
    ----------
    world
        The world.
    bus
        Which bus.
    control, plugs, platform
        Who is asked for work, where it charges, and who runs the stops of a line.
    """

    def __init__(self, world: World, bus: int, control: Control, plugs: Plugs, platform: Platform) -> None:
        self.world, self.bus, self.env = world, bus, world.env
        self.control, self.plugs, self.platform = control, plugs, platform
        self.node = world.depot_node[bus]
        self.is_idle = False
        self._asked_at, self._asked_here = -1, False
        self._yields = False  # whether an interrupt is welcome now
        self.process = self.env.process(self.run())

    def replan(self) -> None:
        """Tell the bus that its next stop has changed."""
        if self._yields:
            self._yields = False
            self.process.interrupt()

    def run(self) -> Steps:
        """Live through the shift."""
        world, bus = self.world, self.bus
        spec = world.bus(bus)
        is_announced = spec.shift_start_s > world.now and world.spec.service.mode != "line"
        if is_announced:  # riders may book for the time after
            world.announce(bus)
            self._open_plan()
        if spec.shift_start_s > world.now:  # else before anyone asks at this moment
            yield self.env.timeout(spec.shift_start_s - world.now)
        energy = spec.start_charge * world.vehicle(bus).battery_kwh
        world.start_account(bus)
        world.record(_SHIFT_START, bus, node=self.node, value=energy)
        world.positions.stand(bus, self.node, world.now, energy)
        if is_announced:
            world.reschedule(bus)
        else:
            self._open_plan()
        is_over, plans, plug_stops = False, world.state.plans, self.control.plug_stops
        while not is_over:
            node, action, rider = plans.first(bus)
            if action == PICKUP and self._has_gap():
                self._ask()
                node, action, rider = plans.first(bus)
            if self.node in plug_stops:
                self._ask_at_stop()
                node, action, rider = plans.first(bus)
            if action == END:
                is_over = yield from self._idle()
            elif node != self.node:
                yield from self._drive(node)
            else:
                yield from self._serve(action, rider)
        world.record(_SHIFT_END, bus, node=self.node, value=world.energy_used(bus))
        world.retire(bus)
        self.control.on_shift_end(bus)

    def _open_plan(self) -> None:
        """Open the plan with what was planned before the day, and tell its riders so."""
        self.world.record_tail(self.bus, 0, self.control.duties_of(self.bus))
        self.world.reschedule(self.bus)
        self.control.promise(self.bus)

    def _ask(self) -> None:
        """Ask for work, once a second: an order that changes nothing must not stop the clock."""
        if self._asked_at != self.world.now:
            self._asked_at = self.world.now
            self.control.on_idle(self.bus)

    def _ask_at_stop(self) -> None:
        """Ask whether to charge with riders aboard, once a halt, when all who board and alight here have done so."""
        slot = self.world.state.plans.ints[self.bus, 0]
        if not self._asked_here and (slot[NODE] != self.node or slot[ACTION] == END):
            self._asked_here = True
            self.control.on_stop(self.bus)

    def _has_gap(self) -> bool:
        """Tell whether the bus, about to pick up, is empty and its next rider, booked ahead, is due only in a while."""
        bus, state = self.bus, self.world.state
        if not state.is_empty(bus) or state.plans.first_time(bus, EARLIEST) < self.env.now + GAP_S:
            return False
        ready, start = self.world.scheduled(bus).first_times(bus, READY, START)
        return start - ready >= GAP_S

    def _until(self, time: float) -> Generator[simpy.Event, Any, bool]:
        """Sleep until a time; gives whether an interrupt came first."""
        env, self._yields = self.env, True
        try:
            delay = int(time) - env.now
            yield env.timeout(delay if delay > 0 else 0)
        except simpy.Interrupt:
            return True
        self._yields = False
        return False

    def _sleep(self, time: float) -> Steps:
        """Sleep until a time, come what may."""
        if time > self.world.now:
            yield self.env.timeout(int(time) - self.world.now)

    def _idle(self) -> Generator[simpy.Event, Any, bool]:
        """Ask for work, else wait for it or for the way home; gives whether the shift is over."""
        world, bus = self.world, self.bus
        self._ask()
        if world.state.plans.ints[bus, 0, ACTION] != END:
            return False
        home_at = self._home_at()
        if world.now >= home_at:
            if self.node != world.depot_node[bus] and world.spec.fleet.return_to_depot:
                yield from self._drive(world.first_node(bus))
                return self.node == world.depot_node[bus] and world.now >= self._home_at()
            return True
        if not self.is_idle:
            world.record(_IDLE, bus, node=self.node, value=world.energy_used(bus))
            self.is_idle = True
        yield from self._until(min(home_at, world.now + RECHECK_S))
        return False

    def _home_at(self) -> int:
        """Give the last moment to leave for the depot, by planned travel times; the shift's end if already there."""
        world, end = self.world, self.world.bus(self.bus).shift_end_s
        depot = world.depot_node[self.bus]
        if self.node == depot or not world.spec.fleet.return_to_depot:
            return min(end, self._lasts_until(self.node))
        leave = end
        for _ in range(4):  # travel times depend on the departure; they change little in a few minutes
            leave = end - world.travel.leg_time(self.node, depot, leave) - world.halt_s
        return min(leave, end, self._lasts_until(depot))

    def _lasts_until(self, depot: int) -> int:
        """Give the last moment to leave for the depot with the reserve left on arrival, standing here until then."""
        world, bus, arrays, now = self.world, self.bus, self.world.positions.arrays, self.env.now
        per_second = arrays.per_second.item(bus)
        if per_second == 0.0:
            return NEVER_S
        seconds, metres = 0, world.travel.most.item(self.node, depot)
        if self.node != depot:
            seconds = world.travel.leg_time(self.node, depot, now) + world.halt_s
        held = arrays.energy.item(bus) - max(0.0, now - arrays.time.item(bus)) * per_second
        spare = held - arrays.reserve.item(bus) - metres * arrays.per_metre.item(bus) - seconds * per_second
        return int(now + max(0.0, min(spare / per_second, NEVER_S)))

    def _drive(self, target: int) -> Steps:
        """Drive to the plan's next stop; at an interrupt turn towards the new one at the next node."""
        world, bus, positions = self.world, self.bus, self.world.positions
        self.is_idle = False
        world.record(_LEAVE, bus, NONE, self.node, target, NONE, NONE, NONE, world.energy_used(bus))
        while True:
            energy = world.state.energy[bus]
            ready = positions.leave(bus, self.node, target, self.env.now, energy, world.halt_s)
            if world.is_noisy:
                world.reschedule(bus)
            if not (yield from self._until(ready)):
                break
            node, time, is_end = positions.next_node(bus, world.now)
            yield from self._sleep(time)
            if is_end:
                break
            target = world.first_node(bus)
            if target == node or world.state.plans.ints[bus, 0, ACTION] == END:
                self._arrive(node, 0, positions.spent_here(bus, stops=True))
                return
            spent = positions.spent_here(bus, stops=False)
            used = world.energy_used(bus, spent)
            world.record(_TURN, bus, NONE, node, target, spent.metres, NONE, spent.back_j, used)
            self.node = node
        self._arrive(target, world.halt_s, positions.spent(bus))

    def _arrive(self, node: int, halt: int, spent: Spent) -> None:
        world, bus, now = self.world, self.bus, self.env.now
        self.node, self._asked_here = node, False
        used = world.energy_used(bus, spent)
        world.record(_ARRIVE, bus, NONE, node, NONE, spent.metres, halt, spent.back_j, used)
        world.stand(bus, node, now)
        if world.is_noisy or world.state.plans.first_time(bus, START) != now:
            world.reschedule(bus)

    def _serve(self, action: int, rider: int) -> Steps:
        """Serve the plan's first stop, where the bus stands; waits for its time first."""
        world, bus, plans = self.world, self.bus, self.world.state.plans
        earliest, dwell = plans.first_times(bus, EARLIEST, DWELL)
        self.is_idle = False
        if earliest > self.env.now and action != LINE:
            used = world.energy_used(bus)
            world.record(_WAIT, bus, node=self.node, a=int(earliest), value=used)
            world.settle(bus)  # as of its arrival: what it has left is accounted anew
            world.stand(bus, self.node, world.now)
            yield from self._until(earliest)
            return
        if action == PICKUP and world.withdrawals.no_show[rider]:
            yield from self._wait_in_vain(rider, dwell)
        elif action in (PICKUP, DROPOFF):
            self._board_or_alight(_BOARD if action == PICKUP else _ALIGHT, rider, dwell)
            if dwell > 0:
                yield self.env.timeout(int(dwell))
        elif action == CHARGE:
            site = int(plans.ints[bus, 0, SITE])
            world.record(_DONE, bus)
            world.reschedule(bus)
            leave_by = world.leave_by(bus, self.node)
            least = world.home_kwh(bus, self.node) if plans.length[bus] == 1 else 0.0
            world.withdraw(bus)
            booked_s = earliest if math.isfinite(earliest) else math.inf
            yield from self.plugs.charge(bus, site, int(dwell), leave_by, self._until, least, booked_s)
            world.stand(bus, self.node, world.now)
            world.reschedule(bus)
        elif action == LINE:
            stop = int(plans.ints[bus, 0, SITE])
            world.record(_DONE, bus)
            world.stand(bus, self.node, max(world.now, earliest))
            yield from self.platform.serve(bus, stop, max(earliest, world.now + dwell))
            world.stand(bus, self.node, world.now)
            world.reschedule(bus)
        else:
            world.record(_DONE, bus)
            world.reschedule(bus)

    def _wait_in_vain(self, rider: int, dwell: float) -> Steps:
        """Wait for a rider who does not come, as long as the rules say and nobody else is made late by it."""
        world, bus = self.world, self.bus
        spare = float(world.scheduled(bus).floats[bus, 1, SLACK]) + dwell
        until = world.now + int(max(0.0, min(world.spec.service.no_show_wait_s, spare)))
        world.record(_WAIT, bus, rider, self.node, a=until, b=1, value=world.energy_used(bus))
        world.stand(bus, self.node, until)
        world.reschedule(bus)
        yield from self._sleep(until)
        if world.state.bus_of[rider] == bus:  # else another bus was sent in the meantime
            self.control.miss(rider, bus, self.node)

    def _board_or_alight(self, kind: int, rider: int, dwell: float) -> None:
        """Let a rider on or off; the doors close when the dwell is over."""
        world, bus, now, party = self.world, self.bus, self.env.now, self.world.state.party
        is_new = world.is_noisy or world.state.plans.first_times(bus, START, WAITED) != (now, 0.0)
        world.record(kind, bus, rider, self.node, NONE, party.persons[rider] + party.wheels[rider], int(dwell))
        world.stand(bus, self.node, now + dwell)
        if is_new:
            world.reschedule(bus)
        elif kind == _BOARD:  # on time: what follows stands as it was planned, but he is due by the clock now
            world.schedules.limit(bus, float(now))
        else:
            world.positions.last[bus] -= 1

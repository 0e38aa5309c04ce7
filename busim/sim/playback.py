"""The log played back: state, places and schedules as the strategies saw them at any moment of a finished day."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from busim.core.fleet import FleetArrays
from busim.core.plans import ACTION, CHARGE, DWELL, EARLIEST, LINE, START, WAITED, PlanArrays
from busim.core.travel import TravelTimes
from busim.core.view import View
from busim.model.charger_sites import charger_specs
from busim.model.events import NONE, Action, EventLog, Kind
from busim.model.network import Ints, RoadNetwork
from busim.model.riders import Riders, Status
from busim.model.specs import ScenarioSpec
from busim.sim.plugs import battery_curve
from busim.sim.simulation import make_world
from busim.sim.site_book import SiteBook

_AT_PLUG = (Kind.PLUG_WAIT, Kind.PLUG_IN, Kind.PLUG_OUT, Kind.FREE_AT, Kind.LOW)
_ACCOUNTED = tuple(kind for kind in Kind if Kind.SHIFT_START <= kind <= Kind.SHIFT_END)
_MOVING = ("taken", "ready_s", "bus_site", "bus_until")  # arrays of ``Chargers`` that change over the day
_DECIDED = (Kind.STOPS, Kind.ACCEPT, Kind.REFUSE, Kind.PLAN, Kind.SLOT)
_RIDERLESS, _WITH_RIDERS = (Action.CHARGE, Action.MOVE), (Action.PICKUP, Action.DROPOFF)


class Playback:
    """A finished day, moved on through its log row by row.

    Each row changes the state as it did live (``State.apply``), and what followed from it without being logged is
    computed again: where a bus can next change course (from ``LEAVE`` and ``TURN``, the roads and, where they are
    noisy, the seed), its schedule and its slack. What a strategy had remembered is not known.

    Parameters
    ----------
    spec, network, travel
        What the day was run with.
    riders
        Its riders with their limits, as ``busim.sim.access.riders`` makes them.
    log
        Its events.
    """

    def __init__(
        self, spec: ScenarioSpec, network: RoadNetwork, travel: TravelTimes, riders: Riders, log: EventLog
    ) -> None:
        self.log, self.row = log, 0
        self.world, self.chargers = make_world(spec, network, travel, riders)
        self._rows = list(zip(*(getattr(log, f.name).tolist() for f in dataclasses.fields(log)), strict=True))
        self._ends = _charge_ends(log)
        self._book = SiteBook(self.chargers, charger_specs(spec, network.places))
        self._wanted_s: dict[int, int] = {}  # for how long buses that go to a plug want to charge

    def move_to(self, row: int) -> None:
        """Play the log up to before a row, which is not behind the present one.

        Raises
        ------
        ValueError
            If that row has been played already.
        """
        if row < self.row:
            raise ValueError(f"row {row} lies before row {self.row}, where this playback stands")
        while self.row < min(row, len(self._rows)):
            self._play(self.row)
            self.row += 1

    def view(self, now: int | None = None) -> View:
        """Give what a strategy could know here (copies): at the time of the next row, or at ``now`` [s]."""
        if now is None:
            now = int(self.log.time[self.row])
        self.follow(now)
        world, state = self.world, self.world.state
        fleet = world.spec.fleet
        kinds = [fleet.vehicles[bus.vehicle] for bus in fleet.buses]
        return View(
            now=now,
            fleet=FleetArrays._make(array.copy() for array in world.positions.arrays),
            plans=PlanArrays._make(array.copy() for array in state.plans.arrays),
            riders=state.riders,
            open=np.flatnonzero(state.status == Status.OPEN),
            travel=world.travel,
            costs=world.costs,
            objective=world.spec.objective,
            chargers=dataclasses.replace(self.chargers, **{n: getattr(self.chargers, n).copy() for n in _MOVING}),
            battery_kwh=np.array([kind.battery_kwh for kind in kinds]),
            charge_kw=np.array([kind.charge_kw for kind in kinds]),
        )

    def follow(self, now: int) -> list[int]:
        """Bring places and schedules up to date, as every decision does; gives the buses that have moved on."""
        self._set_clock(now)
        moved: list[int] = self.world.positions.moved[: self.world.follow()].tolist()
        self.world.schedules.settle_all()
        return moved

    def _set_clock(self, time: int) -> None:
        env = self.world.env
        if time > env.now:
            env.run(until=time)

    def _play(self, index: int) -> None:
        row = self._rows[index]
        time, kind, bus = row[0], Kind(row[1]), row[2]
        self._set_clock(time)
        if bus == NONE:  # it tells of a rider or a charging site alone
            self._apply(row)
            return
        if self.chargers.bus_site[bus] != NONE and kind not in _AT_PLUG and kind not in _DECIDED:
            self._unplug(bus)
        world = self.world
        slot = world.state.plans.floats[bus, 0]
        wanted_s = int(slot[DWELL])
        first = world.state.plans.ints[bus, 0, ACTION], *slot[[EARLIEST, START, WAITED]]
        self._change_duty(kind, bus, time)
        self._apply(row)
        match kind:
            case Kind.LEAVE | Kind.TURN:
                self._drive(bus, row[4], row[5], time)
            case Kind.ARRIVE | Kind.WAIT:
                self._halt(kind, bus, row)
            case Kind.BOARD | Kind.ALIGHT:
                self._serve(kind, bus, row, first[2] == time and first[3] == 0.0)
            case Kind.SHIFT_START:
                world.positions.stand(bus, row[4], time, row[9])
            case Kind.DONE:
                self._wanted_s[bus] = wanted_s
                self._done(bus, int(first[0]), float(first[1]))
            case Kind.PLUG_WAIT | Kind.PLUG_IN | Kind.PLUG_OUT:
                self._plug(kind, bus, row[4], row[5], index)
            case Kind.FREE_AT:
                self._free_at(bus, row[4], row[6], row[9])
            case _:
                self._replan(kind, bus, row, index)

    def _change_duty(self, kind: Kind, bus: int, time: int) -> None:
        """Take a bus out of dispatch at the end of its shift; let it in when its first plan is told."""
        world = self.world
        if kind == Kind.SHIFT_END:
            world.retire(bus)
        elif kind == Kind.PLAN and not world.state.plans.length[bus] and time < world.bus(bus).shift_start_s:
            world.announce(bus)

    def _halt(self, kind: Kind, bus: int, row: tuple[Any, ...]) -> None:
        """Let a bus arrive, or wait: for its time, or for a rider who does not come."""
        in_vain = kind == Kind.WAIT and row[7] == 1
        world = self.world
        if kind == Kind.WAIT:
            world.settle(bus)
        world.stand(bus, row[4], row[6] if in_vain else row[0])
        if in_vain or (kind == Kind.ARRIVE and (world.is_noisy or world.state.plans.floats[bus, 0, START] != row[0])):
            world.reschedule(bus)

    def _apply(self, row: tuple[Any, ...]) -> None:
        """Change the state, note up to when energy is accounted, and where plugs are to be had."""
        world, time, kind, bus = self.world, row[0], row[1], row[2]
        world.state.apply(*row)
        if kind in _ACCOUNTED:
            world.start_account(bus)
        elif kind == Kind.PLUGS:
            world.ways.tell(row[5], row[6], time)

    def _serve(self, kind: Kind, bus: int, row: tuple[Any, ...], is_on_time: bool) -> None:
        """Let a rider on or off; who is set down on time leaves the schedule of what follows as it was."""
        world = self.world
        self.world.stand(bus, row[4], row[0] + row[7])
        if kind == Kind.ALIGHT and is_on_time and not world.is_noisy:
            world.positions.arrays.last[bus] -= 1
        else:
            world.reschedule(bus)

    def _replan(self, kind: Kind, bus: int, row: tuple[Any, ...], index: int) -> None:
        """Schedule a plan anew after an edit is complete: the rows of a new tail follow each other."""
        if kind == Kind.UNPLAN or (kind == Kind.ACCEPT and row[6] != NONE):
            self.world.reschedule(bus)
        elif kind in (Kind.PLAN, Kind.SLOT):
            after = self._rows[index + 1] if index + 1 < len(self._rows) else None
            if after is None or after[1] != Kind.SLOT or after[2] != bus:
                self.world.reschedule(bus)

    def _drive(self, bus: int, start: int, target: int, time: int) -> None:
        world = self.world
        energy = float(world.state.fleet.energy_kwh[bus])
        world.positions.leave(bus, start, target, time, energy, world.halt_s)
        if world.is_noisy:
            world.reschedule(bus)

    def _done(self, bus: int, action: int, earliest: float) -> None:
        world = self.world
        if action == LINE:
            self.world.stand(bus, int(world.positions.arrays.node[bus]), max(float(world.now), earliest))
            return
        world.reschedule(bus)
        if action == CHARGE:
            world.withdraw(bus)

    def _plug(self, kind: Kind, bus: int, node: int, site: int, index: int) -> None:
        world = self.world
        if kind == Kind.PLUG_WAIT:
            self._book.join(bus, site, world.now, self._wanted_s.get(bus, 0))
        elif kind == Kind.PLUG_IN and self._ends[index] != NONE:
            end, held = self._rows[self._ends[index]], float(world.state.fleet.energy_kwh[bus])
            self._book.stay(bus, end[0])
            self._book.swap(site, end[0], battery_curve(world.vehicle(bus)), held)
            world.positions.stand(bus, node, end[0], held + end[9])
            world.reschedule(bus)
        elif kind == Kind.PLUG_OUT:
            self._unplug(bus)

    def _free_at(self, bus: int, node: int, time: int, energy_kwh: float) -> None:
        """Tell dispatch of a bus that charges what it was told live."""
        if time == NONE:
            self.world.withdraw(bus)
            return
        self.world.positions.stand(bus, node, time, energy_kwh)
        self.world.reschedule(bus)

    def _unplug(self, bus: int) -> None:
        """Let a bus go from a charging site, also one that left the queue: that is not an event of its own."""
        self._book.leave(bus)
        self.world.stand(bus, int(self.world.positions.arrays.node[bus]), self.world.now)
        self.world.reschedule(bus)


def _charge_ends(log: EventLog) -> Ints:
    """Find, for each row that plugs in, the row that ends the charge; ``NONE`` where the log ends before [n]."""
    ends: Ints = np.full(len(log), NONE)
    for row in np.flatnonzero(log.kind == Kind.PLUG_IN).tolist():
        later = np.flatnonzero((log.kind[row:] == Kind.PLUG_OUT) & (log.bus[row:] == log.bus[row]))
        if len(later):
            ends[row] = row + int(later[0])
    return ends


def decision_row(log: EventLog, row: int) -> int:
    """Find the first row of the decision that a row (an answer to a rider) belongs to: before it, it was taken.

    The orders of one decision stand side by side in the log, all with the same time. A tail that sends a bus to a
    charger or moves it without riders, or that opens its shift, is no dispatcher's answer.
    """
    first = row
    while first > 0 and log.time[first - 1] == log.time[row] and log.kind[first - 1] in _DECIDED:
        begin = first - 1
        while begin > 0 and log.kind[begin] == Kind.SLOT:
            begin -= 1
        tail = log.a[begin + 1 : first][log.kind[begin + 1 : first] == Kind.SLOT]
        opens = log.kind[begin] == Kind.PLAN and begin > 0 and log.kind[begin - 1] == Kind.SHIFT_START
        if opens or (np.isin(tail, _RIDERLESS).any() and not np.isin(tail, _WITH_RIDERS).any()):
            return first
        first = begin
    return first

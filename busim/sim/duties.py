"""The plan that a day begins with: riders promised beforehand, and what each bus's shift opens with."""

from __future__ import annotations

import math

from busim.core.plans import ACTION, PICKUP, RIDER, START
from busim.core.view import Chargers
from busim.errors import InputError, Problem
from busim.model.duties import Duties, Duty
from busim.model.events import NONE, Action, Kind
from busim.model.network import Ints
from busim.model.orders import Stop
from busim.sim.world import World


class DutyBook:
    """What buses have to do from the start of their shifts.

    Parameters
    ----------
    world, chargers
        The world and its charging sites.
    duties
        By bus.
    reasons
        Why a rider cannot be served at all (``NONE`` = can be) [R].

    Raises
    ------
    InputError
        If a planned rider cannot be served at all, or a line runs instead.
    """

    def __init__(self, world: World, chargers: Chargers, duties: Duties, reasons: Ints) -> None:
        self.world, self.chargers, self.duties = world, chargers, duties
        self.riders = {duty.rider for own in duties.values() for duty in own if duty.rider != NONE}
        out = sorted(rider for rider in self.riders if reasons[rider] != NONE)
        problems = [Problem("plan", f"rider number {rider} has no stop or way in this scenario") for rider in out]
        if duties and world.spec.service.mode == "line":
            problems.append(Problem("plan", "a fixed line takes no plan", "run a scenario on demand"))
        if problems:
            raise InputError(problems)

    def of(self, bus: int) -> tuple[Duty, ...]:
        """Give a bus's duties."""
        return tuple(self.duties.get(bus, ()))

    def stops(self, bus: int) -> tuple[Stop, ...]:
        """Give a bus's duties as planned stops."""
        return tuple(self._stop(duty) for duty in self.of(bus))

    def _stop(self, duty: Duty) -> Stop:
        riders, rider = self.world.state.riders, duty.rider
        if duty.action == Action.CHARGE:
            node, dwell = int(self.chargers.node[duty.site]), float(duty.dwell_s)
            gain = duty.gain_kwh
            return Stop(node, Action.CHARGE, NONE, 0, 0, duty.site, float(duty.start_s), math.inf, dwell, gain_kwh=gain)
        persons, wheels = int(riders.persons[rider]), int(riders.wheels[rider])
        latest, longest = float(riders.latest_s[rider]), float(riders.longest_s[rider])
        if duty.action == Action.PICKUP:
            window, dwell = (float(riders.earliest_s[rider]), latest), float(riders.board_s[rider])
            return Stop(int(riders.from_node[rider]), Action.PICKUP, rider, persons, wheels, NONE, *window, dwell)
        node, dwell, last = int(riders.to_node[rider]), float(riders.alight_s[rider]), latest + longest
        return Stop(node, Action.DROPOFF, rider, -persons, -wheels, NONE, -math.inf, last, dwell, longest)

    def promise(self, bus: int) -> None:
        """Log what the riders of a bus's first plan are promised.

        Raises
        ------
        InputError
            If the plan breaks a window, a ride limit or the capacity.
        """
        world = self.world
        what = world.broken(bus, 0.0) if self.of(bus) else ""
        if what:
            raise InputError.single("plan", what, "plan this scenario again with `busim plan`")
        size, plans, riders = int(world.state.plans.length[bus]), world.scheduled(bus), world.state.riders
        for k in range(size):
            if plans.ints[bus, k, ACTION] == PICKUP:
                rider, start = int(plans.ints[bus, k, RIDER]), float(plans.floats[bus, k, START])
                last = int(riders.latest_s[rider] + riders.longest_s[rider])
                ends = int(riders.from_node[rider]), int(riders.to_node[rider])
                world.record(Kind.ACCEPT, bus, rider, *ends, c=last, value=start)

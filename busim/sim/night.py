"""Charging after the shift: buses at a depot with plugs fill up there until their next shift."""

from __future__ import annotations

import math

import numpy as np

from busim.model.events import NONE, Action, Kind
from busim.model.orders import Stop
from busim.sim.bus import Steps
from busim.sim.plugs import Plugs
from busim.sim.world import World

DAY_S = 86_400
_LEAST_KWH = 1e-6


class Night:
    """Charges buses whose shift is over, where the scenario says so.

    A parked bus uses nothing. It goes to a plug at its depot, not before the time that the scenario gives, behind buses
    in service if plugs are few, and stays until it holds what it began the day with, or until its next shift: a day
    after the last one began.

    Parameters
    ----------
    world, plugs
        The world and its charging sites.
    """

    def __init__(self, world: World, plugs: Plugs) -> None:
        self.world, self.plugs = world, plugs
        self.buses: list[int] = []  # that charge after their shift

    def begin(self, bus: int) -> None:
        """Let a bus whose shift has ended charge, if there is a reason and a plug."""
        site = self._site(bus)
        if site == NONE or self._missing_kwh(bus) <= _LEAST_KWH:
            return
        world, node = self.world, int(self.plugs.chargers.node[site])
        start, held = self._start(), float(world.state.fleet.energy_kwh[bus])
        until = world.bus(bus).start_charge
        seconds = self.plugs.seconds(bus, site, held, until)
        gain = self.plugs.gain_kwh(bus, site, held, start, seconds, self._morning(bus))
        stop = Stop(node, Action.CHARGE, site=site, earliest_s=start, dwell_s=seconds, gain_kwh=gain)
        world.record_tail(bus, 0, (stop,), is_closed=False)
        world.reschedule(bus)
        self.buses.append(bus)
        world.env.process(self._charge(bus, site, start, seconds, until))

    def until(self) -> int:
        """Give when the last bus that charges must be done [s]."""
        return max((self._morning(bus) for bus in self.buses), default=self.world.now)

    def _charge(self, bus: int, site: int, start: int, seconds: int, until: float) -> Steps:
        world = self.world
        if start > world.now:
            yield world.env.timeout(start - world.now)
        world.record(Kind.DONE, bus)
        world.start_account(bus)
        self.plugs.wish(bus, until, math.inf)
        yield from self.plugs.charge(bus, site, seconds, self._morning(bus))
        self.buses.remove(bus)

    def _site(self, bus: int) -> int:
        """Choose the strongest site with plugs that fit at the depot where a bus stands; ``NONE`` if there is none."""
        world, chargers = self.world, self.plugs.chargers
        node = int(world.state.fleet.node[bus])
        if world.spec.charging.overnight != "plugs" or node != world.depot_node[bus]:
            return NONE
        there = np.flatnonzero((chargers.node == node) & chargers.fits[bus] & ~chargers.is_swap)
        return int(there[np.argmax(chargers.power_kw[there])]) if len(there) else NONE

    def _missing_kwh(self, bus: int) -> float:
        world = self.world
        return world.bus(bus).start_charge * world.vehicle(bus).battery_kwh - float(world.state.fleet.energy_kwh[bus])

    def _start(self) -> int:
        return max(self.world.now, self.world.spec.charging.overnight_from_s)

    def _morning(self, bus: int) -> int:
        """Give when a bus's next shift begins [s]."""
        return self.world.bus(bus).shift_start_s + DAY_S

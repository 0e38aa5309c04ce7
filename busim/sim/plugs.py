"""Charging sites: plugs with a queue, first come first served."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import simpy

from busim.core.view import Chargers
from busim.model.events import Kind
from busim.sim.bus import Steps
from busim.sim.world import World


class Plugs:
    """All charging sites of a run.

    Parameters
    ----------
    world
        The world.
    chargers
        Node, plugs, power and time to connect of each site [S].
    """

    def __init__(self, world: World, chargers: Chargers) -> None:
        self.world, self.chargers = world, chargers
        self._plugs = [simpy.Resource(world.env, int(count)) for count in chargers.plugs]

    def power_kw(self, bus: int, site: int) -> float:
        """Give the power at which a bus charges at a site."""
        return min(float(self.chargers.power_kw[site]), self.world.vehicle(bus).charge_kw)

    def seconds(self, bus: int, site: int, energy_kwh: float, until: float) -> int:
        """Give the time at the plug, connecting included, to fill from some energy to a share of the battery [s]."""
        missing = max(0.0, until * self.world.vehicle(bus).battery_kwh - energy_kwh)
        return int(self.chargers.connect_s[site]) + int(np.ceil(missing / self.power_kw(bus, site) * 3600))

    def charge(self, bus: int, site: int, seconds: int, leave_by: float = math.inf) -> Steps:
        """Queue for a plug, then charge for so long; dispatch may plan the bus from the end of the charge on.

        A bus that must leave before its turn goes without charging, one that must leave before it is full goes then.
        """
        world, node = self.world, int(self.chargers.node[site])
        self.chargers.taken[site] += 1
        world.record(Kind.PLUG_WAIT, bus, node=node, other=site, value=world.energy_used(bus))
        with self._plugs[site].request() as plug:
            if leave_by == math.inf:
                yield plug
            else:
                yield plug | world.env.timeout(max(0, int(leave_by) - world.now))
            seconds = int(min(seconds, leave_by - world.now))
            if plug.triggered and seconds > self.chargers.connect_s[site]:
                yield from self._fill(bus, site, seconds)
        self.chargers.taken[site] -= 1

    def _fill(self, bus: int, site: int, seconds: int) -> Steps:
        world, node = self.world, int(self.chargers.node[site])
        world.record(Kind.PLUG_IN, bus, node=node, other=site, value=world.energy_used(bus))
        charged = self._charged(bus, site, seconds)
        energy = float(world.state.fleet.energy_kwh[bus]) + charged
        world.positions.stand(bus, node, world.now + seconds, energy)
        world.reschedule(bus)
        yield world.env.timeout(seconds)
        world.record(Kind.PLUG_OUT, bus, node=node, other=site, value=charged)
        world.start_account(bus)

    def _charged(self, bus: int, site: int, seconds: int) -> float:
        hours = max(0, seconds - int(self.chargers.connect_s[site])) / 3600
        room = self.world.vehicle(bus).battery_kwh - float(self.world.state.fleet.energy_kwh[bus])
        return min(hours * self.power_kw(bus, site), room)


def sites(nodes: Sequence[int], rows: Sequence[tuple[int, float, int]]) -> Chargers:
    """Put sites into arrays: ``rows`` of plugs, power [kW], time to connect [s]."""
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    return Chargers(
        np.array(nodes, np.int64),
        np.array(columns[0], np.int64),
        np.array(columns[1], np.float64),
        np.array(columns[2], np.int64),
        np.zeros(len(nodes), np.int64),
    )

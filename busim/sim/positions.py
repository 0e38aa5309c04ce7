"""Where each bus can next change course: derived from the legs under way, for the kernels."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from busim.core.cells import cells
from busim.core.compiled import bind
from busim.core.departure import set_out
from busim.core.energy import J_PER_KWH
from busim.core.fleet import FleetArrays
from busim.core.road_energy import RoadForces
from busim.core.travel import TravelTimes
from busim.core.underway import GIVEN, GIVEN_ON, METRES, NUMBERS, TOO_LONG, advance, follow, nobody, wider
from busim.model.network import Ints
from busim.model.specs import FleetSpec
from busim.sim.driving import Driving, Spent
from busim.sim.traffic import Traffic

_NODES = 64  # of a path, at first


class Positions:
    """The place and time from which each bus is free, moved along the path of a leg as time goes by.

    Parameters
    ----------
    fleet
        Types and buses.
    reserve
        Share of each battery that planning leaves untouched.
    travel, traffic, driving
        Planned times, times on the road, and what driving takes.
    """

    def __init__(
        self, fleet: FleetSpec, reserve: float, travel: TravelTimes, traffic: Traffic, driving: Driving
    ) -> None:
        size = len(fleet.buses)
        kinds = [fleet.vehicles[bus.vehicle] for bus in fleet.buses]
        self.travel, self.traffic, self.driving = travel, traffic, driving
        self.underway = nobody(size, _NODES)
        self.arrays = FleetArrays(
            node=np.zeros(size, np.int64),
            time=np.zeros(size),
            energy=np.zeros(size),
            load=np.zeros(size, np.int64),
            wheels=np.zeros(size, np.int64),
            seats=np.array([k.seats + k.standees for k in kinds], np.int64),
            wheel_places=np.array([k.wheelchair_places for k in kinds], np.int64),
            last=np.full(size, -1, np.int64),
            per_metre=np.array([k.kwh_per_km / 1000 for k in kinds]),
            per_second=np.array([k.standing_kw / 3600 for k in kinds]),
            reserve=np.array([reserve * k.battery_kwh for k in kinds]),
        )

    def share(self, load: Ints, wheels: Ints) -> None:
        """Let the kernels see the loads that the world keeps."""
        self.arrays = self.arrays._replace(load=load, wheels=wheels)
        self._bind()

    def _bind(self) -> None:
        self.moved: Ints = np.zeros(len(self.arrays.node), np.int64)
        self._follow = bind(follow, (self.underway, self.arrays, self.moved), (0.0,))
        self._advance = bind(advance, (self.underway, self.arrays), (0, 0.0))
        types = {id(forces): forces for forces in self.driving.forces}
        kernels = {key: self._set_out(forces) for key, forces in types.items()}
        self._ways = [kernels[id(forces)] for forces in self.driving.forces]
        self._see()

    def _see(self) -> None:
        """Take the cells of the arrays as they are now."""
        legs, arrays = self.underway, self.arrays
        self._node, self._time, self._energy = cells(arrays.node), cells(arrays.time), cells(arrays.energy)
        self.last = cells(arrays.last)
        self._load, self._wheels, self.per_second = cells(arrays.load), cells(arrays.wheels), cells(arrays.per_second)
        self.passed_at, self._nodes, self._step = cells(legs.passed_at), cells(legs.nodes), cells(legs.step)
        self._room, self._memory = cells(legs.room), cells(legs.memory)
        self._whole = cells(legs.memory.view(np.int64))
        self._width = legs.memory.shape[1]

    def stand(self, bus: int, node: int, free_at: float, energy: float) -> None:
        """Set a bus down at a node, free from ``free_at`` on."""
        self._node[bus], self._time[bus], self._energy[bus] = node, free_at, energy
        self.passed_at[bus] = math.inf

    def leave(self, bus: int, start: int, end: int, now: int, energy: float, halt: int) -> int:
        """Put a bus on the road; gives the time at which it is ready to serve at ``end`` [s]."""
        rate = self.driving.rate(bus, self._load[bus] + self._wheels[bus], energy)
        ready: int = self._ways[bus](bus, start, end, float(now), float(halt), energy, rate)
        if ready == TOO_LONG:
            self.underway = wider(self.underway)
            self._bind()
            return self.leave(bus, start, end, now, energy, halt)
        return ready

    def _set_out(self, forces: RoadForces) -> Callable[..., int]:
        """Give the kernel for a type of bus."""
        fixed = (self.traffic.roads, forces, self.underway, self.arrays)
        return bind(set_out, fixed, (0, 0, 0, 0.0, 0.0, 0.0, (0.0, 0.0, 0.0)))

    def follow(self, now: float) -> int:
        """Move the places of all buses on that they have passed before ``now``; tells how many, first in ``moved``."""
        count: int = self._follow(now)
        return count

    def advance(self, bus: int, now: float) -> None:
        """Move the place of a bus on, if it has passed it before ``now``."""
        if self.passed_at[bus] < now:
            self._advance(bus, now)

    def next_node(self, bus: int, now: float) -> tuple[int, int, bool]:
        """Give node and time of a leg where the bus can next change course, and whether that is its end."""
        self.advance(bus, now)
        legs, step = self.underway, int(self.underway.step[bus])
        return int(legs.path[bus, step]), int(legs.times[bus, step]), bool(step == legs.nodes[bus] - 1)

    def spent(self, bus: int) -> Spent:
        """Give what a whole leg takes, with the stop at its end."""
        return self._spent(bus, self._nodes[bus] - 1, stops=True)

    def spent_here(self, bus: int, *, stops: bool) -> Spent:
        """Give what a leg takes up to where the bus can next change course, whether it stops there or drives on."""
        return self._spent(bus, self._step[bus], stops=stops)

    def _spent(self, bus: int, step: int, *, stops: bool) -> Spent:
        at, room = (bus * self._width + step) * NUMBERS, self._room[bus]
        given = at + (GIVEN if stops else GIVEN_ON)
        taken = self._memory[given + 1]
        back_j = math.floor((taken if taken < room else room) * J_PER_KWH)
        return Spent(self._whole[at + METRES], self._memory[given], back_j)

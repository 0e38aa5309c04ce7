"""Where each bus can next change course: derived from the legs under way, for the kernels."""

from __future__ import annotations

import math

import numpy as np

from busim.core.bound_underway import under_way
from busim.core.cells import cells
from busim.core.fleet import FleetArrays
from busim.core.travel import TravelTimes
from busim.core.underway import Spent
from busim.model.network import Ints
from busim.model.specs import FleetSpec
from busim.sim.driving import Driving
from busim.sim.traffic import Traffic


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
        arrays = self.arrays = self.arrays._replace(load=load, wheels=wheels)
        self._node, self._time, self._energy = cells(arrays.node), cells(arrays.time), cells(arrays.energy)
        self.last = cells(arrays.last)
        self._load, self._wheels, self.per_second = cells(arrays.load), cells(arrays.wheels), cells(arrays.per_second)
        self._legs = under_way(self.traffic.roads, self.driving.forces, arrays)
        self.passed_at = self._legs.passed_at

    @property
    def moved(self) -> Ints:
        """Begins with the buses that ``follow`` moved on last."""
        return self._legs.moved

    def stand(self, bus: int, node: int, free_at: float, energy: float) -> None:
        """Set a bus down at a node, free from ``free_at`` on."""
        self._node[bus], self._time[bus], self._energy[bus] = node, free_at, energy
        self.passed_at[bus] = math.inf

    def leave(self, bus: int, start: int, end: int, now: int, energy: float, halt: int) -> int:
        """Put a bus on the road; gives the time at which it is ready to serve at ``end`` [s]."""
        rate = self.driving.rate(bus, self._load[bus] + self._wheels[bus], energy)
        return self._legs.set_out(bus, start, end, float(now), float(halt), energy, rate)

    def follow(self, now: float) -> int:
        """Move the places of all buses on that they have passed before ``now``; tells how many, first in ``moved``."""
        return self._legs.follow(now)

    def advance(self, bus: int, now: float) -> None:
        """Move the place of a bus on, if it has passed it before ``now``."""
        if self.passed_at[bus] < now:
            self._legs.advance(bus, now)

    def next_node(self, bus: int, now: float) -> tuple[int, int, bool]:
        """Give node and time of a leg where the bus can next change course, and whether that is its end."""
        self.advance(bus, now)
        return self._legs.next_node(bus)

    def spent(self, bus: int) -> Spent:
        """Give what a whole leg takes, with the stop at its end."""
        return self._legs.spent(bus)

    def spent_here(self, bus: int, *, stops: bool) -> Spent:
        """Give what a leg takes up to where the bus can next change course, whether it stops there or drives on."""
        return self._legs.spent_here(bus, stops=stops)

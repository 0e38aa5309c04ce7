"""Where each bus can next change course: derived from the legs under way, for the kernels."""

from __future__ import annotations

import numpy as np

from busim.core.fleet import FleetArrays
from busim.core.travel import TravelTimes
from busim.model.network import Floats, Ints
from busim.model.specs import FleetSpec
from busim.sim.driving import AT_REST, Driving, Leg, Spent
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
        self.next_change: Floats = np.full(size, np.inf)  # when the place below is passed
        self._path: list[list[int]] = [[] for _ in range(size)]
        self._times: list[list[int]] = [[] for _ in range(size)]
        self._step = [0] * size
        self._metres: list[list[int]] = [[] for _ in range(size)]
        self._legs: list[Leg | None] = [None] * size
        self._per_second = [k.standing_kw / 3600 for k in kinds]
        self._left: list[tuple[int, float]] = [(0, 0.0)] * size
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
            per_second=np.array(self._per_second),
            reserve=np.array([reserve * k.battery_kwh for k in kinds]),
        )

    def share(self, load: Ints, wheels: Ints) -> None:
        """Let the kernels see the loads that the world keeps."""
        self.arrays = self.arrays._replace(load=load, wheels=wheels)

    def stand(self, bus: int, node: int, free_at: float, energy: float) -> None:
        """Set a bus down at a node, free from ``free_at`` on."""
        arrays = self.arrays
        arrays.node[bus], arrays.time[bus], arrays.energy[bus] = node, free_at, energy
        self.next_change[bus] = np.inf

    def leave(self, bus: int, start: int, end: int, now: int, energy: float, halt: int) -> int:
        """Put a bus on the road; gives the time at which it is ready to serve at ``end`` [s]."""
        nodes, times, metres = self.traffic.drive(start, end, now)
        times[-1] += halt
        self._path[bus], self._times[bus], self._metres[bus] = nodes, times, metres
        self._left[bus], self._step[bus] = (now, energy), 1
        persons = int(self.arrays.load[bus] + self.arrays.wheels[bus])
        self._legs[bus] = self.driving.leg(bus, nodes, metres, now, persons, energy)
        self._show(bus, 1)
        return times[-1]

    def passed(self, now: float) -> list[int]:
        """List the buses that have passed their places before ``now``."""
        buses: list[int] = (self.next_change < now).nonzero()[0].tolist()
        return buses

    def advance(self, bus: int, now: float) -> None:
        """Move the place of a bus on, if it has passed it before ``now``."""
        if self.next_change[bus] < now:
            times, step = self._times[bus], self._step[bus]
            while times[step] < now and step < len(times) - 1:
                step += 1
            self._step[bus] = step
            self._show(bus, step)

    def next_node(self, bus: int, now: float) -> tuple[int, int, int, bool]:
        """Give node, time and metres of a leg where the bus can next change course, and whether that is its end."""
        self.advance(bus, now)
        step = self._step[bus]
        path = self._path[bus]
        return path[step], self._times[bus][step], self._metres[bus][step], step == len(path) - 1

    def spent(self, bus: int, *, stops: bool) -> Spent:
        """Give the energy of a leg up to where the bus can next change course, whether it stops there or drives on."""
        leg = self._legs[bus]
        return AT_REST if leg is None else leg.spent(self._step[bus], stops=stops)

    def _show(self, bus: int, step: int) -> None:
        arrays, times = self.arrays, self._times[bus]
        left_at, energy = self._left[bus]
        time = times[step]
        arrays.node[bus], arrays.time[bus] = self._path[bus][step], time
        used = self.spent(bus, stops=True).net_kwh + (time - left_at) * self._per_second[bus]
        arrays.energy[bus] = energy - used
        self.next_change[bus] = time if step < len(times) - 1 else np.inf

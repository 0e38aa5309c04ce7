"""Buses on the road without compiled kernels: as ``bound_underway``, each leg in plain numbers.

NOTE: a speed trick in its own place, like ``plain_legs``. A leg has some eight nodes, and few of them are ever looked
at: what a bus has left, and what the leg takes, is computed where it is asked for. The same numbers to the last bit.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from busim.core.cells import cells
from busim.core.energy import J_PER_KWH
from busim.core.fleet import FleetArrays
from busim.core.plain_roads import PlainRoads
from busim.core.road_energy import RoadForces
from busim.core.roads import Roads
from busim.core.underway import Rate, Spent
from busim.model.network import Ints


class _Works(NamedTuple):
    """Energy along one leg at each node, for a bus that drives on, and what a full stop there has in motion [k, J]."""

    out: list[float]
    back: list[float]
    stop: list[float]
    efficiency: float
    recuperation: float


@dataclass(slots=True)
class _Leg:
    """A bus's leg: it leaves at ``now`` with ``energy`` [kWh], and is free at node ``k`` at ``times[k]`` [s]."""

    nodes: Sequence[int] = (0,)
    times: Sequence[float] = (0.0,)
    step: int = 0  # the node at which it can next change course
    uses: bool = False  # any energy at all
    row: int = 0  # where in memory the tables have the metres from its start
    now: float = 0.0
    energy: float = 0.0
    kwh_per_km: float = 0.0
    room: float = 0.0
    works: _Works | None = None  # without physics


class PlainUnderway:
    """The legs under way; see ``BoundUnderway``."""

    def __init__(self, roads: Roads, forces: Sequence[RoadForces], fleet: FleetArrays) -> None:
        size = len(forces)
        self._roads = PlainRoads(roads)
        self._known = self._roads.known
        kinds = {id(of): _Forces(of) if len(of.lift) else None for of in forces}
        self._forces = [kinds[id(of)] for of in forces]
        self._legs = [_Leg() for _ in range(size)]
        self._passed = np.full(size, math.inf)
        self.passed_at = cells(self._passed)
        self.moved: Ints = np.zeros(0, np.int64)
        self._node, self._time = cells(fleet.node), cells(fleet.time)
        self._energy, self._per_second = cells(fleet.energy), cells(fleet.per_second)

    def set_out(self, bus: int, start: int, end: int, now: float, halt: float, energy: float, rate: Rate) -> int:
        """Put a bus on the road."""
        known, (kwh_per_km, mass_kg, room), forces = self._known, rate, self._forces[bus]
        period, _ = known.choose(start, end, now)
        path, row = known.path(period, start, end), (period * known.size + start) * known.size
        times = self._roads.times_on(path, period, now)
        times[-1] += halt
        works = None if forces is None else forces.along(known.edges(path), period, mass_kg)
        leg = self._legs[bus]
        leg.nodes, leg.times, leg.step, leg.row, leg.now, leg.energy = path.nodes, times, 1, row, now, energy
        leg.kwh_per_km, leg.room, leg.works = kwh_per_km, room, works
        leg.uses = works is not None or kwh_per_km != 0.0 or self._per_second[bus] != 0.0
        self._energy[bus] = energy
        self._move((bus,), now)
        return int(times[-1])

    def _move(self, buses: Iterable[int], now: float) -> None:
        """Let the fleet's arrays tell the first node of each bus's path that it has not passed before a moment."""
        node_of, time_of, passed_at, legs = self._node, self._time, self.passed_at, self._legs
        for bus in buses:
            leg = legs[bus]
            times = leg.times
            end = len(times) - 1
            step = leg.step = bisect_left(times, now, leg.step, end)
            time = times[step]
            node_of[bus], time_of[bus], passed_at[bus] = leg.nodes[step], time, time if step < end else math.inf
            if leg.uses:
                given, back_j = self._energy_at(leg, step)
                spent = given - back_j / J_PER_KWH + (time - leg.now) * self._per_second[bus]
                self._energy[bus] = leg.energy - spent

    def _energy_at(self, leg: _Leg, step: int, *, stops: bool = True) -> tuple[float, int]:
        """Give the energy up to a node [kWh] and what is taken back [whole J: the log sums them up exactly]."""
        if leg.works is None:
            return self._known.metres[leg.row + leg.nodes[step]] / 1000 * leg.kwh_per_km, 0
        (out, back, stop, efficiency, recuperation), room = leg.works, leg.room
        given, taken = out[step], back[step]
        if stops:
            given += stop[step] / efficiency
            taken += stop[step] * recuperation
        taken /= J_PER_KWH
        return given / J_PER_KWH, math.floor((taken if taken < room else room) * J_PER_KWH)

    def advance(self, bus: int, now: float) -> None:
        """Move a bus on to the first node of its path that it has not passed before a moment."""
        self._move((bus,), now)

    def follow(self, now: float) -> int:
        """Move every bus on that has passed its place before a moment."""
        self.moved = (self._passed < now).nonzero()[0]
        self._move(self.moved.tolist(), now)
        return len(self.moved)

    def next_node(self, bus: int) -> tuple[int, int, bool]:
        """Give node and time where a bus can next change course, and whether that is its leg's end."""
        leg = self._legs[bus]
        return self._node[bus], int(self._time[bus]), leg.step == len(leg.nodes) - 1

    def spent(self, bus: int) -> Spent:
        """Give what a whole leg takes, with the stop at its end."""
        leg = self._legs[bus]
        return self._spent(leg, len(leg.nodes) - 1, stops=True)

    def spent_here(self, bus: int, *, stops: bool) -> Spent:
        """Give what a leg takes up to where the bus can next change course."""
        leg = self._legs[bus]
        return self._spent(leg, leg.step, stops=stops)

    def _spent(self, leg: _Leg, step: int, *, stops: bool) -> Spent:
        return Spent(self._known.metres[leg.row + leg.nodes[step]], *self._energy_at(leg, step, stops=stops))


class _Forces:
    """What edges ask of one type of bus, ready to be looked up edge by edge."""

    def __init__(self, forces: RoadForces) -> None:
        self._rates, self._num_edges = (forces.efficiency, forces.recuperation), forces.air.shape[1]
        self._lift, self._air, self._kinetic, self._halts = (
            cells(np.ascontiguousarray(rows)) for rows in (forces.lift, forces.air, forces.kinetic, forces.halts)
        )

    def along(self, edges: list[int], period: int, mass_kg: float) -> _Works:
        """Do as ``road_energy.along``."""
        (efficiency, recuperation), row = self._rates, period * self._num_edges
        lift, air, kinetic, halts = self._lift, self._air, self._kinetic, self._halts
        out, back, outs, backs, stops = 0.0, 0.0, [0.0], [0.0], [0.0]
        for edge in edges:
            place = row + edge
            stopped = mass_kg * kinetic[place]
            wheel, halted = mass_kg * lift[edge] + air[place], stopped * halts[place]
            if wheel > 0.0:
                out += (wheel + halted) / efficiency
                back += halted * recuperation
            else:
                out += halted / efficiency
                back += (halted - wheel) * recuperation
            outs.append(out)
            backs.append(back)
            stops.append(stopped)
        return _Works(outs, backs, stops, efficiency, recuperation)

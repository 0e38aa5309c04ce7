"""Buses on the road, with the arrays that their kernels work on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from busim.core.cells import cells
from busim.core.compiled import KERNEL, bind
from busim.core.departure import set_out
from busim.core.energy import J_PER_KWH
from busim.core.fleet import FleetArrays
from busim.core.plain_underway import PlainUnderway
from busim.core.road_energy import RoadForces
from busim.core.roads import Roads
from busim.core.underway import GIVEN, GIVEN_ON, METRES, NUMBERS, TOO_LONG, Rate, Spent, advance, follow, nobody, wider
from busim.model.network import Ints

_NODES = 64  # of a path, at first


class BoundUnderway:
    """The legs under way; the fleet's arrays tell where each bus can next change course.

    Parameters
    ----------
    roads, forces
        The roads as they are, and what they ask of each bus [B]; empty arrays where it has no physics.
    fleet
        Whose places, times and energies the legs move on.
    nodes
        Room for paths of so many nodes, at first.

    Notes
    -----
    ``passed_at`` has when the place of each bus is passed, as cells: ``inf`` at the end of a path, and to be set so
    where a bus is set down [B, s]. ``moved`` begins with the buses that ``follow`` moved on last.
    """

    def __init__(self, roads: Roads, forces: Sequence[RoadForces], fleet: FleetArrays, nodes: int = _NODES) -> None:
        self._roads, self._forces, self._fleet = roads, forces, fleet
        self._legs = nobody(len(forces), nodes)
        self.moved: Ints = np.zeros(len(forces), np.int64)
        self._bind()

    def _bind(self) -> None:
        legs, fleet = self._legs, self._fleet
        self.follow: Callable[[float], int] = bind(follow, (legs, fleet, self.moved), (0.0,))
        self.advance: Callable[[int, float], None] = bind(advance, (legs, fleet), (0, 0.0))
        kernels = {key: self._set_out(of) for key, of in {id(of): of for of in self._forces}.items()}  # one for a type
        self._ways = [kernels[id(of)] for of in self._forces]
        self.passed_at, self._nodes, self._step = cells(legs.passed_at), cells(legs.nodes), cells(legs.step)
        self._room, self._memory = cells(legs.room), cells(legs.memory)
        self._whole = cells(legs.memory.view(np.int64))
        self._width = legs.memory.shape[1]

    def _set_out(self, forces: RoadForces) -> Callable[..., int]:
        """Give the kernel for a type of bus."""
        fixed = (self._roads, forces, self._legs, self._fleet)
        return bind(set_out, fixed, (0, 0, 0, 0.0, 0.0, 0.0, (0.0, 0.0, 0.0)))

    def set_out(self, bus: int, start: int, end: int, now: float, halt: float, energy: float, rate: Rate) -> int:
        """Put a bus on the road; gives when it is ready to serve at the end [s]: see ``departure.set_out``."""
        ready = self._ways[bus](bus, start, end, now, halt, energy, rate)
        while ready == TOO_LONG:
            self._legs = wider(self._legs)
            self._bind()
            ready = self._ways[bus](bus, start, end, now, halt, energy, rate)
        return ready

    def next_node(self, bus: int) -> tuple[int, int, bool]:
        """Give node and time of a leg where the bus can next change course, and whether that is its end."""
        legs, step = self._legs, self._step[bus]
        return int(legs.path[bus, step]), int(legs.times[bus, step]), bool(step == self._nodes[bus] - 1)

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


def under_way(roads: Roads, forces: Sequence[RoadForces], fleet: FleetArrays) -> BoundUnderway | PlainUnderway:
    """Give the legs under way of a fleet that stands."""
    return (BoundUnderway if KERNEL == "numba" else PlainUnderway)(roads, forces, fleet)

"""Buses on the road: at each moment the next node of the path at which a bus can change course."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import compiled, lent
from busim.core.energy import J_PER_KWH
from busim.core.fleet import FleetArrays
from busim.model.network import Floats, Ints


class Spent(NamedTuple):
    """The way to a node [m], given by the battery [kWh], and taken back by it [whole J: it sums up exactly]."""

    metres: int
    kwh: float
    back_j: int

    @property
    def net_kwh(self) -> float:
        """What the battery has lost [kWh]."""
        return self.kwh - self.back_j / J_PER_KWH


AT_REST = Spent(0, 0.0, 0)
Rate = tuple[float, float, float]  # energy a kilometre without physics [kWh/km], mass [kg], room in the battery [kWh]


@lent
class Underway(NamedTuple):
    """The legs under way, one row per bus.

    Parameters
    ----------
    path, times, held
        Nodes of the path, when the bus is there [s] and the energy that it has left if it stops there [kWh] [B, K].
    metres, given, taken, given_on, taken_on
        Way until each node [m], and the energy up to there [kWh]; see ``road_energy.Ways`` [B, K].
    nodes, step
        Nodes of the path; the one at which it can next change course [B].
    room
        Room that the battery had at the start for what is recuperated [B, kWh].
    passed_at
        When that node is passed [s]; ``inf`` at the end of the path, and where the bus stands [B].
    memory
        What the arrays by node are parts of, ``NUMBERS`` for each node [B, K, 8].
    """

    path: Ints
    times: Floats
    held: Floats
    metres: Ints
    given: Floats
    taken: Floats
    given_on: Floats
    taken_on: Floats
    nodes: Ints
    step: Ints
    room: Floats
    passed_at: Floats
    memory: Floats


# Of a node: path and metres as whole numbers, then times, held, given, taken, given_on, taken_on.
NUMBERS = 8
METRES, GIVEN, GIVEN_ON = 1, 4, 6  # where they stand in it; behind what is given stands what is taken back
TOO_LONG = -1  # for a path without room


def nobody(num_buses: int, nodes: int) -> Underway:
    """Give room for paths of so many nodes; no bus is on its way."""
    none, memory = np.zeros(num_buses, np.int64), np.zeros((num_buses, nodes, NUMBERS))
    return _parts(memory, none, none.copy(), np.zeros(num_buses), np.full(num_buses, np.inf))


def _parts(memory: Floats, nodes: Ints, step: Ints, room: Floats, passed_at: Floats) -> Underway:
    whole, of = memory.view(np.int64), np.moveaxis(memory, 2, 0)
    return Underway(
        path=whole[:, :, 0],
        metres=whole[:, :, 1],
        times=of[2],
        held=of[3],
        given=of[4],
        taken=of[5],
        given_on=of[6],
        taken_on=of[7],
        nodes=nodes,
        step=step,
        room=room,
        passed_at=passed_at,
        memory=memory,
    )


def wider(legs: Underway) -> Underway:
    """Give room for paths of twice as many nodes."""
    memory = np.concatenate((legs.memory, np.zeros_like(legs.memory)), axis=1)
    return _parts(memory, legs.nodes, legs.step, legs.room, legs.passed_at)


@compiled
def show(legs: Underway, fleet: FleetArrays, bus: int, step: int) -> None:
    """Let the fleet's arrays tell a node of a bus's path."""
    time = legs.times[bus, step]
    fleet.node[bus], fleet.time[bus], fleet.energy[bus] = legs.path[bus, step], time, legs.held[bus, step]
    legs.step[bus] = step
    legs.passed_at[bus] = time if step < legs.nodes[bus] - 1 else np.inf


@compiled
def advance(legs: Underway, fleet: FleetArrays, bus: int, now: float) -> None:
    """Move a bus on to the first node of its path that it has not passed before a moment."""
    step = legs.step[bus]
    while legs.times[bus, step] < now and step < legs.nodes[bus] - 1:
        step += 1
    show(legs, fleet, bus, step)


@compiled
def follow(legs: Underway, fleet: FleetArrays, moved: Ints, now: float) -> int:
    """Move every bus on that has passed its place before a moment; writes them down [B], and gives their number.

    NOTE: to give back an array costs a compiled kernel five times what the rest of it takes.
    """
    passed_at, count = legs.passed_at, 0
    for bus in range(len(passed_at)):
        if passed_at[bus] < now:
            advance(legs, fleet, bus, now)
            moved[count] = bus
            count += 1
    return count

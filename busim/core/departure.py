"""A bus sets out: the leg is driven ahead of time, and what it takes stands at each node of its path."""

from __future__ import annotations

import numpy as np

from busim.core import underway
from busim.core.compiled import KERNEL, compiled
from busim.core.energy import J_PER_KWH
from busim.core.fleet import FleetArrays
from busim.core.plain_departure import plain_set_out
from busim.core.road_energy import RoadForces, Ways, along
from busim.core.roads import Roads, drive
from busim.core.travel import period_at
from busim.core.underway import Underway, show
from busim.model.network import Ints

TOO_LONG = underway.TOO_LONG


@compiled
def _at_average(metres: Ints, kwh_per_km: float) -> Ways:
    """Give the energy of a leg at so much a kilometre."""
    given, none = metres / 1000 * kwh_per_km, np.zeros(len(metres))
    return Ways(given, none, given, none)


@compiled
def _fill(legs: Underway, bus: int, nodes: Ints, times: Ints, metres: Ints, ways: Ways) -> None:
    count = len(nodes)
    legs.path[bus, :count], legs.times[bus, :count], legs.metres[bus, :count] = nodes, times, metres
    legs.given[bus, :count], legs.taken[bus, :count] = ways.given, ways.taken
    legs.given_on[bus, :count], legs.taken_on[bus, :count] = ways.given_on, ways.taken_on
    legs.nodes[bus] = count


@compiled
def set_out_compiled(
    roads: Roads,
    forces: RoadForces,
    legs: Underway,
    fleet: FleetArrays,
    bus: int,
    start: int,
    end: int,
    now: float,
    halt: float,
    energy: float,
    rate: tuple[float, float, float],
) -> int:
    """Put a bus on the road; gives when it is ready to serve at the end [s], or ``TOO_LONG`` for a path without room.

    Parameters
    ----------
    roads, forces
        The roads as they are, and what they ask of this type of bus; empty arrays where it has no physics.
    legs, fleet
        Where the leg is written to.
    bus, start, end, now
        Who drives where, and when it leaves [s].
    halt
        Added at the end [s].
    energy
        In the battery at the start [kWh].
    rate
        Energy a kilometre where there is no physics [kWh/km], mass [kg], and room for what is recuperated [kWh].
    """
    nodes, times, metres = drive(roads, start, end, now)
    count = len(nodes)
    if count > legs.path.shape[1]:
        return TOO_LONG
    kwh_per_km, mass_kg, room = rate
    ways = _at_average(metres, kwh_per_km)
    if len(forces.lift) > 0:
        ways = along(roads.tables, forces, nodes, period_at(roads.tables.breaks, now), mass_kg)
    _fill(legs, bus, nodes, times, metres, ways)
    legs.times[bus, count - 1] += halt
    back = np.floor(np.minimum(ways.taken, room) * J_PER_KWH) / J_PER_KWH  # whole J: the log sums them up exactly
    spent = (ways.given - back) + (legs.times[bus, :count] - now) * fleet.per_second[bus]
    legs.held[bus, :count], legs.room[bus] = energy - spent, room
    show(legs, fleet, bus, 1)
    return int(legs.times[bus, count - 1])


set_out = set_out_compiled if KERNEL == "numba" else plain_set_out

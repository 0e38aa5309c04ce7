"""A bus sets out: the leg is driven ahead of time, and what it takes stands at each node of its path."""

from __future__ import annotations

import numpy as np

from busim.core.compiled import compiled
from busim.core.energy import J_PER_KWH
from busim.core.fleet import FleetArrays
from busim.core.road_energy import RoadForces, Ways, write_along
from busim.core.roads import Roads, drive_along
from busim.core.travel import choose_path, path_size, write_path
from busim.core.underway import TOO_LONG, Rate, Underway, show
from busim.model.network import Ints


@compiled
def _write_average(metres: Ints, kwh_per_km: float, ways: Ways) -> None:
    """Write the energy of a leg at so much a kilometre."""
    for k in range(len(metres)):
        ways.given[k] = ways.given_on[k] = metres[k] / 1000 * kwh_per_km
        ways.taken[k] = ways.taken_on[k] = 0.0


@compiled
def set_out(
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
    rate: Rate,
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
    # NOTE: everything is written where the legs under way stand; temporary arrays took half of the time.
    tables, (kwh_per_km, mass_kg, room) = roads.tables, rate
    period, _ = choose_path(tables, start, end, now)
    count = path_size(tables, period, start, end)
    if count > legs.path.shape[1]:
        return TOO_LONG
    path, times, metres = legs.path[bus, :count], legs.times[bus, :count], legs.metres[bus, :count]
    given, taken = legs.given[bus, :count], legs.taken[bus, :count]
    ways = Ways(given, taken, legs.given_on[bus, :count], legs.taken_on[bus, :count])
    write_path(tables, period, start, end, path)
    drive_along(roads, period, path, now, times, metres)
    if len(forces.lift) > 0:
        write_along(tables, forces, path, period, mass_kg, ways)
    else:
        _write_average(metres, kwh_per_km, ways)
    times[count - 1] += halt
    for k in range(count):
        back = np.floor(min(taken[k], room) * J_PER_KWH) / J_PER_KWH  # whole J: the log sums them up exactly
        legs.held[bus, k] = energy - ((given[k] - back) + (times[k] - now) * fleet.per_second[bus])
    legs.nodes[bus], legs.room[bus] = count, room
    show(legs, fleet, bus, 1)
    return int(legs.times[bus, count - 1])

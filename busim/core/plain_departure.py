"""A bus sets out without compiled kernels: as ``departure.set_out``, node by node in plain numbers.

NOTE: a speed trick in its own place, like ``plain_legs``. Most legs have fewer than a dozen nodes, for which plain sums
take less than arrays; each node's record is written to memory at once. The same numbers to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from struct import Struct

from busim.core.energy import J_PER_KWH
from busim.core.fleet import FleetArrays
from busim.core.plain_legs import legs_of
from busim.core.plain_roads import times_on
from busim.core.road_energy import RoadForces
from busim.core.roads import Roads
from busim.core.underway import RECORD, TOO_LONG, Underway, show

_RECORD = Struct(RECORD)
Energies = tuple[float, float, float, float]  # at a node, as in ``road_energy.Ways`` [kWh]


def plain_set_out(
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
    """Do as ``departure.set_out``."""
    known = legs_of(roads.tables)
    period, _ = known.choose(start, end, now)
    path = known.path(period, start, end)
    count, room_for = len(path.nodes), legs.path.shape[1]
    if count > room_for:
        return TOO_LONG
    times = times_on(roads, known, path, period, now)
    times[-1] += halt
    metres = list(map(roads.tables.lengths[period, start].item, path.nodes))
    kwh_per_km, mass_kg, room = rate
    ways = _at_average(metres, kwh_per_km)
    if len(forces.lift) > 0:
        ways = _along(forces, path.edges, period, mass_kg)
    per_second, memory = fleet.per_second.item(bus), legs.memory.data.cast("B")
    place, write, step = bus * room_for * _RECORD.size, _RECORD.pack_into, _RECORD.size
    for node, time, way, (given, taken, given_on, taken_on) in zip(path.nodes, times, metres, ways, strict=True):
        back = math.floor(min(taken, room) * J_PER_KWH) / J_PER_KWH  # whole J: the log sums them up exactly
        held = energy - (given - back + (time - now) * per_second)
        write(memory, place, node, way, time, held, given, taken, given_on, taken_on)
        place += step
    legs.nodes[bus], legs.room[bus] = count, room
    show(legs, fleet, bus, 1)
    return int(times[-1])


def _at_average(metres: Sequence[int], kwh_per_km: float) -> Iterable[Energies]:
    """Give the energy of a leg at so much a kilometre."""
    for way in metres:
        given = way / 1000 * kwh_per_km
        yield given, 0.0, given, 0.0


def _along(forces: RoadForces, edges: Iterable[int], period: int, mass_kg: float) -> list[Energies]:
    """Do as ``road_energy.along``."""
    lift, air, kinetic = forces.lift.item, forces.air[period].item, forces.kinetic[period].item
    halts, efficiency, recuperation = forces.halts[period].item, forces.efficiency, forces.recuperation
    out, back, ways = 0.0, 0.0, [(0.0, 0.0, 0.0, 0.0)]
    for edge in edges:
        wheel = mass_kg * lift(edge) + air(edge)
        stop = mass_kg * kinetic(edge)
        halted = stop * halts(edge)
        pushed, held = (wheel, 0.0) if wheel > 0.0 else (0.0, -wheel)
        out += (pushed + halted) / efficiency
        back += (held + halted) * recuperation
        ways.append(
            (
                (out + stop / efficiency) / J_PER_KWH,
                (back + stop * recuperation) / J_PER_KWH,
                out / J_PER_KWH,
                back / J_PER_KWH,
            )
        )
    return ways

"""What the kernels know of the fleet, and where each bus's plan can begin."""

from __future__ import annotations

from typing import NamedTuple

from busim.core.compiled import compiled, lent
from busim.model.network import Floats, Ints


@lent
class FleetArrays(NamedTuple):
    """What the kernels know of the fleet, each [B].

    Parameters
    ----------
    node, time
        Where and when a bus can next change course.
    energy
        Energy at that moment [kWh].
    load, wheels
        Persons in seats and wheelchairs aboard.
    seats, wheel_places
        Capacity.
    last
        Last position of a plan before which a stop may be put; -1 if the bus takes no riders.
    per_metre, per_second
        Energy used [kWh].
    reserve
        Energy that planning leaves untouched [kWh].
    """

    node: Ints
    time: Floats
    energy: Floats
    load: Ints
    wheels: Ints
    seats: Ints
    wheel_places: Ints
    last: Ints
    per_metre: Floats
    per_second: Floats
    reserve: Floats


class Origin(NamedTuple):
    """Where and when a bus can next change course, and with what aboard.

    Parameters
    ----------
    node, time
        The place, and the moment from which the bus is free there [s].
    load, wheels
        Persons in seats and wheelchairs aboard.
    energy
        Energy left [kWh].
    per_metre, per_second
        Energy used [kWh].
    """

    node: int
    time: float
    load: float
    wheels: float
    energy: float
    per_metre: float
    per_second: float


@compiled
def origin_of(fleet: FleetArrays, bus: int, now: float) -> Origin:
    """Give the place, moment and state from which a bus's plan can begin."""
    time = max(fleet.time[bus], now)
    energy = fleet.energy[bus] - (time - fleet.time[bus]) * fleet.per_second[bus]
    return Origin(
        fleet.node[bus],
        time,
        float(fleet.load[bus]),
        float(fleet.wheels[bus]),
        energy,
        fleet.per_metre[bus],
        fleet.per_second[bus],
    )


def origin_at(fleet: FleetArrays, bus: int, now: float) -> Origin:
    """Do as ``origin_of``, which is for kernels: to give a tuple to Python costs a compiled one 25 us."""
    free, load, wheels = fleet.time.item(bus), float(fleet.load.item(bus)), float(fleet.wheels.item(bus))
    per_metre, per_second = fleet.per_metre.item(bus), fleet.per_second.item(bus)
    time = free if free >= now else float(now)
    energy = fleet.energy.item(bus) - (time - free) * per_second
    return Origin(fleet.node.item(bus), time, load, wheels, energy, per_metre, per_second)

"""What buses really use on the road: the energy of the leg under way, at each node of its path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from busim.core.energy import J_PER_KWH, PERSON_KG
from busim.core.road_energy import RoadForces, Ways, along, road_forces
from busim.core.travel import TravelTimes
from busim.model.network import Floats, Ints, RoadNetwork
from busim.model.specs import VehicleSpec


class Spent(NamedTuple):
    """Given by the battery on the way to a node [kWh], and taken back by it [whole J: it sums up exactly]."""

    kwh: float
    back_j: int

    @property
    def net_kwh(self) -> float:
        """What the battery has lost [kWh]."""
        return self.kwh - self.back_j / J_PER_KWH


AT_REST = Spent(0.0, 0)


class Leg(NamedTuple):
    """Energy along a leg, and the room that the battery had at its start for what is recuperated [kWh]."""

    ways: Ways
    room: float

    def spent(self, step: int, *, stops: bool) -> Spent:
        """Give the energy up to a node of the path, whether the bus stops there or drives on."""
        ways = self.ways
        given, taken = (ways.given, ways.taken) if stops else (ways.given_on, ways.taken_on)
        return Spent(float(given[step]), math.floor(min(float(taken[step]), self.room) * J_PER_KWH))

    def net_kwh(self) -> Floats:
        """Give what the battery has lost up to each node if the bus stops there [k]; as ``Spent.net_kwh`` does."""
        back_j = np.floor(np.minimum(self.ways.taken, self.room) * J_PER_KWH)
        return self.ways.given - back_j / J_PER_KWH


class Driving:
    """Energy of legs, for every bus of the fleet.

    Parameters
    ----------
    kinds
        Type of each bus [B].
    travel, network
        Planned times, whose speeds count, and the roads.
    """

    def __init__(self, kinds: Sequence[VehicleSpec], travel: TravelTimes, network: RoadNetwork) -> None:
        self.kinds, self.travel = kinds, travel
        forces = {k: road_forces(travel.tables, network, k) for k in dict.fromkeys(kinds) if k.drive is not None}
        self._forces: list[RoadForces | None] = [forces.get(kind) for kind in kinds]

    def leg(self, bus: int, nodes: Ints, metres: Ints, leave_s: int, persons: int, energy_kwh: float) -> Leg:
        """Give the energy along a leg.

        Parameters
        ----------
        bus
            Who drives.
        nodes, metres
            Of the path, and the metres up to each [k].
        leave_s
            Its period tells the speeds [s].
        persons, energy_kwh
            Aboard, and in the battery at the start.
        """
        kind, forces = self.kinds[bus], self._forces[bus]
        if forces is None or kind.drive is None:
            given, none = metres / 1000 * kind.kwh_per_km, np.zeros(len(metres))
            return Leg(Ways(given, none, given, none), 0.0)
        mass = kind.drive.mass_kg + PERSON_KG * persons
        ways = along(self.travel.tables, forces, nodes, self.travel.period(leave_s), mass)
        return Leg(ways, max(0.0, kind.drive.full_above * kind.battery_kwh - energy_kwh))

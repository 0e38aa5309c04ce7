"""What buses really use on the road: what their types ask of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from busim.core.energy import PERSON_KG
from busim.core.road_energy import RoadForces, road_forces
from busim.core.travel import TravelTimes
from busim.core.underway import Rate
from busim.model.network import RoadNetwork
from busim.model.specs import VehicleSpec

_NONE = np.zeros((0, 0))
NO_FORCES = RoadForces(np.zeros(0), _NONE, _NONE, _NONE, 1.0, 0.0)  # of a bus without physics


class Driving:
    """What the roads ask of every bus of the fleet.

    Parameters
    ----------
    kinds
        Type of each bus [B].
    travel, network
        Planned times, whose speeds count, and the roads.
    """

    def __init__(self, kinds: Sequence[VehicleSpec], travel: TravelTimes, network: RoadNetwork) -> None:
        forces = {k: road_forces(travel.tables, network, k) for k in dict.fromkeys(kinds) if k.drive is not None}
        self._drives = [(k.drive.mass_kg, k.drive.full_above * k.battery_kwh) if k.drive else None for k in kinds]
        self._average: list[Rate] = [(k.kwh_per_km, 0.0, 0.0) for k in kinds]
        self.forces: tuple[RoadForces, ...] = tuple(forces.get(kind, NO_FORCES) for kind in kinds)

    def rate(self, bus: int, persons: int, energy_kwh: float) -> Rate:
        """Give energy a kilometre, mass [kg] and room in the battery [kWh] of a bus with so many aboard."""
        drive = self._drives[bus]
        if drive is None:
            return self._average[bus]
        mass_kg, full_kwh = drive
        room = full_kwh - energy_kwh
        return self._average[bus][0], mass_kg + PERSON_KG * persons, room if room > 0.0 else 0.0

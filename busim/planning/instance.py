"""A static planning problem: every rider known in advance, as read from a file or made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from busim.errors import InputError, Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Instance:
    """Riders, buses, depots and stations of one problem; times in the instance's own unit, usually minutes.

    Parameters
    ----------
    name
        Such as ``a2-16-0.4``.
    node_id
        The file's number of each node [N].
    position
        Coordinates of each node, for plots only [N, 2].
    travel
        Travel times between nodes [N, N].
    service, early, late
        Service time, earliest and latest start of service [N].
    load
        Places taken at a node, negative where they are given back [N].
    pickup, dropoff
        Node of each request's pick-up and drop-off [n].
    max_ride
        Most time from the end of the pick-up to the start of the drop-off [n].
    origin, capacity, energy_start, battery, end_ratio
        Of each bus [K]: node it starts from, places, energy at the start [kWh], energy when full [kWh], and the
        least share of it at the end.
    destination, places
        Nodes at which buses may end, and how many at each [D].
    station, visits, rate
        Charging stations' nodes, visits that each admits in all, and energy per time [kWh/min] [S].
    discharge
        Energy per travel time [kWh/min].
    drive_weight, excess_weight
        Weights of travel time and of excess ride time in the objective.
    skip_cost
        Cost of leaving a request out [n]; infinite where it must be served.
    """

    name: str
    node_id: Ints
    position: Floats
    travel: Floats
    service: Floats
    early: Floats
    late: Floats
    load: Ints
    pickup: Ints
    dropoff: Ints
    max_ride: Floats
    origin: Ints
    capacity: Ints
    energy_start: Floats
    battery: Floats
    end_ratio: Floats
    destination: Ints
    places: Ints
    station: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    visits: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rate: Floats = field(default_factory=lambda: np.zeros(0))
    discharge: float = 0.0
    drive_weight: float = 1.0
    excess_weight: float = 0.0
    skip_cost: Floats | None = None

    def __post_init__(self) -> None:
        """Check shapes and ranges together."""
        problems = [*self._shape_problems()]
        if not problems:
            problems = [*self._range_problems()]
        if problems:
            raise InputError(problems)

    @property
    def num_nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_id)

    @property
    def num_requests(self) -> int:
        """Number of riders or parties."""
        return len(self.pickup)

    @property
    def num_buses(self) -> int:
        """Number of buses."""
        return len(self.origin)

    @property
    def direct(self) -> Floats:
        """Direct travel time of each request [n]."""
        return np.asarray(self.travel[self.pickup, self.dropoff])

    @property
    def must_serve(self) -> NDArray[np.bool_]:
        """Whether each request has to be served [n]."""
        if self.skip_cost is None:
            return np.ones(self.num_requests, dtype=np.bool_)
        return np.asarray(~np.isfinite(self.skip_cost))

    def _shape_problems(self) -> list[Problem]:
        sizes = {
            self.num_nodes: ("service", "early", "late", "load"),
            self.num_requests: ("dropoff", "max_ride"),
            self.num_buses: ("capacity", "energy_start", "battery", "end_ratio"),
            len(self.destination): ("places",),
            len(self.station): ("visits", "rate"),
        }
        wrong = [
            (name, len(getattr(self, name)), size)
            for size, names in sizes.items()
            for name in names
            if len(getattr(self, name)) != size
        ]
        problems = [Problem(self.name, f"'{name}' has {found} entries, expected {size}") for name, found, size in wrong]
        if self.travel.shape != (self.num_nodes, self.num_nodes):
            problems.append(Problem(self.name, f"'travel' has shape {self.travel.shape}", "one row per node"))
        if self.num_buses == 0:
            problems.append(Problem(self.name, "there is no bus"))
        return problems

    def _range_problems(self) -> list[Problem]:
        problems = []
        for name in ("travel", "service", "max_ride", "energy_start", "battery", "end_ratio"):
            values = np.asarray(getattr(self, name))
            if not np.all(np.isfinite(values)) or np.any(values < 0.0):
                problems.append(Problem(self.name, f"'{name}' holds a negative or missing value"))
        if np.any(np.isnan(self.early)) or np.any(np.isnan(self.late)):
            problems.append(Problem(self.name, "'early' or 'late' holds a missing value"))
        if not np.all(self.rate > 0.0):
            problems.append(Problem(self.name, "a station's rate is not above 0"))
        if len(self.pickup) and int(self.load[self.pickup].min()) < 0:
            problems.append(Problem(self.name, "a pick-up has a negative load"))
        return problems

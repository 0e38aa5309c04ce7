"""A plan of a static problem: what each bus does when; written to and read from JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from busim.errors import InputError

FORMAT = "busim-plan-1"


@dataclass(frozen=True)
class Stop:
    """One visit of a bus to a node; times in the instance's unit.

    Parameters
    ----------
    node
        The file's number of the node.
    arrival, start, departure
        When the bus comes, begins service and leaves.
    energy
        Energy on arrival [kWh].
    charge
        Energy charged here [kWh].
    """

    node: int
    arrival: float
    start: float
    departure: float
    energy: float
    charge: float = 0.0


@dataclass(frozen=True)
class BusPlan:
    """The stops of one bus, from its origin to a destination.

    Parameters
    ----------
    bus
        Index of the bus, from 0.
    stops
        In order.
    """

    bus: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Solution:
    """A plan of all buses.

    Parameters
    ----------
    instance
        Name of the problem.
    buses
        Every bus, also one that serves nobody.
    unserved
        Pick-up nodes of requests that are left out.
    travel_time, excess_ride_time
        The parts of the objective, unweighted.
    skip_cost
        Cost of requests left out, those that had to be served not counted.
    cost
        The objective: weighted sum of the parts.
    """

    instance: str
    buses: tuple[BusPlan, ...]
    unserved: tuple[int, ...]
    travel_time: float
    excess_ride_time: float
    skip_cost: float
    cost: float

    def to_dict(self) -> dict[str, Any]:
        """Give the plan as plain values for JSON."""
        return {"format": FORMAT, **asdict(self)}

    def write(self, path: Path) -> None:
        """Write the plan as JSON."""
        path.write_text(json.dumps(self.to_dict(), indent=1) + "\n", encoding="utf-8")


def read_solution(path: Path) -> Solution:
    """Read a plan that `Solution.write` wrote.

    Raises
    ------
    InputError
        If the file cannot be read or is of another kind.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError.single(str(path), f"cannot be read as a plan: {error}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError.single(str(path), "is not a plan", f'expected a JSON object with "format": "{FORMAT}"')
    try:
        buses = tuple(BusPlan(int(bus["bus"]), tuple(_stop(stop) for stop in bus["stops"])) for bus in content["buses"])
        parts = (float(content[key]) for key in ("travel_time", "excess_ride_time", "skip_cost", "cost"))
        unserved = tuple(int(node) for node in content["unserved"])
        return Solution(str(content["instance"]), buses, unserved, *parts)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError.single(str(path), f"is not a whole plan: {type(error).__name__} {error}") from error


def _stop(values: dict[str, Any]) -> Stop:
    """Make a stop of plain values."""
    keys = ("arrival", "start", "departure", "energy", "charge")
    return Stop(int(values["node"]), *(float(values[key]) for key in keys))

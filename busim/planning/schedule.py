"""Times and charges of a given sequence of stops, by a linear program: what is written out, and tests compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from busim.planning.instance import Floats, Instance

CHARGE_PRICE = 1e-7  # keeps charges from being larger than they need be; too small to change anything else


@dataclass(frozen=True, eq=False)
class Schedule:
    """The best times of one bus.

    Parameters
    ----------
    start
        Start of service at each stop [L].
    charge_time
        Time spent charging at each stop [L].
    excess
        Sum of excess ride times.
    """

    start: Floats
    charge_time: Floats
    excess: float


class _Program:
    """Rows of the linear program ``sum coefficient * variable <= bound``."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.cols: list[int] = []
        self.values: list[float] = []
        self.bounds: list[float] = []

    def add(self, terms: list[tuple[int, float]], bound: float) -> None:
        for column, value in terms:
            self.rows.append(len(self.bounds))
            self.cols.append(column)
            self.values.append(value)
        self.bounds.append(bound)


def best_schedule(instance: Instance, bus: int, nodes: list[int]) -> Schedule | None:
    """Give the times and charges of least excess ride time, None if the sequence cannot be driven.

    Parameters
    ----------
    instance
        The problem.
    bus
        Index of the bus.
    nodes
        Node indices from origin to destination.
    """
    size = len(nodes)
    rate = np.zeros(size)
    lookup = {int(node): float(value) for node, value in zip(instance.station, instance.rate, strict=True)}
    for i in range(1, size - 1):
        rate[i] = lookup.get(nodes[i], 0.0)
    program = _Program()
    _add_times(program, instance, nodes)
    place = {node: i for i, node in enumerate(nodes)}
    price = np.concatenate([np.zeros(size), np.full(size, CHARGE_PRICE)])
    fixed = _add_rides(program, instance, place, price)
    _add_energy(program, instance, bus, nodes, rate)
    late = np.array([instance.late[node] for node in nodes])
    bounds = [*zip(instance.early[nodes], late, strict=True), *((0.0, None if r > 0.0 else 0.0) for r in rate)]
    matrix = csr_matrix((program.values, (program.rows, program.cols)), shape=(len(program.bounds), 2 * size))
    found = linprog(price, A_ub=matrix, b_ub=program.bounds, bounds=bounds, method="highs")  # type: ignore[call-overload]  # sparse is taken
    if found.status != 0:
        return None
    start, spent = np.asarray(found.x[:size]), np.asarray(found.x[size:])
    return Schedule(start, spent, float(price[:size] @ start) - fixed)


def _add_times(program: _Program, instance: Instance, nodes: list[int]) -> None:
    """Add that a stop follows the one before, its service, its charging and the leg."""
    size = len(nodes)
    for i in range(1, size):
        before, node = nodes[i - 1], nodes[i]
        busy = float(instance.service[before]) + float(instance.travel[before, node])
        program.add([(i - 1, 1.0), (i, -1.0), (size + i - 1, 1.0)], -busy)


def _add_rides(program: _Program, instance: Instance, place: dict[int, int], price: Floats) -> float:
    """Add ride limits and price ride times; give what of these is not excess."""
    fixed = 0.0
    for rider, (up, down) in enumerate(zip(instance.pickup, instance.dropoff, strict=True)):
        if int(up) in place and int(down) in place:
            i, j, service = place[int(up)], place[int(down)], float(instance.service[up])
            program.add([(j, 1.0), (i, -1.0)], float(instance.max_ride[rider]) + service)
            price[j] += 1.0
            price[i] -= 1.0
            fixed += float(instance.travel[up, down]) + service
    return fixed


def _add_energy(program: _Program, instance: Instance, bus: int, nodes: list[int], rate: Floats) -> None:
    """Add that the battery is never empty, never overfull, and full enough at the end."""
    size, used = len(nodes), 0.0
    charged: list[tuple[int, float]] = []
    start, full = float(instance.energy_start[bus]), float(instance.battery[bus])
    for i in range(1, size):
        used += instance.discharge * float(instance.travel[nodes[i - 1], nodes[i]])
        least = float(instance.end_ratio[bus]) * full if i == size - 1 else 0.0
        if rate[i] > 0.0 or i == size - 1:
            program.add([(column, -value) for column, value in charged] or [(0, 0.0)], start - used - least)
        if rate[i] > 0.0:
            charged.append((size + i, float(rate[i])))
            program.add(list(charged), full - start + used)

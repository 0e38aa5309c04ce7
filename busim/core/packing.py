"""Choice of one trip per bus so that riders are carried at least cost: an integer program, its components apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from busim.core.rents import Trip, best_together
from busim.model.network import Floats


def choose(trips: Sequence[Trip], price: Mapping[int, float], seed: Sequence[int], node_limit: int) -> list[int]:
    """Choose one trip per bus; each rider is carried at most once, and once where there is no price.

    Parameters
    ----------
    trips
        All trips; a bus without riders needs one too.
    price
        Of leaving a rider out; riders who are not in it must be carried.
    seed
        A choice that is allowed, used where the search ends without a better one.
    node_limit
        Most nodes of branch and bound per component.

    Returns
    -------
    list of int
        Indices of the chosen trips, ascending.
    """
    chosen: list[int] = []
    taken = set(seed)
    for part in components(trips):
        first = [k for k, j in enumerate(part) if j in taken]
        chosen += [part[k] for k in _solve([trips[j] for j in part], price, first, node_limit)]
    return sorted(chosen)


def components(trips: Sequence[Trip]) -> list[list[int]]:
    """Group trips that share a bus or a rider, directly or by others; by their first trip."""
    root: dict[int, int] = {}  # of a bus, and of a rider as a negative number

    def find(key: int) -> int:
        above = root.setdefault(key, key)
        while above != key:
            root[key] = root[above]
            key = root[key]
            above = root[key]
        return key

    for trip in trips:
        bus = find(trip.bus)
        for rider in trip.riders:
            root[find(-1 - rider)] = bus
    groups: dict[int, list[int]] = {}
    for j, trip in enumerate(trips):
        groups.setdefault(find(trip.bus), []).append(j)
    return list(groups.values())


def _value(trip: Trip, price: Mapping[int, float]) -> float:
    """Give a trip's cost less the prices of those it carries."""
    return trip.cost - math.fsum(price.get(rider, 0.0) for rider in trip.riders)


def _solve(trips: list[Trip], price: Mapping[int, float], seed: list[int], node_limit: int) -> list[int]:
    values = [_value(trip, price) for trip in trips]
    bound = math.fsum(values[j] for j in seed)
    found = best_together(trips, values, price, seed) or _program(trips, values, price, node_limit)
    return seed if found is None or bound <= math.fsum(values[j] for j in found) else found


def _program(trips: list[Trip], values: list[float], price: Mapping[int, float], node_limit: int) -> list[int] | None:
    """Solve the integer program with HiGHS; ``None`` if it found nothing within the limit."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  (slow to import, and most days need none)
    from scipy.sparse import csc_array  # noqa: PLC0415

    buses = {bus: k for k, bus in enumerate(dict.fromkeys(trip.bus for trip in trips))}
    riders: dict[int, int] = {}
    rows, first = [], [0]
    for trip in trips:
        rows.append(buses[trip.bus])
        rows += [len(buses) + riders.setdefault(rider, len(riders)) for rider in trip.riders]
        first.append(len(rows))
    size = len(buses) + len(riders)
    matrix = csc_array((np.ones(len(rows)), np.array(rows, np.int32), np.array(first, np.int32)), (size, len(trips)))
    low = np.array([1.0] * len(buses) + [0.0 if rider in price else 1.0 for rider in riders])
    constraints = LinearConstraint(matrix, low, np.ones(size))
    bounds, cost = Bounds(0.0, 1.0), np.array(values)
    # Mostly whole already, at a third of the time; so small a program is solved before it would be simplified.
    relaxed = milp(cost, constraints=constraints, bounds=bounds, options={"presolve": False})
    if relaxed.x is None:
        return None
    if np.abs(relaxed.x - np.round(relaxed.x)).max() <= 1e-6:
        return _ones(relaxed.x)
    whole = np.ones(len(trips), np.int64)
    options: Any = {"node_limit": node_limit, "mip_rel_gap": 1e-9}
    result = milp(cost, constraints=constraints, bounds=bounds, integrality=whole, options=options)
    return None if result.x is None else _ones(result.x)


def _ones(shares: Floats) -> list[int]:
    chosen: list[int] = np.flatnonzero(np.round(shares) > 0.5).tolist()
    return chosen

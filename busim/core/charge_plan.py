"""When to charge how much: a linear program over buses and slots, for price, peak and what the morning needs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack

from busim.model.network import Floats

SHORTFALL_PRICE = 1000.0  # per kWh below the floor: only where nothing else is possible


class ChargeProblem(NamedTuple):
    """What a plan has to reckon with.

    Parameters
    ----------
    energy, floor, battery
        Held now, least and most to hold at the end of any slot [B, kWh].
    use
        Needed for driving and standing in each slot [B, S, kWh].
    most
        The most that a bus can charge in each slot [B, S, kWh].
    price
        Per kWh into the battery in each slot [S].
    capacity
        The most that all buses charge in each slot [S, kWh].
    target, end_price
        To hold at the end [B, kWh], and the price of what is missing then.
    peak_price, peak_kwh
        Price of the largest slot's energy above what was reached before [per kWh, kWh].
    """

    energy: Floats
    floor: Floats
    battery: Floats
    use: Floats
    most: Floats
    price: Floats
    capacity: Floats
    target: Floats
    end_price: float
    peak_price: float = 0.0
    peak_kwh: float = 0.0


def plan_charging(problem: ChargeProblem) -> Floats:
    """Give the energy to charge by bus and slot [B, S, kWh].

    Energies held are variables of their own, ``e[s] = e[s-1] + x[s] + g[s] - use[s]``, which keeps the program
    sparse; ``g`` is energy from nowhere at a prohibitive price, so that there is always a solution.
    """
    buses, slots = problem.use.shape
    size = buses * slots
    if size == 0:
        return np.zeros((buses, slots))
    # Columns: charged, from nowhere, held [each B x S], missing at the end [B], peak [1].
    step = eye_array(slots) - eye_array(slots, k=-1)
    unit = eye_array(size)
    balance = hstack([-unit, -unit, kron(eye_array(buses), step), csr_array((size, buses + 1))])
    first = np.zeros((buses, slots))
    first[:, 0] = problem.energy
    per_slot = kron(np.ones((1, buses)), eye_array(slots))
    peak = csr_array(-np.ones((slots, 1)))
    last = kron(eye_array(buses), csr_array(([1.0], ([0], [slots - 1])), shape=(1, slots)))
    limits = vstack(
        [
            hstack([per_slot, csr_array((slots, 2 * size + buses + 1))]),
            hstack([per_slot, csr_array((slots, 2 * size + buses)), peak]),
            hstack([csr_array((buses, 2 * size)), -last, -eye_array(buses), csr_array((buses, 1))]),
        ]
    )
    cost = np.concatenate(
        [
            np.tile(problem.price, buses),
            np.full(size, SHORTFALL_PRICE),
            np.zeros(size),
            np.full(buses, problem.end_price),
            [problem.peak_price],
        ]
    )
    floor = np.minimum(problem.floor, problem.battery)
    low = np.concatenate([np.zeros(2 * size), np.repeat(floor, slots), np.zeros(buses), [problem.peak_kwh]])
    high = np.concatenate(
        [problem.most.ravel(), np.full(size, np.inf), np.repeat(problem.battery, slots), np.full(buses + 1, np.inf)]
    )
    from scipy.optimize import linprog  # noqa: PLC0415  (slow to import, and most days need none)

    found = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse matrices
        cost,
        A_ub=csr_array(limits),
        b_ub=np.concatenate([problem.capacity, np.zeros(slots), -problem.target]),
        A_eq=csr_array(balance),
        b_eq=(first - problem.use).ravel(),
        bounds=np.column_stack([low, high]),
        method="highs-ds",
        options={"simplex_dual_edge_weight_strategy": "devex"},  # a quarter less time than the default on such programs
    )
    if found.x is None:
        raise ValueError(f"the charging plan has no solution: {found.message}")
    plan: Floats = np.asarray(found.x[:size], np.float64).reshape(buses, slots)
    return plan

"""Empty trips between zones by linear program: as many buses as wanted in each, in the least driving time."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, hstack, vstack

from busim.model.network import Floats, Ints

_TIE = 1e-6  # cost per index, so that of equal programs the same one is chosen everywhere


def shares(weight: Floats, total: int) -> Ints:
    """Share whole buses out in proportion to weights, by largest remainder; ties go to the first [Z]."""
    if weight.sum() <= 0:
        return np.zeros(len(weight), np.int64)
    exact = weight / weight.sum() * total
    given: Ints = np.floor(exact + 1e-9).astype(np.int64)
    order = np.lexsort((np.arange(len(weight)), -(exact - given)))
    given[order[: total - int(given.sum())]] += 1
    return given


def flows(free: Ints, there: Ints, wanted: Ints, seconds: Floats) -> Ints:
    """Give the empty trips from zone to zone that bring every zone to what is wanted, in the least time [Z, Z].

    The program of Pavone, Smith, Frazzoli & Rus 2012 (International Journal of Robotics Research 31): least sum of
    ``seconds x trips``, so that in each zone what is there, less what leaves, plus what comes is at least what is
    wanted. Where too few buses may leave, a missing bus costs more than any way. The matrix is that of a transport
    problem, so whole numbers come out by themselves.

    Parameters
    ----------
    free
        Buses that may leave each zone [Z].
    there
        Buses that are in each zone or on their way to it, those that may leave included [Z].
    wanted
        Buses wanted in each zone [Z].
    seconds
        Driving time between zones [Z, Z].
    """
    size = len(free)
    start, end = (axis.ravel() for axis in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
    start, end = start[start != end], end[start != end]
    pairs, zones = np.arange(len(start)), np.arange(size)
    trips: Ints = np.zeros((size, size), np.int64)
    if not free.any() or not (wanted > there).any():
        return trips
    from scipy.optimize import linprog  # noqa: PLC0415  (slow to import, and most days need none)

    ones = np.ones(len(start))
    leaves = coo_array((ones, (start, pairs)), shape=(size, len(start)))
    comes = coo_array((ones, (end, pairs)), shape=(size, len(start)))
    missing = coo_array((np.ones(size), (zones, zones)), shape=(size, size))
    rows = vstack([hstack([leaves - comes, -missing]), hstack([leaves, 0 * missing])], format="csr")
    cost = np.concatenate((seconds[start, end] + _TIE * pairs, np.full(size, 2.0 * seconds.max() + 1.0)))
    found = linprog(cost, A_ub=rows, b_ub=np.concatenate((there - wanted, free)), method="highs-ds")
    if found.status != 0 or found.x is None:
        raise ArithmeticError(f"the program of empty trips was not solved: {found.message}")
    trips[start, end] = np.rint(found.x[: len(start)]).astype(np.int64)
    return trips

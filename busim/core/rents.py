"""Rents on riders under which each bus's own best trip goes together with the others': proof that these are optimal.

NOTE: a speed trick in its own place. Lagrangian relaxation of the program of ``core.packing``: each rider has a rent,
and each bus takes the trip that is cheapest with the rents of its riders. Rents of riders whom several buses want go
up, those of riders whom none wants go down (subgradients, Held & Karp 1971; length of the steps after Polyak 1969).
What the buses' choices cost less all rents is never more than the optimum, so that a choice that is allowed and costs
no more than that is one. Nine in ten programs of a day end here, at a fraction of the time of HiGHS and its wrapper.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from busim.core.compiled import KERNEL, compiled
from busim.core.rent_search import Offer, best_within
from busim.model.network import Floats, Ints

_TURNS = 100  # after which the search for the rest begins
_STEP, _SHORTER, _PATIENCE = 1.5, 0.7, 3  # of Polyak's; by which it is cut after so many turns that brought nothing
_GAP = 1e-9  # relative, which HiGHS may leave, too


class Trip(NamedTuple):
    """A set of riders that a bus may carry: the bus, the riders in ascending order, the plan's added cost."""

    bus: int
    riders: tuple[int, ...]
    cost: float


class Market(NamedTuple):
    """Trips in the order of their buses: rows of different lengths, one after another.

    Parameters
    ----------
    first
        First trip of each bus, and the number of trips [B + 1].
    heads, known
        Where the riders of each bus begin [B + 1], and who they are.
    ends, held
        Where the riders of each trip begin [T + 1], and who they are.
    values
        Of each trip: its cost, less the prices of its riders [T].
    must
        Whether a rider must be carried [R].
    """

    first: Ints
    heads: Ints
    known: Ints
    ends: Ints
    held: Ints
    values: Floats
    must: Ints


@compiled
def _choose(market: Market, bus: int, rents: list[float]) -> tuple[int, float]:
    """Give a bus's best trip, and what it costs with rents."""
    ends, held, best, least = market.ends, market.held, -1, math.inf
    for trip in range(market.first[bus], market.first[bus + 1]):
        cost = market.values[trip]
        for i in range(ends[trip], ends[trip + 1]):
            cost += rents[held[i]]
        if cost < least:
            best, least = trip, cost
    return best, least


@compiled
def _is_touched(market: Market, bus: int, excess: list[int]) -> bool:
    """Tell whether the rent of one of a bus's riders has changed."""
    for i in range(market.heads[bus], market.heads[bus + 1]):  # noqa: SIM110  (kernels have no generators)
        if excess[market.known[i]] != 0:
            return True
    return False


@compiled
def _count(market: Market, chosen: list[int], rents: list[float], excess: list[int]) -> tuple[bool, int]:
    """Count by how many buses too many each rider is wanted; tells whether all is allowed, and the sum of squares.

    Of a rider who may stay behind and has no rent it does not matter that no bus wants him.
    """
    for rider in range(len(excess)):
        excess[rider] = -1
    for trip in chosen:
        for i in range(market.ends[trip], market.ends[trip + 1]):
            excess[market.held[i]] += 1
    is_allowed, squares = True, 0
    for rider in range(len(excess)):
        if excess[rider] > 0 or (excess[rider] < 0 and market.must[rider]):
            is_allowed = False
        elif excess[rider] < 0 and rents[rider] <= 0.0:
            excess[rider] = 0
        squares += excess[rider] * excess[rider]
    return is_allowed, squares


@compiled
def clear(market: Market, bound: float, turns: int) -> tuple[bool, list[int], list[float], float]:
    """Find the best choice of one trip per bus by rents.

    Parameters
    ----------
    market
        The trips.
    bound
        What some choice that is allowed costs.
    turns
        Most changes of rents.

    Returns
    -------
    tuple
        Whether it came to a proof; the best choice that is allowed among those met, empty if none costs less than the
        bound; the best rents, and what no choice can cost less than.
    """
    buses, riders = len(market.first) - 1, len(market.must)
    rents, excess, chosen, least = [0.0] * riders, [1] * riders, [0] * buses, [0.0] * buses
    best, step, vain, kept, allowed = -math.inf, _STEP, 0, rents[:], chosen[:0]
    for turn in range(turns):
        low, value = 0.0, 0.0
        for bus in range(buses):
            if turn == 0 or _is_touched(market, bus, excess):
                chosen[bus], least[bus] = _choose(market, bus, rents)
            low += least[bus]
            value += market.values[chosen[bus]]
        for rent in rents:
            low -= rent
        is_allowed, squares = _count(market, chosen, rents, excess)
        if is_allowed:
            if squares == 0 or value - low <= _GAP * abs(value):
                return True, chosen, rents, low
            if value < bound:
                bound, allowed = value, chosen[:]
        vain = 0 if low > best else vain + 1
        if low > best:
            best, kept = low, rents[:]
        if vain == _PATIENCE:
            step, vain = step * _SHORTER, 0
        length = step * max(bound - low, _GAP) / squares
        for rider in range(riders):
            rent = rents[rider] + length * excess[rider]
            rents[rider] = rent if market.must[rider] else max(0.0, rent)
    return False, allowed, kept, best


def best_together(
    trips: Sequence[Trip], values: Sequence[float], price: Mapping[int, float], seed: list[int]
) -> list[int] | None:
    """Do as ``packing.choose`` for one component, or give ``None`` where that would take too long.

    Parameters
    ----------
    trips, values
        Trips, and their costs less the prices of their riders.
    price
        Of leaving a rider out; riders who are not in it must be carried.
    seed
        A choice that is allowed.
    """
    order = sorted(range(len(trips)), key=lambda j: trips[j].bus)
    market = _market([trips[j] for j in order], [values[j] for j in order], price)
    bound = math.fsum(values[j] for j in seed)
    is_proven, chosen, rents, low = clear(market, bound, _TURNS)
    found = [order[k] for k in chosen] or seed
    if is_proven:
        return found
    better = best_within(_offers(market, rents), rents, list(market.must), math.fsum(values[j] for j in found) - low)
    return None if better is None else [order[k] for k in better] or found


def _offers(market: Market, rents: list[float]) -> list[list[Offer]]:
    """List the trips of each bus by what they cost with rents beyond its cheapest one."""
    first, ends, held, values = (list(row) for row in (market.first, market.ends, market.held, market.values))
    offers = []
    for begin, end in itertools.pairwise(first):
        riders = [held[ends[trip] : ends[trip + 1]] for trip in range(begin, end)]
        costs = [values[begin + k] + math.fsum(rents[rider] for rider in theirs) for k, theirs in enumerate(riders)]
        least = min(costs)
        offers.append(sorted(Offer(cost - least, begin + k, riders[k]) for k, cost in enumerate(costs)))
    return offers


def _market(trips: Sequence[Trip], values: Sequence[float], price: Mapping[int, float]) -> Market:
    """Write down trips that stand in the order of their buses."""
    number: dict[int, int] = {}  # of each rider
    first, heads, ends, known, held = list[int](), list[int](), [0], list[int](), list[int]()
    for _, group in itertools.groupby(trips, key=lambda trip: trip.bus):
        first.append(len(ends) - 1)
        heads.append(len(known))
        begin = len(held)
        for trip in group:
            held += [number.setdefault(rider, len(number)) for rider in trip.riders]
            ends.append(len(held))
        known += set(held[begin:])
    must = [int(rider not in price) for rider in number]
    rows: list[Any] = [[*first, len(trips)], [*heads, len(known)], known, ends, held, values, must]
    if KERNEL == "numba":  # plain Python is faster with lists
        rows = [np.array(row, np.float64 if row is values else np.int64) for row in rows]
    return Market(*rows)

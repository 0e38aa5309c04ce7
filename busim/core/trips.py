"""Kernels on one plan: its cost, a rider taken out or put in, the best order of its stops."""

from __future__ import annotations

import math

import numpy as np

from busim.core.compiled import compiled
from busim.core.fleet import Origin
from busim.core.insertion import Costs, Rider, charger_kwh, local_cost
from busim.core.plain_legs import leg
from busim.core.plans import (
    ACTION,
    CHARGE,
    DEPART,
    DROPOFF,
    DWELL,
    EARLIEST,
    END,
    GAIN,
    LATEST,
    NODE,
    PERSONS,
    PICKUP,
    RIDE,
    RIDER,
    SITE,
    START,
    WHEELS,
    PlanArrays,
)
from busim.core.schedule import mate
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints


@compiled
def plan_cost(ints: Ints, floats: Floats, size: int, origin: Origin, tables: TravelTables, costs: Costs) -> float:
    """Give the cost of a scheduled plan; differences between plans of one bus are what insertions cost.

    The ride of those aboard counts from the plan's beginning, the way home after the last stop not at all.
    """
    drive, metres, wait, ride = 0.0, 0.0, 0.0, 0.0
    node, now = origin.node, origin.time
    for k in range(size):
        slot, times = ints[k], floats[k]
        if slot[ACTION] != END:
            seconds, length = leg(tables, node, slot[NODE], now)
            drive, metres = drive + seconds, metres + length
        persons = float(abs(slot[PERSONS]) + abs(slot[WHEELS]))
        if slot[ACTION] == PICKUP:
            wait += persons * (times[START] - times[EARLIEST])
        elif slot[ACTION] == DROPOFF:
            u = mate(ints, k)
            ride += persons * (times[START] - (floats[u][START] if u >= 0 else origin.time))
        node, now = slot[NODE], times[DEPART]
    return local_cost(drive, metres, wait, ride, costs.weights)


@compiled
def lasts(
    ints: Ints, floats: Floats, size: int, origin: Origin, reserve: float, tables: TravelTables, costs: Costs
) -> bool:
    """Tell whether the battery carries a scheduled plan, and from each rider's stop to a charger."""
    energy, node, now = origin.energy, origin.node, origin.time
    for k in range(size):
        slot, times = ints[k], floats[k]
        energy -= tables.most[node, slot[NODE]] * origin.per_metre + (times[START] - now) * origin.per_second
        if slot[ACTION] != CHARGE:
            energy -= times[DWELL] * origin.per_second
        way = 0.0
        if slot[ACTION] in (PICKUP, DROPOFF):
            way = charger_kwh(slot[NODE], times[DEPART], origin, costs)
        if energy < reserve + way:
            return False
        if slot[ACTION] == CHARGE:
            energy += times[GAIN]
        node, now = slot[NODE], times[DEPART]
    return True


@compiled
def take_out(ints: Ints, floats: Floats, size: int, rider: int) -> int:
    """Close the gaps that a rider's stops leave; gives the new number of slots."""
    kept = 0
    for k in range(size):
        if ints[k, RIDER] != rider:
            if kept < k:
                ints[kept] = ints[k]
                floats[kept] = floats[k]
            kept += 1
    return kept


@compiled
def _write(
    ints: Ints, floats: Floats, k: int, node: int, action: int, index: int, persons: int, wheels: int, dwell: float
) -> None:
    ints[k, NODE], ints[k, ACTION], ints[k, RIDER] = node, action, index
    ints[k, PERSONS], ints[k, WHEELS], ints[k, SITE] = persons, wheels, -1
    floats[k, EARLIEST], floats[k, LATEST], floats[k, DWELL], floats[k, RIDE] = -math.inf, math.inf, dwell, math.inf


@compiled
def put_in(ints: Ints, floats: Floats, size: int, index: int, rider: Rider, earliest: float, p: int, q: int) -> int:
    """Put a rider's stops before slots ``p`` and ``q``; gives the new number of slots.

    Parameters
    ----------
    ints, floats, size
        The plan's slots and their number; there is room for two more.
    index
        Row of the rider in the riders' table.
    rider, earliest
        The rider, and when the window of the pick-up opened, which may be in the past [s].
    p, q
        Positions, ``p <= q``, as they are before.
    """
    for k in range(size - 1, p - 1, -1):
        to = k + 2 if k >= q else k + 1
        ints[to] = ints[k]
        floats[to] = floats[k]
    _write(ints, floats, p, rider.origin, PICKUP, index, rider.persons, rider.wheels, rider.board)
    floats[p, EARLIEST], floats[p, LATEST] = earliest, rider.latest
    _write(ints, floats, q + 1, rider.destination, DROPOFF, index, -rider.persons, -rider.wheels, rider.alight)
    floats[q + 1, LATEST], floats[q + 1, RIDE] = rider.latest + rider.longest, rider.longest
    return size + 2


@compiled
def relax(plans: PlanArrays) -> None:
    """Widen windows and ride limits that are broken already, by noise, to what the schedule says."""
    for bus in range(len(plans.length)):
        ints, floats = plans.ints[bus], plans.floats[bus]
        for k in range(plans.length[bus]):
            floats[k, LATEST] = max(floats[k, LATEST], floats[k, START])
            if floats[k, RIDE] < math.inf:
                u = mate(ints, k)
                floats[k, RIDE] = max(floats[k, RIDE], floats[k, START] - floats[u, START])


@compiled
def _too_late(
    ints: Ints, floats: Floats, count: int, used: Ints, node: int, now: float, tables: TravelTables, halt: float
) -> bool:
    """Tell whether a stop that is left can no longer be reached in time, even at once."""
    for k in range(count):
        if used[k] == 0:
            seconds, _ = leg(tables, node, ints[k][NODE], now)
            if now + seconds + (halt if node != ints[k][NODE] else 0.0) > floats[k][LATEST]:
                return True
    return False


@compiled
def _tail(
    ints: Ints, floats: Floats, first: int, size: int, node: int, now: float, tables: TravelTables, costs: Costs
) -> float:
    """Give the driving of the slots that keep their place, from ``first`` on, or infinity if one would be late."""
    drive, metres = 0.0, 0.0
    for k in range(first, size):
        seconds, length = leg(tables, node, ints[k][NODE], now)
        start = max(now + seconds + (costs.halt if node != ints[k][NODE] else 0.0), floats[k][EARLIEST])
        if start > floats[k][LATEST]:
            return math.inf
        if ints[k][ACTION] != END:
            drive, metres = drive + seconds, metres + length
        node, now = ints[k][NODE], start + floats[k][DWELL]
    return local_cost(drive, metres, 0.0, 0.0, costs.weights)


@compiled
def best_order(  # noqa: C901, PLR0912, PLR0915  (one depth-first search, its stack in arrays)
    ints: Ints,
    floats: Floats,
    size: int,
    count: int,
    origin: Origin,
    seats: int,
    wheel_places: int,
    tables: TravelTables,
    costs: Costs,
    limit: float,
    nodes: int,
) -> tuple[float, Ints]:
    """Search the orders of a plan's first ``count`` stops depth first; gives the cheapest below ``limit``.

    Parameters
    ----------
    ints, floats, size
        The plan's slots and their number; from ``count`` on they keep their place.
    count
        Slots whose order is free, but for pick-ups before drop-offs.
    origin, seats, wheel_places
        Where the plan begins; capacity.
    tables, costs
        Travel times, weights and halt.
    limit
        Only orders that cost less are of interest.
    nodes
        Most partial orders to look at.

    Returns
    -------
    tuple
        Cost (slots that keep their place are not to hold riders) and order [count]; ``inf`` if none was found.
    """
    best, order = math.inf, np.arange(count)
    used, chosen, mates = np.zeros(count, np.int64), np.full(count + 1, -1), np.full(count, -1)
    for k in range(count):
        if ints[k][ACTION] == DROPOFF:
            for u in range(count):
                if ints[u][RIDER] == ints[k][RIDER] and ints[u][ACTION] == PICKUP:
                    mates[k] = u
    starts, times, spent = np.zeros(count), np.zeros(count + 1), np.zeros(count + 1)
    loads, wheels = np.zeros(count + 1), np.zeros(count + 1)
    times[0], loads[0], wheels[0] = origin.time, origin.load, origin.wheels
    depth, seen = 0, 0
    while depth >= 0:
        last = chosen[depth]
        if last >= 0:
            used[last] = 0
        k = last + 1
        while k < count and (used[k] == 1 or (mates[k] >= 0 and used[mates[k]] == 0)):
            k += 1
        if k >= count or seen >= nodes:
            chosen[depth] = -1
            depth -= 1
            continue
        chosen[depth] = k
        used[k] = 1
        seen += 1
        node = origin.node if depth == 0 else ints[chosen[depth - 1]][NODE]
        seconds, metres = leg(tables, node, ints[k][NODE], times[depth])
        halt = costs.halt if node != ints[k][NODE] else 0.0
        start = max(times[depth] + seconds + halt, floats[k][EARLIEST])
        load, chairs = loads[depth] + ints[k][PERSONS], wheels[depth] + ints[k][WHEELS]
        if start > floats[k][LATEST] or load > seats or chairs > wheel_places:
            continue
        persons, wait, ride = float(abs(ints[k][PERSONS]) + abs(ints[k][WHEELS])), 0.0, 0.0
        if ints[k][ACTION] == PICKUP:
            wait = start - floats[k][EARLIEST]
        elif ints[k][ACTION] == DROPOFF:
            ride = start - (starts[mates[k]] if mates[k] >= 0 else origin.time)
            if ride > floats[k][RIDE]:
                continue
        cost = spent[depth] + local_cost(seconds, metres, wait * persons, ride * persons, costs.weights)
        now = start + floats[k][DWELL]
        if cost >= limit or _too_late(ints, floats, count, used, ints[k][NODE], now, tables, costs.halt):
            continue
        starts[k] = start
        if depth + 1 == count:
            total = cost + _tail(ints, floats, count, size, ints[k][NODE], now, tables, costs)
            if total < limit:
                best, limit = total, total
                for d in range(count):
                    order[d] = chosen[d]
            continue
        times[depth + 1], spent[depth + 1], loads[depth + 1], wheels[depth + 1] = now, cost, load, chairs
        depth += 1
        chosen[depth] = -1
    return best, order

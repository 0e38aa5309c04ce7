"""Cheapest feasible insertion of one rider over all buses and positions: bound all, then check the cheapest exactly.

``candidates`` gives every (bus, pick-up position, drop-off position) that passes constant-time checks, with a lower
bound on its cost; ``evaluate`` gives the exact cost of one, or infinity. The best is found by going through the
candidates in order of (bound, bus, positions) until no bound is below the best exact cost. The bound is exact where
no bus waits for a booked rider, so that one evaluation is the rule. Times between places are those of the period in
which a leg starts; legs that cross into another period are exact in ``evaluate`` only.

Jaw, Odoni, Psaraftis & Wilson 1986 (Transportation Research B 20) for the idea; the twin in
``candidates_compiled`` gives the same candidates in the same order.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from busim.core.compiled import compiled, lent
from busim.core.fleet import Origin
from busim.core.plain_legs import leg
from busim.core.plans import (
    ACTION,
    CHARGE,
    DEPART,
    DROPOFF,
    DWELL,
    EARLIEST,
    END,
    ENERGY,
    GAIN,
    LATEST,
    LOAD,
    NODE,
    PERSONS,
    PICKUP,
    RIDE,
    START,
    WHEEL_LOAD,
    WHEELS,
)
from busim.core.schedule import mate
from busim.core.travel import TravelTables
from busim.model.network import Floats, Ints


class Rider(NamedTuple):
    """One rider to insert: nodes, window and longest ride [s], persons, wheelchairs, dwells [s]."""

    origin: int
    destination: int
    earliest: float
    latest: float
    longest: float
    persons: int
    wheels: int
    board: float
    alight: float


class Weights(NamedTuple):
    """Cost per person and second of wait and ride, and per second and metre driven."""

    wait: float
    ride: float
    drive: float
    distance: float


class Limits(NamedTuple):
    """What one bus must keep: seats, wheelchair places, energy left untouched [kWh]."""

    seats: int
    wheel_places: int
    reserve: float


@lent
class Costs(NamedTuple):
    """What all insertions of a run share.

    Parameters
    ----------
    weights, halt
        Prices; time of a halt [s].
    to_charger_m, to_charger_s, plug_free
        Way from each node to the nearest charger, and when that one has a plug [N; m, s, s]; see ``charger_ways``.
    """

    weights: Weights
    halt: float
    to_charger_m: Floats
    to_charger_s: Floats
    plug_free: Floats


@compiled
def local_cost(drive: float, metres: float, wait: float, ride: float, weights: Weights) -> float:
    """Weigh added driving [s, m], waiting and riding [person seconds]."""
    return weights.wait * wait + weights.ride * ride + weights.drive * drive + weights.distance * metres


@compiled
def has_room(floats: Floats, origin: Origin, rider: Rider, p: int, q: int, seats: int, wheel_places: int) -> bool:
    """Tell whether a rider fits in from before slot ``p`` until before slot ``q``."""
    for k in range(p - 1, q):
        load = floats[k][LOAD] if k >= 0 else origin.load
        wheels = floats[k][WHEEL_LOAD] if k >= 0 else origin.wheels
        if load + rider.persons > seats or (rider.wheels > 0 and wheels + rider.wheels > wheel_places):
            return False
    return True


@compiled
def others_cost(ints: Ints, floats: Floats, size: int, p: int, starts: list[float]) -> tuple[float, float]:
    """Give added waiting and riding of the riders already planned [person s], or infinity past a ride limit."""
    wait, ride = 0.0, 0.0
    for k in range(p, size):
        slot, times = ints[k], floats[k]
        delay = (starts[k] - times[START]) * float(abs(slot[PERSONS]) + abs(slot[WHEELS]))
        if slot[ACTION] == PICKUP:
            wait += delay
            ride -= delay
        elif slot[ACTION] == DROPOFF:
            ride += delay
            if times[RIDE] < math.inf:
                u = mate(ints, k)
                begin = starts[u] if u >= p else floats[u][START]
                if starts[k] - begin > max(times[RIDE], times[START] - floats[u][START]):
                    return math.inf, math.inf
    return wait, ride


@compiled
def charger_kwh(node: int, now: float, origin: Origin, costs: Costs) -> float:
    """Give the energy from a node to a plug: the way there, and the wait for those who are there before [kWh]."""
    drive = costs.to_charger_s[node]
    wait = max(0.0, costs.plug_free[node] - (now + drive))
    return float(costs.to_charger_m[node] * origin.per_metre + (drive + wait) * origin.per_second)


@compiled
def evaluate(  # noqa: C901, PLR0912  (one pass over the plan: the hot kernel)
    ints: Ints,
    floats: Floats,
    size: int,
    origin: Origin,
    rider: Rider,
    p: int,
    q: int,
    limits: Limits,
    tables: TravelTables,
    costs: Costs,
) -> float:
    """Give the exact cost of a rider before slots ``p`` and ``q`` of a plan, or infinity if that breaks a rule.

    Parameters
    ----------
    ints, floats, size
        The plan's slots [L, 6], [L, 18] and their number.
    origin
        Where the plan begins.
    rider
        Whom to insert.
    p, q
        Positions, ``0 <= p <= q < size``.
    limits
        Capacity, and energy to leave untouched.
    tables, costs
        Travel times; weights, halt and way to a charger.

    Returns
    -------
    float
        Added cost; ``inf`` if a window, ride limit, capacity or the battery is broken.
    """
    if not has_room(floats, origin, rider, p, q, limits.seats, limits.wheel_places):
        return math.inf
    node, now, energy = origin.node, origin.time, origin.energy
    if p > 0:
        node, now, energy = ints[p - 1][NODE], floats[p - 1][DEPART], floats[p - 1][ENERGY]
    drive, metres, boarded, alighted = 0.0, 0.0, 0.0, 0.0
    starts = [0.0] * size
    for k in range(p, size):
        slot, times = ints[k], floats[k]
        counts = slot[ACTION] != END  # the way home is not a cost of this rider
        if k in (p, q):
            before, since = node, now
            if k == p:
                seconds, length = leg(tables, node, rider.origin, now)
                boarded = max(now + seconds + (costs.halt if node != rider.origin else 0.0), rider.earliest)
                energy -= (
                    tables.most[node, rider.origin] * origin.per_metre
                    + (boarded + rider.board - now) * origin.per_second
                )
                drive, metres = drive + seconds, metres + length
                node, now = rider.origin, boarded + rider.board
            if k == q:
                seconds, length = leg(tables, node, rider.destination, now)
                alighted = now + seconds + (costs.halt if node != rider.destination else 0.0)
                energy -= (
                    tables.most[node, rider.destination] * origin.per_metre
                    + (alighted + rider.alight - now) * origin.per_second
                )
                drive, metres = drive + seconds, metres + length
                node, now = rider.destination, alighted + rider.alight
            if energy < limits.reserve + charger_kwh(node, now, origin, costs):
                return math.inf
            if counts:
                seconds, length = leg(tables, before, slot[NODE], since)
                drive, metres = drive - seconds, metres - length
        seconds, length = leg(tables, node, slot[NODE], now)
        if counts and k in (p, q):
            drive, metres = drive + seconds, metres + length
        starts[k] = max(now + seconds + (costs.halt if node != slot[NODE] else 0.0), times[EARLIEST])
        if starts[k] > max(times[LATEST], times[START]):
            return math.inf
        energy -= tables.most[node, slot[NODE]] * origin.per_metre + (starts[k] - now) * origin.per_second
        if slot[ACTION] != CHARGE:
            energy -= times[DWELL] * origin.per_second
        way = 0.0
        if slot[ACTION] in (PICKUP, DROPOFF):  # riders booked earlier must not be the last that the battery can do
            way = charger_kwh(slot[NODE], starts[k] + times[DWELL], origin, costs)
        if energy < limits.reserve + way:
            return math.inf
        if slot[ACTION] == CHARGE:
            energy += times[GAIN]  # who is planned behind the charge must not use more than it gives
        node, now = slot[NODE], starts[k] + times[DWELL]
    wait, ride = others_cost(ints, floats, size, p, starts)
    if wait == math.inf or boarded > rider.latest or alighted - boarded > rider.longest:
        return math.inf
    persons = float(rider.persons + rider.wheels)
    wait += (boarded - rider.earliest) * persons
    ride += (alighted - boarded) * persons
    return local_cost(drive, metres, wait, ride, costs.weights)

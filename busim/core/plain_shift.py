"""The exact cost of a rider whose stops put off all that follows, and nothing else, without a walk along the plan.

NOTE: a speed trick in its own place. Where speeds do not change, nobody waits for anybody and no battery drains, each
later stop is put off by the same seconds: slacks tell whether that is in time, sums over pick-ups and drop-offs what it
costs. That takes half the time of the walk (``plain_insertion``), which all other insertions take. Plans that live
count whole seconds, so that sums in another order are the same to the last bit.
"""

from __future__ import annotations

import math
from typing import Any

from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plain_legs import Legs
from busim.core.plain_rows import PlanRows
from busim.core.plans import (
    ACTION,
    DEPART,
    DROPOFFS,
    END,
    ENERGY,
    LOAD,
    NUM_FLOATS,
    NUM_INTS,
    PICKUPS,
    RIDE_SLACK,
    SLACK,
    START,
    WAITED,
)

_FOREVER = 2  # breaks of one period


def exact_shift(
    fleet: FleetArrays, rows: PlanRows, bus: int, p: int, q: int, rider: Rider, now: float, legs: Legs, costs: Costs
) -> float | None:
    """Do as ``search.exact`` among plans that live, or give nothing where the plan has to be walked along."""
    (length, whole, times), first = rows.cells, bus * rows.width
    if len(legs.breaks) > _FOREVER or rider.wheels or times[(first + length[bus] - 1) * NUM_FLOATS + WAITED]:
        return None
    at, until, room = (first + p) * NUM_FLOATS, (first + q) * NUM_FLOATS, fleet.seats.item(bus) - rider.persons
    if p > 0:
        slot = at - NUM_FLOATS
        node, time, energy = whole[(first + p - 1) * NUM_INTS], times[slot + DEPART], times[slot + ENERGY]
        has_room = max(times[slot + LOAD : until + LOAD : NUM_FLOATS]) <= room
    else:
        node, time, energy = fleet.node.item(bus), max(fleet.time.item(bus), now), fleet.energy.item(bus)
        has_room = max(times[at + LOAD : until + LOAD : NUM_FLOATS], default=0.0) <= room >= fleet.load.item(bus)
    if _drains(fleet, bus, energy):
        return None
    return _cost(whole, times, first, p, q, node, time, rider, legs, costs) if has_room else math.inf


def _drains(fleet: FleetArrays, bus: int, energy: float) -> bool:
    """Tell whether a battery has to be watched."""
    uses = fleet.per_metre.item(bus) != 0.0 or fleet.per_second.item(bus) != 0.0
    return energy < fleet.reserve.item(bus) or (uses and energy < math.inf)


def _cost(
    whole: Any,
    times: Any,
    first: int,
    p: int,
    q: int,
    node: int,
    time: float,
    rider: Rider,
    legs: Legs,
    costs: Costs,
) -> float | None:
    """Give the cost of a rider for whom there is room, from where and when the bus sets out for slot ``p``."""
    size, seconds, metres, halt, board, off = legs.size, legs.seconds, legs.metres, costs.halt, *rider[:2]
    at, until, last = (first + p) * NUM_FLOATS, (first + q) * NUM_FLOATS, (first + q) * NUM_INTS
    here, delay = board, 0.0
    hop = node * size + board
    drive, way = seconds[hop], metres[hop]
    boarded = max(time + drive + (halt if node != board else 0.0), rider.earliest)
    clock = boarded + rider.board
    if p < q:
        target = whole[(first + p) * NUM_INTS]
        hop, planned = board * size + target, node * size + target
        drive, way = drive + seconds[hop] - seconds[planned], way + metres[hop] - metres[planned]
        delay = clock + seconds[hop] + (halt if board != target else 0.0) - times[at + START]
        node = here = whole[last - NUM_INTS]
        clock = times[until - NUM_FLOATS + DEPART] + delay
    hop = here * size + off
    drive, way = drive + seconds[hop], way + metres[hop]
    alighted = clock + seconds[hop] + (halt if here != off else 0.0)
    if boarded > rider.latest or alighted - boarded > rider.longest:
        return math.inf
    target = whole[last]
    hop, planned = off * size + target, node * size + target
    if whole[last + ACTION] != END:  # the way home is not a cost of this rider
        drive, way = drive + seconds[hop] - seconds[planned], way + metres[hop] - metres[planned]
    later = alighted + rider.alight + seconds[hop] + (halt if off != target else 0.0) - times[until + START]
    if not (_bears(times, at, delay) and _bears(times, until, later)):
        return None
    picked, dropped, persons = times[until + PICKUPS], times[until + DROPOFFS], rider.persons
    wait = delay * (times[at + PICKUPS] - picked) + later * picked
    ride = delay * (times[at + DROPOFFS] - dropped) + later * dropped - wait
    wait += (boarded - rider.earliest) * persons
    ride += (alighted - boarded) * persons
    weights = costs.weights
    cost: float = weights.wait * wait + weights.ride * ride + weights.drive * drive + weights.distance * way
    return cost


def _bears(times: Any, at: int, delay: float) -> bool:
    """Tell whether a slot and all behind it may surely be put off so long."""
    return bool(0.0 <= delay <= times[at + SLACK] and delay <= times[at + RIDE_SLACK])

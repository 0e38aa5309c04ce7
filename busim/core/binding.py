"""Why a rider has no place, coarsely and cheaply: the first filter that nothing passes."""

from __future__ import annotations

import math

import numpy as np

from busim.core.candidates import Listed, find, in_reach
from busim.core.candidates_compiled import list_candidates, reaches
from busim.core.compiled import compiled
from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plain_rows import PlanRows
from busim.core.plans import PlanArrays
from busim.core.search import pick_best, pick_compiled
from busim.core.travel import TravelTables
from busim.model.events import Reason
from busim.model.network import Floats

_ROOM = 1000
_SEATS, _NO_BUS, _PROMISE, _BATTERY = (
    int(reason) for reason in (Reason.SEATS, Reason.NO_BUS, Reason.PROMISE, Reason.BATTERY)
)


def _tireless(fleet: FleetArrays) -> FleetArrays:
    """Give a fleet whose batteries never end."""
    return fleet._replace(reserve=np.full(len(fleet.node), -math.inf))


@compiled
def _slight(rider: Rider) -> Rider:
    """Give a rider who fits in anywhere: to kernels, what a roomy fleet is to everyone."""
    earliest, latest, longest = rider.earliest, rider.latest, rider.longest
    return Rider(rider.origin, rider.destination, earliest, latest, longest, -_ROOM, 0, rider.board, rider.alight)


@compiled
def reason_compiled(
    fleet: FleetArrays, plans: PlanArrays, brief: Floats, tables: TravelTables, costs: Costs, rider: Rider, now: float
) -> int:
    """Do as ``binding_reason``, compiled."""
    fits, in_time = False, False
    for bus in range(len(fleet.node)):
        fits = fits or (fleet.seats[bus] >= rider.persons and fleet.wheel_places[bus] >= rider.wheels)
        in_time = in_time or reaches(fleet, bus, rider, now, tables, costs)
    if not fits:
        return _SEATS
    if not in_time:
        return _NO_BUS
    if not len(list_candidates(fleet, plans, brief, _slight(rider), now, tables, costs)[1]):
        return _PROMISE
    found, bounds = list_candidates(fleet, plans, brief, rider, now, tables, costs)
    if not len(bounds):
        return _SEATS
    bus, _, _, _ = pick_compiled(found, bounds, fleet, plans, rider, now, tables, costs, math.inf)
    return _BATTERY if bus >= 0 else _PROMISE


def binding_reason(
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    rows: PlanRows | None = None,
    listed: Listed | None = None,
) -> Reason:
    """Tell why a rider has no place, as ``search.best_insertion`` takes its arguments.

    ``listed`` is what ``candidates.find`` gives for him, where it is known.
    """
    rows = rows or PlanRows(plans)
    found, lacks_room = listed or find(fleet, plans, rider, now, tables, costs, rows)
    if found:
        best = pick_best(found, _tireless(fleet), rows, rider, now, tables, costs)
        return Reason.BATTERY if best.bus >= 0 else Reason.PROMISE
    if not np.any((fleet.seats >= rider.persons) & (fleet.wheel_places >= rider.wheels)):
        return Reason.SEATS
    if not in_reach(fleet, rider, now, rows.legs(tables, costs)).any():
        return Reason.NO_BUS
    if lacks_room and find(fleet, plans, _slight(rider), now, tables, costs, rows).found:
        return Reason.SEATS
    return Reason.PROMISE

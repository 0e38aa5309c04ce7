"""All insertions of one rider that pass constant-time checks, with a lower bound on their cost, without a compiler.

Prunes first (``core.picks``): buses that cannot reach the pick-up in time are never looked at, of their positions only
those that reach it in time and whose plan bears the delay. What is left is paired, in plain Python where that is little
(``core.few_pairs``), else in numpy (``core.many_pairs``). See ``core.insertion`` for the search,
``core.candidates_compiled`` for the compiled twin.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop
from typing import NamedTuple

import numpy as np

from busim.core.candidates_compiled import MARGIN_S
from busim.core.few_pairs import Found, pair_few
from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.listing import Listing
from busim.core.many_pairs import pair_many
from busim.core.picks import Drop, Scan, arrivals, list_picks
from busim.core.plain_rows import PlanRows
from busim.core.plans import PlanArrays
from busim.core.stars import Legs
from busim.core.travel import TravelTables
from busim.model.network import Bools, Floats, Ints

FEW = 11  # pick-ups up to which plain Python is faster


class Candidates(NamedTuple):
    """Insertions: bus, position of pick-up and drop-off, lower bound on the cost, each [n], in that order."""

    bus: Ints
    p: Ints
    q: Ints
    bound: Floats


class Listed(NamedTuple):
    """Insertions in no order, and whether more would pass if buses had more room."""

    found: Listing
    lacks_room: bool


def in_reach(fleet: FleetArrays, rider: Rider, now: float, legs: Legs) -> Bools:
    """Tell which buses take riders, are large enough and can reach the pick-up in time if they go there at once [B]."""
    _, reach = arrivals(fleet, rider, now, legs.into(rider.origin, now, rider.latest))
    reach &= fleet.seats >= rider.persons
    if rider.wheels:
        reach &= fleet.wheel_places >= rider.wheels
    return reach


def find(
    fleet: FleetArrays,
    plans: PlanArrays,
    rider: Rider,
    now: float,
    tables: TravelTables,
    costs: Costs,
    rows: PlanRows | None = None,
) -> Listed:
    """Do as ``candidates``, in no order: bound, and places of pick-up and drop-off in memory, ``bus * L + p``.

    ``rows`` are the plans as plain numbers, where they are remembered.
    """
    if rider.earliest > rider.latest:
        return Listed([], lacks_room=False)
    rows = rows or PlanRows(plans)
    legs = rows.legs(tables, costs)
    scan = Scan(fleet, rider, now, costs, legs, rows)
    first, longest = rider.earliest - MARGIN_S, rider.latest + rider.longest + MARGIN_S  # then a ride is too long
    into = legs.into(rider.destination, first, longest)
    drop = Drop(into, legs.out_of(rider.destination, first, longest + rider.alight))
    picks = list_picks(scan, drop.onward)
    pair = pair_few if len(picks.at) <= FEW else pair_many
    return Listed(pair(scan, picks, drop), scan.lacks_room)


def by_bound(found: Listing, width: int) -> Iterator[tuple[float, int, int, int]]:
    """Give bound, bus and positions of insertions one after another, by (bound, bus, p, q)."""
    for bound, at, q in _least_first(found) if isinstance(found, list) else found.ascending():
        bus, p = divmod(at, width)
        yield bound, bus, p, q - bus * width


def _least_first(found: list[Found]) -> Iterator[Found]:
    heap = found.copy()
    heapify(heap)
    while heap:
        yield heappop(heap)


def candidates(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> Candidates:
    """List the insertions of a rider that pass constant-time checks, with bounds, by (bus, p, q).

    Parameters
    ----------
    fleet, plans
        The fleet [B] and its plans [B, L].
    rider
        Whom to insert.
    now
        The moment [s].
    tables, costs
        Travel times; weights and halt. ``weights.wait`` is at least ``weights.ride`` for the bound to hold.
    """
    return in_order(find(fleet, plans, rider, now, tables, costs).found, plans.ints.shape[1])


def in_order(found: Listing, width: int) -> Candidates:
    """Sort insertions into plans of so many slots by (bus, p, q)."""
    rows = sorted((at, q, bound) for bound, at, q in found)
    at, q = (np.array([row[k] for row in rows], np.int64) for k in (0, 1))
    bus = at // width
    return Candidates(bus, at - bus * width, q - bus * width, np.array([row[2] for row in rows]))

"""Neighbourhood search over the routes of a known day: riders are taken out and put back, annealing decides.

Removal, draws and acceptance are those that live and static planning share (``core.lns``): random, related
(Shaw 1998) and string removal, insertion in turn with blinks (Christiaens & Vanden Berghe 2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import borrowing
from busim.core.day_data import INF, DayData, DayRoutes, DayRow, empty_routes, empty_row
from busim.core.day_insert import Places, empty_places, insert_best
from busim.core.day_route import commit, lay_insertion, lay_removal, walk
from busim.core.lns import (
    below,
    copy_whole,
    is_accepted,
    order_pending,
    pick_some,
    seed_draws,
    set_owner,
    sum_costs,
    uniform,
)
from busim.model.network import Ints

EPS = 1e-7
MOST_MORE = 12  # riders of a route who may have to go along with those taken out


class DaySearch(NamedTuple):
    """All that a search changes.

    Parameters
    ----------
    current, best, backup
        The routes in hand, the best found, and rows kept to undo a step.
    row, places
        Scratch space.
    near
        Nearest riders of each, nearest first [n, g].
    picked, marked, pending
        Riders chosen [n], a mark for each [n], those to put in [n].
    touched, stale
        Buses whose row is in ``backup``, and those whose row in ``best`` is not the current one [B].
    draws
        State of the generator [2].
    """

    current: DayRoutes
    best: DayRoutes
    backup: DayRoutes
    row: DayRow
    places: Places
    near: Ints
    picked: Ints
    marked: Ints
    pending: Ints
    touched: Ints
    stale: Ints
    draws: Ints


def make_search(data: DayData, width: int, near: Ints, rng: np.random.Generator) -> DaySearch:
    """Allocate a search.

    Parameters
    ----------
    data
        The problem.
    width
        Slots per bus at most.
    near
        Nearest riders of each [n, g].
    rng
        Seeds the draws.
    """
    num = max(len(data.origin), 1)
    return DaySearch(
        current=empty_routes(data, width),
        best=empty_routes(data, width),
        backup=empty_routes(data, width),
        row=empty_row(width),
        places=empty_places(),
        near=near,
        picked=np.zeros(num, np.int64),
        marked=np.zeros(num, np.int64),
        pending=np.zeros(num, np.int64),
        touched=np.zeros(len(data.depot), np.int64),
        stale=np.ones(len(data.depot), np.int64),
        draws=seed_draws(rng),
    )


@borrowing
def copy_row(source: DayRoutes, target: DayRoutes, bus: int) -> None:
    """Copy one bus's route with its schedule; owners are not touched."""
    for k in range(source.length[bus] + 1):
        target.seq[bus, k], target.leave[bus, k] = source.seq[bus, k], source.leave[bus, k]
        target.ready[bus, k], target.start[bus, k] = source.ready[bus, k], source.start[bus, k]
        target.depart[bus, k], target.last[bus, k] = source.depart[bus, k], source.last[bus, k]
        target.load[bus, k], target.wheels[bus, k] = source.load[bus, k], source.wheels[bus, k]
        target.held[bus, k], target.energy[bus, k] = source.held[bus, k], source.energy[bus, k]
        target.leg[bus, k], target.piece[bus, k] = source.leg[bus, k], source.piece[bus, k]
    target.length[bus], target.cost[bus] = source.length[bus], source.cost[bus]


@borrowing
def keep_best(search: DaySearch) -> None:
    """Make the current routes the best ones, copying those that have changed since."""
    for bus in range(len(search.stale)):
        if search.stale[bus]:
            copy_row(search.current, search.best, bus)
            search.stale[bus] = 0
    copy_whole(search.current.owner, search.best.owner)
    search.best.total[0] = search.current.total[0]


@borrowing
def settle(data: DayData, search: DaySearch, bus: int) -> float:
    """Schedule a bus's route of ``current`` from its beginning; gives its cost, infinity if it cannot be driven."""
    routes, row = search.current, search.row
    size = routes.length[bus]
    for k in range(size + 1):
        row.seq[k], row.leave[k], row.old[k] = routes.seq[bus, k], routes.leave[bus, k], k
    cost = walk(data, routes, row, bus, size, 0, size + 1, INF)
    if cost < INF:
        commit(data, routes, row, bus, size, 0, cost)
    return cost


@borrowing
def _touch(search: DaySearch, bus: int) -> None:
    if not search.touched[bus]:
        search.touched[bus] = 1
        copy_row(search.current, search.backup, bus)


@borrowing
def _undo(search: DaySearch) -> None:
    """Bring back every route that was changed, and its riders."""
    current, touched = search.current, search.touched
    for bus in range(len(touched)):
        if touched[bus]:
            set_owner(current.seq[bus], current.length[bus], current.owner, -1)
    for bus in range(len(touched)):
        if touched[bus]:
            copy_row(search.backup, current, bus)
            set_owner(current.seq[bus], current.length[bus], current.owner, bus)


@borrowing
def _take_out(data: DayData, search: DaySearch, wanted: int) -> int:
    """Take riders out; gives how many are to be put in, some left out before among them."""
    current, draws = search.current, search.draws
    count = pick_some(draws, current.owner, search.near, current.seq, current.length, wanted, search.picked,
                      search.marked, 0.15, 0.5)  # fmt: skip
    for i in range(count):
        _touch(search, current.owner[search.picked[i]])
        search.pending[i] = search.picked[i]
    for bus in range(len(search.touched)):
        if search.touched[bus]:
            count = _drop_marked(data, search, bus, count)
    for i in range(count):
        current.owner[search.pending[i]] = -1
    return _add_left_out(current.owner, search.near, draws, search.pending, search.marked, count, 1 + wanted // 2)


@borrowing
def _drop_marked(data: DayData, search: DaySearch, bus: int, count: int) -> int:
    """Take the marked riders out of a route, and with them whoever cannot be carried then; gives the new count.

    Without somebody, the next one boards earlier and can then wait aboard for too long; and on real roads the way
    past a stop can be shorter than that without it. Where no rider helps, all of the route's stay.
    """
    current, row, num = search.current, search.row, len(data.origin)
    for _ in range(MOST_MORE):
        size, first, last = lay_removal(data, current, row, bus, search.marked)
        cost = walk(data, current, row, bus, size, first, last, INF)
        if cost < INF:
            commit(data, current, row, bus, size, first, cost)
            return count
        at = row.stuck[0]
        while at >= 0 and not 0 <= row.seq[at] < 2 * num:
            at -= 1
        if at < 0:
            break
        rider = row.seq[at] if row.seq[at] < num else row.seq[at] - num
        search.pending[count], search.marked[rider] = rider, 1
        count += 1
    return _leave_in(current.owner, search.pending, search.marked, bus, count)


@borrowing
def _leave_in(owner: Ints, pending: Ints, marked: Ints, bus: int, count: int) -> int:
    """Forget the riders of one bus who were to be taken out; gives the new count."""
    kept = 0
    for i in range(count):
        rider = pending[i]
        if owner[rider] == bus:
            marked[rider] = 0
        else:
            pending[kept] = rider
            kept += 1
    return kept


@borrowing
def _add_left_out(owner: Ints, near: Ints, draws: Ints, pending: Ints, marked: Ints, count: int, wanted: int) -> int:
    """Let some who are left out try again: neighbours of those taken out, else anybody."""
    for _ in range(4 * wanted):
        if wanted == 0:
            break
        rider = below(draws, len(owner))
        if count > 0 and near.shape[1] > 0 and uniform(draws) < 0.7:
            rider = near[pending[below(draws, count)], below(draws, near.shape[1])]
        if owner[rider] < 0 and not marked[rider]:
            pending[count], marked[rider] = rider, 1
            count, wanted = count + 1, wanted - 1
    return count


@borrowing
def put_in(data: DayData, search: DaySearch, count: int) -> None:
    """Put pending riders in, one after the other, each where he is cheapest, if that is worth it."""
    routes, row, places = search.current, search.row, search.places
    for i in range(count):
        rider = search.pending[i]
        chosen, cost = insert_best(data, routes, row, places, rider, search.draws)
        if chosen >= 0:
            bus, p, q = places.where[chosen, 0], places.where[chosen, 1], places.where[chosen, 2]
            _touch(search, bus)
            size = lay_insertion(data, routes, row, bus, rider, p, q)
            walk(data, routes, row, bus, size, p, q + 2, INF)
            commit(data, routes, row, bus, size, p, cost)
            routes.owner[rider] = bus


@borrowing
def anneal_day(data: DayData, search: DaySearch, steps: int, most: int, hot: float, cold: float) -> None:
    """Make a number of steps while the temperature falls geometrically; the best routes are kept.

    Parameters
    ----------
    data, search
        The problem, and the search.
    steps
        How many.
    most
        Riders taken out at once, at most.
    hot, cold
        First and last temperature [cost].
    """
    current, temperature = search.current, hot
    fall = (cold / hot) ** (1.0 / max(steps, 1))
    for _ in range(steps):
        search.touched[:] = 0
        before = current.total[0]
        count = _take_out(data, search, 1 + below(search.draws, most))
        order_pending(search.draws, search.pending, count, data.earliest, data.longest, 0.6)
        put_in(data, search, count)
        current.total[0] = sum_costs(current.cost, current.owner, data.skip_cost)
        if not is_accepted(search.draws, current.total[0], before, temperature):
            _undo(search)
            current.total[0] = before
        else:
            for bus in range(len(search.stale)):
                search.stale[bus] = max(search.stale[bus], search.touched[bus])
            if current.total[0] < search.best.total[0] - EPS:
                keep_best(search)
        temperature *= fall

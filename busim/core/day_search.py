"""Neighbourhood search over the routes of a known day: riders are taken out and put back, annealing decides.

Removal, draws and acceptance are those that live and static planning share (``core.lns``): random, related
(Shaw 1998) and string removal, insertion in turn with blinks (Christiaens & Vanden Berghe 2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.compiled import compiled
from busim.core.day_data import INF, DayData, DayRoutes, DayRow, empty_routes, empty_row
from busim.core.day_insert import Places, empty_places, insert_best
from busim.core.day_route import commit, lay_insertion, lay_removal, walk
from busim.core.lns import below, is_accepted, pick_random, pick_related, pick_strings, seed_draws, shuffle, uniform
from busim.model.network import Ints

EPS = 1e-7


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


@compiled
def copy_row(source: DayRoutes, target: DayRoutes, bus: int) -> None:
    """Copy one bus's route with its schedule; owners are not touched."""
    size = source.length[bus] + 1
    target.seq[bus, :size], target.leave[bus, :size] = source.seq[bus, :size], source.leave[bus, :size]
    target.ready[bus, :size], target.start[bus, :size] = source.ready[bus, :size], source.start[bus, :size]
    target.depart[bus, :size], target.last[bus, :size] = source.depart[bus, :size], source.last[bus, :size]
    target.load[bus, :size], target.wheels[bus, :size] = source.load[bus, :size], source.wheels[bus, :size]
    target.held[bus, :size], target.energy[bus, :size] = source.held[bus, :size], source.energy[bus, :size]
    target.leg[bus, :size], target.piece[bus, :size] = source.leg[bus, :size], source.piece[bus, :size]
    target.length[bus], target.cost[bus] = source.length[bus], source.cost[bus]


@compiled
def keep_best(search: DaySearch) -> None:
    """Make the current routes the best ones, copying those that have changed since."""
    for bus in range(len(search.stale)):
        if search.stale[bus]:
            copy_row(search.current, search.best, bus)
            search.stale[bus] = 0
    search.best.owner[:] = search.current.owner
    search.best.total[0] = search.current.total[0]


@compiled
def sum_up(data: DayData, routes: DayRoutes) -> float:
    """Sum the costs of all routes and of the riders left out."""
    total = 0.0
    for bus in range(len(routes.length)):
        total += routes.cost[bus]
    for rider in range(len(data.origin)):
        if routes.owner[rider] < 0:
            total += data.skip_cost[rider]
    return total


@compiled
def settle(data: DayData, search: DaySearch, bus: int) -> float:
    """Schedule a bus's route of ``current`` from its beginning; gives its cost, infinity if it cannot be driven."""
    routes, row = search.current, search.row
    size = routes.length[bus]
    for k in range(size + 1):
        row.seq[k], row.leave[k], row.old[k] = routes.seq[bus, k], routes.leave[bus, k], k
    cost = walk(data, routes, row, bus, size, 0, size + 1)
    if cost < INF:
        commit(data, routes, row, bus, size, 0, cost)
    return cost


@compiled
def _touch(search: DaySearch, bus: int) -> None:
    if not search.touched[bus]:
        search.touched[bus] = 1
        copy_row(search.current, search.backup, bus)


@compiled
def _own(data: DayData, routes: DayRoutes, bus: int, owner: int) -> None:
    """Set the owner of all riders of a route."""
    for k in range(routes.length[bus]):
        if 0 <= routes.seq[bus, k] < len(data.origin):
            routes.owner[routes.seq[bus, k]] = owner


@compiled
def _undo(data: DayData, search: DaySearch) -> None:
    """Bring back every route that was changed, and its riders."""
    for bus in range(len(search.touched)):
        if search.touched[bus]:
            _own(data, search.current, bus, -1)
    for bus in range(len(search.touched)):
        if search.touched[bus]:
            copy_row(search.backup, search.current, bus)
            _own(data, search.current, bus, bus)


@compiled
def _take_out(data: DayData, search: DaySearch, wanted: int) -> int:
    """Take riders out by one of three rules; gives how many are to be put in, some left out before among them."""
    current, draws, num = search.current, search.draws, len(data.origin)
    for rider in range(num):
        search.marked[rider] = 0
    draw = uniform(draws)
    if draw < 0.15:
        count = pick_random(draws, current.owner, wanted, search.picked, search.marked)
    elif draw < 0.5:
        count = pick_related(draws, current.owner, search.near, wanted, search.picked, search.marked)
    else:
        count = pick_strings(draws, current.owner, search.near, current.seq, current.length, wanted,
                             search.picked, search.marked)  # fmt: skip
    for i in range(count):
        _touch(search, current.owner[search.picked[i]])
        search.pending[i] = search.picked[i]
    for bus in range(len(search.touched)):
        if search.touched[bus]:
            size, first, last = lay_removal(data, current, search.row, bus, search.marked)
            cost = walk(data, current, search.row, bus, size, first, last)
            if cost == INF:  # another period's path can be longer: rare, and the step is given up
                return -1
            commit(data, current, search.row, bus, size, first, cost)
    for i in range(count):
        current.owner[search.picked[i]] = -1
    return _add_left_out(search, count, 1 + wanted // 2)


@compiled
def _add_left_out(search: DaySearch, count: int, wanted: int) -> int:
    """Let some who are left out try again: neighbours of those taken out, else anybody."""
    owner, near, draws, num = search.current.owner, search.near, search.draws, len(search.current.owner)
    for _ in range(4 * wanted):
        if wanted == 0:
            break
        rider = below(draws, num)
        if count > 0 and near.shape[1] > 0 and uniform(draws) < 0.7:
            rider = near[search.pending[below(draws, count)], below(draws, near.shape[1])]
        if owner[rider] < 0 and not search.marked[rider]:
            search.pending[count], search.marked[rider] = rider, 1
            count, wanted = count + 1, wanted - 1
    return count


@compiled
def _order(data: DayData, search: DaySearch, count: int) -> None:
    """Order those to put in: at random, by time, the dearest to leave out first, or the longest rides first."""
    shuffle(search.draws, search.pending, count)
    draw = uniform(search.draws)
    if draw < 0.4:
        return
    for i in range(1, count):
        rider = search.pending[i]
        weight = data.earliest[rider] if draw < 0.6 else -data.longest[rider]
        j = i - 1
        while j >= 0:
            other = search.pending[j]
            if (data.earliest[other] if draw < 0.6 else -data.longest[other]) <= weight:
                break
            search.pending[j + 1] = other
            j -= 1
        search.pending[j + 1] = rider


@compiled
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
            walk(data, routes, row, bus, size, p, q + 2)
            commit(data, routes, row, bus, size, p, cost)
            routes.owner[rider] = bus


@compiled
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
        if count >= 0:
            _order(data, search, count)
            put_in(data, search, count)
            current.total[0] = sum_up(data, current)
        if count < 0 or not is_accepted(search.draws, current.total[0], before, temperature):
            _undo(data, search)
            current.total[0] = before
        else:
            search.stale[:] = np.maximum(search.stale, search.touched)
            if current.total[0] < search.best.total[0] - EPS:
                keep_best(search)
        temperature *= fall

"""The loop of the neighbourhood search: remove, repair, accept by annealing, remember routes."""

from __future__ import annotations

from typing import NamedTuple

from busim.core.compiled import borrowing
from busim.core.lns import below, is_accepted, order_pending, pick_some, shuffle, sum_costs, uniform
from busim.core.lns_pool import Pool, record
from busim.core.lns_repair import Scratch, repair_by_regret, repair_in_turn, restore, touch
from busim.core.lns_state import Routes, copy_routes, drop_marked, refresh, release
from busim.core.route_data import EPS, Ints, RouteData, Work

SHARE_HELD = 0.15  # of the steps set a station, and as many a destination, aside
SHARE_MORE = 0.3  # of the steps free one more route's stations and destination, so that routes can trade them


class Search(NamedTuple):
    """All that one search changes.

    Parameters
    ----------
    current, best, backup
        The solution in hand, the best found, and rows kept to undo a step.
    scratch, work
        Scratch space.
    pool
        Routes met.
    draws
        State of the generator [2].
    """

    current: Routes
    best: Routes
    backup: Routes
    scratch: Scratch
    work: Work
    pool: Pool
    draws: Ints


@borrowing
def construct(data: RouteData, search: Search) -> None:
    """Insert every request that ``current`` does not serve, by regret, and make the result the best."""
    current, scratch = search.current, search.scratch
    for vehicle in range(len(current.length)):
        refresh(data, search.work, current, vehicle)
    count = _collect_pending(data, current, scratch)
    repair_by_regret(data, search.work, current, search.backup, scratch, count)
    current.total[0] = sum_costs(current.cost, current.owner, data.skip_cost)
    copy_routes(current, search.best)
    for vehicle in range(len(current.length)):
        record(data, search.pool, current, vehicle)


@borrowing
def anneal(data: RouteData, search: Search, iterations: int, largest: int, hot: float, cold: float) -> int:
    """Make a number of steps while the temperature falls geometrically; give how many found a new best.

    Parameters
    ----------
    data, search
        The problem and the search.
    iterations
        Number of steps.
    largest
        Most requests removed in one step.
    hot, cold
        First and last temperature, in units of cost, both positive.
    """
    temperature, found = hot, 0
    factor = (cold / hot) ** (1.0 / max(iterations, 1))
    for _ in range(iterations):
        if step(data, search, largest, temperature):
            found += 1
        temperature *= factor
    return found


@borrowing
def step(data: RouteData, search: Search, largest: int, temperature: float) -> bool:
    """Remove some requests, put them back, and keep the result or not; True for a new best."""
    current, scratch, draws = search.current, search.scratch, search.draws
    for vehicle in range(len(current.length)):
        scratch.touched[vehicle] = 0
    _remove(data, search, 1 + below(draws, largest))
    _release_touched(data, search)
    count = _collect_pending(data, current, scratch)
    if uniform(draws) < 0.3:
        is_drivable = repair_by_regret(data, search.work, current, search.backup, scratch, count)
    else:
        order_pending(draws, scratch.pending, count, data.late, data.direct, 0.7)
        is_drivable = repair_in_turn(data, search.work, current, search.backup, scratch, draws, count)
    _give_back(search)
    total = sum_costs(current.cost, current.owner, data.skip_cost)
    if not is_drivable or not is_accepted(draws, total, current.total[0], temperature):
        restore(current, search.backup, scratch)
        return False
    current.total[0] = total
    for vehicle in range(len(current.length)):
        if scratch.touched[vehicle]:
            record(data, search.pool, current, vehicle)
    if total < search.best.total[0] - EPS:
        copy_routes(current, search.best)
        return True
    return False


@borrowing
def _remove(data: RouteData, search: Search, wanted: int) -> None:
    """Pick requests by one of three rules and take them out of their routes."""
    current, scratch, draws = search.current, search.scratch, search.draws
    count = pick_some(draws, current.owner, scratch.near, current.seq, current.length, wanted, scratch.picked,
                      scratch.marked, 0.2, 0.6)  # fmt: skip
    for i in range(count):
        touch(current, search.backup, scratch, current.owner[scratch.picked[i]])
    if uniform(draws) < SHARE_MORE:
        touch(current, search.backup, scratch, below(draws, len(current.length)))
    for vehicle in range(len(current.length)):
        if scratch.touched[vehicle]:
            drop_marked(data, current, vehicle, scratch.marked)


@borrowing
def _release_touched(data: RouteData, search: Search) -> None:
    """Free stations and destinations of all touched routes, then cost these in random order."""
    current, scratch = search.current, search.scratch
    count = 0
    for vehicle in range(len(current.length)):
        if scratch.touched[vehicle]:
            release(current, vehicle)
            scratch.order[count] = vehicle
            count += 1
    shuffle(search.draws, scratch.order, count)
    _withhold(search)
    for i in range(count):
        refresh(data, search.work, current, scratch.order[i])


@borrowing
def _withhold(search: Search) -> None:
    """Set now and then one free station and one free destination aside for this step, against greedy claims."""
    current, scratch, draws = search.current, search.scratch, search.draws
    scratch.held[0] = scratch.held[1] = -1
    for i in range(2):
        free = current.station_free if i == 0 else current.dest_free
        if len(free) > 0 and uniform(draws) < SHARE_HELD:
            place = below(draws, len(free))
            if free[place] > 0:
                free[place] -= 1
                scratch.held[i] = place


@borrowing
def _give_back(search: Search) -> None:
    """Undo `_withhold`."""
    if search.scratch.held[0] >= 0:
        search.current.station_free[search.scratch.held[0]] += 1
    if search.scratch.held[1] >= 0:
        search.current.dest_free[search.scratch.held[1]] += 1


@borrowing
def _collect_pending(data: RouteData, routes: Routes, scratch: Scratch) -> int:
    """List the requests that no route serves."""
    count = 0
    for request in range(data.num_requests):
        if routes.owner[request] < 0:
            scratch.pending[count] = request
            count += 1
    return count

"""Planning a whole service day that is known in advance: from given routes, or from none, to better ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from busim.core.compiled import KERNEL
from busim.core.day_data import HOME, INF, DayData, DayRoutes
from busim.core.day_search import DaySearch, anneal_day, keep_best, make_search, put_in, settle
from busim.core.lns import nearest_requests, sum_costs
from busim.core.roads import road_leg
from busim.errors import BusimError, InputError, Problem
from busim.model.network import Floats
from busim.planning.interrupt import interruptible
from busim.rng import stream

NEAREST = 40
STEPS_AT_ONCE, TRACE_EVERY = 20, 500
LIMIT_S = 150.0  # of a search whose length was left open: a slow or busy machine may not need more
STEPS = {"numba": (10.0, 4000), "numpy": (0.5, 1000)}  # per rider, and at least
Watch = Callable[[float], None]


@dataclass(frozen=True)
class DaySettings:
    """How a day is searched.

    Parameters
    ----------
    iterations
        Times that riders are taken out and put back; with it alone the plan depends on the seed only. Without it and
        ``seconds``, a number that follows from the riders and the kernels (some two minutes for 3 000 riders), and
        a limit of 150 s in case the machine is slow.
    seconds
        Limit of time: without ``iterations`` the search cools down over it, with them it is cut short. The plan then
        depends on the machine.
    seed
        Of the search.
    most
        Riders taken out at once, at most.
    hot, cold
        First and last temperature of the annealing, as shares of the mean cost per rider.
    """

    iterations: int | None = None
    seconds: float | None = None
    seed: int = 0
    most: int = 12
    hot: float = 0.03
    cold: float = 0.0005

    def __post_init__(self) -> None:
        """Check ranges together."""
        problems = [
            Problem("plan", f"{name} is {value}", "it must be above 0")
            for name, value in (("iterations", self.iterations), ("seconds", self.seconds))
            if value is not None and not 0 < value < INF
        ]
        if self.seed < 0:
            problems.append(Problem("plan", f"seed is {self.seed}", "it must be at least 0"))
        if problems:
            raise InputError(problems)

    def steps(self, riders: int) -> int:
        """Give the number of steps for so many riders."""
        if self.iterations is not None:
            return self.iterations
        each, least = STEPS[KERNEL]
        return max(least, int(each * riders))

    @property
    def limit_s(self) -> float:
        """Give the most seconds to search."""
        is_open = self.seconds is None and self.iterations is None
        return LIMIT_S if is_open else self.seconds or INF


@dataclass(frozen=True)
class Route:
    """One bus's stops: ``seq`` and ``leave`` as in ``DayRoutes``, ``leave`` with the way home as its last entry."""

    seq: tuple[int, ...] = ()
    leave: tuple[float, ...] = (-1.0,)


@dataclass(frozen=True)
class DayPlan:
    """A plan for a day.

    Parameters
    ----------
    routes
        Of each bus.
    cost
        Of all routes and of the riders left out, in the problem's weights.
    begun
        The same of the routes that the search began with.
    steps, planned_steps
        Steps made, and meant to be made: fewer where a limit of time or the user cut the search short.
    trace
        Cost after each part of the search, for a plot of convergence: (step, cost).
    """

    routes: tuple[Route, ...]
    cost: float
    begun: float
    steps: int
    planned_steps: int
    trace: tuple[tuple[int, float], ...]


def plan_day(data: DayData, begin: Sequence[Route], settings: DaySettings, watch: Watch | None = None) -> DayPlan:
    """Plan a day.

    Parameters
    ----------
    data
        The problem.
    begin
        Routes to start from, one per bus; the plan is never worse than they are.
    settings
        How to search.
    watch
        Called now and then with the share done.

    Ctrl-C ends the search with the best plan so far.

    Raises
    ------
    BusimError
        If a route to start from cannot be driven.
    """
    num = len(data.origin)
    road_leg(data.roads, 0, 0, 0.0)  # it allocates, so it has to be compiled before kernels that only borrow
    search = make_search(
        data, _width(data, begin), nearest_requests(_apart(data), NEAREST), stream(settings.seed, "day")
    )
    begun = _load(data, search, begin)
    _tidy(data, search)
    _sum(data, search)
    trace = [(0, float(search.best.total[0]))]
    if num:
        out = np.flatnonzero(search.current.owner < 0)
        search.pending[: len(out)] = out[np.argsort(data.earliest[out], kind="stable")]
        put_in(data, search, len(out))
        _sum(data, search)
        trace.append((0, float(search.best.total[0])))
    done, planned = _anneal(data, search, settings, trace, watch) if num and len(begin) else (0, 0)
    return DayPlan(_routes(search.best), float(search.best.total[0]), begun, done, planned, tuple(trace))


def _width(data: DayData, begin: Sequence[Route]) -> int:
    """Give room for twice the longest route, or for everybody."""
    longest = max((len(route.seq) for route in begin), default=0)
    fair = 4 * len(data.origin) // max(len(begin), 1)
    everything = longest + 2 * len(data.origin)
    return min(everything, 2 * longest + 2 * fair + 64) + 4


def _apart(data: DayData) -> Floats:
    """Say how unrelated riders are: seconds between origins, destinations and windows [n, n]."""
    times = data.roads.tables.times[0]
    apart = np.zeros((len(data.origin), len(data.origin)))
    for nodes in (data.origin, data.destination):
        there = times[nodes[:, None], nodes[None, :]].astype(np.float64)
        apart += np.minimum(there, there.T)
    related: Floats = apart + np.abs(data.earliest[:, None] - data.earliest[None, :])
    return related


def _load(data: DayData, search: DaySearch, begin: Sequence[Route]) -> float:
    """Put routes into the search; gives their cost."""
    routes, num = search.current, len(data.origin)
    for bus, route in enumerate(begin):
        size = len(route.seq)
        _write(routes, bus, route)
        routes.owner[[code for code in route.seq if 0 <= code < num]] = bus
        if settle(data, search, bus) == INF:
            raise BusimError(f"the route of bus {bus}, {size} stops, cannot be driven as it is given")
    _sum(data, search)
    return float(search.best.total[0])


def _write(routes: DayRoutes, bus: int, route: Route) -> None:
    size = len(route.seq)
    routes.seq[bus, :size], routes.seq[bus, size] = route.seq, HOME
    routes.leave[bus, : size + 1] = route.leave
    routes.length[bus] = size


def _tidy(data: DayData, search: DaySearch) -> None:
    """Leave out waypoints and pauses wherever that makes a route no dearer."""
    routes, first = search.current, 2 * len(data.origin) + len(data.block_node)
    for bus, route in enumerate(_routes(routes)):
        before = float(routes.cost[bus])
        seq = tuple(code for code in route.seq if code < first)
        if seq == route.seq and max(route.leave) < 0:
            continue
        if _try(data, search, bus, Route(seq, (-1.0,) * (len(seq) + 1)), before):
            continue
        kept = route
        for k in range(len(route.seq) - 1, -1, -1):
            if kept.seq[k] >= first:
                less = Route(kept.seq[:k] + kept.seq[k + 1 :], kept.leave[:k] + kept.leave[k + 1 :])
                kept = less if _try(data, search, bus, less, float(routes.cost[bus])) else kept
        _try(data, search, bus, Route(kept.seq, (-1.0,) * len(kept.leave)), float(routes.cost[bus]))


def _try(data: DayData, search: DaySearch, bus: int, route: Route, limit: float) -> bool:
    """Put a route in a bus's place if it is no dearer; tells whether."""
    routes = search.current
    kept = Route(*_route(routes, bus))
    _write(routes, bus, route)
    if settle(data, search, bus) <= limit:
        return True
    _write(routes, bus, kept)
    settle(data, search, bus)
    return False


def _sum(data: DayData, search: DaySearch) -> None:
    """Sum up the current routes, and make them the best if they are."""
    search.current.total[0] = sum_costs(search.current.cost, search.current.owner, data.skip_cost)
    search.stale[:] = 1
    if search.current.total[0] < search.best.total[0]:
        keep_best(search)


def _anneal(
    data: DayData, search: DaySearch, settings: DaySettings, trace: list[tuple[int, float]], watch: Watch | None
) -> tuple[int, int]:
    """Anneal from hot to cold, in parts; gives the steps made and meant. With time alone, its share sets the heat."""
    steps, began, done = settings.steps(len(data.origin)), time.perf_counter(), 0
    scale = max(abs(float(search.best.total[0])) / len(data.origin), 1e-3)
    is_timed = settings.seconds is not None and settings.iterations is None
    share = 0.0
    with interruptible() as is_asked:
        while share < 1.0 and not is_asked():
            passed = (time.perf_counter() - began) / settings.limit_s
            if passed >= 1.0:
                break
            part = STEPS_AT_ONCE if is_timed else min(STEPS_AT_ONCE, steps - done)
            after = passed if is_timed else (done + part) / steps
            heat = [scale * settings.hot * (settings.cold / settings.hot) ** x for x in (share, after)]
            anneal_day(data, search, part, min(settings.most, len(data.origin)), *heat)
            done, share = done + part, after
            if done % TRACE_EVERY == 0:
                trace.append((done, float(search.best.total[0])))
            if watch is not None:
                watch(min(max(share, passed), 1.0))
    trace.append((done, float(search.best.total[0])))
    return done, done if is_timed else steps


def _route(routes: DayRoutes, bus: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    size = int(routes.length[bus])
    return tuple(routes.seq[bus, :size].tolist()), tuple(routes.leave[bus, : size + 1].tolist())


def _routes(routes: DayRoutes) -> tuple[Route, ...]:
    return tuple(Route(*_route(routes, bus)) for bus in range(len(routes.length)))

"""The planner: cycles of annealing, a set partitioning after each, until time, iterations or patience run out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from busim.core.lns import nearest_requests, seed_draws, sum_costs
from busim.core.lns_pool import make_pool, record
from busim.core.lns_repair import make_scratch
from busim.core.lns_search import Search, anneal, construct
from busim.core.lns_state import copy_routes, empty_routes, refresh
from busim.core.route_data import INF, make_work
from busim.errors import BusimError, InputError, Problem
from busim.planning.checker import check
from busim.planning.diagnose import find_obstacles
from busim.planning.extract import to_solution
from busim.planning.generate import generate
from busim.planning.instance import Floats, Instance
from busim.planning.kernels import UNSERVED, Compiled, compile_instance, tighten
from busim.planning.partition import choose_routes, load_choice
from busim.planning.solution import Solution
from busim.planning.trade import record_trades
from busim.rng import stream

Progress = Callable[["Moment"], None]


@dataclass(frozen=True)
class Settings:
    """How a plan is searched.

    Parameters
    ----------
    seconds
        Time limit; none if not given.
    iterations
        Limit of steps; none if not given. With it alone the result depends on the seed only.
    seed
        Of the random numbers, at least 0.
    patience
        Cycles without improvement after which the search ends, once everybody is served.
    steps_per_request
        Length of a cycle.
    largest
        Most requests removed in one step.
    hot, cold
        Temperature at the start and end of a cycle, as shares of the cost.
    pool
        Routes remembered.
    clock
        What ``seconds`` counts.
    """

    seconds: float | None = 60.0
    iterations: int | None = None
    seed: int = 0
    patience: int = 4
    steps_per_request: int = 400
    largest: int = 14
    hot: float = 0.03
    cold: float = 0.0005
    pool: int = 1 << 14
    clock: Callable[[], float] = time.perf_counter

    def __post_init__(self) -> None:
        """Check ranges together."""
        problems = [
            Problem("plan", f"{name} is {value}", "it must be above 0")
            for name, value in (("seconds", self.seconds), ("iterations", self.iterations), ("patience", self.patience))
            if value is not None and value <= 0
        ]
        if self.seed < 0:
            problems.append(Problem("plan", f"seed is {self.seed}", "it must be at least 0"))
        if problems:
            raise InputError(problems)


@dataclass(frozen=True)
class Moment:
    """Where a search stands.

    Parameters
    ----------
    iteration, seconds
        Steps made and time spent.
    best, current
        Cost of the best plan and of the one in hand.
    unserved
        Requests that the best plan leaves out.
    """

    iteration: int
    seconds: float
    best: float
    current: float
    unserved: int


@dataclass(frozen=True)
class PlanResult:
    """A plan and how it came about.

    Parameters
    ----------
    solution
        The plan; it passed the checker if ``faults`` is empty.
    faults
        What the checker found: only requests that had to be served and are not.
    trace
        Moments of the search, for a plot of convergence.
    iterations, seconds
        Steps made and time spent.
    """

    solution: Solution
    faults: tuple[str, ...]
    trace: tuple[Moment, ...]
    iterations: int
    seconds: float

    @property
    def is_feasible(self) -> bool:
        """Whether every request that must be served is."""
        return not self.faults


@dataclass(eq=False)
class _Run:
    """One search under way."""

    compiled: Compiled
    search: Search
    settings: Settings
    progress: Progress | None
    began: float
    iteration: int = 0
    rate: float = 0.0
    trace: list[Moment] = field(default_factory=list)

    @property
    def spent(self) -> float:
        return self.settings.clock() - self.began

    @property
    def left(self) -> float:
        return INF if self.settings.seconds is None else self.settings.seconds - self.spent

    @property
    def is_over(self) -> bool:
        limit = self.settings.iterations
        return self.left <= 0.0 or (limit is not None and self.iteration >= limit)

    def tell(self) -> None:
        best = self.search.best
        moment = Moment(
            self.iteration, self.spent, float(best.total[0]), float(self.search.current.total[0]),
            int((best.owner < 0).sum()),
        )  # fmt: skip
        self.trace.append(moment)
        if self.progress is not None:
            self.progress(moment)


def plan(
    instance: Instance,
    settings: Settings | None = None,
    start: list[list[int]] | None = None,
    progress: Progress | None = None,
) -> PlanResult:
    """Plan an instance.

    Parameters
    ----------
    instance
        The problem.
    settings
        How to search; 60 seconds if not given.
    start
        Sequences of pick-up and drop-off nodes (the file's numbers) to start from, one per bus; the result is
        never worse than they are.
    progress
        Called now and then with the state of the search.

    Raises
    ------
    InputError
        If some rider cannot be served by any bus, naming rider and rule.
    """
    obstacles = find_obstacles(instance)
    if obstacles:
        raise InputError(obstacles)
    _warm_up()
    run = _prepare(instance, settings or Settings(), progress)
    if start is not None:
        _load_start(instance, run, start)
    construct(run.compiled.data, run.search)
    run.tell()
    _improve(run)
    _refuse_stranded(instance, run)
    solution = to_solution(instance, run.compiled, run.search.best, run.search.work)
    faults = check(instance, solution).faults
    if any("must be served" not in fault for fault in faults):
        raise BusimError(f"{instance.name}: the plan did not pass its check: {'; '.join(faults[:5])}")
    return PlanResult(solution, faults, tuple(run.trace), run.iteration, run.spent)


@cache
def _warm_up() -> None:
    """Compile all kernels, or load them, on a tiny problem: a time limit begins only afterwards."""
    run = _prepare(generate(3, 2, 0.7), Settings(seconds=None, iterations=40), None)
    construct(run.compiled.data, run.search)
    _cycle(run)
    _recombine(run)


def _refuse_stranded(instance: Instance, run: _Run) -> None:
    """Raise if even the best plan has a bus that gets to no destination."""
    stranded = np.flatnonzero(run.search.best.cost >= INF)
    if len(stranded):
        what = f"no plan was found that takes bus {stranded[0]} to a free destination with the least charge at the end"
        raise InputError.single(instance.name, what)


def _prepare(instance: Instance, settings: Settings, progress: Progress | None) -> _Run:
    """Allocate a search."""
    compiled = compile_instance(instance)
    data, rng = compiled.data, stream(settings.seed, "planning")
    near = nearest_requests(_distance(instance), 40)
    longest = min(2 * data.num_requests, 160)
    search = Search(
        current=empty_routes(data),
        best=empty_routes(data),
        backup=empty_routes(data),
        scratch=make_scratch(data, near),
        work=make_work(data),
        pool=make_pool(data, settings.pool, longest, rng),
        draws=seed_draws(rng),
    )
    return _Run(compiled, search, settings, progress, settings.clock())


def _distance(instance: Instance) -> Floats:
    """Say how far apart requests are: mean travel between their ends, and part of the difference in time."""
    early, late = tighten(instance)
    up, down, travel = instance.pickup, instance.dropoff, instance.travel
    middle = (early[up] + late[up]) / 2.0
    apart = (travel[np.ix_(up, up)] + travel[np.ix_(down, down)]) / 2.0
    return np.asarray(apart + 0.3 * np.abs(middle[:, None] - middle))


def _load_start(instance: Instance, run: _Run, start: list[list[int]]) -> None:
    """Put given sequences into the current routes; one that cannot be driven is left empty."""
    data, current = run.compiled.data, run.search.current
    number = {int(instance.node_id[node]): k for k, node in enumerate(run.compiled.node[: 2 * data.num_requests])}
    for bus, nodes in enumerate(start):
        unknown = [node for node in nodes if node not in number]
        if unknown or bus >= len(current.length):
            raise InputError.single("start", f"bus {bus}: no such bus or node {unknown[:1]}")
        kernel = [number[node] for node in nodes]
        current.seq[bus, : len(kernel)] = kernel
        current.length[bus] = len(kernel)
        current.owner[[node for node in kernel if node < data.num_requests]] = bus
    for bus in range(len(current.length)):
        if not refresh(data, run.search.work, current, bus):
            current.owner[current.owner == bus] = -1
            current.length[bus] = 0
            refresh(data, run.search.work, current, bus)


def _improve(run: _Run) -> None:
    """Run cycles until a limit is reached or nothing improves any more."""
    search, idle = run.search, 0
    while not run.is_over and idle < run.settings.patience and run.compiled.data.num_requests > 0:
        before = float(search.best.total[0])
        _cycle(run)
        _recombine(run)
        run.tell()
        is_whole = search.best.total[0] < UNSERVED
        idle = idle + 1 if is_whole and search.best.total[0] > before - 1e-6 else 0
        copy_routes(search.best, search.current)


def _cycle(run: _Run) -> None:
    """Anneal once from hot to cold; a cycle that time would cut short is made shorter from the start."""
    settings, data = run.settings, run.compiled.data
    length = settings.steps_per_request * max(data.num_requests, 10)
    if settings.iterations is not None:
        length = min(length, settings.iterations - run.iteration)
    first, began, budget = run.iteration, run.spent, run.left * 0.8
    fraction = 0.0
    while fraction < 1.0 and not run.is_over:
        steps = min(200 if run.rate == 0.0 else max(20, int(run.rate * 0.3)), length - (run.iteration - first))
        if settings.iterations is not None and settings.seconds is None:
            steps = min(200, length - (run.iteration - first))
        scale = _scale(run)
        temperature = scale * settings.hot * (settings.cold / settings.hot) ** fraction
        moment = run.spent
        largest = max(2, min(settings.largest, data.num_requests // 2 + 2))
        anneal(data, run.search, steps, largest, temperature, temperature)
        run.iteration += steps
        run.rate = steps / max(run.spent - moment, 1e-6)
        fraction = max((run.iteration - first) / length, (run.spent - began) / budget if budget < INF / 2 else 0.0)
        run.tell()


def _scale(run: _Run) -> float:
    """Give the cost that temperatures are shares of: the best plan's routes."""
    return max(float(run.search.best.cost.sum()), 1e-3)


def _recombine(run: _Run) -> None:
    """Put the best plan together from all routes met."""
    data, search = run.compiled.data, run.search
    for bus in range(len(search.best.length)):
        record(data, search.pool, search.best, bus)
    if data.kind.max(initial=0) > 0 or len(data.dest_node) + len(data.station_node) > 1:
        for routes in (search.best, search.current):
            record_trades(data, search.work, search.pool, routes, search.backup)
    best = float(search.best.total[0])
    choice = choose_routes(data, search.pool, best, min(run.left, 10.0) if run.settings.seconds is not None else INF)
    if choice is None:
        return
    load_choice(data, search.pool, choice, search.current)
    order = np.argsort(search.current.length == 0, kind="stable")
    if all(refresh(data, search.work, search.current, int(bus)) for bus in order):
        search.current.total[0] = sum_costs(search.current.cost, search.current.owner, data.skip_cost)
        if search.current.total[0] < best - 1e-9:
            copy_routes(search.current, search.best)

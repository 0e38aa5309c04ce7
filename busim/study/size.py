"""The smallest fleet, or number of plugs, or any whole number of a scenario, that meets targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from busim.errors import InputError, Problem
from busim.scenario import Scenario
from busim.scenario.overrides import Overrides
from busim.study.folder import telling_where
from busim.study.phases import Progress
from busim.study.pool import Engine, batch_for, engine_of
from busim.study.size_result import Sizing
from busim.study.size_search import Kpis, Rules, Search, Target
from busim.study.size_targets import Over, parse_over, parse_targets
from busim.study.tasks import KPI_NAMES, Task, own_strategies
from busim.study.variants import Setting, Source, Wish, load_all


def size(
    scenario: Source,
    targets: Sequence[str],
    over: str,
    *,
    margins: Sequence[str] = (),
    confidence: float = 0.9,
    first: int = 8,
    max_runs: int = 400,
    jobs: int | None = None,
    dask: str | None = None,
    overrides: Overrides = (),
    progress: Progress | None = None,
) -> Sizing:
    """Find the smallest value of a key with which the means over days meet all targets.

    Parameters
    ----------
    scenario
        A file, or a scenario at hand; its seed is that of the first day, the next days have the next seeds, the same
        ones for every value.
    targets
        Such as ``"wait_p95_s <= 8 min"``.
    over
        Such as ``"fleet.size=5:60"``; more is taken never to serve worse.
    margins
        Differences that do not matter, such as ``"wait_p95_s +- 20 s"``; see ``parse_targets`` for the default.
    confidence
        Chance that the answer is right, up to the margins.
    first
        Days of every value that is tried, before anything is decided.
    max_runs
        Of all values together.
    jobs, dask
        Worker processes, by default one per core, 1 for none; or a Dask scheduler. No result depends on it.
    overrides
        Values by key, or texts ``section.key=value`` as given to ``--set``.
    progress
        Called with the value at work and the share of the runs used.

    Raises
    ------
    InputError
        If a target, the key or its range does not fit the scenario, or a run fails.
    """
    asked, searched = _parse(targets, margins, over, confidence, first, max_runs)
    least = _variants(scenario, searched, searched.values[:1], overrides)[0]
    _variants(scenario, searched, searched.values[-1:], overrides)
    runner = _Runner(scenario, searched, overrides, engine_of(jobs, dask))
    start = least.spec.seed
    rules = Rules(confidence, first, max_runs, lambda n: start + n, batch_for(jobs, dask))
    search = Search(runner, searched.values, asked, rules)
    made = Sizing(least.name, searched, search)
    try:
        search.go(_watch(max_runs, progress))
    except KeyboardInterrupt as stop:
        for sentence in made.sentences():
            stop.add_note(sentence)
        raise
    return made


def _parse(
    targets: Sequence[str], margins: Sequence[str], over: str, confidence: float, first: int, max_runs: int
) -> tuple[tuple[Target, ...], Over]:
    """Read what is asked for, and tell all that is wrong with it together."""
    problems: list[Problem] = []
    found: list[Any] = []
    for read in (lambda: parse_targets(targets, margins), lambda: parse_over(over)):
        try:
            found.append(read())
        except InputError as error:
            problems += error.problems
    if not 0.5 <= confidence < 1:
        what = f"must be at least 0.5 and below 1, got {confidence:g}"
        problems.append(Problem("--confidence", what, "write --confidence 0.9"))
    if first < 3:
        problems.append(
            Problem("--first", f"must be at least 3, got {first}", "fewer days tell little of their spread")
        )
    if max_runs < max(first, 1):
        problems.append(Problem("--max-runs", f"must be at least --first ({first}), got {max_runs}", "write 400"))
    if problems:
        raise InputError(problems)
    return found[0], found[1]


def _variants(source: Source, over: Over, values: Sequence[int], overrides: Overrides) -> list[Scenario]:
    wishes = [Wish(source, (Setting(over.key, str(value), f"--over {over.key}={value}"),)) for value in values]
    return [variant.scenario for variant in load_all(wishes, overrides)]


def _watch(max_runs: int, progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    progress("size", 0.0)
    return lambda _value, _runs, total: progress("size", min(1.0, total / max_runs))


@dataclass
class _Runner:
    """Runs days of values of the key, each scenario loaded once."""

    source: Source
    over: Over
    overrides: Overrides
    engine: Engine
    loaded: dict[int, Scenario] = field(default_factory=dict)

    def __call__(self, value: int, seeds: Sequence[int]) -> list[Kpis]:
        if value not in self.loaded:
            self.loaded[value] = _variants(self.source, self.over, (value,), self.overrides)[0]
        scenario = self.loaded[value]
        extra = own_strategies(scenario)
        found: dict[int, Kpis] = {}
        for done in self.engine([Task(scenario, seed, None, extra) for seed in seeds]):
            if done.error:
                raise InputError.single(f"{self.over.key} = {value}, seed {seeds[done.index]}", done.error)
            found[done.index] = dict(zip(KPI_NAMES, map(float, done.kpis), strict=True))
        return [found[index] for index in range(len(seeds))]


def draw(found: Sizing, path: Path) -> Path:
    """Write the picture of cost against service.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    from busim.plot import style  # noqa: PLC0415  (matplotlib is slow to import)

    figure = found.plot().figure
    with telling_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return style.save(figure.figure, path)

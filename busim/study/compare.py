"""Comparing arms: the same riders, travel times and faults for each, seed by seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from busim.errors import InputError, did_you_mean
from busim.metrics.kpi import Kpi
from busim.scenario.overrides import Overrides
from busim.study.comparing import Method, Values
from busim.study.comparison import Comparison
from busim.study.plan import Options, Plan, make_plan
from busim.study.pool import Engine, Watch, engine_of, run_tasks
from busim.study.quantities import Amount
from busim.study.sequential import MAX_SEEDS, parse_until, reached, seeds_wanted
from busim.study.tasks import KPI_NAMES, Task, own_strategies
from busim.study.variants import Source
from busim.study.vary import vary_mapping

RELEVANT = 0.05
MOST_ARMS = 24


def compare(
    scenario: Source | Sequence[Source] | Mapping[str, Source],
    vary: Mapping[str, Sequence[Any]] | None = None,
    *,
    seeds: int | Sequence[int] | None = None,
    kpis: Sequence[str] = (),
    against: str | None = None,
    until: str | Sequence[str] = (),
    max_seeds: int | None = None,
    relevant: float | None = None,
    overrides: Overrides = (),
    jobs: int | None = None,
    dask: str | None = None,
    progress: Watch | None = None,
) -> Comparison:
    """Compare scenarios, or values of keys, on the same days.

    Parameters
    ----------
    scenario
        A scenario, a study file, or several scenarios: these, or by name, are the arms.
    vary
        Values by key, such as ``{"dispatch.strategy": ["nearest", "insertion"]}``: every combination is an arm.
    seeds
        How many days, or which; 20 by default.
    kpis
        By name; by default those that one looks at first.
    against
        The arm that the others are compared with; by default the first.
    until
        Such as ``"wait_p95_s +- 20 s"``: seeds are added until the 95 % intervals are that narrow.
    max_seeds
        Where that ends; 200 by default.
    relevant
        The share of the mean that would matter, 0.05 by default: to tell how many seeds it takes to show it.
    overrides
        For all arms: values by key, or texts as given to ``--set``.
    jobs
        Worker processes; by default one per core, 1 for none.
    dask
        Address of a Dask scheduler to run on instead.
    progress
        Called with runs done and runs in all.

    Raises
    ------
    InputError
        With all that is wrong, before anything runs; or if a run fails.
    """
    sources, names = sources_of(scenario)
    options = Options(seeds, kpis, overrides, allow_many=True)
    plan = make_plan(sources, vary_mapping(vary or {}), options, names)
    return run_comparison(plan, against, until, max_seeds, relevant, engine_of(jobs, dask), progress)


def sources_of(scenario: Source | Sequence[Source] | Mapping[str, Source]) -> tuple[list[Source], list[str]]:
    """Give scenarios and their names, from whatever way they were handed in."""
    if isinstance(scenario, Mapping):
        return list(scenario.values()), list(scenario)
    if isinstance(scenario, Sequence) and not isinstance(scenario, str):
        return list(scenario), []
    return [scenario], []


def run_comparison(
    plan: Plan,
    against: str | None,
    until: str | Sequence[str],
    max_seeds: int | None,
    relevant: float | None,
    engine: Engine,
    progress: Watch | None = None,
) -> Comparison:
    """Check what is asked, run the first seeds, then as many more as it takes."""
    told = plan.file.compare if plan.file else {}
    arms = [variant.name for variant in plan.variants]
    _check_arms(len(arms))
    base = _base(against or told.get("against") or arms[0], arms)
    asked = until or told.get("until", ())
    most = max_seeds if max_seeds is not None else told.get("max_seeds", MAX_SEEDS)
    share = relevant if relevant is not None else told.get("relevant", RELEVANT)
    if not 0 < share < float("inf"):
        raise InputError.single("relevant", f"must be a share above 0, got {share}", "write 0.05")
    wishes = parse_until([asked] if isinstance(asked, str) else asked, len(plan.seeds), most)
    values = _run(plan, plan.seeds, engine, progress)
    seeds, method = plan.seeds, Method(base, len(plan.seeds) if wishes else None, share)
    while wishes and (add := seeds_wanted(values, wishes, method, most) - len(seeds)) > 0:
        start = max(seeds) + 1
        more = range(start, start + add)
        values = np.concatenate([values, _run(plan, more, engine, progress, values[:, :, 0].size)], axis=1)
        seeds = (*seeds, *more)
    variants = {variant.name: variant.scenario for variant in plan.variants}
    return Comparison(plan.name, variants, seeds, _kpis(plan, wishes), values, method, reached(values, wishes, method))


def _check_arms(count: int) -> None:
    if count < 2:
        what = "there is only one arm, and nothing to compare it with"
        raise InputError.single("--vary", what, "give two values, such as --vary fleet.size=10,15, or two scenarios")
    if count > MOST_ARMS:
        what = f"{count} arms are too many to read, at most {MOST_ARMS}"
        raise InputError.single("--vary", what, "fewer values, or `busim sweep`")


def _base(name: str, arms: Sequence[str]) -> int:
    if name not in arms:
        raise InputError.single("--against", f"there is no arm '{name}'", did_you_mean(name, arms))
    return arms.index(name)


def _kpis(plan: Plan, wishes: Sequence[Amount]) -> tuple[Kpi, ...]:
    return tuple({kpi.name: kpi for kpi in (*plan.kpis, *(wish.kpi for wish in wishes))}.values())


def _run(plan: Plan, seeds: Sequence[int], engine: Engine, progress: Watch | None, before: int = 0) -> Values:
    """Run all arms with some seeds; gives KPIs [arms, seeds, KPIs]."""
    scenarios = [(variant.scenario, own_strategies(variant.scenario)) for variant in plan.variants]
    tasks = [Task(scenario, seed, None, own) for seed in seeds for scenario, own in scenarios]
    values = np.full((len(seeds), len(scenarios), len(KPI_NAMES)), np.nan)
    for done in run_tasks(tasks, engine, _shifted(progress, before)):
        seed, arm = divmod(done.index, len(scenarios))
        if done.error:
            raise InputError.single(f"{plan.variants[arm].name}, seed {seeds[seed]}", done.error)
        values[seed, arm] = done.kpis
    return values.transpose(1, 0, 2)


def _shifted(progress: Watch | None, before: int) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(done + before, total + before)

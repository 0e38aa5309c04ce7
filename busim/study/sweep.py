"""Sweeps: many variants with many seeds, one run folder each, so that a killed sweep goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from busim.errors import InputError, Problem
from busim.scenario import with_seed
from busim.scenario.overrides import Overrides
from busim.study.comparing import Values
from busim.study.plan import Options, Plan, make_plan
from busim.study.pool import Engine, Watch, engine_of, run_tasks
from busim.study.study_folder import cell_name, check_writable, kept_kpis, remove_drafts, run_folder, study_folder
from busim.study.sweep_result import Sweep, write_results
from busim.study.tasks import KPI_NAMES, Task, as_row, own_strategies
from busim.study.variants import Source, Variant
from busim.study.vary import vary_mapping


def sweep(
    study: Source | Sequence[Source],
    vary: Mapping[str, Sequence[Any]] | None = None,
    *,
    seeds: int | Sequence[int] | None = None,
    kpis: Sequence[str] = (),
    overrides: Overrides = (),
    out: str | Path | None = None,
    shard: str | None = None,
    jobs: int | None = None,
    dask: str | None = None,
    allow_many: bool = False,
    progress: Watch | None = None,
) -> Sweep:
    """Run every variant of a study with every seed.

    Parameters
    ----------
    study
        A study file; or a scenario, or several, and what is varied in them.
    vary
        Values by key; every combination is run.
    seeds
        How many days, or which; by default as the file says, or 20.
    kpis
        That summary and plots are about, by name.
    overrides
        For all variants: values by key, or texts as given to ``--set``.
    out
        Folder of run folders and results; what it holds already is not run again. Without one only KPIs are kept.
    shard
        ``"2/8"`` runs the second of eight parts, for job arrays.
    jobs
        Worker processes; by default one per core, 1 for none.
    dask
        Address of a Dask scheduler to run on instead; its workers must see ``out`` and the scenario's files.
    allow_many
        Whether more than 10 000 runs are meant.
    progress
        Called with runs done and runs in all.

    Raises
    ------
    InputError
        With all that is wrong, before anything runs; or where nothing can be written any more.
    """
    sources = [study] if isinstance(study, str) or not isinstance(study, Sequence) else list(study)
    plan = make_plan(sources, vary_mapping(vary or {}), Options(seeds, kpis, overrides, allow_many))
    place = None if out is None else Path(out)
    return run_sweep(plan, place, parse_shard(shard), engine_of(jobs, dask), progress)


@dataclass(frozen=True)
class Shard:
    """One of several parts of a sweep.

    Parameters
    ----------
    part
        From 1.
    parts
        In all.
    """

    part: int = 1
    parts: int = 1

    @property
    def ending(self) -> str:
        """Put behind the names of its files; empty where there is only one part."""
        return f"-{self.part}-of-{self.parts}" if self.parts > 1 else ""


def parse_shard(text: str | None) -> Shard:
    """Read ``2/8``.

    Raises
    ------
    InputError
        If it is not a part of several.
    """
    if text is None:
        return Shard()
    part, _, parts = text.partition("/")
    if not (part.strip().isdecimal() and parts.strip().isdecimal() and 1 <= int(part) <= int(parts)):
        raise InputError.single("--shard", f"must be a part of several, got '{text}'", "write 1/8, 2/8, ... 8/8")
    return Shard(int(part), int(parts))


@dataclass(frozen=True)
class Job:
    """One run and where its KPIs belong: cells that say the same share it.

    Parameters
    ----------
    task
        To do.
    fingerprint
        Of its scenario with its seed.
    rows
        (cell, seed) indices.
    """

    task: Task
    fingerprint: str
    rows: tuple[tuple[int, int], ...]


def run_sweep(plan: Plan, out: Path | None, shard: Shard, engine: Engine, progress: Watch | None = None) -> Sweep:
    """Do what is not done yet, and write the results."""
    if out is not None:
        check_writable(out)
    jobs = jobs_of(plan, out)[shard.part - 1 :: shard.parts]
    values = np.full((len(plan.variants), len(plan.seeds), len(KPI_NAMES)), np.nan)
    with study_folder(out, shard.ending) if out is not None else nullcontext():
        left = _take_kept(jobs, values)
        errors = _run(left, values, engine, progress, len(jobs))
        asked = np.zeros(values.shape[:2], np.bool_)
        for job in jobs:
            asked[tuple(zip(*job.rows, strict=True))] = True
        made = Sweep(
            plan.name, plan.variants, plan.keys, plan.seeds, plan.kpis, plan.is_grid, values, asked, errors, out
        )
        if out is not None:
            made = replace(made, files=write_results(made, out, shard.ending))
    if jobs and len(errors) == int(asked.sum()):
        (cell, seed), error = next(iter(errors.items()))
        raise InputError.single(f"{plan.variants[cell].name}, seed {plan.seeds[seed]}", error, "no run succeeded")
    return made


def jobs_of(plan: Plan, out: Path | None) -> list[Job]:
    """List the runs of a sweep, each once, in the order of its cells."""
    made: dict[tuple[str, int], Job] = {}
    for cell, variant in enumerate(plan.variants):
        name, own = cell_name(variant.scenario), own_strategies(variant.scenario)
        for k, seed in enumerate(plan.seeds):
            known = made.get((name, seed))
            job = known or _job(variant, seed, None if out is None else run_folder(out, name, seed), own)
            made[name, seed] = replace(job, rows=(*job.rows, (cell, k)))
    return list(made.values())


def _job(variant: Variant, seed: int, folder: Path | None, own: tuple[tuple[str, str, type], ...]) -> Job:
    fingerprint = with_seed(variant.scenario, seed).fingerprint
    return Job(Task(variant.scenario, seed, folder, own), fingerprint, ())


def _take_kept(jobs: Sequence[Job], values: Values) -> list[Job]:
    """Fill in what earlier runs have left, clean up after killed ones; gives what is left to do.

    Raises
    ------
    InputError
        If something else stands in the place of a run.
    """
    left: list[Job] = []
    problems: list[Problem] = []
    for job in jobs:
        folder = job.task.folder
        found = None if folder is None else kept_kpis(folder, job.fingerprint)
        if found is not None:
            _fill(values, job, as_row(found))
            continue
        left.append(job)
        if folder is not None and folder.exists():
            problems.append(
                Problem(str(folder), "is no complete run of this busim", "remove it, or take another --out")
            )
    if problems:
        raise InputError(problems)
    remove_drafts(_folders(jobs))  # a killed worker may have left one beside what its successor completed
    return left


def _folders(jobs: Sequence[Job]) -> list[Path]:
    return [job.task.folder for job in jobs if job.task.folder is not None]


def _fill(values: Values, job: Job, row: Any) -> None:
    for place in job.rows:
        values[place] = row


def _run(
    jobs: Sequence[Job], values: Values, engine: Engine, progress: Watch | None, total: int
) -> dict[tuple[int, int], str]:
    """Run jobs; gives the errors of those that failed, by cell and seed."""
    errors: dict[tuple[int, int], str] = {}
    kept = total - len(jobs)
    with _leaving_order(jobs, lambda: kept, total):
        for done in run_tasks([job.task for job in jobs], engine, progress):
            job = jobs[done.index]
            _fill(values, job, done.kpis)
            kept += not done.error
            if done.error:
                errors |= dict.fromkeys(job.rows, done.error)
            elif job.task.folder is not None and not job.task.folder.is_dir():
                what = "was written where this process does not see it"
                raise InputError.single(str(job.task.folder), what, "workers and this process must share the folder")
    return dict(sorted(errors.items()))


@contextmanager
def _leaving_order(jobs: Sequence[Job], count_kept: Callable[[], int], total: int) -> Iterator[None]:
    """Clean up after workers that an error or an interrupt has ended, and tell what is kept."""
    try:
        yield
    except (InputError, KeyboardInterrupt, SystemExit) as error:
        folders = _folders(jobs)
        remove_drafts(folders)
        if folders:
            error.add_note(f"{count_kept()} of {total} runs are kept; the same command goes on from there.")
        raise

"""A folder of instances planned one by one and set beside best known values."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from busim.errors import InputError, Problem
from busim.planning.planner import Settings, plan
from busim.planning.read import read_instance

TOO_GOOD = 0.02  # a cost this far below a proven optimum is an error


@dataclass(frozen=True)
class BenchmarkRow:
    """What came of one instance.

    Parameters
    ----------
    family, instance, gamma
        Folder or family of the instance, its name and its least share of charge at the end (nan if none).
    cost, best_known, gap_percent
        The plan's cost, the best known one and the difference in percent of it (nan if unknown).
    is_feasible
        Whether a plan was found that serves everybody and passed the checker.
    is_too_good
        Whether the cost lies below a proven optimum, which would be an error of the evaluation.
    iterations, seconds
        Steps made and time spent.
    """

    family: str
    instance: str
    gamma: float
    cost: float
    best_known: float
    gap_percent: float
    is_feasible: bool
    is_too_good: bool
    iterations: int
    seconds: float


@dataclass(frozen=True)
class GapRow:
    """Instances of one family and gamma together.

    Parameters
    ----------
    family, gamma
        As in `BenchmarkRow`.
    num_instances, num_infeasible, num_too_good
        Counts.
    mean_gap_percent, max_gap_percent
        Over the instances with a best known value.
    mean_seconds
        Mean time per instance.
    """

    family: str
    gamma: float
    num_instances: int
    num_infeasible: int
    num_too_good: int
    mean_gap_percent: float
    max_gap_percent: float
    mean_seconds: float


@dataclass(frozen=True)
class Known:
    """A best known cost and whether it is proven to be optimal."""

    family: str
    cost: float
    is_proven: bool


def read_best_known(path: Path) -> dict[tuple[str, float], Known]:
    """Read a table ``family,instance,gamma,best_known,proven_optimal`` by instance and gamma (-1 for none).

    Classic instances are told from others of the same name by having no gamma.

    Raises
    ------
    InputError
        If a column is missing or a value is not a number.
    """
    known, problems = {}, []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                gamma = float(row["gamma"]) if row["gamma"] else -1.0
                fact = Known(row["family"], float(row["best_known"]), row["proven_optimal"] == "1")
                known[row["instance"], gamma] = fact
            except (KeyError, ValueError) as error:
                problems.append(Problem(f"{path}:{line}", f"{type(error).__name__} {error}"))
    if problems:
        raise InputError(problems)
    return known


def run_benchmark(
    folder: Path,
    settings: Settings,
    best_known: Path | None = None,
    jobs: int = 1,
    progress: Callable[[BenchmarkRow], None] | None = None,
) -> list[BenchmarkRow]:
    """Plan every instance of a folder and its subfolders, in order of their names.

    Parameters
    ----------
    folder
        Holds ``*.txt`` files of the e-ADARP and the DARP.
    settings
        As for `busim.planning.planner.plan`.
    best_known
        Table of best known costs.
    jobs
        Number of processes; each uses one core.
    progress
        Called with each row as it comes.

    Raises
    ------
    InputError
        If there is no instance, or one cannot be read.
    """
    paths = sorted(folder.rglob("*.txt"))
    if not paths:
        raise InputError.single(str(folder), "holds no instance", "instances are files whose name ends in .txt")
    known = read_best_known(best_known) if best_known is not None else {}
    rows = []
    for row in _results(paths, settings, jobs):
        full = _with_known(row, known)
        rows.append(full)
        if progress is not None:
            progress(full)
    return rows


def _results(paths: list[Path], settings: Settings, jobs: int) -> Iterable[BenchmarkRow]:
    """Give rows in order, from this process or several."""
    if jobs <= 1:
        for path in paths:
            yield _one(path, settings)
        return
    with ProcessPoolExecutor(max_workers=jobs) as executor:
        yield from executor.map(_one, paths, [settings] * len(paths))


def _one(path: Path, settings: Settings) -> BenchmarkRow:
    """Plan one instance."""
    instance = read_instance(path)
    is_electric = len(instance.station) > 0
    gamma = float(instance.end_ratio[0]) if is_electric else float("nan")
    found = plan(instance, settings)
    name = instance.name.removesuffix(f"-{gamma:g}")
    nan = float("nan")
    return BenchmarkRow(
        path.parent.name, name, gamma, found.solution.cost, nan, nan, found.is_feasible, False,
        found.iterations, found.seconds,
    )  # fmt: skip


def _with_known(row: BenchmarkRow, known: dict[tuple[str, float], Known]) -> BenchmarkRow:
    """Add the best known cost and the gap."""
    gamma = -1.0 if np.isnan(row.gamma) else row.gamma
    fact = known.get((row.instance, gamma))
    if fact is None:
        return row
    too_good = row.is_feasible and fact.is_proven and row.cost < fact.cost - TOO_GOOD
    gap = 100.0 * (row.cost / fact.cost - 1.0) if row.is_feasible else float("nan")
    return replace(row, family=fact.family, best_known=fact.cost, gap_percent=gap, is_too_good=too_good)


def gap_table(rows: Iterable[BenchmarkRow]) -> list[GapRow]:
    """Sum rows up by family and gamma, in order of first appearance."""
    groups: dict[tuple[str, str], list[BenchmarkRow]] = {}
    for row in rows:
        groups.setdefault((row.family, f"{row.gamma:g}"), []).append(row)
    table = []
    for (family, gamma), members in groups.items():
        gaps = [row.gap_percent for row in members if not np.isnan(row.gap_percent)]
        table.append(
            GapRow(
                family,
                float(gamma),
                len(members),
                sum(not row.is_feasible for row in members),
                sum(row.is_too_good for row in members),
                float(np.mean(gaps)) if gaps else float("nan"),
                max(gaps, default=float("nan")),
                float(np.mean([row.seconds for row in members])),
            )
        )
    return table


def write_rows(rows: Iterable[BenchmarkRow], path: Path) -> None:
    """Write rows as CSV, a column per field."""
    names = [field.name for field in fields(BenchmarkRow)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)


def core_seconds() -> float:
    """Give the processor time of this process, a clock that other work on the machine does not shorten."""
    return time.process_time()

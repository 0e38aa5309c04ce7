"""One run of a study: a scenario and a seed go in, KPIs come out, and nothing else is kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from busim.errors import InputError, StrategyError
from busim.metrics import KPIS
from busim.model.network import Floats
from busim.policy.registry import BUILT_IN, KINDS, register, strategies
from busim.scenario import Scenario, with_seed
from busim.study.phases import Phases
from busim.study.running import run_in_folder, simulate
from busim.study.study_folder import kept_kpis

KPI_NAMES = tuple(KPIS)
_ONE_AT_A_TIME = threading.Lock()  # Dask may hand a process several tasks at once, each in a thread


@dataclass(frozen=True)
class Task:
    """A run to do.

    Parameters
    ----------
    scenario
        What to simulate.
    seed
        With which seed.
    folder
        Where its run folder goes; without one only its KPIs are kept.
    strategies
        (kind, name, class) of those that were registered in the calling process: a worker does not know them.
    """

    scenario: Scenario
    seed: int
    folder: Path | None = None
    strategies: tuple[tuple[str, str, type], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Done:
    """What came of a task.

    Parameters
    ----------
    index
        Which task.
    kpis
        In the order of ``KPI_NAMES`` [K]; all ``nan`` where the run failed.
    error
        Why it failed; empty where it did not.
    is_fatal
        Whether the next runs would fail for the same reason, such as a full disk.
    """

    index: int
    kpis: Floats
    error: str = ""
    is_fatal: bool = False


def own_strategies(scenario: Scenario) -> tuple[tuple[str, str, type], ...]:
    """List the strategies of a scenario that do not come with busim: (kind, name, class)."""
    named = [(kind, getattr(scenario.spec, kind).strategy) for kind in KINDS]
    return tuple((kind, name, strategies(kind)[name]) for kind, name in named if name not in BUILT_IN[kind])


def perform(index: int, task: Task) -> Done:
    """Run a task, in whichever process; bad input and failing strategies are told, not raised."""
    with _ONE_AT_A_TIME:
        for kind, name, strategy in task.strategies:
            if name not in strategies(kind):
                register(kind, name, strategy)
        try:
            return Done(index, _kpis(task))
        except (InputError, StrategyError) as error:
            nothing = np.full(len(KPI_NAMES), np.nan)
            return Done(index, nothing, _told(error), isinstance(error.__cause__, OSError))


def _told(error: InputError | StrategyError) -> str:
    return "; ".join(map(str, error.problems)) if isinstance(error, InputError) else str(error)


def _kpis(task: Task) -> Floats:
    scenario = with_seed(task.scenario, task.seed)
    if task.folder is None:
        return as_row(simulate(scenario, Phases()).kpis)
    try:
        return as_row(run_in_folder(scenario, task.folder, Phases(), plots=False).kpis)
    except InputError:
        # A worker that outlived an earlier, killed process may have been faster.
        found = kept_kpis(task.folder, scenario.fingerprint)
        if found is None:
            raise
        return as_row(found)


def as_row(kpis: Mapping[str, float]) -> Floats:
    """Give KPIs in the order of ``KPI_NAMES`` [K]; what is not finite is ``nan``, as in a run folder."""
    row = np.array([kpis[name] for name in KPI_NAMES], np.float64)
    return np.where(np.isfinite(row), row, np.nan)

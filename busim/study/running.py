"""The assembly of a run, from a scenario to its folder; everything else takes its parts as arguments."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from busim import metrics, sim
from busim import network as networks
from busim.errors import StrategyError
from busim.model.events import EventLog
from busim.scenario import Scenario, with_seed
from busim.study import manifest as manifests
from busim.study.drawers import Drawers
from busim.study.duties_file import duties_of
from busim.study.outcome import riders_of, travel_times
from busim.study.phases import Phases, Progress
from busim.study.result import Run
from busim.study.saving import begin, check_before, finish, keep_partial

if TYPE_CHECKING:
    from busim.planning.day_plan import DaySettings

BY_GROUP = "by_group"  # waits and outcomes by hour, zone, stop and group of riders
Keep = Callable[[EventLog, StrategyError], None]
Watcher = Callable[[Run], None]


def run(
    scenario: Scenario,
    *,
    seed: int | None = None,
    out: str | Path | None = None,
    plots: bool | None = None,
    hindsight: DaySettings | bool = False,
    progress: Progress | None = None,
) -> Run:
    """Simulate a day.

    Parameters
    ----------
    scenario
        From ``load``.
    seed
        Another seed than the scenario's.
    out
        The run folder to write; without it the run stays in memory until ``Run.save``.
    plots
        Whether the folder gets plots; by default as the scenario says.
    hindsight
        Whether to plan the day again with all requests known, or how long to search for that plan.
    progress
        Called with the phase's name and its share done, from 0 to 1.

    Raises
    ------
    InputError
        If the map, the requests or a strategy do not fit the scenario, or the folder cannot be written.
    StrategyError
        If a strategy raises or orders what cannot be done; with ``out``, the log up to there is kept.
    """
    chosen = scenario if seed is None else with_seed(scenario, seed)
    phases = Phases(progress)
    _check_look_back(chosen, hindsight)
    if out is None:
        return _look_back(simulate(chosen, phases), phases, hindsight)
    return run_in_folder(chosen, Path(out), phases, plots=plots, hindsight=hindsight)


def run_into(
    scenario: Scenario,
    out: Path | None,
    *,
    seed: int | None = None,
    plots: bool | None = None,
    hindsight: DaySettings | bool = False,
    progress: Progress | None = None,
    simulated: Watcher | None = None,
) -> Run:
    """Simulate a day and write its folder: ``out``, or the first of ``runs/<name>-<seed>[-n]`` that is free.

    ``simulated`` is called with the run once its KPIs are known, before pictures and the page are made.
    """
    chosen = scenario if seed is None else with_seed(scenario, seed)
    _check_look_back(chosen, hindsight)
    place = default_folder(chosen) if out is None else out
    return run_in_folder(
        chosen, place, Phases(progress), plots=plots, is_default=out is None, hindsight=hindsight, simulated=simulated,
        apart=True,
    )  # fmt: skip


def _check_look_back(chosen: Scenario, wanted: DaySettings | bool) -> None:
    """Make sure before the day runs that it can be planned again, if that is wanted."""
    if wanted:
        from busim.study.hindsight import check_hindsight  # noqa: PLC0415  (slow to import, for a look back only)

        check_hindsight(chosen.spec)


def _look_back(made: Run, phases: Phases, wanted: DaySettings | bool) -> Run:
    """Plan the day again with all requests known, if that is wanted."""
    if not wanted:
        return made
    from busim.study.hindsight import hindsight as look_back  # noqa: PLC0415

    with phases("hindsight"):
        settings = None if wanted is True else wanted
        return replace(made, hindsight=look_back(made, settings, progress=phases.progress))


def default_folder(scenario: Scenario) -> Path:
    """Give ``runs/<name>-<seed>``, the name in small letters, with hyphens for all but letters and digits."""
    name = re.sub(r"[\W_]+", "-", scenario.name.lower()).strip("-") or "scenario"
    return Path("runs") / f"{name}-{scenario.spec.seed}"


def simulate(
    scenario: Scenario, phases: Phases, keep: Keep | None = None, asked: Callable[[int], None] | None = None
) -> Run:
    """Go from a scenario to tables and KPIs, in memory.

    Parameters
    ----------
    keep
        Is handed the log up to there when a strategy fails.
    asked
        Is told the number of riders as soon as they are known.
    """
    spec = scenario.spec
    with phases("map"):
        network = networks.compile(spec.map)
    with phases("demand"):
        requests = riders_of(spec, network)
    if asked is not None:
        asked(len(requests))
    with phases("travel"):
        travel = travel_times(spec, network)
    with phases("build"):
        simulation = sim.build(spec, network, requests, travel, duties=duties_of(spec, requests))
    with phases("simulate"):
        span = max(1, spec.end_s - spec.start_s)
        try:
            log = simulation.run(lambda now: phases.progress("simulate", (now - spec.start_s) / span)).log
        except StrategyError as error:
            if keep is not None:
                keep(EventLog.from_rows(simulation.world.rows), error)
            raise
    with phases("metrics"):
        tables = metrics.tables(log, spec, network, requests, travel)
        tables[BY_GROUP] = metrics.by_group(tables)
        kpis = metrics.summary(tables, spec)
    return Run(scenario, log, requests, tables, kpis, manifests.make_manifest(scenario, log, phases.cpu_s))


def run_in_folder(
    scenario: Scenario,
    place: Path,
    phases: Phases,
    *,
    plots: bool | None = None,
    is_default: bool = False,
    hindsight: DaySettings | bool = False,
    simulated: Watcher | None = None,
    apart: bool = False,
) -> Run:
    """Simulate a day and write its folder beside its place; it gets its name when it is complete.

    ``apart`` lets processes of their own draw the pictures.
    """
    check_before(scenario)
    has_plots = scenario.spec.output.plots if plots is None else plots
    with begin(place, scenario, is_default=is_default) as draft, Drawers(has_plots and apart) as drawers:

        def keep(log: EventLog, error: StrategyError) -> None:
            told = manifests.make_manifest(scenario, log, phases.cpu_s)
            error.add_note(f"The log up to there is kept in {keep_partial(draft, scenario, log, told, error)}")

        made = _look_back(simulate(scenario, phases, keep, drawers.start), phases, hindsight)
        if simulated is not None:
            simulated(made)
        folder, manifest = finish(made, draft, phases, has_plots, made.hindsight, drawers)
    return replace(made, manifest=manifest, folder=folder)

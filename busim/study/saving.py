"""Writing a run folder, step by step: begun before the day runs, finished after it, or kept where it broke off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from busim.errors import StrategyError
from busim.model.events import EventLog
from busim.scenario import Scenario
from busim.study import manifest as manifests
from busim.study.drawers import Drawers
from busim.study.folder import Draft, draft
from busim.study.hindsight_file import write_hindsight
from busim.study.log_file import check_format, write_log
from busim.study.outcome import Outcome
from busim.study.phases import Phases
from busim.study.store import PLOTS, check_inputs, write_results, write_start

if TYPE_CHECKING:
    from busim.study.hindsight import Hindsight


def check_before(scenario: Scenario) -> None:
    """Find what would stop the run folder from being written, before anything runs.

    Raises
    ------
    InputError
        If the log's format needs a package that is missing, or input files have clashing names.
    """
    check_format(scenario.spec.output.log_format)
    check_inputs(scenario)


@contextmanager
def begin(place: Path, scenario: Scenario, *, is_default: bool = False) -> Iterator[Draft]:
    """Open a run folder beside its place, with the scenario and the user's own inputs in it."""
    with draft(place, is_default=is_default) as folder:
        write_start(folder.path, scenario)
        yield folder


def finish(
    made: Outcome,
    folder: Draft,
    phases: Phases,
    plots: bool,
    hindsight: Hindsight | None = None,
    drawers: Drawers | None = None,
) -> tuple[Path, dict[str, Any]]:
    """Write what came of the day and give the folder its name; gives place and manifest."""
    drawers = drawers or Drawers(are_wanted=False)
    with phases("record"):
        if plots:
            drawers.begin(made, folder.path / PLOTS)
        kinds = write_results(folder.path, made.scenario, made.log, made.requests, made.network, made.tables, made.kpis)
        if hindsight is not None:
            write_hindsight(hindsight, folder.path)
    if plots:
        from busim.study.reporting import FILE, write_report  # noqa: PLC0415  (loaded while others draw)

        with phases("plots"):
            pictures = drawers.finish(made, folder.path / PLOTS, lambda share: phases.progress("plots", share))
        phases.add("plots", drawers.cpu_s)
        with phases("report"):
            write_report(made, folder.path / FILE, pictures)
    cpu_s = {**made.manifest["cpu_s"], **{name: round(cpu, 3) for name, cpu in phases.cpu_s.items()}}
    manifest = {**made.manifest, "cpu_s": cpu_s, "tables": kinds}
    manifests.write_json(folder.path / manifests.FILE, manifest)
    return folder.finish(), manifest


def keep_partial(
    folder: Draft, scenario: Scenario, log: EventLog, manifest: Mapping[str, Any], error: StrategyError
) -> Path:
    """Keep the log of a day that a strategy broke off, as ``<name>.partial``; gives the place."""
    write_log(log, folder.path, scenario.spec.output.log_format)
    manifests.write_json(folder.path / manifests.FILE, {**manifest, "error": str(error)})
    return folder.finish_partial()

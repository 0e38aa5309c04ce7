"""A run folder's content: written once, read back exactly."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from pathlib import Path

from busim.demand import write_requests
from busim.errors import InputError, Problem
from busim.model.events import EventLog
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.model.table import Table
from busim.scenario import Scenario
from busim.scenario.data import shared_name
from busim.study import manifest as manifests
from busim.study.log_file import NAMES, write_log
from busim.study.table_csv import kinds_of, read_csv, write_csv

SCENARIO, KPIS, TABLES, PLOTS = "scenario.toml", "kpis.json", "tables", "plots"
REQUESTS = "tables/requests.csv"  # a file of requests, as a scenario takes it
OWN_NAMES = (manifests.FILE, SCENARIO, KPIS, *NAMES.values())


def check_inputs(scenario: Scenario) -> None:
    """Make sure that a user's own input files can stand side by side in the run folder.

    Raises
    ------
    InputError
        If two of them have the same name, or one has a name of the run folder's own files.
    """
    taken: dict[str, str] = dict.fromkeys(OWN_NAMES, "a file of the run folder")
    problems: list[Problem] = []
    for role, path in own_inputs(scenario).items():
        if path.name in taken:
            what = f"the {role} file has the same name as {taken[path.name]}"
            problems.append(Problem(str(path), what, "a run folder holds a copy of each: rename it"))
        taken[path.name] = f"the {role} file"
    if problems:
        raise InputError(problems)


def own_inputs(scenario: Scenario) -> dict[str, Path]:
    """Give the inputs that did not come with busim, by role."""
    return {role: path for role, path in scenario.inputs.items() if shared_name(path) is None}


def write_start(folder: Path, scenario: Scenario) -> None:
    """Write what is known before the day runs: the scenario, and copies of the user's own inputs."""
    (folder / SCENARIO).write_text(scenario.text, encoding="utf-8")
    for path in own_inputs(scenario).values():
        shutil.copyfile(path, folder / path.name)


def write_results(
    folder: Path,
    scenario: Scenario,
    log: EventLog,
    requests: RequestTable,
    network: RoadNetwork,
    tables: Mapping[str, Table],
    kpis: Mapping[str, float],
) -> dict[str, dict[str, str]]:
    """Write log, requests, tables and KPIs; gives the columns' types by table."""
    write_log(log, folder, scenario.spec.output.log_format)
    (folder / TABLES).mkdir()
    write_requests(requests, network, folder / REQUESTS)
    for name, table in tables.items():
        write_csv(table, folder / TABLES / f"{name}.csv")
    manifests.write_json(folder / KPIS, {name: _or_none(value) for name, value in kpis.items()})
    return {name: kinds_of(table) for name, table in tables.items()}


def read_tables(folder: Path, kinds: Mapping[str, Mapping[str, str]]) -> dict[str, Table]:
    """Read all tables of a run folder.

    Raises
    ------
    InputError
        With all that are missing or broken.
    """
    found: dict[str, Table] = {}
    problems: list[Problem] = []
    for name, columns in kinds.items():
        path = folder / TABLES / f"{name}.csv"
        try:
            found[name] = read_csv(path, columns)
        except OSError as error:
            problems.append(Problem(str(path), f"cannot be read: {error.strerror}", "run the scenario again"))
        except (InputError, ValueError) as error:
            problems += getattr(error, "problems", (Problem(str(path), f"is broken: {error}"),))
    if problems:
        raise InputError(problems)
    return found


def read_kpis(folder: Path) -> dict[str, float]:
    """Read the KPIs; what could not be told is ``nan``."""
    document = manifests.read_json(folder / KPIS)
    problems = [
        Problem(str(folder / KPIS), f"'{name}' is not a number: {value!r}", "the file was changed since it was written")
        for name, value in document.items()
        if isinstance(value, bool) or not isinstance(value, int | float | None)
    ]
    if problems:
        raise InputError(problems)
    return {name: math.nan if value is None else float(value) for name, value in document.items()}


def _or_none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

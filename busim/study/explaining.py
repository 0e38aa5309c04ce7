"""Finished days for explanations: a run and what it was made from, which must not have changed since."""

from __future__ import annotations

from pathlib import Path

from busim.errors import InputError, Problem
from busim.report.day import FinishedDay
from busim.study.finished import day_of
from busim.study.opening import open_run


def open_day(folder: str | Path) -> FinishedDay:
    """Open a run folder for explanations.

    Raises
    ------
    InputError
        If it is no run folder, is broken, or its map or other inputs are not those that it was made from.
    """
    run = open_run(folder)
    before = {role: each.get("sha256") for role, each in run.manifest.get("inputs", {}).items()}
    changed = [role for role, digest in run.scenario.input_sha256.items() if before.get(role) != digest]
    if changed:
        remedy = "restore it, or run the scenario again: the log can be played back on its own inputs only"
        raise InputError(
            Problem(str(run.scenario.inputs[role]), f"is not the {role} file that the run was made with", remedy)
            for role in changed
        )
    return day_of(run)

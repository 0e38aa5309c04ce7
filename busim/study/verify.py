"""Running a finished run again from its folder, and telling whether the same comes out, byte for byte."""

from __future__ import annotations

import html
import math
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from busim import scenario as scenarios
from busim.core.compiled import KERNEL
from busim.errors import InputError
from busim.model.table import Column, Table
from busim.policy.registry import PolicyRegistry
from busim.scenario import Scenario
from busim.study.event_words import Names
from busim.study.log_compare import Parting, compare_logs
from busim.study.log_file import read_log
from busim.study.manifest import read_manifest, versions
from busim.study.phases import Phases, Progress
from busim.study.result import Run
from busim.study.running import simulate
from busim.study.store import SCENARIO, read_kpis, read_tables


@dataclass(frozen=True, repr=False)
class Verification:
    """What came of running a run again.

    Parameters
    ----------
    folder
        The run.
    is_identical
        Whether the log in the folder, the hash in its manifest and the log of today agree, and the KPIs and tables are
        those that follow from it.
    log_sha256
        ``manifest`` (told when it ran), ``folder`` (of the log that is there) and ``again`` (of today's).
    findings
        What differs: (topic, what), topics ``version``, ``platform``, ``scenario``, ``input``, ``log``, ``kpis`` and
        ``tables``. Versions and platforms may differ while the log is identical.
    parting
        Where the log in the folder and that of today part.
    """

    folder: Path
    is_identical: bool
    log_sha256: Mapping[str, str]
    findings: tuple[tuple[str, str], ...]
    parting: Parting | None

    def lines(self) -> list[str]:
        """Tell it to people."""
        head = f"{self.folder}: " + ("identical, byte for byte." if self.is_identical else "NOT identical.")
        told = [f"  {topic}: {what}" for topic, what in self.findings]
        parted = [] if self.parting is None else self.parting.lines("in the folder", "run again")
        return [head, *told, *parted]

    def document(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "folder": str(self.folder),
            "identical": self.is_identical,
            "log_sha256": dict(self.log_sha256),
            "findings": [{"topic": topic, "what": what} for topic, what in self.findings],
            "first_difference": None if self.parting is None else vars(self.parting),
        }

    def __repr__(self) -> str:
        """Tell it in one line."""
        return f"<Verification {self.lines()[0]}>"

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return f"<pre>{html.escape(chr(10).join(self.lines()))}</pre>"


def verify(folder: str | Path, *, progress: Progress | None = None) -> Verification:
    """Run a run again from what its folder holds, and compare.

    Parameters
    ----------
    folder
        As ``busim run`` has written it.
    progress
        Called with the phase's name and its share done, from 0 to 1.

    Raises
    ------
    InputError
        If it is no run folder, or something that is needed to run it is missing or broken.
    """
    place = Path(folder)
    if not place.is_dir():
        what = "is a file, not a run folder" if place.exists() else "there is no such folder"
        raise InputError.single(str(place), what, "give the folder that `busim run` has written")
    manifest = read_manifest(place)
    if "error" in manifest:
        what = f"holds only the log of a run that failed: {manifest['error']}"
        raise InputError.single(str(place), what, "run the scenario again")
    stored, kpis, tables = read_log(place), read_kpis(place), read_tables(place, manifest["tables"])
    chosen = scenarios.load(place / SCENARIO, (), PolicyRegistry())
    again = simulate(chosen, Phases(progress))
    hashes = {"manifest": manifest["log_sha256"], "folder": stored.sha256(), "again": again.log.sha256()}
    of_log, of_rest = _of_log(hashes), [*_of_kpis(kpis, again.kpis), *_of_tables(tables, again)]
    findings = [*_of_versions(manifest), *_of_scenario(manifest, chosen), *of_log, *of_rest]
    parting = compare_logs(stored, again.log, Names.of(again.network, again.requests))
    return Verification(place, not of_log and not of_rest, hashes, tuple(findings), parting)


def _of_versions(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    then, now = manifest.get("versions", {}), versions()
    names = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
    found = [
        ("version", f"{name} was {then.get(name, 'not there')}, is {now.get(name, 'not there')}") for name in names
    ]
    here = {"system": platform.system(), "machine": platform.machine(), "byteorder": sys.byteorder}
    before = manifest.get("platform", {})
    found += [
        ("platform", f"{key} was {before[key]}, is {here[key]}")
        for key in here
        if before.get(key, here[key]) != here[key]
    ]
    if manifest.get("kernel", KERNEL) != KERNEL:
        found.append(("platform", f"kernels were {manifest['kernel']}, are {KERNEL}"))
    return found


def _of_scenario(manifest: Mapping[str, Any], chosen: Scenario) -> list[tuple[str, str]]:
    found = []
    then = {role: each["sha256"] for role, each in manifest.get("inputs", {}).items()}
    for role in sorted({*then, *chosen.input_sha256}):
        if then.get(role) != chosen.input_sha256.get(role):
            name = manifest["inputs"][role]["file"] if role in then else chosen.inputs[role].name
            what = (
                "was not read then"
                if role not in then
                else "is missing"
                if role not in chosen.inputs
                else "has changed"
            )
            found.append(("input", f"the {role} file {name} {what}"))
    if manifest["seed"] != chosen.spec.seed:
        found.append(("scenario", f"the seed was {manifest['seed']}, {SCENARIO} has {chosen.spec.seed}"))
    is_same_busim = manifest.get("versions", {}).get("busim") == versions()["busim"]
    if manifest["fingerprint"] != chosen.fingerprint and is_same_busim and not found:
        found.append(("scenario", f"{SCENARIO} does not say what was run (another fingerprint)"))
    return found


def _of_log(hashes: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    if hashes["folder"] != hashes["manifest"]:
        found.append(("log", "the log in the folder is not the one that the run wrote (its hash differs)"))
    if hashes["again"] != hashes["manifest"]:
        found.append(("log", "run again, the day has another log than the run wrote"))
    return found


def _of_kpis(stored: Mapping[str, float], again: Mapping[str, float]) -> list[tuple[str, str]]:
    """Compare KPIs that both know: another version may know more."""
    names = [name for name in stored if name in again and _finite(stored[name]) != _finite(again[name])]
    return [("kpis", "not those of the day run again: " + ", ".join(names))] if names else []


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None  # as in the file


def _of_tables(stored: Mapping[str, Table], again: Run) -> list[tuple[str, str]]:
    found = []
    for name, table in stored.items():
        other = again.tables.get(name)
        if other is None:
            continue
        columns = [key for key in table if key in other and not _is_same(table[key], other[key])]
        if columns:
            found.append(("tables", f"{name} is not that of the day run again: {', '.join(columns)}"))
    return found


def _is_same(first: Column, second: Column) -> bool:
    is_number = first.dtype.kind == "f" and second.dtype.kind == "f"
    return bool(np.array_equal(first, second, equal_nan=True) if is_number else np.array_equal(first, second))

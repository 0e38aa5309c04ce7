"""The manifest of a run: what made it, from what, and the hash by which it can be verified."""

from __future__ import annotations

import json
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from busim._version import __version__
from busim.core.compiled import KERNEL
from busim.errors import InputError, Problem
from busim.model.events import EventLog
from busim.scenario import Scenario

FORMAT = 1  # of the run folder; raised when an older busim could not read it
PACKAGES = ("numpy", "scipy", "simpy", "networkx", "shapely", "pydantic", "matplotlib", "numba")
FILE = "manifest.json"
_NEEDED = {"format": int, "seed": int, "fingerprint": str, "log_sha256": str, "events": int, "tables": dict}


def versions() -> dict[str, str]:
    """Give the versions of Python, busim and what it computes with; what is not installed is left out."""
    found = {"python": platform.python_version(), "busim": __version__}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def make_manifest(scenario: Scenario, log: EventLog, cpu_s: dict[str, float]) -> dict[str, Any]:
    """Describe a run whose simulation is over."""
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "seed": scenario.spec.seed,
        "fingerprint": scenario.fingerprint,
        "log_sha256": log.sha256(),
        "events": len(log),
        "inputs": {
            role: {"file": path.name, "sha256": scenario.input_sha256[role]} for role, path in scenario.inputs.items()
        },
        "versions": versions(),
        "kernel": KERNEL,
        "platform": {"system": platform.system(), "machine": platform.machine(), "byteorder": sys.byteorder},
        "cpu_s": {phase: round(seconds, 3) for phase, seconds in cpu_s.items()},
        "tables": {},
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read and check the manifest of a run folder.

    Raises
    ------
    InputError
        If the folder holds none, or what it holds is not one of ours.
    """
    path = folder / FILE
    manifest = read_json(path)
    problems = [
        Problem(str(path), f"'{key}' is missing or not of type {kind.__name__}", "the file was changed")
        for key, kind in _NEEDED.items()
        if not isinstance(manifest.get(key), kind)
    ]
    if problems:
        raise InputError(problems)
    if manifest["format"] > FORMAT:
        what = f"was written by a newer busim (format {manifest['format']}, this one reads {FORMAT})"
        raise InputError.single(str(path), what, "update busim")
    return manifest


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    InputError
        If the file is missing, cannot be read, or holds something else.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError.single(str(path), what, "is the folder a complete run?") from None
    if not isinstance(document, dict):
        raise InputError.single(str(path), "holds no JSON object", "is the folder a complete run?")
    return document


def write_json(path: Path, document: Any) -> None:
    """Write JSON for people and programs alike."""
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")

"""A scenario that has passed every check, with what is needed to run it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from busim._version import __version__
from busim.model.specs import ScenarioSpec

FILE_KEYS = (("map", "path"), ("demand", "file"), ("demand", "plan"))
FILE_ROLES = ("map", "requests", "plan")


@dataclass(frozen=True)
class Scenario:
    """A validated scenario.

    Parameters
    ----------
    spec
        What it says, as plain data.
    document
        The same as tables, with every default; keys that follow from others are left out where they were not given.
    text
        The document as TOML. It names busim's own files so that they are found from anywhere, and a user's files
        by their bare names: beside a copy of these it runs as it stands.
    inputs
        Files that a run reads, by role: ``map``, ``places``, ``areas``, ``requests``, ``plan``.
    input_sha256
        SHA-256 of each input, by role.
    fingerprint
        SHA-256 over document, inputs and busim's version; not over paths.
    path
        The file it was read from, if any.
    """

    spec: ScenarioSpec
    document: dict[str, Any]
    text: str
    inputs: dict[str, Path]
    input_sha256: dict[str, str]
    fingerprint: str
    path: Path | None

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.spec.name


def sha256_of(path: Path) -> str:
    """Hash the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(document: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """Hash a complete document without the names of its files, the hashes of these, and busim's version."""
    bare = {
        name: {key: value for key, value in table.items() if (name, key) not in FILE_KEYS}
        for name, table in document.items()
    }
    whole = {"busim": __version__, "scenario": bare, "inputs": dict(hashes)}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()

"""Overrides of the command line: ``--set fleet.size=20``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from busim.errors import Problem
from busim.scenario.base import KeyPath, dotted, printable
from busim.scenario.toml_read import to_plain
from busim.scenario.toml_write import written

Overrides = Sequence[str] | Mapping[str, Any]
_USE = "write --set section.key=value, such as --set fleet.size=20"


def as_texts(overrides: Overrides) -> list[str]:
    """Write overrides as ``section.key=value``: such texts, one of them, or values by key."""
    if isinstance(overrides, str):
        return [overrides]
    if isinstance(overrides, Mapping):
        return [f"{key}={written(value)}" for key, value in overrides.items()]
    return list(overrides)


def parse_override(text: str) -> tuple[tuple[str, ...], Any] | Problem:
    """Split one override into its key path and its value.

    Parameters
    ----------
    text
        ``section.key=value``; the value is TOML, or a text without quotes.
    """
    key, equals, value = text.partition("=")
    parts = tuple(part.strip() for part in key.split("."))
    if not equals:
        return Problem(label(text), "has no value", _USE)
    if not all(parts):
        return Problem(label(text), "has no key, or an empty part in its key", _USE)
    return parts, parse_value(value.strip())


def label(text: str) -> str:
    """Name an override in messages."""
    return printable(f"--set {text}", 80)


def locate(document: Mapping[str, Any], parts: tuple[str, ...], text: str) -> KeyPath | Problem:
    """Find where an override belongs: elements of lists go by number, from 0, as in ``fleet.group.0.size=3``."""
    value: Any = document
    path: KeyPath = ()
    for part in parts:
        if isinstance(value, list):
            if not (part.isdigit() and int(part) < len(value)):
                what = f"there is no {dotted((*path, part))}: the list has {len(value)} elements, counted from 0"
                return Problem(label(text), what, f"write {dotted(path)}=[...] for the whole list")
            path, value = (*path, int(part)), value[int(part)]
        elif isinstance(value, Mapping):
            path, value = (*path, part), value.get(part, {})
        else:
            return Problem(label(text), f"{dotted(path)} is a value, not a table", f"write {dotted(path)}=...")
    return path


def parse_value(text: str) -> Any:
    """Read a TOML value; what is none is a text, and inside brackets a list of such."""
    try:
        document = tomllib.loads(f"value = {text}")
        if len(document) == 1:
            return to_plain(document["value"])
    except (ValueError, RecursionError):
        pass
    if text.startswith("[") and text.endswith("]") and not any(mark in text[1:-1] for mark in "[]{}\"'"):
        return [parse_value(item.strip()) for item in text[1:-1].split(",") if item.strip()]
    return text

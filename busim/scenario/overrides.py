"""Overrides of the command line: ``--set fleet.size=20``."""

from __future__ import annotations

import tomllib
from typing import Any

from busim.errors import Problem
from busim.scenario.base import KeyPath
from busim.scenario.toml_read import to_plain

_USE = "write --set section.key=value, such as --set fleet.size=20"


def parse_override(text: str) -> tuple[KeyPath, Any] | Problem:
    """Split one override into its key path and its value.

    Parameters
    ----------
    text
        ``section.key=value``; the value is TOML, or a text without quotes. Elements of lists go by number, from 0:
        ``fleet.group.0.size=3``.
    """
    key, equals, value = text.partition("=")
    parts = [part.strip() for part in key.split(".")]
    if not equals:
        return Problem(f"--set {text}", "has no value", _USE)
    if not all(parts):
        return Problem(f"--set {text}", "has no key, or an empty part in its key", _USE)
    return tuple(int(part) if part.isdigit() else part for part in parts), parse_value(value.strip())


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

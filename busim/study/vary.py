"""What ``--vary`` asks for, and every combination of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from busim.errors import InputError, Problem
from busim.study.variants import Setting, Source, Wish

MOST_RUNS = 10_000
_OPENING, _CLOSING = "[{", "]}"


def parse_vary(texts: Sequence[str]) -> list[tuple[Setting, ...]]:
    """Read ``key=value,value,...``; commas inside brackets and quotes belong to a value.

    Returns
    -------
    list of tuple of Setting
        Per key its values.

    Raises
    ------
    InputError
        If a key has no values, or stands twice.
    """
    problems: list[Problem] = []
    found: dict[str, tuple[Setting, ...]] = {}
    for text in texts:
        key, equals, values = (part.strip() for part in text.partition("="))
        parts = [part.strip() for part in split_values(values)] if values else []
        if not key or not equals or not parts or not all(parts):
            what = "needs a key and values" if not parts else "has an empty value"
            problems.append(Problem(f"--vary {text}", what, "write --vary fleet.size=10,15,20"))
        elif key in found:
            problems.append(Problem(f"--vary {text}", f"'{key}' is varied twice", "give all its values at once"))
        else:
            found[key] = tuple(Setting(key, part, f"--vary {key}={part}") for part in parts)
    if problems:
        raise InputError(problems)
    return list(found.values())


def split_values(text: str) -> list[str]:
    """Split at commas outside of brackets and quotes."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += (letter in _OPENING) - (letter in _CLOSING)
        if letter == "," and not quote and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def vary_mapping(vary: Mapping[str, Sequence[Any]]) -> list[tuple[Setting, ...]]:
    """Take values by key, from Python.

    Raises
    ------
    InputError
        If a key has no values, or a text stands where a list should.
    """
    problems = [
        Problem(f"vary {key}", "must be a list of values" if isinstance(values, str) else "has no values", "[10, 15]")
        for key, values in vary.items()
        if isinstance(values, str) or not len(values)
    ]
    if problems:
        raise InputError(problems)
    return [tuple(Setting.of(key, value, f"vary {key}") for value in values) for key, values in vary.items()]


def combinations(sources: Sequence[Source], axes: Sequence[tuple[Setting, ...]]) -> list[Wish]:
    """Combine every source with every combination of values; the last key changes fastest."""
    return [Wish(source, settings) for source in sources for settings in itertools.product(*axes)]


def check_size(cells: int, seeds: int, where: str, is_allowed: bool = False, most: int = MOST_RUNS) -> None:
    """Make sure that a study is not larger than anyone meant.

    Raises
    ------
    InputError
        If it is, unless that is allowed.
    """
    if cells * seeds > most and not is_allowed:
        what = f"{cells} variants with {seeds} seeds each make {cells * seeds} runs, more than {most}"
        raise InputError.single(where, what, "fewer values or seeds, or --allow-many if it is meant")


def count(sources: int, axes: Sequence[tuple[Setting, ...]]) -> int:
    """Count the combinations without making them."""
    return sources * prod(len(axis) for axis in axes)

"""Study files: which scenario, what is varied, how many seeds; read in full before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from busim.errors import InputError, Problem
from busim.scenario.base import KeyPath, dotted
from busim.scenario.toml_lines import index_lines
from busim.scenario.toml_read import parse, read_text
from busim.study.design import Range
from busim.study.study_keys import CASE, FREE, check_keys, check_range
from busim.study.variants import Setting


class Places:
    """Names the places of keys: file, line and key."""

    def __init__(self, name: str, lines: Mapping[KeyPath, int]) -> None:
        self.name, self.lines = name, lines

    def __call__(self, path: KeyPath) -> str:
        """Name the place of a key path, or of what stands nearest above it."""
        known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.lines), None)
        place = self.name if known is None else f"{self.name}:{self.lines[known]}"
        return f"{place} {dotted(path)}".strip()


@dataclass(frozen=True)
class Case:
    """One variant that a file spells out.

    Parameters
    ----------
    name
        If it was given one.
    file
        Its scenario; empty for that of the study.
    settings
        What it changes.
    """

    name: str
    file: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class StudyFile:
    """What a study file says.

    Parameters
    ----------
    path
        Where it stands; scenarios are looked for beside it.
    study, compare
        The tables of these names, without unknown keys and wrong types.
    base
        Set in all variants.
    vary
        Per key its values.
    ranges
        Per key the values that a Latin hypercube may take.
    cases
        Variants one by one.
    place
        Names the place of a key.
    """

    path: Path
    study: Mapping[str, Any]
    compare: Mapping[str, Any]
    base: tuple[Setting, ...]
    vary: tuple[tuple[Setting, ...], ...]
    ranges: tuple[Range, ...]
    cases: tuple[Case, ...]
    place: Places


def is_study_file(path: str | Path) -> bool:
    """Tell whether a file is a study; what cannot be read is left to whoever takes it for a scenario."""
    try:
        return "study" in parse(read_text(Path(path), str(path)), str(path))
    except InputError:
        return False


def read_study(path: str | Path) -> StudyFile:
    """Read a study file.

    Raises
    ------
    InputError
        With every problem: file, line, key, value, what is allowed.
    """
    name = str(path)
    text = read_text(Path(path), name)
    document = parse(text, name)
    place = Places(name, index_lines(text))
    problems = [Problem(place(key), what, remedy) for key, what, remedy in check_keys(document)]
    tables = {name: table for name in FREE if isinstance(table := document.get(name, {}), Mapping)}
    flat = {name: list(_leaves(tables.get(name, {}), (name,))) for name in FREE}
    for key, value in flat["vary"]:
        if not isinstance(value, list) or not value:
            what = "has no values" if value == [] else f"must be a list of values, got {value}"
            problems.append(Problem(place(key), what, f"write {dotted(key[1:])} = [..., ...]"))
    problems += [Problem(place(key), *wrong) for key, value in flat["range"] if (wrong := check_range(value))]
    if problems:
        raise InputError(problems)
    return StudyFile(
        Path(path),
        document.get("study", {}),
        document.get("compare", {}),
        _settings(flat["set"], place),
        tuple(tuple(Setting.of(dotted(key[1:]), v, place(key)) for v in values) for key, values in flat["vary"]),
        tuple(Range(dotted(key[1:]), low, high, place(key)) for key, (low, high) in flat["range"]),
        tuple(_case(case, i, place) for i, case in enumerate(document.get(CASE, ()))),
        place,
    )


def _leaves(table: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """List the values of nested tables with the key path of each; a quoted key may hold dots itself."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _settings(leaves: list[tuple[KeyPath, Any]], place: Places, skip: int = 1) -> tuple[Setting, ...]:
    return tuple(Setting.of(dotted(key[skip:]), value, place(key)) for key, value in leaves)


def _case(case: Mapping[str, Any], index: int, place: Places) -> Case:
    changes = {key: value for key, value in case.items() if key not in ("name", "file")}
    settings = _settings(list(_leaves(changes, (CASE, index))), place, skip=2)
    return Case(case.get("name", ""), case.get("file", ""), settings)

"""Variants of a scenario: the same file with some keys set otherwise, all checked before anything runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from busim import scenario as scenarios
from busim.errors import InputError, Problem
from busim.policy.registry import PolicyRegistry
from busim.scenario import Scenario
from busim.scenario.overrides import Overrides, as_texts, label, parse_value
from busim.scenario.scenario import FILE_KEYS, FILE_ROLES
from busim.scenario.toml_write import dumps

Source: TypeAlias = str | Path | Scenario
SCENARIO = "scenario"  # stands for a key where there are several


@dataclass(frozen=True)
class Setting:
    """One key with one value.

    Parameters
    ----------
    key
        With dots, such as ``fleet.size``.
    text
        The value as TOML, or as written after ``--set``.
    where
        Where it was asked for.
    """

    key: str
    text: str
    where: str

    @classmethod
    def of(cls, key: str, value: Any, where: str) -> Setting:
        """Make one from a value of Python."""
        try:
            text = dumps({"v": value}).removeprefix("v = ").strip()
        except TypeError:
            text = str(value)
        return cls(key, text, where)

    @property
    def override(self) -> str:
        """As given to ``--set``."""
        return f"{self.key}={self.text}"

    @property
    def value(self) -> Any:
        """As TOML understands it."""
        return parse_value(self.text)

    @property
    def shown(self) -> str:
        """The value for people, without quotes."""
        return _shown(self.value)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Variant:
    """A scenario of a study.

    Parameters
    ----------
    name
        What tables and pictures call it.
    scenario
        Checked.
    values
        Of the keys that the study varies.
    """

    name: str
    scenario: Scenario
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Wish:
    """A variant that is asked for, not yet loaded.

    Parameters
    ----------
    source
        A file, or a scenario at hand.
    settings
        What is varied, the last of a key counts.
    name
        If it was given one.
    """

    source: Source
    settings: tuple[Setting, ...] = ()
    name: str = ""


def load_all(wishes: Sequence[Wish], overrides: Overrides = ()) -> list[Variant]:
    """Load and check all variants.

    Parameters
    ----------
    wishes
        In order.
    overrides
        Laid over every one of them, below its own settings.

    Raises
    ------
    InputError
        With the problems of all variants, each once, at the place where its value was asked for.
    """
    several = len({_source_name(wish.source) for wish in wishes}) > 1
    made: list[Variant] = []
    problems: dict[Problem, None] = {}
    for wish, name in zip(wishes, names_of(wishes), strict=True):
        try:
            loaded = _load(wish, overrides)
        except InputError as error:
            problems |= dict.fromkeys(_at_its_place(problem, wish) for problem in error.problems)
            continue
        values = {SCENARIO: _source_name(wish.source)} if several else {}
        values |= {setting.key: setting.value for setting in wish.settings}
        made.append(Variant(name, loaded, values))
    if problems:
        raise InputError(problems)
    return made


def _load(wish: Wish, overrides: Overrides) -> Scenario:
    texts = [*as_texts(overrides), *(setting.override for setting in wish.settings)]
    if not isinstance(wish.source, Scenario):
        return scenarios.load(wish.source, texts, PolicyRegistry())
    if not texts:
        return wish.source
    return scenarios.loads(wish.source.text, [*_files(wish.source), *texts], PolicyRegistry())


def _files(chosen: Scenario) -> list[str]:
    """Name a scenario's files in full, as its text has only their bare names."""
    named = zip(FILE_KEYS, FILE_ROLES, strict=True)
    return [f"{'.'.join(key)}={json.dumps(str(chosen.inputs[role]))}" for key, role in named if role in chosen.inputs]


def _at_its_place(problem: Problem, wish: Wish) -> Problem:
    for setting in wish.settings:
        if problem.where == label(setting.override):
            return replace(problem, where=setting.where)
    return problem


def names_of(wishes: Sequence[Wish]) -> list[str]:
    """Name variants by what sets them apart; of equal names the later ones are numbered."""
    several = len({_source_name(wish.source) for wish in wishes}) > 1
    is_one_key = len({setting.key for wish in wishes for setting in wish.settings}) == 1
    taken: dict[str, int] = {}
    names = []
    for wish in wishes:
        name = wish.name or _name(wish, several, is_one_key)
        taken[name] = taken.get(name, 0) + 1
        names.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return names


def _name(wish: Wish, several: bool, is_one_key: bool) -> str:
    settings = {setting.key: setting for setting in wish.settings}.values()
    parts = [_source_name(wish.source)] if several or not settings else []
    parts += [each.shown if is_one_key else f"{_last(each.key)}={each.shown}" for each in settings]
    return ", ".join(parts)


def _last(key: str) -> str:
    section, _, last = key.rpartition(".")
    return section if last == "strategy" else last


def _source_name(source: Source) -> str:
    return source.name if isinstance(source, Scenario) else Path(source).stem


def check_seeds(seeds: int | Iterable[int], least: int, first: int, where: str = "--seeds") -> Sequence[int]:
    """Give the seeds of a study.

    Parameters
    ----------
    seeds
        How many, from the first on; or the seeds themselves.
    least
        How many there must be.
    first
        The first, where only a number is given.

    Raises
    ------
    InputError
        If there are too few, or they are no seeds, or one stands twice.
    """
    if isinstance(seeds, bool) or (not isinstance(seeds, int) and not _are_seeds(seeds)):
        raise InputError.single(where, f"must be a number of seeds, or a list of them, got {seeds}", "write 20")
    found = range(first, first + seeds) if isinstance(seeds, int) else tuple(seeds)
    if len(found) < least:
        remedy = "one day tells nothing of how much days differ" if least == 2 else "write 20"
        raise InputError.single(where, f"there must be at least {least} seeds, got {len(found)}", remedy)
    if not isinstance(found, range) and len(set(found)) < len(found):
        raise InputError.single(where, "the same seed stands twice", "the same day twice tells nothing new")
    return found


def _are_seeds(seeds: Any) -> bool:
    return isinstance(seeds, Iterable) and all(isinstance(s, int) and not isinstance(s, bool) and s >= 0 for s in seeds)

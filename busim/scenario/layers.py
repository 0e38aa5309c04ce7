"""A scenario is made of layers: the files that extend each other, then the overrides; and where each key comes from."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from busim.errors import InputError, Problem
from busim.scenario.base import KeyPath, dotted
from busim.scenario.data import find
from busim.scenario.document import EXTENDS, sections
from busim.scenario.overrides import label, locate, parse_override
from busim.scenario.strategies import STRATEGY, StrategySection
from busim.scenario.toml_lines import index_lines
from busim.scenario.toml_read import parse, read_text


@dataclass(frozen=True)
class Layer:
    """What one file or one override says.

    Parameters
    ----------
    name
        For messages: the file, or ``--set fleet.size=20``.
    document
        Its tables.
    lines
        Line of each key; empty for an override.
    folders
        Where files that it names are looked for.
    depth
        Length of the key path that an override sets; 0 for a file.
    """

    name: str
    document: dict[str, Any]
    lines: Mapping[KeyPath, int]
    folders: tuple[Path, ...]
    depth: int = 0

    def has(self, path: KeyPath) -> bool:
        """Whether the layer says anything at this key path."""
        value: Any = self.document
        for part in path:
            in_list = isinstance(value, list) and isinstance(part, int) and part < len(value)
            if not in_list and not (isinstance(value, Mapping) and part in value):
                return False
            value = value[part]
        return True

    def where(self, path: KeyPath) -> str:
        """Name the place of a key: file, line and key path."""
        if self.depth:
            return self.name
        known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.lines), None)
        place = self.name if known is None else f"{self.name}:{self.lines[known]}"
        return f"{place} {dotted(path)}".strip()


class Layers:
    """The layers from the lowest up, and the document that they make together."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)
        self.document: dict[str, Any] = {}
        for layer in self.layers:
            self.document = merge(self.document, layer.document)

    def override(self, texts: Sequence[str], folders: tuple[Path, ...]) -> list[Problem]:
        """Lay overrides on top; a change of strategy comes before its parameters."""
        problems: list[Problem] = []
        parsed: list[tuple[str, tuple[str, ...], Any]] = []
        for text in texts:
            read = parse_override(text)
            if isinstance(read, Problem):
                problems.append(read)
            elif read[0][0] == EXTENDS:
                problems.append(Problem(label(text), "extends cannot be overridden", "name the other file instead"))
            else:
                parsed.append((text, *read))
        for text, parts, value in sorted(parsed, key=lambda item: item[1][-1] != STRATEGY):
            path = locate(self.document, parts, text)
            if isinstance(path, Problem):
                problems.append(path)
                continue
            layer = Layer(label(text), _nest(path, value), {}, folders, len(path))
            self.layers.append(layer)
            self.document = merge(self.document, layer.document)
        return problems

    def owner(self, path: KeyPath) -> Layer:
        """Find the uppermost layer that says something at a key path, or nearest above it."""
        for length in range(len(path), 0, -1):
            for layer in reversed(self.layers):
                if layer.has(path[:length]) and (layer.depth <= length or length == len(path)):
                    return layer
        return [layer for layer in self.layers if not layer.depth][-1]

    def where(self, path: KeyPath) -> str:
        """Name the place where a key was given: file and line, or override."""
        return self.owner(path).where(path)


def _nest(path: KeyPath, value: Any) -> dict[str, Any]:
    nested = value
    for part in reversed(path):
        nested = {part: nested}
    document: dict[str, Any] = nested
    return document


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one document over another: tables merge, all else is replaced, another strategy brings its own parameters."""
    merged: dict[str, Any] = copy.deepcopy(dict(below))
    for name, value in above.items():
        if isinstance(value, Mapping) and isinstance(merged.get(name), dict):
            merged[name] = _merge_tables(_without_old_parameters(name, merged[name], value), value)
        else:
            merged[name] = copy.deepcopy(value)
    return merged


def _merge_tables(below: dict[str, Any], above: Mapping[Any, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, Mapping):
            merged[key] = _merge_tables(old, value)
        elif isinstance(old, list) and isinstance(value, Mapping) and _picks(value, old):
            merged[key] = [_replace(item, i, value) for i, item in enumerate(old)]
        else:
            merged[key] = copy.deepcopy(value)
    return merged


def _picks(value: Mapping[Any, Any], old: list[Any]) -> bool:
    return bool(value) and all(isinstance(i, int) and i < len(old) for i in value)


def _replace(item: Any, index: int, changes: Mapping[Any, Any]) -> Any:
    if index not in changes:
        return item
    change = changes[index]
    return _merge_tables(item, change) if isinstance(item, dict) and isinstance(change, Mapping) else change


def _without_old_parameters(name: str, below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    model = sections().get(name)
    if model is None or not issubclass(model, StrategySection) or STRATEGY not in above:
        return below
    old = below.get(STRATEGY, model.model_fields[STRATEGY].default)
    return below if above[STRATEGY] == old else {k: v for k, v in below.items() if k in model.model_fields}


def read_layers(path: Path, name: str) -> list[Layer]:
    """Read a file and all that it extends, the lowest first.

    Raises
    ------
    InputError
        If a file cannot be read, or files extend each other in a circle.
    """
    return _with_base(read_text(path, name), name, path.parent, (path.resolve(),))


def text_layers(text: str, name: str, folder: Path) -> list[Layer]:
    """Do as ``read_layers`` does, for a text that stands in no file."""
    return _with_base(text, name, folder, ())


def _with_base(text: str, name: str, folder: Path, chain: tuple[Path, ...]) -> list[Layer]:
    document, lines = parse(text, name), index_lines(text)
    layer = Layer(name, document, lines, (folder,))
    where = layer.where((EXTENDS,))
    base = document.pop(EXTENDS, None)
    if base is None:
        return [layer]
    if not isinstance(base, str) or not base:
        raise InputError.single(where, "must be the name of one scenario file", 'write extends = "science_city.toml"')
    path = find(base, (folder,)) or folder / base
    if path.resolve() in chain:
        circle = " -> ".join(step.name for step in (*chain[chain.index(path.resolve()) :], path))
        raise InputError.single(where, f"files extend each other in a circle: {circle}", "take one extends out")
    try:
        below = read_text(path, base)
    except InputError as error:
        first = error.problems[0]
        raise InputError.single(where, f"'{first.where}': {first.what}", first.remedy) from None
    return [*_with_base(below, _beside(name, base, path), path.parent, (*chain, path.resolve())), layer]


def _beside(name: str, base: str, path: Path) -> str:
    near = Path(name).parent / base
    return str(near) if near.exists() else str(path)

"""Reading scenarios: files, overrides, checks, in the order that lets every problem be told at once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from busim.errors import InputError, Problem
from busim.scenario.base import KeyPath, Section, printable
from busim.scenario.build import Files, build
from busim.scenario.data import find, shared_name
from busim.scenario.day import MAX_SEED
from busim.scenario.demand import DemandSection
from busim.scenario.document import Document
from busim.scenario.layers import Layers, read_layers, text_layers
from busim.scenario.overrides import Overrides, as_texts
from busim.scenario.scenario import FILE_KEYS, FILE_ROLES, Scenario, fingerprint, sha256_of
from busim.scenario.strategies import Registry
from busim.scenario.toml_write import dumps
from busim.scenario.town import MapSection
from busim.scenario.validate import check_sections, check_strategies, check_together

_BESIDE_MAP = (("places", "places.csv"), ("areas", "areas.geojson"))
_HEADER = "# A complete scenario of busim: every key with the value that was used.\n\n"


def load(path: str | Path, overrides: Overrides = (), registry: Registry | None = None) -> Scenario:
    """Read a scenario file, check all of it, and give it complete.

    Parameters
    ----------
    path
        A TOML file, or the name of one that comes with busim, such as ``quick.toml``.
    overrides
        Values by key, or texts ``section.key=value`` as given to ``--set``.
    registry
        Checks strategies and their parameters; without one they are taken as they are.

    Raises
    ------
    InputError
        With every problem: file, line, key, value, what is allowed.
    """
    name = str(path)
    shown = printable(name, 200)
    found = find(name, (Path(),)) or Path(name)
    layers = Layers(read_layers(found, shown))
    return _checked(layers, found.parent, overrides, registry, found)


def loads(
    text: str,
    overrides: Overrides = (),
    registry: Registry | None = None,
    *,
    folder: Path | None = None,
    name: str = "scenario",
) -> Scenario:
    """Read a scenario from a text; files that it names are looked for in the folder, then in busim's data.

    Raises
    ------
    InputError
        With every problem.
    """
    folder = Path() if folder is None else folder
    return _checked(Layers(text_layers(text, name, folder)), folder, overrides, registry, None)


def with_seed(scenario: Scenario, seed: int) -> Scenario:
    """Give the same scenario with another seed.

    Raises
    ------
    InputError
        If the seed is not a whole number from 0 to 2**63 - 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise InputError.single("--seed", f"must be a whole number of at least 0, got {seed}", "write --seed 1")
    document = {**scenario.document, "scenario": {**scenario.document["scenario"], "seed": seed}}
    return replace(
        scenario,
        spec=replace(scenario.spec, seed=seed),
        document=document,
        text=_HEADER + dumps(document),
        fingerprint=fingerprint(document, scenario.input_sha256),
    )


def _checked(
    layers: Layers, folder: Path, overrides: Overrides, registry: Registry | None, path: Path | None
) -> Scenario:
    problems = layers.override(as_texts(overrides), (Path(), folder))
    good, found = check_sections(layers)
    problems += found
    problems += [Problem(layers.where(key), what, remedy) for key, what, remedy in check_together(good)]
    if registry is not None:
        problems += check_strategies(good, layers, registry)
    inputs = _find_inputs(good, layers, problems)
    if problems:
        raise InputError(problems)
    return _complete(cast("Any", good), inputs, path)


def _find_inputs(good: dict[str, Section], layers: Layers, problems: list[Problem]) -> dict[str, Path]:
    """Find the files that are needed, by role; what is missing is added to the problems."""
    inputs: dict[str, Path] = {}
    section = good.get("map")
    if isinstance(section, MapSection) and section.is_file:
        path = _find_file(section.path, ("map", "path"), layers, problems)
        if path is not None:
            inputs["map"] = path
            beside = [(role, path.parent / name) for role, name in _BESIDE_MAP]
            inputs |= {role: file for role, file in beside if file.is_file()}
    demand = good.get("demand")
    if isinstance(demand, DemandSection) and demand.is_file:
        path = _find_file(demand.file, ("demand", "file"), layers, problems)
        if path is not None:
            inputs["requests"] = path
    if isinstance(demand, DemandSection) and demand.plan:
        path = _find_file(demand.plan, ("demand", "plan"), layers, problems)
        if path is not None:
            inputs["plan"] = path
    return inputs


def _find_file(name: str, key: KeyPath, layers: Layers, problems: list[Problem]) -> Path | None:
    layer = layers.owner(key)
    path = find(name, layer.folders)
    if path is None:
        remedy = "looked beside the file that names it, then in busim's own data; check the name"
        problems.append(Problem(layer.where(key), f"there is no file '{printable(name, 80)}'", remedy))
        return None
    if not path.is_file():
        problems.append(Problem(layer.where(key), f"'{name}' is a folder, not a file", "name the file in it"))
        return None
    try:
        path.open("rb").close()
    except OSError as error:
        problems.append(
            Problem(layer.where(key), f"'{name}' cannot be read: {error.strerror}", "check its permissions")
        )
        return None
    return Path(os.path.abspath(path))  # noqa: PTH100  (resolve() would leave the folder of a symbolic link)


def _complete(good: dict[str, Any], inputs: dict[str, Path], path: Path | None) -> Scenario:
    model = Document(**good)
    spec = build(model, Files(*(inputs.get(role) for role in FILE_ROLES)))
    document = model.model_dump(exclude_none=True)
    for (section, key), role in zip(FILE_KEYS, FILE_ROLES, strict=True):
        file = inputs.get(role)
        document[section][key] = "" if file is None else shared_name(file) or file.name
    hashes = {role: sha256_of(file) for role, file in inputs.items()}
    text = _HEADER + dumps(document)
    return Scenario(spec, document, text, inputs, hashes, fingerprint(document, hashes), path)

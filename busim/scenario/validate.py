"""From layers to checked sections: every problem of every section, told at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from busim.errors import Problem, did_you_mean
from busim.scenario.base import Section, dotted, show
from busim.scenario.document import Document, models, sections
from busim.scenario.hints import unknown_key
from busim.scenario.layers import Layers
from busim.scenario.messages import translate
from busim.scenario.strategies import STRATEGY, Registry, StrategySection


def check_sections(layers: Layers) -> tuple[dict[str, Section], list[Problem]]:
    """Validate each section by itself.

    Returns
    -------
    dict of str to Section
        The sections without a problem.
    list of Problem
        All that is wrong.
    """
    good: dict[str, Section] = {}
    problems = _unknown_sections(layers)
    for name, model in sections().items():
        raw = layers.document.get(name, {})
        if not isinstance(raw, dict):
            what = f"must be a section, got {show(raw)}"
            problems.append(
                Problem(layers.where((name,)), what, _as_section(name, raw, layers.owner((name,)).depth > 0))
            )
            continue
        section, found = _check_section(name, model, raw, layers)
        problems += found
        if section is not None:
            good[name] = section
    return good, problems


def _check_section(
    name: str, model: type[Section], raw: Mapping[str, Any], layers: Layers
) -> tuple[Section | None, list[Problem]]:
    try:
        section = model.model_validate(raw)
    except ValidationError as error:
        return None, [translate(item, name, model, layers) for item in error.errors(include_url=False)]
    found = [Problem(layers.where((name, *path)), what, remedy) for path, what, remedy in section.findings()]
    return (None if found else section), found


def _as_section(name: str, raw: Any, is_override: bool) -> str:
    key = {"map": "path", "service": "mode", "fleet": "size"}.get(name, STRATEGY)
    if not isinstance(raw, str | int) or key not in sections()[name].model_fields:
        return f"write [{name}], and its keys below"
    return (
        f"write --set {name}.{key}={raw}" if is_override else f"write [{name}], and below it {key} = {json.dumps(raw)}"
    )


def _unknown_sections(layers: Layers) -> list[Problem]:
    tables = {
        table: list(found.model_fields) for top, model in sections().items() for table, found in models(top, model)
    }
    problems = []
    for name, value in layers.document.items():
        if name in sections():
            continue
        if isinstance(value, dict):
            what, remedy = f"there is no section [{name}]", did_you_mean(str(name), Document.model_fields)
        else:
            what = f"there is no key '{dotted((name,))}' outside the sections"
            remedy = unknown_key(str(name), value, [*Document.model_fields, "extends"], tables)
        problems.append(Problem(layers.where((name,)), what, remedy))
    return problems


def check_strategies(good: Mapping[str, Section], layers: Layers, registry: Registry) -> list[Problem]:
    """Ask the registry about every strategy and its parameters."""
    problems: list[Problem] = []
    for name, section in good.items():
        if not isinstance(section, StrategySection):
            continue
        strategy: str = getattr(section, "strategy")  # noqa: B009  (each subclass has its own default)
        for key, what, remedy in registry.check(name, strategy, section.parameters):
            problems.append(Problem(layers.where((name, key) if key else (name,)), what, remedy))
    return problems


def check_together(good: Mapping[str, Section]) -> list[tuple[tuple[str, str], str, str]]:
    """Find what is wrong between sections: (section and key, what, remedy)."""
    service, line = good.get("service"), good.get("line")
    if service is None or line is None or getattr(service, "mode") != "line":  # noqa: B009
        return []
    stops = getattr(line, "stops")  # noqa: B009
    if len(stops) >= 2:
        return []
    what = f"a line needs at least two stops, got {len(stops)}"
    return [(("line", "stops"), what, 'write stops = ["first", "second"], places of the map in order')]

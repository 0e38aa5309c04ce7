"""The table of all keys, made from the models, for the documentation."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from busim.scenario.base import Section
from busim.scenario.document import models, sections
from busim.scenario.fields import is_clock, literals, show_range
from busim.scenario.presets import PRESETS
from busim.units import clock

_LISTS = ("fleet.group", "charging.charger")


def keys_markdown() -> str:
    """Write one table per section: key, default, what is allowed, what it means."""
    parts: list[str] = []
    for name, model in sections().items():
        for table, inner in models(name, model):
            brackets = f"[[{table}]]" if table in _LISTS else f"[{table}]"
            parts += [f"### `{brackets}`", "", _about(table, inner), "", *_rows(table, inner), ""]
    return "\n".join(parts).strip() + "\n"


def presets_markdown() -> str:
    """Write the types of bus as a table, and their sources below it."""
    titles = ["`vehicle`", "what", "seats", "standing", "wheelchairs", "kWh", "kWh/km"]
    titles += ["kW auxiliaries", "kW computer", "kW charging", "km/h"]
    lines = [f"| {' | '.join(titles)} |", "|---|---|" + "---:|" * 9]
    for name, preset in PRESETS.items():
        cells = (name, *(value for key, value in vars(preset).items() if key != "source"))
        lines.append("| " + " | ".join(f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in cells) + " |")
    sources = [f"- `{name}`: {preset.source}." for name, preset in PRESETS.items()]
    return "\n".join([*lines, "", *sources]) + "\n"


def _about(table: str, model: type[Section]) -> str:
    if table == "fleet.group":
        return "Further buses of another type, depot or shift; parameters of the bus as in `[fleet]`."
    return inspect.cleandoc(model.__doc__ or "")


def _rows(table: str, model: type[Section]) -> Iterator[str]:
    yield "| key | default | allowed | what it means |"
    yield "|---|---|---|---|"
    own = [key for key in model.model_fields if key in model.__annotations__]
    shared = [key for key in model.model_fields if key not in own and table != "fleet.group"]
    for key in (*own, *shared):
        field = model.model_fields[key]
        yield f"| `{key}` | {_default(field)} | {_allowed(field)} | {field.description} |"


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if field.is_required():
        return "required"
    if default is None:
        return "-"
    if isinstance(default, Section):
        return "see below"
    if is_clock(field) and isinstance(default, int):
        return f"`{clock(default)}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{json.dumps(default)}`"


def _allowed(field: FieldInfo) -> str:
    choices, limits = literals(field), show_range(field)
    if choices:
        return ", ".join(f"`{choice}`" for choice in choices)
    if limits:
        return f"whole number, {limits}" if "int" in str(field.annotation) else limits
    text = str(field.annotation)
    if is_clock(field):
        return "list of times" if text.startswith("list") else "time of day"
    if "Section" in text or "Shares" in text:
        return "tables" if text.startswith("list") else "table"
    if "bool" in text:
        return "`true`, `false`"
    return "list of texts" if "list" in text else "text"


def fill(text: str) -> str:
    """Put the tables between the marks of a documentation page, such as ``<!-- keys: begin -->``."""
    for name, table in (("keys", keys_markdown()), ("presets", presets_markdown())):
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n\n{table}\n{end}{rest.partition(end)[2]}"
    return text

"""What pydantic found, in plain sentences: a problem names the place, the value, what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from busim.errors import Problem, did_you_mean
from busim.scenario.base import KeyPath, Section, Wrong, dotted, show
from busim.scenario.document import as_section, models, sections
from busim.scenario.fields import allowed, bounds, literals
from busim.scenario.hints import out_of_range, unknown_key
from busim.scenario.layers import Layers

_KINDS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of bearable size",
    "float_type": "a number",
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "list_type": "a list in brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "finite_number": "a finite number",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}


def translate(error: ErrorDetails, table: str, model: type[Section], layers: Layers) -> Problem:
    """Turn one of pydantic's findings in a section into a problem.

    Parameters
    ----------
    table, model
        The section's name and model.
    """
    path: KeyPath = (table, *error["loc"])
    field = field_at(model, error["loc"])
    what, remedy = _sentence(error, path, field)
    if error["type"] == "extra_forbidden":
        remedy = _unknown(path, model, error)
    elif not remedy:
        remedy = allowed(field) if field is not None else ""
    return Problem(layers.where(path), what, remedy)


def _sentence(error: ErrorDetails, path: KeyPath, field: FieldInfo | None) -> tuple[str, str]:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    wrong = context.get("error")
    if isinstance(wrong, Wrong):
        return wrong.what, wrong.remedy
    if kind == "literal_error" and field is not None:
        choices = [str(item) for item in literals(field)]
        return f"must be one of {', '.join(choices)}, got {show(value)}", _near(value, choices)
    if kind in _KINDS:
        return f"must be {_KINDS[kind]}, got {show(value)}", _unquoted(kind, path, value)
    if kind in _BOUNDS:
        word, bound = _BOUNDS[kind]
        return f"must be {word} {context[bound]:g}, got {show(value)}", _other_unit(path, value, field)
    return _other_sentence(kind, path, value, context), ""


def _other_sentence(kind: str, path: KeyPath, value: Any, context: Mapping[str, Any]) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"there is no key '{dotted(path[-1:])}' here"
    if kind in ("too_short", "string_too_short"):
        return "must not be empty"
    if kind in ("too_long", "string_too_long"):
        return f"must not be longer than {context['max_length']}, got {show(value)}"
    return f"is not a value for this key: {show(value)}"


def _unquoted(kind: str, path: KeyPath, value: Any) -> str:
    if kind in ("int_type", "float_type") and isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return f"leave the quotes out: {value}"
    if kind == "bool_type" and value in ("true", "false"):
        return f"leave the quotes out: {value}"
    if kind == "bool_type" and value in ("yes", "no", "on", "off"):
        return f"write {'true' if value in ('yes', 'on') else 'false'}"
    if kind == "list_type" and isinstance(value, str):
        return f'write ["{value}"]'
    if kind == "list_type" and isinstance(value, dict):
        return f"for several tables write [[{dotted(path)}]], for a list {path[-1]} = [...]"
    return ""


def _near(value: Any, choices: list[str]) -> str:
    near = did_you_mean(value, choices) if isinstance(value, str) else ""
    return near if near.startswith("did you mean") else ""


def _other_unit(path: KeyPath, value: Any, field: FieldInfo | None) -> str:
    if field is None or not isinstance(value, int | float):
        return ""
    low, high = bounds(field)
    hint = out_of_range(str(path[-1]), value, low, high)
    return hint or allowed(field)


def _unknown(path: KeyPath, model: type[Section], error: ErrorDetails) -> str:
    inner = table_at(model, error["loc"][:-1])
    tables = [table for name, section in sections().items() for table in models(name, section)]
    others = {table: list(found.model_fields) for table, found in tables if found is not inner}
    return unknown_key(str(path[-1]), error["input"], inner.model_fields, others)


def table_at(model: type[Section], loc: tuple[int | str, ...]) -> type[Section]:
    """Find the model of the table that a location leads to."""
    for part in loc:
        field = model.model_fields.get(str(part))
        for inner in (field.annotation, *get_args(field.annotation)) if field is not None else ():
            model = as_section(inner) or model
    return model


def field_at(model: type[Section], loc: tuple[int | str, ...]) -> FieldInfo | None:
    """Find the field that a location belongs to: the last part that is a key of a table."""
    for length in range(len(loc), 0, -1):
        field = table_at(model, loc[: length - 1]).model_fields.get(str(loc[length - 1]))
        if field is not None:
            return field
    return None

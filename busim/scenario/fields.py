"""What the declaration of a key tells: its choices, its range, whether it is a time of day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from busim.scenario.base import seconds_of_day

_INFINITE = float("inf")


def is_clock(field: FieldInfo) -> bool:
    """Whether a field holds times of day."""
    return any(isinstance(item, BeforeValidator) and item.func is seconds_of_day for item in metadata(field))


def show_range(field: FieldInfo) -> str:
    """Write the range of a number, or nothing."""
    low, high = bounds(field)
    if high == _INFINITE:
        return ""
    return f"{_number(low)} to {_number(high)}" if high < 1e12 else f"at least {_number(low)}"


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 10_000 else f"{value:g}"


def literals(field: FieldInfo) -> tuple[Any, ...]:
    """List the choices of a field that has a fixed set, or nothing."""
    found: list[Any] = []
    todo: list[Any] = [field.annotation]
    while todo:
        item = todo.pop(0)
        arguments = get_args(item)
        if arguments and all(isinstance(choice, str) for choice in arguments):
            found.extend(arguments)
        else:
            todo.extend(arguments)
    return tuple(found)


def bounds(field: FieldInfo) -> tuple[float, float]:
    """Give the least and the greatest value; infinite where there is none."""
    limits: Mapping[str, float] = {
        name: getattr(item, name) for item in metadata(field) for name in ("ge", "le") if hasattr(item, name)
    }
    return limits.get("ge", float("-inf")), limits.get("le", float("inf"))


def metadata(field: FieldInfo) -> list[Any]:
    """Collect the constraints of a field, also those of ``X | None`` and of list items."""
    found: list[Any] = list(field.metadata)
    todo: list[Any] = [field.annotation]
    while todo:
        item = todo.pop()
        extra = getattr(item, "__metadata__", ())
        for entry in extra:
            found.extend(entry.metadata if isinstance(entry, FieldInfo) else [entry])
        todo.extend(get_args(item))
    return found


def allowed(field: FieldInfo) -> str:
    """Say what a key means and, for a number, its range."""
    text = (field.description or "").replace("`", "")
    text = text[:1].lower() + text[1:]
    limits = show_range(field)
    return f"allowed: {limits}; {text}" if limits else text

"""Parameters of strategies: dataclass fields with a range, a unit and a sentence."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from busim.errors import did_you_mean

Finding = tuple[str, str, str]  # key, what is wrong, remedy


def parameter(default: Any, about: str, *, low: float | None = None, high: float | None = None, unit: str = "") -> Any:
    """Declare a parameter of a strategy.

    Parameters
    ----------
    default
        Its type is the parameter's type.
    about
        One sentence.
    low, high
        Allowed range, both ends included.
    unit
        Such as ``"s"``.
    """
    return dataclasses.field(
        default=default, metadata={"about": about, "low": low, "high": high, "unit": unit, "type": type(default)}
    )


def describe(strategy: type) -> list[dict[str, Any]]:
    """List a strategy's parameters with type, default, range, unit and sentence."""
    return [
        {
            "name": field.name,
            "type": _type(field).__name__,
            "default": None if field.default is dataclasses.MISSING else field.default,
            **{key: field.metadata.get(key) for key in ("low", "high")},
            **{key: field.metadata.get(key, "") for key in ("unit", "about")},
        }
        for field in _fields(strategy)
    ]


def _fields(strategy: type) -> tuple[dataclasses.Field[Any], ...]:
    """List the fields; a class that is no dataclass, which the conformance suite tells, has no parameters."""
    return dataclasses.fields(strategy) if dataclasses.is_dataclass(strategy) else ()


def _type(field: dataclasses.Field[Any]) -> type:
    """Give a field's type: as declared by ``parameter``, or that of a plain field's default."""
    if "type" in field.metadata:
        declared: type = field.metadata["type"]
        return declared
    return object if field.default in (dataclasses.MISSING, None) else type(field.default)


def check(strategy: type, parameters: Mapping[str, Any]) -> list[Finding]:
    """Find what is wrong with parameters given for a strategy."""
    fields = {field.name: field for field in _fields(strategy)}
    findings: list[Finding] = []
    for key, value in parameters.items():
        if key not in fields:
            # the section holds the strategy's name beside its parameters: that may be what was mistyped
            findings.append((key, f"unknown parameter '{key}'", did_you_mean(key, [*fields, "strategy"])))
        else:
            findings += _check_one(key, value, fields[key])
    missing = (name for name, field in fields.items() if name not in parameters and _is_needed(field))
    return findings + [(name, "has no default and is not given", f"give {name} = ...") for name in missing]


def _is_needed(field: dataclasses.Field[Any]) -> bool:
    return field.init and field.default is field.default_factory is dataclasses.MISSING


def _check_one(key: str, value: Any, field: dataclasses.Field[Any]) -> list[Finding]:
    wanted, meta = _type(field), field.metadata
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = is_number if wanted is float else is_number and float(value).is_integer() if wanted is int else None
    if fits is None:
        fits = isinstance(value, wanted)
    if not fits:
        return [(key, f"must be of type {wanted.__name__}, got {value!r}", "")]
    low, high = meta.get("low"), meta.get("high")
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        bounds = (
            f"from {low} to {high}"
            if None not in (low, high)
            else f"at least {low}"
            if high is None
            else f"at most {high}"
        )
        return [(key, f"must be {bounds} {meta.get('unit', '')}".rstrip() + f", got {value!r}", "")]
    return []

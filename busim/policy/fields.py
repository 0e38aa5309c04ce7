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
            "type": field.metadata["type"].__name__,
            "default": field.default,
            **{key: field.metadata[key] for key in ("low", "high", "unit", "about")},
        }
        for field in dataclasses.fields(strategy)
    ]


def check(strategy: type, parameters: Mapping[str, Any]) -> list[Finding]:
    """Find what is wrong with parameters given for a strategy."""
    fields = {field.name: field for field in dataclasses.fields(strategy)}
    findings: list[Finding] = []
    for key, value in parameters.items():
        if key not in fields:
            findings.append((key, f"unknown parameter '{key}'", did_you_mean(key, fields)))
        else:
            findings += _check_one(key, value, fields[key].metadata)
    return findings


def _check_one(key: str, value: Any, meta: Mapping[str, Any]) -> list[Finding]:
    wanted = meta["type"]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = is_number if wanted is float else is_number and float(value).is_integer() if wanted is int else None
    if fits is None:
        fits = isinstance(value, wanted)
    if not fits:
        return [(key, f"must be of type {wanted.__name__}, got {value!r}", "")]
    low, high = meta["low"], meta["high"]
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        bounds = (
            f"from {low} to {high}"
            if None not in (low, high)
            else f"at least {low}"
            if high is None
            else f"at most {high}"
        )
        return [(key, f"must be {bounds} {meta['unit']}".rstrip() + f", got {value!r}", "")]
    return []

"""What a user may have meant by a key or a value: other units, another section, a near name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from busim.errors import did_you_mean

# Of each unit: its family and its size in the family's base.
_UNITS = {
    **{"s": ("time", 1.0), "sec": ("time", 1.0), "seconds": ("time", 1.0)},
    **{"min": ("time", 60.0), "mins": ("time", 60.0), "minutes": ("time", 60.0)},
    **{"h": ("time", 3600.0), "hours": ("time", 3600.0)},
    **{"m": ("length", 1.0), "metres": ("length", 1.0), "km": ("length", 1000.0)},
    **{"kg": ("mass", 1.0), "t": ("mass", 1000.0)},
    **{"wh": ("energy", 1e-3), "kwh": ("energy", 1.0), "mwh": ("energy", 1e3)},
    **{"w": ("power", 1e-3), "kw": ("power", 1.0), "mw": ("power", 1e3)},
    **{"mps": ("speed", 3.6), "ms": ("speed", 3.6), "kmh": ("speed", 1.0), "kph": ("speed", 1.0)},
    **{"percent": ("share", 0.01), "pct": ("share", 0.01), "share": ("share", 1.0)},
}
_NAMES = {"s": "seconds", "min": "minutes", "m": "metres", "mps": "m/s", "kmh": "km/h", "kwh": "kWh", "kw": "kW"}
_MISTAKEN = {  # by the unit of the key: what was likely meant, and its size in the key's unit
    "min": (("seconds", 1 / 60), ("hours", 60.0)),
    "s": (("minutes", 60.0), ("milliseconds", 1e-3)),
    "m": (("km", 1000.0), ("cm", 0.01)),
    "mps": (("km/h", 1 / 3.6),),
    "kmh": (("m/s", 3.6),),
    "kwh": (("Wh", 1e-3), ("MWh", 1e3)),
    "kw": (("W", 1e-3), ("MW", 1e3)),
    "km": (("Wh per km", 1e-3),),
    "kg": (("tonnes", 1000.0),),
}


def split_unit(key: str) -> tuple[str, str]:
    """Split ``max_wait_min`` into ``max_wait`` and ``min``; the unit is empty where there is none."""
    stem, _, last = key.rpartition("_")
    return (stem, last) if stem and last.lower() in _UNITS else (key, "")


def unknown_key(key: str, value: Any, known: Iterable[str], others: Mapping[str, Sequence[str]]) -> str:
    """Suggest what an unknown key may have meant.

    Parameters
    ----------
    known
        Keys of its own table.
    others
        Other tables and the keys of each.
    """
    names = list(known)
    stem, unit = split_unit(key)
    for name in names:
        own_stem, own_unit = split_unit(name)
        if stem.lower() == own_stem.lower() and name != key:
            return f"did you mean '{name}'?{_converted(value, unit.lower(), own_unit)}"
    return _exactly_elsewhere(key, others) or _nearly(key, names, others)


def _exactly_elsewhere(key: str, others: Mapping[str, Sequence[str]]) -> str:
    belongs = [f"[{table}]" for table, keys in others.items() if key in keys]
    if belongs:
        return "it belongs in " + " or ".join(belongs[:3])
    joined = {f"{table}_{name}".replace(".", "_"): (table, name) for table, keys in others.items() for name in keys}
    return "did you mean '{1}' in [{0}]?".format(*joined[key]) if key in joined else ""


def _nearly(key: str, names: list[str], others: Mapping[str, Sequence[str]]) -> str:
    near, stem = did_you_mean(key, names), split_unit(key)[0].lower()
    alike = [(table, name) for table, keys in others.items() for name in keys if split_unit(name)[0].lower() == stem]
    if alike and not near.startswith("did you mean"):
        return "did you mean '{1}' in [{0}]?".format(*alike[0])
    return near


def _converted(value: Any, unit: str, wanted: str) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    family, size = _UNITS.get(unit, ("", 1.0))
    if not is_number or not family:
        return f" (in {_NAMES.get(wanted, wanted)})" if wanted else ""
    target_family, target = _UNITS.get(wanted, ("share", 1.0))
    if family != target_family or size == target:
        return ""
    return f" {value:g} {unit} is {value * size / target:g}" + (f" {_NAMES.get(wanted, wanted)}" if wanted else "")


def out_of_range(key: str, value: float, low: float, high: float) -> str:
    """Tell which other unit the value would fit, or nothing."""
    unit = split_unit(key)[1]
    if not unit and (low, high) == (0, 1) and 1 < value <= 100:
        return f"it is a share: for {value:g} % write {value / 100:g}"
    for name, size in _MISTAKEN.get(unit, ()):
        if low <= value * size <= high and value > 0:
            return f"{value:g} looks like {name}: write {value * size:g}"
    return ""

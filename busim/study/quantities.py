"""KPIs and amounts as people write them: ``wait_p95 +- 0.3 min``, ``service_rate >= 98 %``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from busim.errors import InputError, did_you_mean
from busim.metrics import KPIS
from busim.metrics.kpi import Kpi

# By the unit of the KPI: what else may be written, and how much of the KPI's unit it is.
_SCALES = {
    "s": {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0},
    "h": {"h": 1.0, "min": 1 / 60, "s": 1 / 3600},
    "km": {"km": 1.0, "m": 0.001},
    "kWh": {"kWh": 1.0, "MWh": 1000.0, "Wh": 0.001},
    "1": {"": 1.0, "1": 1.0, "%": 0.01},
}
_SUFFIX = re.compile(r"_(s|m|kmh|kwh)$")
_SIGNS = {"+-": r"(?:\+\s*/?\s*-|±)", "<=": r"(?:<=|≤)", ">=": r"(?:>=|≥)", "=": "="}


@dataclass(frozen=True)
class Amount:
    """What is asked of a KPI.

    Parameters
    ----------
    kpi
        Which one.
    sign
        ``"+-"``, ``"<="``, ``">="`` or ``"="``.
    value
        In the KPI's unit.
    text
        As it was written.
    """

    kpi: Kpi
    sign: str
    value: float
    text: str


def kpi_named(name: str, where: str = "--kpi") -> Kpi:
    """Find a KPI by its name; the unit at the end may be left out.

    Raises
    ------
    InputError
        If there is none, or the short name could be several.
    """
    if name in KPIS:
        return KPIS[name]
    found = [kpi for full, kpi in KPIS.items() if _SUFFIX.sub("", full) == name]
    if len(found) != 1:
        raise InputError.single(where, f"there is no KPI '{name}'", did_you_mean(name, KPIS))
    return found[0]


def parse_amount(text: str, signs: tuple[str, ...], where: str) -> Amount:
    """Read a KPI, a sign, a number and a unit; without a unit the number is in the KPI's own.

    Parameters
    ----------
    text
        Such as ``wait_p95 +- 20 s``.
    signs
        Those that make sense here.
    where
        For messages.

    Raises
    ------
    InputError
        If it cannot be read, or the unit does not fit the KPI.
    """
    pattern = "|".join(f"(?P<s{i}>{_SIGNS[sign]})" for i, sign in enumerate(signs))
    match = re.fullmatch(rf"\s*(\w+)\s*(?:{pattern})\s*(\S*?)\s*([^\s\d.]*)\s*", text)
    number = _number(match.group(match.re.groups - 1)) if match else None
    if match is None or number is None:
        example = {"+-": "wait_p95_s +- 20 s", "<=": "wait_p95_s <= 8 min"}.get(signs[0], f"vehicle_km {signs[0]} 500")
        raise InputError.single(
            where, f"cannot be read: '{text}'", f"write a KPI, a sign, a number and a unit: {example}"
        )
    kpi = kpi_named(match.group(1), where)
    sign = next(sign for i, sign in enumerate(signs) if match.group(f"s{i}"))
    return Amount(kpi, sign, number * _scale(kpi, match.group(match.re.groups), where), text.strip())


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None  # nan is not below it either


def _scale(kpi: Kpi, unit: str, where: str) -> float:
    scales = {"": 1.0, kpi.unit: 1.0, **_SCALES.get(kpi.unit, {})}
    if unit not in scales:
        known = ", ".join(name for name in scales if name)
        raise InputError.single(where, f"'{unit}' is no unit of {kpi.name}", f"its unit is {kpi.unit}; known: {known}")
    return scales[unit]

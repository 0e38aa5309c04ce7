"""Differences in plain sentences: the Holm-adjusted p decides whether one is called shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

from busim.metrics.kpi import Kpi
from busim.metrics.shown import digits_for, read_in
from busim.study.statistics import CONFIDENCE, MOST_SEEDS, Difference

LEVEL = 1 - CONFIDENCE
SAME, UNKNOWN, NOT_SHOWN = "same", "unknown", "not shown"


@dataclass(frozen=True)
class Found:
    """What is known of one difference.

    Parameters
    ----------
    kpi
        Of what.
    made
        Estimate and test, in the KPI's unit.
    p_holm
        Adjusted p.
    is_same
        Whether both arms have the same value in every seed.
    matters
        A difference that would matter [the KPI's unit]; nan where none can be told.
    seeds
        It takes to show one of that size; 0 where that cannot be told.
    relevant
        The share of the base's mean that it is.
    """

    kpi: Kpi
    made: Difference
    p_holm: float
    is_same: bool
    matters: float
    seeds: int
    relevant: float


def verdict(found: Found) -> str:
    """Say ``better``, ``worse``, ``higher``, ``lower``, ``not shown``, ``same`` or ``unknown``."""
    if found.is_same and found.made.n:
        return SAME
    if math.isnan(found.p_holm):
        return UNKNOWN
    if found.p_holm >= LEVEL:
        return NOT_SHOWN
    is_higher = found.made.mean > 0
    if found.kpi.direction == "neutral":
        return "higher" if is_higher else "lower"
    return "better" if is_higher == (found.kpi.direction == "higher") else "worse"


def sentence(found: Found, arm: str, base: str) -> str:
    """Tell one difference in a sentence."""
    label, told = found.kpi.label, verdict(found)
    if told == SAME:
        return f"{arm}: {label} is the same as with {base} in every seed."
    if told == UNKNOWN:
        return f"{arm}: {label} cannot be compared with {base}, as too few of these days have one."
    low, high = sorted((found.made.low, found.made.high))
    bounds = f"95 % interval {amount(found, low)} to {amount(found, high)}"
    if told == NOT_SHOWN:
        by = f"{amount(found, found.made.mean)} {unit(found.kpi)}".strip()
        return (
            f"{arm}: no difference to {base} in {label} shown ({by}, {bounds}, {p_text(found.p_holm)}){_seeds(found)}."
        )
    way = "more" if found.made.mean > 0 else "less"
    size = f"{amount(found, abs(found.made.mean), sign='')} {unit(found.kpi)}".strip()
    comparative = f"{told} than with {base}: {size} {way}"
    return f"{arm}: {label} is {comparative} ({bounds}, {p_text(found.p_holm)})."


def _seeds(found: Found) -> str:
    if not found.seeds:
        return ""
    size = f"{amount(found, found.matters, sign='')} {unit(found.kpi)}".strip()
    number = f"about {found.seeds} seeds" if found.seeds <= MOST_SEEDS else "more than a million seeds"
    would = "would have shown" if found.seeds <= found.made.n else f"takes {number} to show"
    return f"; one of {size}, {100 * found.relevant:g} % of the mean, {would}"


def amount(found: Found, value: float, sign: str = "+") -> str:
    """Show an amount in the unit that people read, with as many digits as its interval bears."""
    return shown(found.kpi, value, found.made.half, sign)


def shown(kpi: Kpi, value: float, half: float, sign: str = "") -> str:
    """Show a value with as many digits as half the width of its interval bears; a dash for nan."""
    if not math.isfinite(value):
        return "-"
    factor, _ = read_in(kpi)
    text = f"{factor * value:{sign}.{digits_for(factor * half)}f}"
    return text if float(text) != 0 else text.replace("+", "").replace("-", "")


def unit(kpi: Kpi) -> str:
    """Give the unit of differences: those of shares are in percentage points."""
    name = read_in(kpi)[1]
    return "points" if name == "%" else name


def p_text(p: float) -> str:
    """Show a p value."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"

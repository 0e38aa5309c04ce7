"""What a KPI is: its definition and its value in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from busim.metrics.day import Day


@dataclass(frozen=True)
class Kpi:
    """A key performance indicator.

    Parameters
    ----------
    name
        With its unit at the end where it has one.
    label
        For tables and pictures.
    unit
        ``"1"`` for shares and ratios.
    denominator
        What it is counted over; empty for totals. Where there is none of it the value is ``nan``.
    formula
        In words and symbols.
    direction
        ``"lower"`` or ``"higher"`` is better, or ``"neutral"``.
    value
        Computes it.
    reference
        From where it is counted, where that could be taken in two ways.
    source
        Who else defines it so.
    about
        What to keep in mind when reading it.
    """

    name: str
    label: str
    unit: str
    denominator: str
    formula: str
    direction: str
    value: Callable[[Day], float]
    reference: str = ""
    source: str = ""
    about: str = ""

"""The KPI dictionary as a page of the documentation."""

from __future__ import annotations

import re

from busim.metrics.kpi import Kpi
from busim.metrics.kpis import TOPICS

_HEAD = """# KPIs

Every run tells these; `busim kpi NAME` explains one. Where there is nothing to divide by, the value is `nan`.
Unit 1 is a share or a ratio. The arrow says which way is better: ↓ lower, ↑ higher, · neither.
This page is made from the dictionary in `busim.metrics`.
"""
_ARROWS = {"lower": "↓", "higher": "↑", "neutral": "·"}


def page() -> str:
    """Write the dictionary as Markdown, a table per topic."""
    parts = [_HEAD]
    for topic, kpis in TOPICS.items():
        parts.append(f"\n## {topic}\n\n| KPI | Unit | | Definition | Over |\n|---|---|---|---|---|\n")
        parts += [_line(kpi) for kpi in kpis]
        parts.append(_notes(kpis))
    return "".join(parts)


def _escaped(text: str) -> str:
    return re.sub(r"([|*])", r"\\\1", text)


def _line(kpi: Kpi) -> str:
    cells = (f"`{kpi.name}` {kpi.label}", kpi.unit, _ARROWS[kpi.direction], kpi.formula, kpi.denominator)
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |\n"


def _notes(kpis: tuple[Kpi, ...]) -> str:
    """List what else is to be said, once where several KPIs say the same."""
    said: dict[str, list[str]] = {}
    for kpi in kpis:
        for kind, text in (("counted from", kpi.reference), ("as in", kpi.source), ("", kpi.about)):
            if text:
                said.setdefault(f"{kind} {text}".strip(), []).append(f"`{kpi.name}`")
    return (
        "".join(["\n", *(f"- {', '.join(names)}: {_escaped(text)}\n" for text, names in said.items())]) if said else ""
    )

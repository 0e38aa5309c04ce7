"""A finished day as one web page that needs nothing else: figures, a moving map, pictures, all KPIs."""

from __future__ import annotations

import base64
import html
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from string import Template

from busim.metrics.kpi import Kpi
from busim.metrics.kpis import TOPICS
from busim.metrics.shown import read_in
from busim.report.day import FinishedDay
from busim.report.replay import replay

_ASSETS = resources.files("busim.report") / "assets"


@dataclass(frozen=True)
class Heading:
    """What stands on top of the page.

    Parameters
    ----------
    title
        The scenario's name.
    facts
        Label and value of what the day was made with: date, buses, strategies, seed, fingerprint, version.
    cards
        Label, value and unit of the KPIs that one looks at first.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    cards: Sequence[tuple[str, str, str]]


def page(day: FinishedDay, heading: Heading, kpis: Mapping[str, float], pictures: Mapping[str, bytes]) -> str:
    """Write the page of a day.

    Parameters
    ----------
    day
        The finished day.
    heading
        The top of the page.
    kpis
        All KPIs by name.
    pictures
        PNG files by name, in the order in which they are shown; none are left out of the page.

    Returns
    -------
    str
        HTML with styles, script, data and pictures inside: it may be sent by mail and opened without a network.
    """
    return Template(_asset("page.html")).substitute(
        title=html.escape(heading.title),
        style=_asset("page.css"),
        script=_asset("replay.js"),
        facts="".join(
            f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>" for name, value in heading.facts
        ),
        cards="".join(_card(*card) for card in heading.cards),
        pictures="".join(_picture(name, data) for name, data in pictures.items()),
        kpis="".join(_topic(topic, kpis) for topic in TOPICS),
        data=json.dumps(replay(day), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/"),
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _card(label: str, value: str, unit: str) -> str:
    told, number, of = (html.escape(text) for text in (label, value, unit))
    return f"<div class='card'><b>{number}</b> <i>{of}</i><span>{told}</span></div>"


def _picture(name: str, data: bytes) -> str:
    told, text = html.escape(name.replace("_", " ")), base64.b64encode(data).decode()
    return f"<figure><img loading='lazy' alt='{told}' src='data:image/png;base64,{text}'></figure>"


def _topic(topic: str, kpis: Mapping[str, float]) -> str:
    known = [kpi for kpi in TOPICS[topic] if math.isfinite(kpis.get(kpi.name, math.nan))]
    if not known:
        return ""
    rows = (_row(kpi, kpis[kpi.name]) for kpi in known)
    return f"<h3>{html.escape(topic)}</h3><table>{''.join(rows)}</table>"


def _row(kpi: Kpi, value: float) -> str:
    factor, unit = read_in(kpi)
    label, number = f"<td title='{html.escape(kpi.name)}'>{html.escape(kpi.label)}</td>", _number(factor * value)
    return f"<tr>{label}<td>{number}</td><td>{html.escape(unit)}</td><td>{html.escape(kpi.formula)}</td></tr>"


def _number(value: float) -> str:
    """Show three significant digits, and whole numbers whole."""
    if value == round(value):
        return f"{value:,.0f}".replace(",", "\u202f")
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(digits, 4)}f}".replace(",", "\u202f")

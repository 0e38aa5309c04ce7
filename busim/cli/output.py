"""What commands print: tables for people, one JSON document for programs."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Add ``--json``."""
    text = "Print one JSON document on stdout; everything else goes to stderr."
    return click.option("--json", "as_json", is_flag=True, help=text)(command)


def emit(document: Any, text: str, as_json: bool) -> None:
    """Print the JSON document or the text for people."""
    click.echo(json.dumps(plain(document), ensure_ascii=False, indent=1, allow_nan=False) if as_json else text)


def plain(value: Any) -> Any:
    """Give a value as JSON knows it: numpy's become Python's, ``nan`` and infinity become null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):  # arrays and numbers of numpy, without importing it
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str | int | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def number(value: Any) -> str:
    """Show a number with about four digits; what could not be told is a dash."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "-"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return text.removesuffix(".00").removesuffix(".0")


def columns(rows: Sequence[Sequence[str]], header: Sequence[str] = (), right: Sequence[int] = ()) -> str:
    """Set rows of texts in columns; ``right`` names those that are aligned to the right."""
    lines = [header, *rows] if header else rows
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    if header:
        lines = [header, ["-" * w for w in widths], *rows]
    return "\n".join(_line(line, widths, right) for line in lines)


def _line(line: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = []
    for k, (text, size) in enumerate(zip(line, widths, strict=True)):
        gap = " " * (size - width(text))
        cells.append(gap + text if k in right else text + gap)
    return "  ".join(cells).rstrip()


def width(text: str) -> int:
    """Count the columns that a text takes on a terminal; Chinese letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

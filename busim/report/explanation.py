"""What an explanation consists of: sentences and small tables for people, the same as data for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Grid:
    """A table of texts.

    Parameters
    ----------
    title
        A line above it.
    header
        Names of the columns.
    rows
        As many texts each.
    right
        Columns that are aligned to the right.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """An answer to "why".

    Parameters
    ----------
    sentences
        For people, in the order in which they are told.
    grids
        Tables that go with them.
    facts
        The same as data: numbers in seconds, metres and kWh, times in seconds from midnight.
    """

    sentences: tuple[str, ...]
    grids: tuple[Grid, ...]
    facts: Mapping[str, Any]

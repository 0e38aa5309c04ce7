"""A tiny scenario, and a way to write it to a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

RING = '[map]\nkind = "ring"\n\n[fleet]\ndepots = ["depot"]\n'


@pytest.fixture
def ring() -> str:
    """Give the shortest scenario: a synthetic ring and a depot."""
    return RING


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file below the test's own folder; give its path."""

    def to_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return to_file

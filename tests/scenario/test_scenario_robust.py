"""Nothing that anyone writes ends in anything but a scenario or an InputError."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from busim.errors import InputError
from busim.scenario import load, loads
from busim.scenario.document import models, sections

TEXT = load("science_city_line.toml").text
KEYS = [f"{table}.{key}" for name, model in sections().items() for table, inner in models(name, model)
        for key in inner.model_fields]  # fmt: skip
VALUES = [
    "",
    "x",
    "0",
    "-1",
    "1e308",
    "nan",
    "true",
    "[]",
    "[[]]",
    "[1, {}]",
    "{}",
    "{x = 1}",
    "06:00",
    "9" * 30,
    "-0.0",
]


def _told(text: str, overrides: tuple[str, ...] = ()) -> int:
    """Count the lines of the message; 0 where the scenario is good."""
    try:
        loads(text, overrides)
    except InputError as error:
        return len(str(error).splitlines())
    return 0


@pytest.mark.parametrize("key", KEYS)
def test_any_value_for_any_key(key, ring):
    """Each key takes each of many odd values, or says no within one screen; none takes them all."""
    lines = [_told(ring, (f"{key}={value}",)) for value in VALUES]
    assert 0 < max(lines) <= 24


@given(st.integers(0, len(TEXT)), st.integers(0, 30), st.text(max_size=6))
def test_a_damaged_file(start, length, put):
    """Some characters taken out of a good file, others put in their place."""
    assert _told(TEXT[:start] + put + TEXT[start + length :]) <= 33

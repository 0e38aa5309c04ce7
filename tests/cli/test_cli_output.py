"""What commands print."""

import math

import numpy as np
import pytest

from busim.cli.output import columns, number, plain, width


def test_plain_gives_what_json_knows():
    """Numpy's numbers and arrays become Python's; nan and infinity become null."""
    given = {"a": np.float64("nan"), 1: np.arange(2), "t": (math.inf, np.bool_(True), "x", None), "i": np.int64(3)}
    assert plain(given) == {"a": None, "1": [0, 1], "t": [None, True, "x", None], "i": 3}


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (12345, "12 345"), (0.5, "0.50"), (2.0, "2"), (123.45, "123.5"), (math.nan, "-"), ("a", "a")],
)
def test_numbers_have_about_four_digits(value, text):
    """Numbers are shown as short as they are told apart."""
    assert number(value) == text


def test_columns_know_wide_letters():
    """Chinese letters take two columns."""
    assert width("大学城") == 6
    assert columns([("大学", "1"), ("abc", "22")], right=(1,)) == "大学   1\nabc   22"

"""Broken files of requests, one per kind of mistake: each is told with its place and a remedy, on one screen."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from busim.demand import read_requests
from busim.errors import EXIT_INPUT, InputError

FOLDER = Path(__file__).parents[1] / "bad_input" / "requests"
SCREEN_LINES, LINE_CHARACTERS = 24, 300


def _expected():
    rows = defaultdict(list)
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["file"]].append((row["where"], row["what"], row["remedy"]))
    return rows


EXPECTED = _expected()


def test_every_file_has_its_expectation():
    """The table and the folder name the same files, and there are many."""
    assert set(EXPECTED) == {path.name for path in FOLDER.glob("*.csv")} - {"expected.csv"}
    assert len(EXPECTED) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_is_told(name, ring):
    """Every problem is found, with place, value and remedy, on one screen."""
    with pytest.raises(InputError) as caught:
        read_requests(FOLDER / name, ring)
    error = caught.value
    assert [(problem.where, problem.what, problem.remedy) for problem in error.problems] == EXPECTED[name]
    lines = str(error).splitlines()
    assert len(lines) <= SCREEN_LINES
    assert max(map(len, lines)) <= LINE_CHARACTERS
    assert error.exit_code == EXIT_INPUT


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_what_is_no_file_is_told(name, tmp_path, ring):
    """A file that is not there, or a folder in its place, is bad input and no traceback."""
    with pytest.raises(InputError, match="cannot be read"):
        read_requests(tmp_path / name, ring)


def test_many_rows_with_one_fault_are_one_problem(tmp_path, ring):
    """A thousand rows that share a fault do not fill a thousand lines."""
    path = tmp_path / "requests.csv"
    path.write_text("time,origin,destination,party\n" + "07:00:00,stop_1,stop_5,none\n" * 1000)
    with pytest.raises(InputError) as caught:
        read_requests(path, ring)
    assert [problem.where for problem in caught.value.problems] == [
        "requests.csv rows 2, 3, 4, 5, 6 and 995 more, party"
    ]

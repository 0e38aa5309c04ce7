"""Broken scenario files, one per kind of mistake: each is told with its place and a remedy, on one screen."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from busim.errors import EXIT_INPUT, InputError
from busim.scenario import load

FOLDER = Path(__file__).parent / "scenario"
SCREEN_LINES, LINE_CHARACTERS = 24, 400


def _expected() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["file"]].append(row)
    return rows


EXPECTED = _expected()


def test_every_file_has_its_expectation():
    """The table and the folder name the same files, and there are many."""
    assert set(EXPECTED) == {path.name for path in FOLDER.glob("*.toml")}
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_scenario_is_told(name, monkeypatch):
    """Every problem is found, with place, reason and remedy."""
    monkeypatch.chdir(FOLDER)
    with pytest.raises(InputError) as caught:
        load(name)
    problems = caught.value.problems
    assert [problem.where for problem in problems] == [row["where"] for row in EXPECTED[name]]
    for problem, row in zip(problems, EXPECTED[name], strict=True):
        assert row["what"] in problem.what
        assert problem.remedy.startswith(row["remedy"])
        assert problem.remedy


@pytest.mark.parametrize("name", EXPECTED)
def test_the_message_fits_one_screen_and_leaks_nothing(name, monkeypatch):
    """Few lines, none endless, and no word of the libraries below; the exit code is that of bad input."""
    monkeypatch.chdir(FOLDER)
    with pytest.raises(InputError) as caught:
        load(name)
    lines = str(caught.value).splitlines()
    assert len(lines) <= SCREEN_LINES
    assert max(map(len, lines)) <= LINE_CHARACTERS
    text = str(caught.value).lower()
    assert not any(word in text for word in ("traceback", "pydantic", "tomllib", "section'>", "input_value", "type="))
    assert caught.value.exit_code == EXIT_INPUT
    assert caught.value.__cause__ is None


def test_a_missing_file_names_its_neighbours(tmp_path):
    """A misspelt name is answered with the nearest one."""
    (tmp_path / "monday.toml").write_text("")
    with pytest.raises(InputError, match=r"there is no such file\n    did you mean 'monday\.toml'\?"):
        load(tmp_path / "munday.toml")
    with pytest.raises(InputError, match=r"did you mean 'quick\.toml'\?"):
        load("quik.toml")


def test_a_folder_is_no_scenario(tmp_path):
    """A folder is answered with the scenario files in it."""
    (tmp_path / "monday.toml").write_text("")
    with pytest.raises(InputError, match=r"is a folder, not a scenario file\n    name a file in it: monday\.toml"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["", ".", "a\0b", "x" * 5000, "quick.toml/deeper.toml"])
def test_a_name_that_no_file_can_have(name):
    """Even the strangest name ends in a message."""
    with pytest.raises(InputError) as caught:
        load(name)
    assert len(str(caught.value).splitlines()) <= 4


def test_deep_nesting_ends_in_a_message(tmp_path):
    """Thousands of brackets do not end in a fault of ours."""
    path = tmp_path / "deep.toml"
    path.write_text("a = " + "[" * 20_000 + "]" * 20_000)
    with pytest.raises(InputError, match="nested too deep"):
        load(path)

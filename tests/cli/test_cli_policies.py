"""``busim policies NAME --check``: strategies of busim, of other packages and of a file beside, good and bad."""

import json

import pytest

from busim.policy import registry
from busim.policy.nearest import Nearest

GOOD = '''
from dataclasses import dataclass
from busim.policy.nearest import Nearest

@dataclass(frozen=True)
class Mine(Nearest):
    """Does as nearest does."""
'''
BAD = '''
from busim.model.orders import Assign, Orders
from busim.policy.nearest import Nearest

class Mine(Nearest):
    """Gives every rider to a bus that there is not."""

    def decide(self, view, rng):
        return Orders(tuple(Assign(rider, 99, 0, 0) for rider in view.open.tolist()))

class Unformed:
    """Has nothing that a strategy needs."""

SIZE = 5
'''


@pytest.fixture
def plugged(monkeypatch):
    """Pretend that another package offers a dispatcher."""

    class Entry:
        name, value = "theirs", "their.package:Theirs"

        def load(self):
            return type("Theirs", (Nearest,), {"decide": lambda *_: 1 / 0, "__doc__": "Divides by nothing."})

    monkeypatch.setattr(registry, "entry_points", lambda group: (Entry(),) if group == "busim.dispatch" else ())
    registry.strategies.cache_clear()
    yield
    monkeypatch.undo()
    registry.strategies.cache_clear()


@pytest.fixture
def beside(in_folder, monkeypatch):
    """Write a module into the current folder, under a name of its own, and forget its strategies afterwards."""

    def write(name, text):
        (in_folder / f"{name}.py").write_text(text)
        monkeypatch.setattr("sys.dont_write_bytecode", True)
        return name

    yield write
    registry.strategies.cache_clear()


def test_a_good_strategy_from_a_file_passes(busim, beside):
    """All cases are told, and the exit code is 0; ``--json`` gives the same as data."""
    report = busim.json("policies", f"{beside('good_one', GOOD)}:Mine", "--check")[0]
    assert (report["strategy"], report["kind"], report["passed"]) == ("good_one:Mine", "dispatch", True)
    assert len(report["cases"]) == 12
    assert all(case["passed"] and not case["problems"] for case in report["cases"])


def test_a_bad_strategy_from_a_file_fails_with_what_is_wrong(busim, beside):
    """Exit code 2, the report on stdout, with the order that could not be carried out."""
    result = busim("policies", f"{beside('bad_one', BAD)}:Mine", "--check")
    assert result.exit_code == 2
    assert "bad_one:Mine (dispatch): " in result.stdout
    assert "FAIL  every order feasible" in result.stdout
    assert "there is no bus 99" in result.stdout
    assert "Traceback" not in result.stderr


def test_a_bad_strategy_of_another_package_fails_as_data(busim, plugged):
    """It is found by its entry point; the document on stdout tells what failed, and the exit code is 2."""
    result = busim("policies", "theirs", "--check", "--json")
    assert result.exit_code == 2
    report = json.loads(result.stdout)[0]
    assert not report["passed"]
    wrong = {case["name"]: case["problems"] for case in report["cases"] if not case["passed"]}
    assert any("ZeroDivisionError" in problem for problems in wrong.values() for problem in problems)


def test_a_strategy_from_a_file_is_described(busim, beside):
    """Without ``--check`` its sentence and parameters are told."""
    assert "Does as nearest does." in busim("policies", f"{beside('told_one', GOOD)}:Mine").stdout


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("bad_names:Unformed", "it has no 'decide'"),
        ("bad_names:Min", "did you mean 'Mine'?"),
        ("bad_names:SIZE", "has no class 'SIZE'"),
        ("no_such_module:Mine", "module 'no_such_module' cannot be imported"),
        (":Mine", "cannot be imported"),
        ("nearst", "did you mean 'nearest'?"),
        ("stay", "there is no suite for 'stay'"),
    ],
)
def test_what_cannot_be_checked_is_told(busim, beside, name, what):
    """Exit code 2 and a remedy."""
    beside("bad_names", BAD)
    result = busim("policies", name, "--check")
    assert result.exit_code == 2
    assert what in result.output
    assert "Traceback" not in result.output


def test_a_check_needs_a_name(busim):
    """All strategies at once would take minutes."""
    assert "name a strategy to try" in busim.fails("policies", "--check")

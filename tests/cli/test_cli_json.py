"""What holds for every command alike: one JSON document on stdout with ``--json``, and the exit codes."""

import json

import click
import pytest
from click.testing import CliRunner
from test_cli_plan import TINY

from busim.cli.app import program

SHORT = ("--set", "scenario.end=07:30:00", "--set", "demand.scale=0.5")
# By command: what it is called with, in a folder that holds the run ``day`` and the instance ``tiny.txt``.
CALLS = {
    "run": ("quick.toml", "--no-plots", *SHORT),
    "check": ("quick.toml",),
    "plot": ("day", "--only", "waits", "--out", "again"),
    "report": ("day", "--out", "page.html"),
    "explain": ("day", "--refusals"),
    "compare": ("quick.toml", "--vary", "fleet.size=3,5", "--seeds", "2", "--jobs", "1", "--no-plots", *SHORT),
    "sweep": ("quick.toml", "--vary", "fleet.size=3,5", "--seeds", "2", "--jobs", "1", "--no-plots", *SHORT),
    "size": (
        "quick.toml", "--target", "service_rate >= 1 %", "--over", "fleet.size=3:4", "--first", "3", "--jobs", "1",
        *SHORT,
    ),
    "verify": ("day",),
    "diff": ("day", "day"),
    "map info": ("quick.toml",),
    "map plot": ("quick.toml", "--out", "map.png"),
    "policies": (),
    "kpi": (),
    "schema": (),
    "profile": ("quick.toml", *SHORT),
    "bench": ("--make", "T", "town"),
    "plan": ("tiny.txt", "--iterations", "20"),
}  # fmt: skip
WITH_INPUT = sorted(set(CALLS) - {"policies", "kpi", "schema", "bench"})


def leaves(group, words=()):
    """List all commands, with the words that call them."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*words, name))
        else:
            yield " ".join((*words, name)), command


LEAVES = dict(leaves(program))


def call(words, *arguments):
    """Call a command with ``--json``."""
    return CliRunner().invoke(program, [*words.split(), *arguments, "--json"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a folder with a run and an instance."""
    place = tmp_path_factory.mktemp("json")
    (place / "tiny.txt").write_text(TINY)
    made = call("run", "quick.toml", *SHORT, "--no-plots", "--out", str(place / "day"))
    assert made.exit_code == 0, made.output
    return place


def test_no_command_escapes():
    """Every command of the program is tried here."""
    assert set(LEAVES) == set(CALLS)


@pytest.mark.parametrize("words", CALLS)
def test_stdout_is_one_document(folder, monkeypatch, words):
    """With ``--json`` all of stdout is one JSON document that says something, and the exit code is 0."""
    monkeypatch.chdir(folder)
    done = call(words, *CALLS[words])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)


@pytest.mark.parametrize("words", WITH_INPUT)
def test_bad_input(folder, monkeypatch, words):
    """An input that is not there: exit code 2, nothing on stdout, and a message that names it."""
    monkeypatch.chdir(folder)
    done = call(words, *(each.replace("quick", "nowhere").replace("day", "nowhere") for each in CALLS[words]))
    if words == "plan":
        done = call(words, "nowhere.txt")
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "nowhere" in done.stderr


@pytest.mark.parametrize("words", CALLS)
@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (ZeroDivisionError("a slip"), 1)])
def test_interrupts_and_faults(folder, monkeypatch, words, error, code):
    """An interrupt ends with 130 and a fault of ours with 1, each told on stderr, without a traceback."""

    def fail(**_):
        raise error

    monkeypatch.chdir(folder)
    monkeypatch.setattr(LEAVES[words], "callback", fail)
    done = call(words, *CALLS[words])
    assert done.exit_code == code
    assert done.stdout == ""
    assert ("Interrupted" if code == 130 else "a fault of busim") in done.stderr
    assert "Traceback" not in done.stderr


def test_compiling_is_told_on_stderr(folder, monkeypatch):
    """Where kernels have yet to be compiled, stderr says why nothing moves for a minute; stdout stays one document."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr("busim.core.compiled.compiles_first", lambda: True)
    done = call("run", *CALLS["run"])
    assert json.loads(done.stdout)
    assert done.stderr.count("about a minute") == 1

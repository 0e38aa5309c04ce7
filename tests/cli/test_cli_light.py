"""Help comes at once: nothing heavy is loaded for it."""

import pytest

HEAVY = ("numpy", "networkx", "scipy", "matplotlib", "shapely", "simpy", "pandas", "numba", "pydantic")
COMMANDS = (
    "run",
    "check",
    "plot",
    "report",
    "explain",
    "verify",
    "diff",
    "size",
    "map",
    "map info",
    "map plot",
    "policies",
    "kpi",
    "schema",
    "profile",
    "bench",
    "compare",
    "sweep",
    "plan",
)
PROBE = f"""
import sys
from busim.cli.app import program
for words in {[[], *[command.split() for command in COMMANDS]]!r}:
    try:
        program([*words, "--help"], prog_name="busim")
    except SystemExit as done:
        assert not done.code, words
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    assert not loaded, (words, loaded)
"""


def test_help_loads_nothing_heavy(python):
    """``busim --help`` and the help of every command load no library for numbers, graphs or pictures."""
    done = python("-c", PROBE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Usage: busim") == 1 + len(COMMANDS)


def test_import_of_the_package_loads_nothing_heavy(python):
    """``import busim`` alone is light, and its names are there on first use."""
    probe = f"import busim, sys; assert not set({HEAVY!r}) & set(sys.modules); busim.run; assert 'numpy' in sys.modules"
    done = python("-c", probe)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(busim, command):
    """Every command's help has a sentence beyond its usage line."""
    result = busim(*command.split(), "--help")
    assert result.exit_code == 0
    assert len(result.stdout.split("\n\n")[1].strip()) > 20


def test_every_command_is_listed_here(busim):
    """No command escapes the tests of this file."""
    from busim.cli.app import program

    assert {command.split()[0] for command in COMMANDS} == set(program.commands)


def test_version(busim):
    """``--version`` tells name and version."""
    from busim._version import __version__

    assert busim("--version").stdout == f"busim {__version__}\n"

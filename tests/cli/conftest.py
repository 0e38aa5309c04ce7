"""Ways to call the program: in this process, and in one of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from busim.cli.app import program

ROOT = Path(__file__).parents[2]


class Caller:
    """Calls ``busim`` in this process; keeps exit code, stdout and stderr of each call apart."""

    def __call__(self, *arguments):
        """Call it, and give the result."""
        return CliRunner().invoke(program, [str(each) for each in arguments])

    def json(self, *arguments):
        """Call it with ``--json``, expect success, and give the document."""
        result = self(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def fails(self, *arguments, code=2):
        """Call it, expect an exit code, no output and no traceback, and give the message."""
        result = self(*arguments)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert result.stderr.count("\n") <= 40
        return result.stderr


@pytest.fixture
def busim():
    """Call the program in this process."""
    return Caller()


@pytest.fixture
def in_folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def python():
    """Give a function that runs Python in a process of its own, from any folder."""

    def start(*arguments, folder=ROOT, **variables):
        env = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
        return subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
        )

    return start

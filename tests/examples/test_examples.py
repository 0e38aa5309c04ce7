"""The examples run, and print what stands in the text file beside each."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_an_example_prints_what_it_should(script, capsys, tmp_path, monkeypatch):
    """Line by line; after a change that is meant, write the new output into the text file."""
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script), run_name="__main__")
    printed = capsys.readouterr().out
    assert printed.splitlines() == script.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert list(tmp_path.iterdir()) == []


def test_every_output_has_its_script():
    """No expected output is left behind without a script, nor a script without output."""
    assert {path.stem for path in EXAMPLES.glob("*.txt")} == {path.stem for path in SCRIPTS}

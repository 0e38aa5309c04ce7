"""Command ``plan`` on a hand-made instance of the classic dial-a-ride problem."""

import json

import pytest
from click.testing import CliRunner

from busim.cli.app import program

TINY = """1 4 100 2 30
0 0 0 0 0 0 100
1 1 0 1 1 0 100
2 2 0 1 1 0 100
3 3 0 1 -1 0 100
4 4 0 1 -1 0 100
"""


@pytest.fixture
def instance(tmp_path):
    """Two riders on a line, one bus."""
    path = tmp_path / "tiny.txt"
    path.write_text(TINY)
    return path


def run(*arguments):
    """Call the command."""
    return CliRunner().invoke(program, ["plan", *map(str, arguments)])


def test_plan_finds_the_straight_line_and_its_check_passes(instance, tmp_path):
    """The bus goes out to the far end and back, 8 in all; the written plan passes the independent checker."""
    out = tmp_path / "plan.json"
    told = run(instance, "--iterations", 200, "--out", out, "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["cost"] == pytest.approx(8.0)
    checked = run(instance, "--check", out)
    assert checked.exit_code == 0
    assert "holds" in checked.stdout


def test_altered_plan_does_not_pass(instance, tmp_path):
    """A plan whose bus skips a stop is told and exits with 2."""
    out = tmp_path / "plan.json"
    run(instance, "--iterations", 200, "--out", out)
    plan = json.loads(out.read_text())
    del plan["buses"][0]["stops"][1]
    out.write_text(json.dumps(plan))
    told = run(instance, "--check", out)
    assert told.exit_code == 2
    assert "does not hold" in told.stdout


def test_pictures_are_drawn(instance, tmp_path):
    """Routes, Gantt chart, charge and convergence are there and not empty."""
    assert run(instance, "--iterations", 50, "--plots", tmp_path / "p").exit_code == 0
    assert {f.name for f in (tmp_path / "p").iterdir()} == {"routes.png", "gantt.png", "charge.png", "convergence.png"}
    assert all(f.stat().st_size > 5000 for f in (tmp_path / "p").iterdir())


def test_benchmark_folder(instance, tmp_path):
    """A folder is planned, the gap to a best known cost is told, and the table is written."""
    known = tmp_path / "known.csv"
    known.write_text("family,instance,gamma,best_known,proven_optimal\ndarp,tiny,,8.0,1\n")
    out = tmp_path / "table.csv"
    told = run("--benchmark", tmp_path, "--iterations", 100, "--best-known", known, "--out", out, "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["families"][0]["mean_gap_percent"] == pytest.approx(0.0, abs=1e-6)
    assert "tiny" in out.read_text()


def test_wrong_use(instance, tmp_path):
    """Neither or both of instance and folder, a missing file and a broken one exit with 2 and say why."""
    assert run().exit_code == 2
    assert run(instance, "--benchmark", tmp_path).exit_code == 2
    missing = run(tmp_path / "none.txt")
    assert missing.exit_code == 2
    assert "none.txt" in missing.output
    instance.write_text(TINY.replace("3 3 0 1 -1 0 100", "3 3 0 1 -1 nan 100"))
    broken = run(instance)
    assert broken.exit_code == 2
    assert "tiny.txt" in broken.output
    assert "Traceback" not in broken.output

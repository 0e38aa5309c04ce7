"""The README's promises that can be checked without running them."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_links_and_pictures_are_there():
    """Every file that the README links to or shows exists."""
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", TEXT) if not target.startswith("http")]
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_commands_exist():
    """Every command and option of busim in the README exists."""
    from busim.cli.app import program

    found = re.findall(r"^busim ([a-z]+)|`busim ([a-z]+)", TEXT, re.M)
    named = {first or second for first, second in found}
    assert named - set(program.commands) == set()
    assert {"run", "check", "plot", "map", "policies", "kpi", "schema", "profile", "bench"} <= named


def test_toml_of_the_readme_is_valid(tmp_path):
    """The scenario in the README passes the check; the entry point is TOML."""
    from busim import study

    blocks = re.findall(r"```toml\n(.*?)```", TEXT, re.S)
    scenario, entry_point = (next(block for block in blocks if start in block) for start in ("extends", "entry-points"))
    assert tomllib.loads(entry_point)["project"]["entry-points"]["busim.dispatch"]
    (tmp_path / "own.toml").write_text(scenario)
    assert len(study.load(tmp_path / "own.toml").spec.fleet.buses) == 30


def test_plain_commands_are_those_of_the_makefile():
    """What ``make demo`` and ``make test`` stand for installs and runs the same."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "busim run scenarios/science_city.toml" in makefile
    assert "python -m pytest" in makefile
    assert TEXT.count("python3 -m venv .venv && .venv/bin/pip install -e") == 2


def test_layers_are_those_of_the_architecture_test():
    """The README draws the layers in the order that the test enforces, and every package that there is."""
    import test_architecture

    drawing = TEXT.split("```\ncli ", 1)[1].split("```", 1)[0]
    drawn = [set(re.split(r"\s{2,}", line)[0].split(" | ")) for line in ("cli " + drawing).strip().splitlines()]
    enforced = [set(names) & set().union(*drawn) for names in test_architecture.LAYERS]
    assert drawn == [names for names in enforced if names]
    assert {path.parent.name for path in (ROOT / "busim").glob("*/__init__.py")} <= set().union(*drawn)

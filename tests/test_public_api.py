"""The public names: one table, told to type checkers, documented, found in a checkout as in a wheel."""

import ast
import importlib
import tomllib
from pathlib import Path

import pytest

import busim

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", busim.__all__)
def test_every_public_name_exists_and_is_documented(name):
    """Each name of the table loads, is listed by dir(), and has a docstring."""
    assert name in dir(busim)
    thing = getattr(busim, name)
    assert name == "__version__" or (thing.__doc__ or "").strip()


def test_type_checkers_see_the_same_names():
    """What is imported for type checking is what the table loads, from the same modules."""
    tree = ast.parse((ROOT / "busim" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {alias.asname: node.module for node in block.body for alias in node.names}
    assert told == busim._PUBLIC
    for name, module in told.items():
        assert getattr(importlib.import_module(module), name) is getattr(busim, name)


def test_an_unknown_name_is_an_attribute_error():
    """A typo is told as Python does."""
    with pytest.raises(AttributeError, match="no attribute 'rnu'"):
        _ = busim.rnu


def test_the_version_is_one():
    """Package, citation and changelog tell the same version."""
    version = busim.__version__
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "busim/_version.py"


def test_data_travel_in_the_wheel_to_where_they_are_looked_up():
    """The wheel carries maps and scenarios as busim/data; in a checkout they are found beside the package."""
    from busim.scenario.data import FOLDERS, data_root, find, scenario_names

    carried = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert carried == {folder: f"busim/data/{folder}" for folder in ("maps", "scenarios")}
    assert set(FOLDERS) == set(carried)
    assert data_root() == ROOT
    assert "quick.toml" in scenario_names()
    assert find("quick.toml", ()) == ROOT / "scenarios" / "quick.toml"
    assert find("maps/science_city/science_city.graphml", ()) is not None


def test_data_of_a_wheel_are_found(tmp_path, monkeypatch):
    """Where busim/data exists, as in an installed wheel, it is the root of the lookup."""
    from busim.scenario import data

    (tmp_path / "data" / "scenarios").mkdir(parents=True)
    (tmp_path / "data" / "scenarios" / "mine.toml").write_text("")
    monkeypatch.setattr(data.resources, "files", lambda package: tmp_path)
    assert data.find("mine.toml", ()) == tmp_path / "data" / "scenarios" / "mine.toml"


def test_every_test_says_what_it_tests():
    """Each test of the suite has a docstring."""
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_machine_paths_in_committed_files():
    """Code and texts name no folder of the machine they were written on."""
    kinds = (".py", ".toml", ".md", ".cff", ".csv", ".graphml")
    folders = ("busim", "scenarios", "maps", "examples", "docs")
    files = [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in kinds]
    named = [path for path in files if any(place in path.read_text(encoding="utf-8") for place in MACHINE)]
    assert named == []


MACHINE = tuple(f"/{name}/" for name in ("work", "root", "tmp"))

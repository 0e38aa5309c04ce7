"""The layers, enforced over the syntax trees: who may import whom, which library stays where, how long things get."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "busim"
LAYERS = (
    ("cli",),
    ("study", "testing"),
    ("report",),
    ("plot",),
    ("sim",),
    ("policy", "planning"),
    ("metrics",),
    ("core",),
    ("scenario", "network", "demand"),
    ("model",),
    ("errors",),
    ("units", "rng", "garbage", "_version"),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
ROOT_MODULES = {"__init__", "__main__"}  # the public table, and the entry of the command line
CONFINED = {
    "pydantic": {"scenario"},
    "tomllib": {"scenario"},
    "networkx": {"network"},
    "shapely": {"network"},
    "simpy": {"sim"},
    "matplotlib": {"plot"},
    "joblib": {"study"},
    "dask": {"study"},
    "distributed": {"study"},
    "click": {"cli"},
    "tqdm": {"cli"},
}
MAX_FILE_LINES, MAX_BODY_LINES = 500, 60

FILES = sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    """Give the dotted name of a file of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in FILES}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def owner(module: str) -> str:
    """Give the package, or module of the root, that a dotted name belongs to."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imported(tree: ast.AST) -> set[str]:
    """List all dotted names that a tree imports, wherever the import stands, type checking included."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            module = node.module or ""
            found |= {f"{module}.{a.name}" if f"{module}.{a.name}" in MODULES else module for a in node.names}
    return found


IMPORTS = {name: imported(tree) for name, tree in TREES.items()}


def offences(imports: dict[str, set[str]]) -> list[str]:
    """List imports that point up or sideways."""
    return [
        f"{name} imports {other}"
        for name, others in sorted(imports.items())
        if owner(name) not in ROOT_MODULES
        for other in sorted(others)
        if other.split(".")[0] == "busim" and not is_allowed(owner(name), owner(other))
    ]


def is_allowed(importer: str, other: str) -> bool:
    """Tell whether one package may import from another."""
    return importer == other or LEVEL[importer] < LEVEL.get(other, -1)


def test_every_package_has_a_layer() -> None:
    """A package that no layer names would escape the rule."""
    assert {owner(name) for name in MODULES} - ROOT_MODULES <= set(LEVEL)


def test_imports_point_down() -> None:
    """A package imports only from layers below its own."""
    assert offences(IMPORTS) == []


def test_the_rule_finds_an_upward_import() -> None:
    """The check itself sees an import that points up, and one that points sideways."""
    found = offences({"busim.core.x": {"busim.sim.world", "numpy"}, "busim.network.y": {"busim.demand"}})
    assert found == ["busim.core.x imports busim.sim.world", "busim.network.y imports busim.demand"]


def test_the_root_imports_nothing_heavy() -> None:
    """The public table is loaded on first use; at run time the root imports only the version."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    at_once = {name for node in tree.body if not isinstance(node, ast.If) for name in imported(node)}
    assert {name for name in at_once if name.startswith("busim")} == {"busim._version"}


def test_no_cycles_between_modules() -> None:
    """No two modules import each other, however long the way round."""
    # A package's __init__ re-exports its modules, and must not be a way round for them.
    graph = {
        name: {other for other in others & MODULES.keys() if not f"{name}.".startswith(f"{other}.")}
        for name, others in IMPORTS.items()
    }
    assert list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("library", sorted(CONFINED))
def test_libraries_stay_in_their_package(library: str) -> None:
    """Each library has one home, so that it can be replaced there."""
    users = {owner(name) for name, others in IMPORTS.items() if any(o.split(".")[0] == library for o in others)}
    allowed = CONFINED[library] | ({"__main__"} if library == "click" else set())
    assert users <= allowed


@pytest.mark.parametrize("name", sorted(MODULES))
def test_files_and_functions_stay_short(name: str) -> None:
    """No file above 500 lines, no function body above 60."""
    lines = MODULES[name].read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_FILE_LINES, f"{name} has {lines} lines"
    functions = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f"{each.name} ({size})" for each in functions if (size := body_lines(each)) > MAX_BODY_LINES]
    assert long == []


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function's body, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0

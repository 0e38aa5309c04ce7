"""Commands that tell what there is: ``policies``, ``kpi``, ``schema``."""

from __future__ import annotations

import json
from typing import Any

import click

from busim.cli.output import columns, emit, json_option
from busim.cli.progress import tell_compiling
from busim.errors import EXIT_INPUT

_KPI_FIELDS = ("name", "label", "unit", "denominator", "formula", "direction", "reference", "source", "about")


@click.command()
@click.argument("name", required=False)
@click.option("--check", "is_check", is_flag=True, help="Try the strategy NAME in the conformance suite of its kind.")
@json_option
def policies(name: str | None, is_check: bool, as_json: bool) -> None:
    """List the strategies, or tell one by NAME with its parameters.

    NAME may also be MODULE:CLASS, for a class that no package has announced yet.
    """
    from busim.errors import InputError, did_you_mean
    from busim.policy.registry import KINDS, PolicyRegistry

    registry = PolicyRegistry()
    if name is not None and ":" in name:
        name = _imported(name)
    known = [registry.describe(kind, each) for kind in KINDS for each in registry.names(kind)]
    if is_check:
        _check(name, [each for each in known if each["name"] == name or name is None], as_json)
        return
    if name is None:
        rows = [(each["kind"], each["name"], each["about"]) for each in known]
        emit(known, columns(rows, ("kind", "name", "what it does")), as_json)
        return
    chosen = [each for each in known if each["name"] == name]
    if not chosen:
        names = [each["name"] for each in known]
        raise InputError.single("busim policies", f"there is no strategy '{name}'", did_you_mean(name, names))
    emit(chosen, "\n\n".join(map(_strategy, chosen)), as_json)


def _imported(path: str) -> str:
    """Add the class that stands at ``MODULE:CLASS``, looked up from the current folder too; gives its name."""
    import importlib
    import sys
    from pathlib import Path

    from busim.errors import InputError, did_you_mean
    from busim.policy.registry import register

    module, _, name = path.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        found = importlib.import_module(module)
    except Exception as error:  # what a module of someone else's may raise cannot be known
        what = f"module '{module}' cannot be imported: {type(error).__name__}: {error}"
        raise InputError.single(
            "busim policies", what, "it is looked for in the current folder, then as Python does"
        ) from error
    finally:
        sys.path.pop(0)
    strategy = getattr(found, name, None)
    if not isinstance(strategy, type):
        classes = [
            each for each, value in vars(found).items() if isinstance(value, type) and value.__module__ == module
        ]
        raise InputError.single(
            "busim policies", f"module '{module}' has no class '{name}'", did_you_mean(name, classes)
        )
    kind = "dispatch" if hasattr(strategy, "decide") or not hasattr(strategy, "idle") else "charging"
    register(kind, path, strategy)
    return path


def _check(name: str | None, chosen: list[dict[str, Any]], as_json: bool) -> None:
    """Run the conformance suites; strategies of a kind that has none cannot be tried."""
    from busim import testing
    from busim.errors import InputError, did_you_mean
    from busim.policy.registry import strategies

    able = [each for each in chosen if each["kind"] in testing.SUITES]
    if name is None or not able:
        names = sorted(each for kind in testing.SUITES for each in strategies(kind))
        what = "name a strategy to try" if name is None else f"there is no suite for '{name}'"
        raise InputError.single("busim policies --check", what, did_you_mean(name or "", names))
    tell_compiling()
    reports = [testing.SUITES[e["kind"]](strategies(e["kind"])[e["name"]], name=e["name"]) for e in able]
    emit([report.to_dict() for report in reports], "\n\n".join(map(str, reports)), as_json)
    if not all(report.passed for report in reports):
        raise SystemExit(EXIT_INPUT)


def _strategy(found: dict[str, Any]) -> str:
    title = f"{found['name']} ({found['kind']}): {found['about']}"
    if not found["parameters"]:
        return f"{title}\nIt has no parameters."
    header = ("parameter", "type", "default", "range", "unit", "meaning")
    rows = [
        (each["name"], each["type"], str(each["default"]), _range(each), each["unit"], each["about"])
        for each in found["parameters"]
    ]
    return f"{title}\n\n{columns(rows, header)}"


def _range(parameter: dict[str, Any]) -> str:
    low, high = ("" if bound is None else f"{bound:g}" for bound in (parameter["low"], parameter["high"]))
    return f"{low} .. {high}" if low or high else ""


@click.command()
@click.argument("name", required=False)
@json_option
def kpi(name: str | None, as_json: bool) -> None:
    """List the KPIs, or tell one by NAME: unit, denominator, formula, direction."""
    from busim.errors import InputError, did_you_mean
    from busim.metrics import KPIS

    told = [{key: getattr(each, key) for key in _KPI_FIELDS} for each in KPIS.values()]
    if name is None:
        rows = [(each["name"], each["unit"], each["direction"], each["label"]) for each in told]
        emit(told, columns(rows, ("name", "unit", "better", "what")), as_json)
        return
    if name not in KPIS:
        raise InputError.single("busim kpi", f"there is no KPI '{name}'", did_you_mean(name, KPIS))
    found = next(each for each in told if each["name"] == name)
    emit(found, columns([(key, value) for key, value in found.items() if value]), as_json)


@click.command()
@json_option
def schema(as_json: bool) -> None:  # noqa: ARG001  (it is JSON in any case)
    """Print the JSON Schema of scenario files, for editors."""
    from busim import scenario

    click.echo(json.dumps(scenario.schema(), ensure_ascii=False, indent=1))


COMMANDS = (policies, kpi, schema)

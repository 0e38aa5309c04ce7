"""Command ``plan``: a day known in advance, from files of the e-ADARP and the DARP."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from busim.cli.output import columns, emit, json_option, number
from busim.cli.progress import bar, tell_compiling
from busim.errors import EXIT_INPUT, InputError

if TYPE_CHECKING:
    from busim.planning import PlanResult, Settings

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("instance", type=PATH, required=False)
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key of a scenario; repeatable.")
@click.option("--seconds", type=float, default=60.0, show_default=True, help="Time limit for one instance.")
@click.option("--iterations", type=int, help="Limit of steps instead: the result then depends on the seed alone.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the search.")
@click.option("--out", type=PATH, help="Write the plan (JSON), or with --benchmark the table (CSV), here.")
@click.option("--plots", type=PATH, help="Draw routes, Gantt chart, charge and convergence into this folder.")
@click.option("--check", "solution", metavar="PLAN", type=PATH, help="Check a written plan against INSTANCE instead.")
@click.option("--benchmark", metavar="DIR", type=PATH, help="Plan every instance of a folder instead.")
@click.option("--best-known", metavar="CSV", type=PATH, help="Best known costs, for gaps.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Instances at the same time.")
@json_option
def plan(
    instance: Path | None,
    overrides: tuple[str, ...],
    seconds: float,
    iterations: int | None,
    seed: int,
    out: Path | None,
    plots: Path | None,
    solution: Path | None,
    benchmark: Path | None,
    best_known: Path | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Plan a day whose requests are all known.

    INSTANCE is a file of the (electric) dial-a-ride problem, or a scenario (*.toml): then its riders who booked ahead
    are planned, and `busim run SCENARIO --plan FILE` begins the day with the plan that --out writes.
    """
    from busim.planning import Settings

    if (instance is None) == (benchmark is None):
        raise click.UsageError("Give one instance, or a folder of them with --benchmark.")
    if instance is not None and instance.suffix == ".toml":
        _plan_scenario(instance, overrides, iterations, seconds, seed, out, as_json)
        return
    settings = Settings(seconds=None if iterations is not None else seconds, iterations=iterations, seed=seed)
    if benchmark is not None:
        _benchmark(benchmark, settings, best_known, jobs, out, as_json)
    elif instance is not None and solution is not None:
        _check(solution, instance, as_json)
    elif instance is not None:
        _plan(instance, settings, out, plots, as_json)


def _plan(path: Path, settings: Settings, out: Path | None, plots: Path | None, as_json: bool) -> None:
    from busim.planning import plan as search
    from busim.planning import read_instance

    instance = read_instance(path)
    tell_compiling()
    result = search(instance, settings)
    if out is not None:
        _write(result.solution.write, out)
    if plots is not None:
        for file in _draw(instance, result, plots):
            click.echo(f"drawn: {file}", err=True)
    found = result.solution
    document = {
        "instance": found.instance,
        "is_feasible": result.is_feasible,
        "faults": result.faults,
        "cost": found.cost,
        "travel_time": found.travel_time,
        "excess_ride_time": max(0.0, found.excess_ride_time),
        "charged_kwh": sum(stop.charge for bus in found.buses for stop in bus.stops),
        "unserved": found.unserved,
        "iterations": result.iterations,
        "seconds": result.seconds,
    }
    rows = [(name.replace("_", " "), _text(value)) for name, value in document.items() if value not in ((), [])]
    routes = [(f"bus {bus.bus}", " ".join(str(stop.node) for stop in bus.stops)) for bus in found.buses]
    emit(document | {"plan": found.to_dict()}, columns([*rows, *routes]), as_json)
    if not result.is_feasible:
        raise click.exceptions.Exit(EXIT_INPUT)


def _plan_scenario(
    scenario: Path, overrides: tuple[str, ...], iterations: int | None, seconds: float, seed: int, out: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    from busim import study
    from busim.planning.day_plan import DaySettings
    from busim.study.ahead import plan_ahead

    settings = DaySettings(iterations, seconds if iterations is None else None, seed)
    with bar() as progress:
        found = plan_ahead(study.load(str(scenario), overrides), settings, progress=progress)
    if out is not None:
        _write(found.write, out)
    document = found.document()
    charges = sum(stop["action"] == "charge" for bus in document["buses"] for stop in bus["stops"])
    rows = [
        ("booked ahead", number(found.num_planned + len(found.left))),
        ("planned", number(found.num_planned)),
        ("left to the day", ", ".join(found.left[:8]) + (" ..." if len(found.left) > 8 else "") or "nobody"),
        ("buses with duties", number(len(found.duties))),
        ("charges planned", number(charges)),
        ("driven", f"{number(document['km'])} km"),
        ("generalised cost", number(found.outlook.cost)),
    ]
    emit(document, columns(rows), as_json)


def _check(solution: Path, path: Path, as_json: bool) -> None:
    from busim.planning import check, read_instance, read_solution

    told = read_solution(solution)
    verdict = check(read_instance(path), told)
    document = {"is_valid": verdict.is_valid, "faults": verdict.faults, "cost": verdict.cost, "told_cost": told.cost}
    lines = [f"The plan {'holds' if verdict.is_valid else 'does not hold'}; its cost is {verdict.cost:.6f}."]
    emit(document, "\n".join([*lines, *(f"- {fault}" for fault in verdict.faults)]), as_json)
    if not verdict.is_valid:
        raise click.exceptions.Exit(EXIT_INPUT)


def _benchmark(
    folder: Path, settings: Settings, best_known: Path | None, jobs: int, out: Path | None, as_json: bool
) -> None:
    from busim.planning import gap_table, run_benchmark, write_rows

    def told(row: Any) -> None:
        click.echo(f"{row.instance} {number(row.gamma)}: {row.cost:.2f}, gap {number(row.gap_percent)} %", err=True)

    tell_compiling()
    rows = run_benchmark(folder, settings, best_known, jobs, told)
    if out is not None:
        _write(lambda place: write_rows(rows, place), out)
    table = [asdict(row) for row in gap_table(rows)]
    if not table:
        raise InputError.single(str(folder), "holds no instance", "give a folder with *.txt files of the problem")
    texts = [[number(value) for value in row.values()] for row in table]
    document = {"families": table, "instances": [asdict(row) for row in rows]}
    emit(document, columns(texts, [name.replace("_", " ") for name in table[0]]), as_json)


def _write(write: Any, out: Path) -> None:
    """Write beside the place and rename, so that nothing half-written is ever there."""
    draft = out.with_name(out.name + ".draft")
    try:
        write(draft)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError.single(str(out), f"cannot be written: {error.strerror}") from error


def _draw(instance: Any, result: PlanResult, folder: Path) -> list[Path]:
    from busim.plot import planning as drawn
    from busim.plot.style import new_figure, save

    pictures: dict[str, Any] = {
        "routes": lambda ax: drawn.plot_routes(instance, result.solution, ax),
        "gantt": lambda ax: drawn.plot_gantt(instance, result.solution, ax),
        "charge": lambda ax: drawn.plot_charge(instance, result.solution, ax),
        "convergence": lambda ax: drawn.plot_convergence(result, ax),
    }
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, draw in pictures.items():
        figure = new_figure()
        draw(figure.add_subplot())
        files.append(save(figure, folder / f"{name}.png"))
    return files


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return "; ".join(map(str, value))
    return number(value)


COMMANDS = (plan,)

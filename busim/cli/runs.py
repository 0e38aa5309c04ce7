"""Commands around one run: ``run``, ``check``, ``plot``."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from busim.cli.output import columns, emit, json_option

if TYPE_CHECKING:
    from busim.planning.day_plan import DaySettings
    from busim.study import Run

_set = click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key, such as fleet.size=20; repeatable."
)


@click.command()
@click.argument("scenario")
@_set
@click.option("--seed", type=int, help="Draw other riders and other traffic.")
@click.option("--out", type=click.Path(path_type=Path), help="The run folder; by default runs/<name>-<seed>.")
@click.option("--plots/--no-plots", default=None, help="Whether plots are drawn; by default as the scenario says.")
@click.option("--plan", metavar="FILE", help="Begin the day with this plan, from `busim plan SCENARIO --out FILE`.")
@click.option("--hindsight", is_flag=True, help="Plan the day again with all requests known: what would that save?")
@click.option(
    "--hindsight-seconds", type=float, help="Time limit of that search; the plan then depends on the machine."
)
@click.option(
    "--hindsight-steps",
    type=int,
    help="Steps of that search; by default by the riders, at most two and a half minutes.",
)
@json_option
def run(
    scenario: str,
    overrides: tuple[str, ...],
    seed: int | None,
    out: Path | None,
    plots: bool | None,
    plan: str | None,
    hindsight: bool,
    hindsight_seconds: float | None,
    hindsight_steps: int | None,
    as_json: bool,
) -> None:
    """Simulate the day of SCENARIO: KPIs on the screen, and a run folder with tables and plots."""
    from busim.cli.progress import aside, bar

    with bar("load"):
        from busim import study

        begins = () if plan is None else (f"demand.plan={json.dumps(plan)}",)
        chosen = study.load(scenario, (*overrides, *begins))
    look_back: DaySettings | bool = False
    if hindsight or hindsight_seconds is not None or hindsight_steps is not None:
        from busim.planning.day_plan import DaySettings

        look_back = DaySettings(hindsight_steps, hindsight_seconds, chosen.spec.seed if seed is None else seed)
    with bar() as progress:
        result = study.run_into(
            chosen, out, seed=seed, plots=plots, hindsight=look_back, progress=progress,
            simulated=None if as_json else lambda made: aside(_told(made)),
        )  # fmt: skip
    emit(_document(result), _place(result), as_json)


def _document(result: Run) -> dict[str, Any]:
    from busim.study.headline import units

    keys = ("scenario", "seed", "fingerprint", "log_sha256", "events", "cpu_s")
    return {
        "folder": str(result.folder),
        **{key: result.manifest[key] for key in keys},
        "kpis": result.kpis,
        "units": units(result.kpis),
        **({} if result.hindsight is None else {"hindsight": result.hindsight.document()}),
    }


def _told(result: Run) -> str:
    """Tell the KPIs, which are known before pictures are drawn."""
    table = columns(result.headline(), right=(1,))
    return f"{result.scenario.name}, seed {result.manifest['seed']}\n\n{table}\n{_hindsight(result)}"


def _place(result: Run) -> str:
    drawn = len(list((result.folder / "plots").glob("*.png"))) if result.folder else 0
    pictures = f" ({drawn} pictures in plots/; report.html shows the day, played back)" if drawn else ""
    return f"Run folder: {result.folder}{pictures}"


def _hindsight(result: Run) -> str:
    """Tell what knowing the future would have saved."""
    found = result.hindsight
    if found is None:
        return ""
    from busim.study.hindsight import CAVEAT

    table = columns(found.rows(), ("In hindsight", f"live: {found.strategy}", "planned", "change"), right=(1, 2, 3))
    told = f"Knowing all requests would have saved at least {100 * found.regret_share:.1f} % of the generalised cost."
    if found.steps < found.planned_steps:
        steps = f"{found.steps:,} of {found.planned_steps:,} steps".replace(",", " ")
        told += f"\nThe search was cut short after {steps}; a longer one would find more."
    if not found.is_better:
        told = "No better plan than the live run's own was found."
    return f"\n{table}\n\n{told}\n{fill(CAVEAT, 100)}\n"


@click.command()
@click.argument("scenario")
@_set
@json_option
def check(scenario: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Check SCENARIO with its map and requests, without simulating anything."""
    from busim import study

    found = study.check(study.load(scenario, overrides))
    text = columns([(key.replace("_", " "), str(value)) for key, value in found.items()])
    emit({"valid": True, **found}, f"{scenario} is valid.\n\n{text}", as_json)


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, metavar="NAME", help="Draw only this plot; repeatable.")
@click.option("--out", type=click.Path(path_type=Path), help="Another folder for the pictures.")
@json_option
def plot(run_folder: Path, only: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Draw the plots of a finished RUN again."""
    from busim import study
    from busim.study.pictures import draw_all

    made = draw_all(study.open_run(run_folder), out or run_folder / "plots", only)
    emit({"plots": [str(path) for path in made]}, "\n".join(str(path) for path in made), as_json)


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; by default report.html in RUN.")
@json_option
def report(run_folder: Path, out: Path | None, as_json: bool) -> None:
    """Write the web page of a finished RUN again: figures, a moving map of the day, pictures."""
    from busim import study
    from busim.study.reporting import FILE, write_report

    made = write_report(study.open_run(run_folder), out or run_folder / FILE)
    emit({"report": str(made)}, str(made), as_json)


COMMANDS = (run, check, plot, report)

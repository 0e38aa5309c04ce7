"""The command ``explain``: why things came as they did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from busim.cli.output import columns, emit, json_option

if TYPE_CHECKING:
    from busim.report import Explanation, FinishedDay


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--rider", metavar="ID", help="Tell of one rider: the request's id, or the rider's number in the tables.")
@click.option("--bus", metavar="NUMBER", help="Tell of one bus's day: trips, charges, idle times, why it was late.")
@click.option("--refusals", is_flag=True, help="Tabulate refusals by reason, hour and zone, and what was lacking.")
@click.option("--late", is_flag=True, help="List the riders who were late, and by what.")
@click.option(
    "--picture", type=click.Path(path_type=Path), help="With --refusals: draw them by hour and what bound, as PNG."
)
@json_option
def explain(
    run_folder: Path,
    rider: str | None,
    bus: str | None,
    refusals: bool,
    late: bool,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Tell why riders of a finished RUN were refused or late, and what the alternatives were.

    Give one of --rider, --bus, --refusals and --late.
    """
    if (rider is not None) + (bus is not None) + refusals + late != 1:
        raise click.UsageError("Give one of --rider ID, --bus NUMBER, --refusals and --late.")
    if picture is not None and not refusals:
        raise click.UsageError("--picture goes with --refusals.")
    from busim.study.explaining import open_day

    day = open_day(run_folder)
    found = _answer(day, rider, bus, refusals)
    if picture is not None:
        from busim.study.pictures import draw_refusals

        draw_refusals(day, found.facts, picture)
    emit(found.facts, _text(found), as_json)


def _answer(day: FinishedDay, rider: str | None, bus: str | None, refusals: bool) -> Explanation:
    from busim import report as reports
    from busim.cli.progress import bar

    if rider is not None:
        return reports.explain_rider(day, reports.find_rider(day, rider))
    if bus is not None:
        return reports.explain_bus(day, reports.find_bus(day, bus))
    if not refusals:
        return reports.explain_late(day)
    with bar() as progress:
        return reports.explain_refusals(day, None if progress is None else lambda share: progress("refusals", share))


def _text(found: Explanation) -> str:
    parts = ["\n".join(found.sentences)]
    parts += [f"{grid.title}\n\n{columns(grid.rows, grid.header, grid.right)}" for grid in found.grids]
    return "\n\n".join(parts)


COMMANDS = (explain,)

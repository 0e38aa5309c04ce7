"""Command ``sweep``: many variants with many seeds, kept run by run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from busim.cli.output import columns, emit, json_option
from busim.cli.studies import (
    allow_many_option,
    engine_options,
    kpi_option,
    rows_of,
    seeds_option,
    set_option,
    vary_option,
)
from busim.errors import EXIT_INPUT

if TYPE_CHECKING:
    from busim.study.sweep_result import Sweep

_MOST_ROWS = 60
_MOST_ERRORS = 5


@click.command()
@click.argument("studies", metavar="STUDY...", nargs=-1, required=True)
@vary_option
@set_option
@seeds_option
@kpi_option
@click.option("--shard", metavar="I/N", help="Run only this part of several, for job arrays.")
@allow_many_option
@engine_options
@click.option("--out", type=click.Path(path_type=Path), help="The folder; by default runs/sweep-<name>.")
@click.option("--plots/--no-plots", default=True, help="Whether plots are drawn.")
@json_option
@click.pass_context
def sweep(
    ctx: click.Context,
    studies: tuple[str, ...],
    vary: tuple[str, ...],
    overrides: tuple[str, ...],
    seeds: int | None,
    kpis: tuple[str, ...],
    shard: str | None,
    allow_many: bool,
    jobs: int | None,
    dask: str | None,
    out: Path | None,
    plots: bool,
    as_json: bool,
) -> None:
    r"""Run all variants of STUDY, a study file, with all its seeds; what is done already is not run again.

    \b
    busim sweep study.toml
    busim sweep quick.toml --vary fleet.size=3,4,5 --vary demand.scale=0.5,1,1.5 --seeds 5
    """
    from busim.cli.run_bar import run_bar
    from busim.study.plan import Options, make_plan
    from busim.study.pool import engine_of
    from busim.study.sweep import parse_shard, run_sweep
    from busim.study.vary import parse_vary

    part = parse_shard(shard)
    plan = make_plan(studies, parse_vary(vary), Options(seeds, kpis, overrides, allow_many))
    place = out or Path("runs") / f"sweep-{_slug(plan.name)}"
    with run_bar() as progress:
        made = run_sweep(plan, place, part, engine_of(jobs, dask), progress)
    drawn = made.draw(place / "plots") if plots and part.parts == 1 else []
    emit(_document(made, drawn), _text(made, drawn), as_json)
    if made.errors:
        ctx.exit(EXIT_INPUT)


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "study"


def _document(made: Sweep, drawn: list[Path]) -> dict[str, Any]:
    return {
        "name": made.name,
        "folder": str(made.folder),
        "files": [str(path) for path in (*made.files, *drawn)],
        "seeds": made.seeds,
        "runs": made.table.num_rows,
        "failed": [
            {"cell": made.cells[cell].name, "seed": made.seeds[seed], "error": error}
            for (cell, seed), error in made.errors.items()
        ],
        "summary": rows_of(made.summary),
    }


def _text(made: Sweep, drawn: list[Path]) -> str:
    rows = made.headline()
    title = f"{made.name}: {len(rows)} cells, {len(made.seeds)} seeds; mean ± half the 95 % interval"
    table = columns(rows[:_MOST_ROWS], made.header(), tuple(range(1, 1 + len(made.kpis))))
    more = f"... and {len(rows) - _MOST_ROWS} more cells in summary.csv" if len(rows) > _MOST_ROWS else ""
    failed = [
        f"{made.cells[cell].name}, seed {made.seeds[seed]}: {error}" for (cell, seed), error in made.errors.items()
    ]
    shown = "\n".join([f"{len(failed)} runs failed:", *failed[:_MOST_ERRORS]]) if failed else ""
    files = "\n".join(str(path) for path in (*made.files, *drawn))
    return "\n\n".join(part for part in (title, table, more, shown, files) if part)


COMMANDS = (sweep,)

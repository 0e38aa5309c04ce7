"""Command ``compare``: arms on the same days, paired differences, plain sentences."""

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

if TYPE_CHECKING:
    from busim.study.comparison import Comparison

_TOLD = "Intervals are paired t, 95 %, unadjusted; p is adjusted over all {} differences here (Holm), and decides."


@click.command()
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@vary_option
@set_option
@seeds_option
@kpi_option
@click.option("--against", metavar="ARM", help="Compare with this arm; by default with the first.")
@click.option("--until", multiple=True, metavar="'KPI +- SIZE'", help="Add seeds until the intervals are that narrow.")
@click.option("--max-seeds", type=int, help="Where --until ends.  [default: 200]")
@click.option("--relevant", type=float, help="Share of the mean that would matter.  [default: 0.05]")
@allow_many_option
@engine_options
@click.option("--out", type=click.Path(path_type=Path), help="The folder; by default runs/compare-<name>.")
@click.option("--plots/--no-plots", default=True, help="Whether plots are drawn.")
@json_option
def compare(
    scenarios: tuple[str, ...],
    vary: tuple[str, ...],
    overrides: tuple[str, ...],
    seeds: int | None,
    kpis: tuple[str, ...],
    against: str | None,
    until: tuple[str, ...],
    max_seeds: int | None,
    relevant: float | None,
    allow_many: bool,
    jobs: int | None,
    dask: str | None,
    out: Path | None,
    plots: bool,
    as_json: bool,
) -> None:
    r"""Compare arms on the same days: values of a key, several SCENARIOs, or those of a study file.

    \b
    busim compare science_city.toml --vary dispatch.strategy=nearest,insertion --seeds 20
    busim compare small.toml large.toml --until "wait_p95_s +- 20 s"
    """
    from busim.cli.run_bar import run_bar
    from busim.study.compare import run_comparison
    from busim.study.folder import check_free
    from busim.study.plan import Options, make_plan
    from busim.study.pool import engine_of
    from busim.study.study_folder import check_writable
    from busim.study.vary import parse_vary

    plan = make_plan(scenarios, parse_vary(vary), Options(seeds, kpis, overrides, allow_many))
    place = out or Path("runs") / f"compare-{_slug(plan.name)}"
    if out is not None:
        check_free(out)
    check_writable(place.parent)
    with run_bar() as progress:
        made = run_comparison(plan, against, until, max_seeds, relevant, engine_of(jobs, dask), progress)
    folder = made.save(place, plots=plots, is_default=out is None)
    emit(_document(made, folder), _text(made, folder), as_json)


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "study"


def _document(made: Comparison, folder: Path) -> dict[str, Any]:
    tables = {"kpis": rows_of(made.table), "differences": rows_of(made.differences)}
    return {"folder": str(folder), **made.describe(), **tables}


def _text(made: Comparison, folder: Path) -> str:
    seeds = f"{len(made.seeds)} seeds, {made.seeds[0]} to {made.seeds[-1]}"
    title = f"{made.name}: {len(made.arms)} arms, {seeds}; mean ± half the 95 % interval"
    right = tuple(range(2, 2 + len(made.arms)))
    kpis = columns(list(made.headline()), ("KPI", "unit", *made.arms), right)
    differences = columns(
        list(made.paired_headline()), ("KPI", "arm", "difference", "95 % interval", "p", "ratio"), (2, 3, 4, 5)
    )
    note = _TOLD.format(made.differences.num_rows)
    ratio = "ratio: how many times more seeds it would take had the arms met different riders and traffic."
    parts = [
        title,
        kpis,
        f"Differences to {made.against}, day by day. {note}",
        differences,
        ratio,
        "\n".join(made.sentences),
        made.caution,
        "\n".join(map(_reached, made.reached)),
        f"Folder: {folder}",
    ]
    return "\n\n".join(part for part in parts if part)


def _reached(each: Any) -> str:
    told = "reached" if each.is_reached else "not reached: --max-seeds allows more"
    return f"{each.wish}: ± {each.half:.4g}, {told}."


COMMANDS = (compare,)

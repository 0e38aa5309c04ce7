"""Command ``size``: the smallest fleet, or number of plugs, that meets targets."""

from __future__ import annotations

from pathlib import Path

import click

from busim.cli.output import columns, emit, json_option
from busim.cli.studies import engine_options


@click.command()
@click.argument("scenario")
@click.option(
    "--target",
    "targets",
    multiple=True,
    required=True,
    metavar="TEXT",
    help="Such as 'wait_p95_s <= 8 min' or 'service_rate >= 98 %'; repeatable, all are to be met.",
)
@click.option("--over", required=True, metavar="KEY=LOW:HIGH", help="Such as fleet.size=5:60, or 5:60:5 with a step.")
@click.option("--confidence", type=float, default=0.9, show_default=True, help="That the answer is right.")
@click.option(
    "--margin", "margins", multiple=True, metavar="TEXT", help="What does not matter: 'wait_p95_s +- 20 s'; repeatable."
)
@click.option("--first", type=int, default=8, show_default=True, help="Days of each value before anything is decided.")
@click.option("--max-runs", type=int, default=400, show_default=True, help="Of all values together.")
@engine_options
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key; repeatable.")
@click.option("--plot", "picture", type=click.Path(path_type=Path), help="Draw cost against service as a PNG file.")
@json_option
def size(
    scenario: str,
    targets: tuple[str, ...],
    over: str,
    confidence: float,
    margins: tuple[str, ...],
    first: int,
    max_runs: int,
    jobs: int | None,
    dask: str | None,
    overrides: tuple[str, ...],
    picture: Path | None,
    as_json: bool,
) -> None:
    """Find the smallest value of a key with which SCENARIO meets all targets, and what each value costs."""
    from busim.cli.progress import bar
    from busim.study.size import draw
    from busim.study.size import size as search
    from busim.study.study_folder import check_writable

    if picture is not None:
        check_writable(picture.parent)
    with bar() as progress:
        found = search(
            scenario,
            targets,
            over,
            margins=margins,
            confidence=confidence,
            first=first,
            max_runs=max_runs,
            jobs=jobs,
            dask=dask,
            overrides=overrides,
            progress=progress,
        )
    header, rows = found.rows()
    table = columns(rows, header, right=range(len(header)))
    told = [] if picture is None else [f"Picture: {draw(found, picture)}"]
    emit(found.document(), "\n\n".join(["\n".join(found.sentences()), table, *told]), as_json)


COMMANDS = (size,)

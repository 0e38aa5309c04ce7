"""Commands ``verify`` and ``diff``: is a run still what comes out, and what sets two runs apart."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from busim.cli.output import emit, json_option

DIFFERS = 1  # exit code where a run is not identical


@click.command()
@click.argument("run_folder", metavar="RUN", type=click.Path(path_type=Path))
@json_option
def verify(run_folder: Path, as_json: bool) -> None:
    """Run RUN again from its folder and compare the log byte for byte; exit code 1 if anything differs."""
    from busim.cli.progress import bar
    from busim.study.verify import verify as run_again

    with bar() as progress:
        found = run_again(run_folder, progress=progress)
    emit(found.document(), "\n".join(found.lines()), as_json)
    if not found.is_identical:
        sys.exit(DIFFERS)


@click.command()
@click.argument("first", metavar="RUN1", type=click.Path(path_type=Path))
@click.argument("second", metavar="RUN2", type=click.Path(path_type=Path))
@click.option(
    "--most", type=click.IntRange(0), default=5, show_default=True, help="Riders and buses shown of each list."
)
@json_option
def diff(first: Path, second: Path, most: int, as_json: bool) -> None:
    """Tell which riders and buses fared differently in RUN1 and RUN2, and from which event on."""
    from busim.study.diff import diff as compare

    found = compare(first, second)
    emit(found.document(), "\n".join(found.lines(most)), as_json)


COMMANDS = (verify, diff)

"""Command ``bench``: the neutral on-demand workload, run or made."""

from __future__ import annotations

from pathlib import Path

import click

from busim.cli.output import columns, emit, json_option, number


@click.command()
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--strategy", default="insertion", show_default=True, help="Dispatch strategy by name.")
@click.option("--make", "size", metavar="SIZE", help="Write a workload of size T, S, M or L into DIR instead.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the workload that is made.")
@json_option
def bench(folders: tuple[Path, ...], strategy: str, size: str | None, seed: int, as_json: bool) -> None:
    """Run the workload in each DIR (node.csv, edge.csv, fleet.csv, request.csv, meta.json)."""
    from busim.study import workload_make
    from busim.study.bench import bench as measure

    if size is not None:
        made = [workload_make.write(size, seed, folder) for folder in folders]
        emit(made, "\n".join(f"{each['folder']}: {each['requests']} requests" for each in made), as_json)
        return
    found = [measure(folder, strategy) for folder in folders]
    rows = [tuple(number(value) for value in each.values()) for each in found]
    emit(found[0] if len(found) == 1 else found, columns(rows, tuple(found[0])), as_json)


COMMANDS = (bench,)

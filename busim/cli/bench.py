"""Command ``bench``: the neutral on-demand workload, run or made, and how the time of a decision grows."""

from __future__ import annotations

from pathlib import Path

import click

from busim.cli.output import columns, emit, json_option, number
from busim.cli.progress import bar, tell_compiling


@click.command()
@click.argument("folders", metavar="[DIR]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--strategy", default="insertion", show_default=True, help="Dispatch strategy by name.")
@click.option("--make", "size", metavar="SIZE", help="Write a workload of size T, S, M or L into DIR instead.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the workload that is made.")
@click.option("--growth", "grows", is_flag=True, help="Time each decision instead, for 10 to 1 000 buses.")
@click.option("--out", type=click.Path(path_type=Path), help="Keep the growth as a table and a picture in this folder.")
@json_option
def bench(
    folders: tuple[Path, ...],
    strategy: str,
    size: str | None,
    seed: int,
    grows: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run the workload in each DIR (node.csv, edge.csv, fleet.csv, request.csv, meta.json)."""
    if grows == bool(folders) or (grows and size is not None):
        raise click.UsageError("name one or more DIR, or ask for --growth and name none")
    if out is not None and not grows:
        raise click.UsageError("--out goes with --growth")
    if grows:
        _growth(strategy, out, as_json)
    elif size is not None:
        _make(folders, size, seed, as_json)
    else:
        _measure(folders, strategy, as_json)


def _make(folders: tuple[Path, ...], size: str, seed: int, as_json: bool) -> None:
    from busim.study import workload_make

    made = [workload_make.write(size, seed, folder) for folder in folders]
    emit(made, "\n".join(f"{each['folder']}: {each['requests']} requests" for each in made), as_json)


def _measure(folders: tuple[Path, ...], strategy: str, as_json: bool) -> None:
    from busim.study.bench import bench as measure

    tell_compiling()
    found = [measure(folder, strategy) for folder in folders]
    rows = [tuple(number(value) for value in each.values()) for each in found]
    emit(found[0] if len(found) == 1 else found, columns(rows, tuple(found[0])), as_json)


def _growth(strategy: str, out: Path | None, as_json: bool) -> None:
    from busim.study import growth
    from busim.study.folder import check_free

    if out is not None:
        check_free(out)
    with bar() as progress:
        found = growth.grow(strategy, progress=progress)
    of_fleet, of_stops = found.told()
    text = [f"{found.strategy} ({found.kernel}), CPU time of each decision"]
    text += [f"{_points(found.by_fleet)}\n{of_fleet}", f"{_points(found.by_riders)}\n{of_stops}"]
    if out is not None:
        text.append(f"Table and picture: {growth.save(found, out)}")
    emit(found.document(), "\n\n".join(text), as_json)


def _points(points: tuple[object, ...]) -> str:
    header = tuple(vars(points[0]))
    rows = [tuple(number(value) for value in vars(point).values()) for point in points]
    return columns(rows, header, right=range(len(header)))


COMMANDS = (bench,)

"""Command ``profile``: where the time of a run goes."""

from __future__ import annotations

import click

from busim.cli.output import columns, emit, json_option
from busim.cli.progress import tell_compiling


@click.command()
@click.argument("scenario")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a key; repeatable.")
@click.option("--seed", type=int, help="Draw other riders and other traffic.")
@json_option
def profile(scenario: str, overrides: tuple[str, ...], seed: int | None, as_json: bool) -> None:
    """Tell where the time of SCENARIO's run goes, by part and by function."""
    from busim import study
    from busim.study.profile import profile as measure

    chosen = study.load(scenario, overrides)
    tell_compiling()
    found = measure(chosen, seed=seed)
    parts = [(name, f"{cpu:.3f}", f"{share:.0%}") for name, cpu, share in found.shares()]
    hot = [(each.name, str(each.calls), f"{each.own_s:.3f}", f"{each.total_s:.3f}") for each in found.hottest]
    text = [
        f"CPU seconds of a run without the profiler: {found.plain_s:.2f}; with it: {found.profiled_s:.2f}",
        columns(parts, ("part", "cpu s", "share"), right=(1, 2)),
        columns(hot, ("hottest functions", "calls", "own s", "total s"), right=(1, 2, 3)),
    ]
    emit(found.document(), "\n\n".join(text), as_json)


COMMANDS = (profile,)

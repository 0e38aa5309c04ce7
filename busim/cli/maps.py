"""Commands on maps: ``map info`` and ``map plot``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from busim.cli.output import columns, emit, json_option, number

if TYPE_CHECKING:
    from busim.model.network import RoadNetwork


@click.group("map")
def maps() -> None:
    """Look at a road map: a GraphML file, or the map of a scenario."""


@maps.command()
@click.argument("map_file", metavar="MAP")
@json_option
def info(map_file: str, as_json: bool) -> None:
    """Tell what MAP (GraphML, or a scenario) consists of, and how much of it is estimated."""
    from busim import network

    found = network.info(_network(map_file))
    emit(found, columns([(key.replace("_", " "), _shown(key, value)) for key, value in found.items()]), as_json)


@maps.command("plot")
@click.argument("map_file", metavar="MAP")
@click.option("--out", type=click.Path(path_type=Path), help="The picture; by default <name of the map>.png.")
@json_option
def draw(map_file: str, out: Path | None, as_json: bool) -> None:
    """Draw MAP (GraphML, or a scenario) as a picture."""
    from busim.study.pictures import draw_map

    made = draw_map(_network(map_file), out or Path(Path(map_file).stem + ".png"))
    emit({"plots": [str(made)]}, str(made), as_json)


def _network(name: str) -> RoadNetwork:
    from busim import study

    return study.open_map(name)


def _shown(key: str, value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number(item)}" for name, item in value.items())
    if isinstance(value, list):
        return " x ".join(map(number, value)) if key == "extent_km" else ", ".join(map(str, value))
    return f"{100 * value:.1f} %" if key.endswith("_share") else number(value)


COMMANDS = (maps,)

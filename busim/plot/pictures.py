"""All pictures of a day, by name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from busim.errors import InputError, did_you_mean
from busim.plot import style
from busim.plot.charge import plot_charge, plot_charge_by_bus
from busim.plot.charge_sites import plot_plugs, plot_power
from busim.plot.data import PlotData
from busim.plot.energy import plot_energy
from busim.plot.fleet import plot_km_by_hour, plot_km_by_use, plot_occupancy, plot_states
from busim.plot.flows import plot_flows
from busim.plot.groups import plot_groups
from busim.plot.hindsight import plot_hindsight
from busim.plot.line import plot_line
from busim.plot.overview import plot_day
from busim.plot.requests import plot_refusals, plot_requests
from busim.plot.waits import plot_waits, plot_waits_by_hour

DAY = "day"
PLOTS: Mapping[str, Callable[..., Axes]] = MappingProxyType(
    {
        "flows": plot_flows,
        "requests": plot_requests,
        "refusals": plot_refusals,
        "waits": plot_waits,
        "waits_by_hour": plot_waits_by_hour,
        "groups": plot_groups,
        "states": plot_states,
        "occupancy": plot_occupancy,
        "km_by_use": plot_km_by_use,
        "km_by_hour": plot_km_by_hour,
        "charge": plot_charge,
        "charge_by_bus": plot_charge_by_bus,
        "power": plot_power,
        "plugs": plot_plugs,
        "energy": plot_energy,
        "line": plot_line,
        "hindsight": plot_hindsight,
    }
)


def names(data: PlotData) -> tuple[str, ...]:
    """List the pictures that have something to tell of this day."""
    is_void = {
        "line": data.spec.line is None,
        "hindsight": data.hindsight is None,
        "refusals": not (data.tables["rides"]["outcome"] == "refused").any(),
        "plugs": not data.tables["charges"].num_rows,
        "power": not data.tables["charges"].num_rows,
    }
    return (DAY, *(name for name in PLOTS if not is_void.get(name, False)))


def draw(name: str, data: PlotData, ax: Axes | None = None) -> Axes | Figure:
    """Draw one picture; ``"day"`` is a whole page and gives its figure.

    Raises
    ------
    InputError
        If there is no such picture.
    """
    if name == DAY:
        return plot_day(data)
    if name not in PLOTS:
        raise InputError.single("plot", f"there is no picture '{name}'", did_you_mean(name, (DAY, *PLOTS)))
    return PLOTS[name](data, ax)


def draw_to(name: str, data: PlotData, path: Path) -> Path:
    """Write one picture as a PNG file; gives its path."""
    drawn = draw(name, data)
    figure = drawn if isinstance(drawn, Figure) else drawn.figure
    assert isinstance(figure, Figure)
    return style.save(figure, path)


def draw_all(
    data: PlotData, folder: Path, only: Collection[str] = (), progress: Callable[[float], None] | None = None
) -> list[Path]:
    """Write all pictures of a day, or ``only`` some, as PNG files into a folder; gives their paths.

    Parameters
    ----------
    data, folder, only
        The day, the folder, and names of pictures.
    progress
        Called with the share that is done.

    Raises
    ------
    InputError
        If a name in ``only`` is not that of a picture, or the day was not looked back on.
    """
    unknown = [name for name in only if name != DAY and name not in PLOTS]
    if unknown:
        draw(unknown[0], data)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    wanted = names(data) if not only else tuple(name for name in (DAY, *PLOTS) if name in only)
    for name in wanted:
        files.append(draw_to(name, data, folder / f"{name}.png"))
        if progress is not None:
            progress(len(files) / len(wanted))
    return files

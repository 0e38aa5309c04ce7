"""The riders of a scenario, whichever way it asks for them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from busim.demand.model import sample
from busim.demand.read import read_requests
from busim.errors import InputError
from busim.model.network import Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import DemandSpec, ServiceSpec
from busim.units import clock


def make(
    spec: DemandSpec,
    service: ServiceSpec,
    network: RoadNetwork,
    rng: np.random.Generator,
    start_s: int,
    end_s: int,
) -> RequestTable:
    """Make the riders of a service day, from the model or from the file that the scenario names.

    Of a file, those count who are ready between ``start_s`` and ``end_s``; who booked before the service opens asks
    when it opens. ``scale`` below 1 keeps each rider of a file with that probability; above 1 it adds copies of riders
    (``r0017+1``), at the same moment and place.

    Raises
    ------
    InputError
        If the file or the map is wrong, or nobody of the file travels within the service hours.
    """
    if spec.source != "file":
        return sample(spec, service, network, rng, start_s, end_s)
    if spec.file is None:
        raise InputError.single("demand.file", "is missing", 'write file = "requests.csv"')
    whole = read_requests(spec.file, network)
    within = np.flatnonzero((whole.earliest_s >= start_s) & (whole.earliest_s < end_s))
    if len(within) == 0:
        what = f"nobody travels between {clock(start_s)} and {clock(end_s)}, the hours of service"
        first, last = clock(int(whole.earliest_s.min())), clock(int(whole.earliest_s.max()))
        raise InputError.single(spec.file.name, what, f"riders travel from {first} to {last}: change the hours")
    table = _scaled(_taken(whole, within), spec.scale, rng)
    return _in_order(replace(table, time_s=np.maximum(table.time_s, start_s)))


def _scaled(table: RequestTable, scale: float, rng: np.random.Generator) -> RequestTable:
    """Take each rider as often as the scale says, in the mean."""
    if scale == 1:
        return table
    copies = np.floor(scale + rng.random(len(table))).astype(np.int64)
    rows = np.repeat(np.arange(len(table)), copies)
    number = np.arange(len(rows)) - np.repeat(np.cumsum(copies) - copies, copies)
    taken = _taken(table, rows)
    ids = tuple(f"{name}+{k}" if k else name for name, k in zip(taken.ids, number.tolist(), strict=True))
    return replace(taken, ids=ids)


def _in_order(table: RequestTable) -> RequestTable:
    times = table.time_s.tolist()
    return _taken(table, np.array(sorted(range(len(table)), key=lambda k: (times[k], table.ids[k])), np.int64))


def _taken(table: RequestTable, rows: Ints) -> RequestTable:
    """Take rows of a table [n]."""
    columns = {field.name: getattr(table, field.name) for field in fields(table)}
    chosen: dict[str, Any] = {
        name: tuple(column[k] for k in rows.tolist()) if isinstance(column, tuple) else column[rows]
        for name, column in columns.items()
    }
    return RequestTable(**chosen)

"""Times on the road: the planned travel times, with noise that is a function of seed, edge and time bin alone."""

from __future__ import annotations

import numpy as np

from busim.core.compiled import bind, compiled
from busim.core.roads import noisy_arrival
from busim.core.travel import TravelTables, TravelTimes, edge_arrival, edge_between, path_nodes, period_at
from busim.model.network import Floats, Ints
from busim.model.specs import TravelSpec
from busim.rng import Streams


@compiled
def _drive(
    tables: TravelTables, noise: Floats, first_s: float, bin_s: float, start: int, end: int, now: float
) -> tuple[Ints, Ints, Ints]:
    period = period_at(tables.breaks, now)
    nodes = path_nodes(tables, period, start, end)
    times, metres = np.empty(len(nodes), np.int64), np.empty(len(nodes), np.int64)
    times[0], metres[0] = int(now), 0
    for k in range(1, len(nodes)):
        edge = edge_between(tables, period, nodes[k - 1], nodes[k])
        if len(noise) == 0:
            now = edge_arrival(tables, edge, now)
        if len(noise) > 0:
            now = noisy_arrival(tables, noise, first_s, bin_s, edge, now)
        times[k] = int(now)
        metres[k] = tables.lengths[period, start, nodes[k]]
    return nodes.astype(np.int64), times, metres


class Traffic:
    """How long buses really take.

    Parameters
    ----------
    travel
        Planned travel times.
    spec
        The noise: coefficient of variation and length of a time bin.
    hours_s
        First and last second of the service day.
    streams
        The run's random streams; noise comes from ``"travel"``.

    Notes
    -----
    An edge's factor in a bin is lognormal with mean one: ``sigma^2 = ln(1 + cv^2)``, ``mu = -sigma^2 / 2``.
    """

    def __init__(self, travel: TravelTimes, spec: TravelSpec, hours_s: tuple[int, int], streams: Streams) -> None:
        self.travel, self.first_s, self.bin_s = travel, float(hours_s[0]), float(max(1, spec.noise_bin_s))
        edges = travel.tables.seconds.shape[1]
        self.is_noisy = spec.noise_cv > 0.0
        self.noise: Floats = np.zeros((0, edges))
        if self.is_noisy:
            bins = int((hours_s[1] - hours_s[0] + 7200) // self.bin_s) + 1
            sigma = float(np.sqrt(np.log1p(spec.noise_cv**2)))
            rows = [streams.normals("travel", k, edges) for k in range(bins)]
            self.noise = np.exp(sigma * np.array(rows) - sigma**2 / 2)
        self._path = bind(path_nodes, (travel.tables,), (0, 0, 0))
        self._drive = bind(_drive, (travel.tables, self.noise, self.first_s, self.bin_s), (0, 0, 0.0))

    def drive(self, start: int, end: int, now: int) -> tuple[Ints, Ints, Ints]:
        """Give the nodes of the path, the time at each [s] and the metres until each, for a bus that leaves now."""
        travel = self.travel
        if travel.is_static and not self.is_noisy:
            nodes = self._path(0, start, end).astype(np.int64)
            times = travel.times[0, start].take(nodes) + np.int64(now)
            return nodes, times, travel.lengths[0, start].take(nodes).astype(np.int64)
        path, arrivals, metres = self._drive(start, end, float(now))
        return path, arrivals, metres

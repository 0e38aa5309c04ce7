"""Times on the road: the planned travel times, with noise that is a function of seed, edge and time bin alone."""

from __future__ import annotations

import numpy as np

from busim.core.compiled import bind
from busim.core.plain_roads import drive
from busim.core.roads import Roads
from busim.core.travel import TravelTimes
from busim.model.network import Floats, Ints
from busim.model.specs import TravelSpec
from busim.rng import Streams


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
        self.roads = Roads(travel.tables, self.noise, self.first_s, self.bin_s)
        self._drive = bind(drive, (self.roads,), (0, 0, 0.0))

    def drive(self, start: int, end: int, now: int) -> tuple[Ints, Ints, Ints]:
        """Give the nodes of the path, the time at each [s] and the metres until each, for a bus that leaves now."""
        path, arrivals, metres = self._drive(start, end, float(now))
        return path, arrivals, metres

"""Legs on the road without compiled kernels: as ``roads.drive``, along remembered paths.

NOTE: a speed trick in its own place, like ``plain_legs``. The same numbers to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from busim.core import roads
from busim.core.compiled import KERNEL
from busim.core.plain_legs import Legs, Path, legs_of
from busim.core.roads import Roads, noisy_arrival
from busim.model.network import Ints


def plain_drive(given: Roads, start: int, end: int, now: float) -> tuple[Ints, Ints, Ints]:
    """Do as ``roads.drive``."""
    known = legs_of(given.tables)
    period, _ = known.choose(start, end, now)
    path = known.path(period, start, end)
    nodes = np.array(path.nodes, np.int64)
    metres = given.tables.lengths[period, start].take(nodes).astype(np.int64)
    begin, times = times_on(given, known, path, period, now)
    return nodes, np.array(times, np.int64) + int(begin), metres


def times_on(given: Roads, known: Legs, path: Path, period: int, now: float) -> tuple[float, list[float]]:
    """Give the time at each node of a path, the fastest of a period: a moment and the seconds from then on [k, s]."""
    if len(given.noise):
        return 0.0, _noisy_times(given, known, path.edges, now)
    sums = path.sums(given.tables, period)
    if known.breaks[period] <= now and now + sums[-1] <= known.breaks[period + 1]:
        return now, sums
    times = [now]
    for edge in path.edges:
        times.append(known.edge_arrival(edge, times[-1]))
    return 0.0, times


def _noisy_times(given: Roads, known: Legs, edges: list[int], now: float) -> list[float]:
    """Give the time at each node: edges within one time bin at its speeds, those across a bin's end one by one."""
    times = [now]
    seconds_of, noise_of, end = _speeds(given, known, now)
    for edge in edges:
        if now >= end:
            seconds_of, noise_of, end = _speeds(given, known, now)
        done = now + seconds_of(edge) * noise_of(edge)
        if done <= end:
            now = max(now + 1.0, float(round(done)))  # to even, as ``np.rint`` does
        else:
            now = noisy_arrival(given.tables, given.noise, given.first_s, given.bin_s, edge, now)
        times.append(now)
    return times


Of = Callable[[int], float]  # of an edge


def _speeds(given: Roads, known: Legs, now: float) -> tuple[Of, Of, float]:
    """Look up planned seconds and noise at a moment, and until when they are so; see ``roads.noisy_arrival``."""
    noise, bin_s, period = given.noise, given.bin_s, known.period(now)
    index = min(max(int((now - given.first_s) // bin_s), 0), len(noise) - 1)
    end = known.breaks[period + 1]
    if index < len(noise) - 1:
        end = min(end, given.first_s + (index + 1) * bin_s)
    return given.tables.seconds[period].item, noise[index].item, end


drive = roads.drive if KERNEL == "numba" else plain_drive

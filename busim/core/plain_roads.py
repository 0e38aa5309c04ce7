"""Legs on the road without compiled kernels: as ``roads.drive``, along remembered paths.

NOTE: a speed trick in its own place, like ``plain_legs``. The same numbers to the last bit.
"""

from __future__ import annotations

import numpy as np

from busim.core import roads
from busim.core.compiled import KERNEL
from busim.core.plain_legs import Path, legs_of
from busim.core.roads import Roads
from busim.model.network import Ints

_MOST_SPANS = 4  # a bus is in one or two of them, and time goes on

Span = tuple[float, list[float]]  # in which roads keep their speeds: its end, and the seconds of each edge


def plain_drive(given: Roads, start: int, end: int, now: float) -> tuple[Ints, Ints, Ints]:
    """Do as ``roads.drive``."""
    plain = PlainRoads(given)
    period, _ = plain.known.choose(start, end, now)
    path = plain.known.path(period, start, end)
    nodes = np.array(path.nodes, np.int64)
    metres = given.tables.lengths[period, start].take(nodes).astype(np.int64)
    return nodes, np.array(plain.times_on(path, period, now), np.int64), metres


class PlainRoads:
    """Roads, with what is remembered of them.

    Parameters
    ----------
    given
        The roads.
    """

    def __init__(self, given: Roads) -> None:
        self._given, self.known, self._is_noisy = given, legs_of(given.tables), len(given.noise) > 0
        self._spans: dict[tuple[int, int], Span] = {}

    def times_on(self, path: Path, period: int, now: float) -> list[float]:
        """Give the time at each node of a path, the fastest of a period [k, s]."""
        if self._is_noisy:
            return self._noisy_times(self.known.edges(path), now)
        sums, breaks = path.sums.get(period) or self.known.sums(path, period), self.known.breaks
        if breaks[period] <= now and now + sums[-1] <= breaks[period + 1]:
            return [now + seconds for seconds in sums]
        times = [now]
        for edge in self.known.edges(path):
            times.append(self.known.edge_arrival(edge, times[-1]))
        return times

    def _noisy_times(self, edges: list[int], now: float) -> list[float]:
        """Give the time at each node, as ``roads.noisy_arrival`` does edge by edge."""
        times = [now]
        end, seconds = self._span(now)
        for edge in edges:
            if now >= end:
                end, seconds = self._span(now)
            soonest, done = now + 1.0, now + seconds[edge]
            if done > end:
                left = 1.0
                while done > end:
                    left -= (end - now) / seconds[edge]
                    now = end
                    end, seconds = self._span(now)
                    done = now + left * seconds[edge]
            done = round(done)  # to even, as ``np.rint`` does
            now = done if done > soonest else soonest
            times.append(now)
        return times

    def _span(self, now: float) -> Span:
        """Look up how fast roads are at a moment."""
        noise, first_s, bin_s = self._given.noise, self._given.first_s, self._given.bin_s
        period, last = self.known.period(now), len(noise) - 1
        index = min(max(int((now - first_s) // bin_s), 0), last)
        found = self._spans.get((period, index))
        if found is None:
            if len(self._spans) >= _MOST_SPANS:
                self._spans.clear()
            end = self.known.breaks[period + 1]
            if index < last:
                end = min(end, first_s + (index + 1) * bin_s)
            seconds = (self._given.tables.seconds[period] * noise[index]).tolist()
            found = self._spans[period, index] = end, seconds
        return found


drive = roads.drive if KERNEL == "numba" else plain_drive

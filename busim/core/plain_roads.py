"""Legs on the road without compiled kernels: as ``roads.drive`` and ``road_energy.along``, along remembered paths.

NOTE: a speed trick in its own place, like ``plain_legs``. The same numbers to the last bit.
"""

from __future__ import annotations

import numpy as np

from busim.core import road_energy, roads
from busim.core.compiled import KERNEL
from busim.core.energy import J_PER_KWH
from busim.core.plain_legs import legs_of
from busim.core.road_energy import RoadForces, Ways
from busim.core.roads import Roads, noisy_arrival
from busim.core.travel import TravelTables, edge_arrival, period_at
from busim.model.network import Floats, Ints


def plain_drive(given: Roads, start: int, end: int, now: float) -> tuple[Ints, Ints, Ints]:
    """Do as ``roads.drive``."""
    tables = given.tables
    period = period_at(tables.breaks, now)
    path = legs_of(tables).path(period, start, end)
    nodes = np.array(path.nodes, np.int64)
    metres = tables.lengths[period, start].take(nodes).astype(np.int64)
    if len(given.noise):
        return nodes, np.array(_noisy_times(given, path.edges, now), np.int64), metres
    sums = path.sums(tables, period)
    if now + sums[-1] <= tables.breaks[period + 1]:
        return nodes, np.array(sums, np.int64) + int(now), metres
    times = [now]
    for edge in path.edges:
        times.append(edge_arrival(tables, edge, times[-1]))
    return nodes, np.array(times, np.int64), metres


def _noisy_times(given: Roads, edges: list[int], now: float) -> list[float]:
    """Give the time at each node: edges within one time bin at its speeds, those across a bin's end one by one."""
    tables, noise, times = given.tables, given.noise, [now]
    seconds, end = _speeds(given, edges, now)
    for k, edge in enumerate(edges):
        if now >= end:
            seconds, end = _speeds(given, edges, now)
        done = now + seconds[k]
        if done <= end:
            now = max(now + 1.0, float(round(done)))  # to even, as ``np.rint`` does
        else:
            now = noisy_arrival(tables, noise, given.first_s, given.bin_s, edge, now)
        times.append(now)
    return times


def _speeds(given: Roads, edges: list[int], now: float) -> tuple[list[float], float]:
    """Give the seconds of each edge at a moment, and until when they are so; see ``roads.noisy_arrival``."""
    tables, noise, bin_s = given.tables, given.noise, given.bin_s
    period = period_at(tables.breaks, now)
    index = min(max(int((now - given.first_s) // bin_s), 0), len(noise) - 1)
    end = float(tables.breaks[period + 1])
    if index < len(noise) - 1:
        end = min(end, given.first_s + (index + 1) * bin_s)
    return (tables.seconds[period, edges] * noise[index, edges]).tolist(), end


def plain_along(tables: TravelTables, forces: RoadForces, nodes: Ints, period: int, mass_kg: float) -> Ways:
    """Do as ``road_energy.along``."""
    edges = legs_of(tables).path(period, int(nodes[0]), int(nodes[-1])).edges
    wheel = mass_kg * forces.lift[edges] + forces.air[period, edges]
    stop = mass_kg * forces.kinetic[period, edges]
    halts = stop * forces.halts[period, edges]
    out = np.cumsum((np.maximum(wheel, 0.0) + halts) / forces.efficiency)
    back = np.cumsum((np.maximum(-wheel, 0.0) + halts) * forces.recuperation)

    def from_start(joule: Floats) -> Floats:
        """Put the start before the ends of the edges [k]."""
        return np.concatenate(([0.0], joule / J_PER_KWH))

    return Ways(
        from_start(out + stop / forces.efficiency),
        from_start(back + stop * forces.recuperation),
        from_start(out),
        from_start(back),
    )


drive = roads.drive if KERNEL == "numba" else plain_drive
along = road_energy.along if KERNEL == "numba" else plain_along

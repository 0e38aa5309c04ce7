"""How fast a battery fills: power by energy held, constant, tapering or in steps, with a ceiling on top.

Between two points of a curve the power changes linearly with the energy held, so that time and energy are exact both
ways: ``dE/dt = p(E)`` with ``p`` constant or linear. Constant power with a linear taper is CC-CV; a staircase of
constant powers is the piecewise-linear curve of Montoya, Gueret, Mendoza & Villegas 2017 (Transportation Research B).
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import NamedTuple

HOUR_S = 3600.0


class Piece(NamedTuple):
    """A stretch of a curve: energies [kWh] and the power at both [kW], never rising."""

    low: float
    high: float
    power_low: float
    power_high: float


Curve = tuple[Piece, ...]


def make_curve(
    points: tuple[tuple[float, float], ...], battery_kwh: float, power_kw: float, *, is_stepped: bool = False
) -> Curve:
    """Make a curve from points.

    Parameters
    ----------
    points
        (share of the battery, share of the power), shares of the battery ascending from 0 to 1, shares of the power
        never rising; empty means constant power.
    battery_kwh
        Size of the battery.
    power_kw
        Power that a share of 1 means.
    is_stepped
        Whether each point's power holds until the next point, instead of changing linearly towards it.
    """
    chosen = points or ((0.0, 1.0), (1.0, 1.0))
    if chosen[-1][0] < 1.0:
        chosen = (*chosen, (1.0, chosen[-1][1]))
    return tuple(
        Piece(a * battery_kwh, b * battery_kwh, p * power_kw, (p if is_stepped else q) * power_kw)
        for (a, p), (b, q) in itertools.pairwise(chosen)
        if b > a
    )


@lru_cache(maxsize=512)
def swap_curve(battery_kwh: float) -> Curve:
    """Give the curve of a battery that is swapped for a full one: within a second, once the bus is in place."""
    return make_curve((), battery_kwh, battery_kwh * HOUR_S)


@lru_cache(maxsize=512)
def capped(curve: Curve, ceiling_kw: float) -> Curve:
    """Put a ceiling on a curve."""
    pieces: list[Piece] = []
    for low, high, first, last in curve:
        if ceiling_kw >= first:
            pieces.append(Piece(low, high, first, last))
        elif ceiling_kw <= last:
            pieces.append(Piece(low, high, ceiling_kw, ceiling_kw))
        else:
            cross = low + (first - ceiling_kw) / (first - last) * (high - low)
            pieces += [Piece(low, cross, ceiling_kw, ceiling_kw), Piece(cross, high, ceiling_kw, last)]
    return tuple(pieces)


def power_at(curve: Curve, energy_kwh: float) -> float:
    """Give the power that the battery takes at an energy [kW]; 0 when it is full."""
    for piece in curve:
        if energy_kwh < piece.high:
            return _power(piece, max(energy_kwh, piece.low))
    return 0.0


def _power(piece: Piece, energy: float) -> float:
    low, high, first, last = piece
    return first if first == last else first + (energy - low) / (high - low) * (last - first)


def seconds_to(curve: Curve, start_kwh: float, end_kwh: float) -> float:
    """Give the time to charge from one energy to another [s]; infinite if the power fades out before."""
    total = 0.0
    for piece in curve:
        low, high = max(start_kwh, piece.low), min(end_kwh, piece.high)
        if high > low:
            total += _seconds(piece, low, high)
    return total


def _seconds(piece: Piece, low: float, high: float) -> float:
    first, last = _power(piece, low), _power(piece, high)
    if last <= 0.0:
        return math.inf
    if first - last < 1e-9 * first:
        return (high - low) / first * HOUR_S
    return (high - low) / (first - last) * math.log(first / last) * HOUR_S


def energy_after(curve: Curve, start_kwh: float, seconds: float) -> float:
    """Give the energy held after charging for a time [kWh]."""
    energy, left = start_kwh, seconds
    for piece in curve:
        if energy >= piece.high or left <= 0.0:
            continue
        energy = max(energy, piece.low)
        needed = _seconds(piece, energy, piece.high)
        if needed > left:
            return _within(piece, energy, left / HOUR_S)
        energy, left = piece.high, left - needed
    return energy


def _within(piece: Piece, energy: float, hours: float) -> float:
    power = _power(piece, energy)
    slope = (piece.power_high - piece.power_low) / (piece.high - piece.low)
    if -slope * (piece.high - energy) < 1e-9 * power:
        return min(piece.high, energy + power * hours)
    return min(piece.high, energy + power * math.expm1(slope * hours) / slope)

"""Batteries on the shelf of a swap station: how the one that a bus has left there is charged again."""

from __future__ import annotations

import math

from busim.core.charge_curve import Curve, Piece, capped, power_at, seconds_to

KNEE = 0.99  # of a battery; a taper never ends, a charger cuts it off
_LEAST = 0.01  # of the power: what the last hundredth takes at least
LONGEST_S = 24 * 3600


def shelf_curve(battery: Curve, power_kw: float, limit_kw: float, spares: int) -> Curve:
    """Give the curve of one battery on a shelf where at most ``spares`` are charged at once.

    Each gets an equal share of the station's limit however many there are, so that the limit holds at every moment.
    The last hundredth goes in at the power that the battery takes when it begins: a taper would never end.

    Parameters
    ----------
    battery
        What the battery takes at any charger.
    power_kw, limit_kw
        Of each place on the shelf, and of the whole station; the latter may be infinite [kW].
    spares
        Places on the shelf.
    """
    curve, size = capped(battery, min(power_kw, limit_kw / spares)), battery[-1].high
    knee = KNEE * size
    last = max(power_at(curve, knee), _LEAST * curve[0].power_low)
    below = _cut(curve, knee)
    return (*below, Piece(knee, size, last, last))


def _cut(curve: Curve, energy_kwh: float) -> Curve:
    """Cut a curve off at an energy."""
    kept = [piece for piece in curve if piece.low < energy_kwh]
    last = kept[-1]
    end = power_at((last,), energy_kwh) if energy_kwh < last.high else last.power_high
    return (*kept[:-1], Piece(last.low, min(energy_kwh, last.high), last.power_low, end))


def recharge_s(shelf: Curve, held_kwh: float) -> int:
    """Give the time until a battery on the shelf is full again [s]."""
    return math.ceil(min(seconds_to(shelf, held_kwh, shelf[-1].high), LONGEST_S))

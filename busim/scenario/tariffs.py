"""Tariffs and grid emissions by name, with their sources; prices move monthly, so give your own if known."""

from __future__ import annotations

from busim.units import HOUR_S

PEAK, FLAT, VALLEY = 0.8696, 0.5435, 0.3308  # CNY/kWh, general commercial
CRITICAL_FACTOR = 1.2
CRITICAL_MONTHS = (1, 7, 8, 12)
_HOURS = {0: VALLEY, 7: FLAT, 11: PEAK, 17: FLAT, 20: PEAK, 22: FLAT, 23: VALLEY}

SOURCE = (
    "time of use after Chongqing's notice Yu Fa Gai Gui Fan (2021) 14, as quoted by a secondary source: peak 11-17 and "
    "20-22, valley 23-07, critical peak 12-14 in January, July, August and December at 1.2 of peak"
)

# Share of the year's mean emissions by hour; an estimate: coal on the evening peak, thermal plant at the cooling peak.
_COOL: tuple[float, ...] = (0.96, 0.95, 0.95, 0.95, 0.96, 0.97, 0.99, 1.01, 1.03, 1.03, 1.02, 1.00)
_COOL += (0.98, 0.98, 0.99, 1.00, 1.01, 1.03, 1.05, 1.06, 1.05, 1.03, 1.01, 0.99)
_WARM: tuple[float, ...] = (0.90, 0.86, 0.85, 0.85, 0.86, 0.89, 0.94, 0.99, 1.03, 1.05, 1.05, 1.04)
_WARM += (1.02, 1.02, 1.04, 1.06, 1.07, 1.08, 1.10, 1.11, 1.10, 1.07, 1.03, 0.99)
_WARM_MONTHS = range(6, 11)
_WARM_SEASON, _COOL_SEASON = 0.86, 1.10  # hydropower of the rainy season comes from Sichuan


def chongqing(month: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Give starts of periods [s] and prices [CNY/kWh] of Chongqing's tariff in a month."""
    hours = dict(_HOURS)
    if month in CRITICAL_MONTHS:
        hours |= {12: PEAK * CRITICAL_FACTOR, 14: PEAK}
    ordered = sorted(hours.items())
    return tuple(hour * HOUR_S for hour, _ in ordered), tuple(round(price, 4) for _, price in ordered)


def emission_factors(month: int) -> tuple[float, ...]:
    """Give what multiplies the year's mean emissions, hour by hour of a day in a month [24]."""
    hourly, season = (_WARM, _WARM_SEASON) if month in _WARM_MONTHS else (_COOL, _COOL_SEASON)
    return tuple(round(factor * season, 4) for factor in hourly)

"""Tariffs and grid emissions by name, with their sources; prices move monthly, so give your own if known."""

from __future__ import annotations

from typing import NamedTuple

from busim.units import HOUR_S

PEAK, FLAT, VALLEY = 0.8696, 0.5435, 0.3308  # CNY/kWh, general commercial

# Share of the year's mean emissions by hour; an estimate: coal on the evening peak, thermal plant at the cooling peak.
_COOL: tuple[float, ...] = (0.96, 0.95, 0.95, 0.95, 0.96, 0.97, 0.99, 1.01, 1.03, 1.03, 1.02, 1.00)
_COOL += (0.98, 0.98, 0.99, 1.00, 1.01, 1.03, 1.05, 1.06, 1.05, 1.03, 1.01, 0.99)
_WARM: tuple[float, ...] = (0.90, 0.86, 0.85, 0.85, 0.86, 0.89, 0.94, 0.99, 1.03, 1.05, 1.05, 1.04)
_WARM += (1.02, 1.02, 1.04, 1.06, 1.07, 1.08, 1.10, 1.11, 1.10, 1.07, 1.03, 0.99)
_WARM_MONTHS = range(6, 11)
_WARM_SEASON, _COOL_SEASON = 0.86, 1.10  # hydropower of the rainy season comes from Sichuan


class Tariff(NamedTuple):
    """A tariff by time of use.

    Parameters
    ----------
    hours
        Price from each hour of the day on [per kWh].
    critical
        Months, hours and factor of a critical peak; no months for none.
    source
        Where it is from.
    """

    hours: dict[int, float]
    critical: tuple[tuple[int, ...], tuple[int, int], float]
    source: str

    def periods(self, month: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """Give starts of periods [s] and prices [per kWh] in a month."""
        hours, (months, (first, last), factor) = dict(self.hours), self.critical
        if month in months:
            peak = self.hours[max(hour for hour in self.hours if hour <= first)]
            after = self.hours[max(hour for hour in self.hours if hour <= last)]
            hours |= {first: peak * factor, last: after}
        ordered = sorted(hours.items())
        return tuple(hour * HOUR_S for hour, _ in ordered), tuple(round(price, 4) for _, price in ordered)


TARIFFS = {
    "chongqing": Tariff(
        {0: VALLEY, 7: FLAT, 11: PEAK, 17: FLAT, 20: PEAK, 22: FLAT, 23: VALLEY},
        ((1, 7, 8, 12), (12, 14), 1.2),
        "general commercial, notice Yu Fa Gai Gui Fan (2021) 14 as quoted by a secondary source: peak 11-17 and 20-22, "
        "valley 23-07, critical peak 12-14 in January, July, August and December at 1.2 of peak",
    ),
    "chengdu": Tariff(
        {0: 0.2602, 7: 0.5464, 10: 0.7536, 12: 0.5464, 15: 0.7536, 21: 0.5464, 23: 0.2602},
        ((1, 7, 8, 12), (15, 17), 1.2),
        "peak, flat and valley price of Chengdu's general tariff; hours and critical peak are an estimate",
    ),
    "europe": Tariff(
        {0: 1.40, 6: 1.95, 8: 2.35, 11: 1.75, 17: 2.50, 21: 1.40},
        ((), (0, 0), 1.0),
        "estimate: a commercial time-of-use tariff of 0.18 to 0.32 EUR per kWh at 7.8 CNY per EUR, dear in the morning "
        "and the evening, cheaper at midday when the sun shines",
    ),
}


def emission_factors(month: int) -> tuple[float, ...]:
    """Give what multiplies the year's mean emissions, hour by hour of a day in a month [24]."""
    hourly, season = (_WARM, _WARM_SEASON) if month in _WARM_MONTHS else (_COOL, _COOL_SEASON)
    return tuple(round(factor * season, 4) for factor in hourly)

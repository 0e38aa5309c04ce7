"""Speed of traffic by hour, road class and kind of day, as a share of the limit.

Estimates: a free share per class (speed at night over the limit) times a factor per hour, anchored on a congestion
index of 1.1 to 1.6 seen in the Science City's districts and on the speeds that its planners call congested.
"""

from __future__ import annotations

from dataclasses import dataclass

from busim.units import DAY_S, HOUR_S

_FREE = {"motorway": 0.95, "primary": 0.85, "secondary": 0.80, "tertiary": 0.75, "campus": 0.80}
_HOURS = (0, 6, 7, 8, 9, 12, 14, 17, 18, 19, 20)
_WEEKDAY = {
    "motorway": (1.0, 0.96, 0.76, 0.66, 0.83, 0.86, 0.83, 0.70, 0.62, 0.76, 0.91),
    "primary": (1.0, 0.93, 0.70, 0.60, 0.78, 0.80, 0.78, 0.65, 0.58, 0.70, 0.87),
    "secondary": (1.0, 0.94, 0.74, 0.66, 0.81, 0.82, 0.80, 0.70, 0.64, 0.75, 0.89),
    "tertiary": (1.0, 0.95, 0.80, 0.72, 0.84, 0.84, 0.84, 0.75, 0.70, 0.79, 0.91),
    "campus": (1.0, 1.0, 0.85, 0.80, 0.92, 0.80, 0.92, 0.80, 0.85, 0.92, 0.95),
}
_WEEKEND_10_TO_20 = {"motorway": 0.85, "primary": 0.76, "secondary": 0.79, "tertiary": 0.82, "campus": 0.92}
_FRIDAY_FACTOR, _FRIDAY_HOURS = 0.93, (16, 17, 18)
_ALIKE = {"trunk": "motorway", "residential": "tertiary", "default": "tertiary"}


@dataclass(frozen=True)
class Profile:
    """Starts of periods [s from midnight] and, per road class and ``"default"``, a speed factor for each."""

    breaks_s: tuple[int, ...]
    factors: dict[str, tuple[float, ...]]


def profile(kind: str) -> Profile:
    """Give the profile of a ``"weekday"``, ``"friday"`` or ``"weekend"``, or ``"flat"`` for speeds at the limit."""
    if kind == "flat":
        return Profile((0,), {"default": (1.0,)})
    hours = {"weekday": _HOURS, "friday": (*_HOURS[:7], 16, *_HOURS[7:]), "weekend": (0, 6, 10, 20)}[kind]
    factors = {
        road: tuple(round(free * _hour_factor(kind, road, hour), 4) for hour in hours) for road, free in _FREE.items()
    }
    factors |= {road: factors[like] for road, like in _ALIKE.items()}
    return Profile(tuple(hour * HOUR_S for hour in hours), factors)


def _hour_factor(kind: str, road: str, hour: int) -> float:
    if kind == "weekend" and 10 <= hour < 20:
        return _WEEKEND_10_TO_20[road]
    if kind == "weekend":
        return _WEEKDAY[road][{0: 0, 6: 1, 20: 10}[hour]]  # quiet mornings run like 06-07 of a weekday
    period = max(i for i, start in enumerate(_HOURS) if start <= hour)
    friday = _FRIDAY_FACTOR if kind == "friday" and hour in _FRIDAY_HOURS else 1.0
    return _WEEKDAY[road][period] * friday


def past_midnight(day: Profile, end_s: int) -> Profile:
    """Repeat the first periods after 24:00 for a service day that runs so long."""
    again = [i for i, start in enumerate(day.breaks_s) if start + DAY_S < end_s]
    return Profile(
        day.breaks_s + tuple(day.breaks_s[i] + DAY_S for i in again),
        {road: row + tuple(row[i] for i in again) for road, row in day.factors.items()},
    )

"""Trains of Line 1, as a source of riders; headways of the western branch are estimates of this project.

First and last departure follow published timetables (about 06:30 and 22:30); the network's headways lie between
2.5 and 12 minutes.
"""

from __future__ import annotations

import numpy as np

from busim.demand.profiles import WEEKEND
from busim.model.network import Floats
from busim.units import DAY_S, HOUR_S, MINUTE_S

FIRST_S, LAST_S = 6 * HOUR_S + 30 * MINUTE_S, 22 * HOUR_S + 30 * MINUTE_S

# (until, headway in minutes)
WEEKDAY_HEADWAYS = ((7.0, 7), (9.5, 4), (16.5, 7), (19.5, 4), (21.5, 7), (24.0, 10))
WEEKEND_HEADWAYS = ((21.0, 6), (24.0, 9))

DIRECTION_SHARES = (0.8, 0.2)  # who alights from trains out of the city, and out of Bishan
RIDERS_VARIANCE_TO_MEAN = 2.5  # of riders per train
LATENESS_SD_S = 30.0  # all riders of a train are late together


def timetable_s(day_type: str) -> Floats:
    """List a day's departures at the line's end [n, s from midnight], and those of the day after it."""
    headways = WEEKEND_HEADWAYS if day_type in WEEKEND else WEEKDAY_HEADWAYS
    times = [float(FIRST_S)]
    while times[-1] < LAST_S:
        hour = times[-1] / HOUR_S
        times.append(times[-1] + MINUTE_S * next(minutes for until, minutes in headways if hour < until))
    day = np.array(times)
    return np.concatenate((day, day + DAY_S))


def passing_s(day_type: str, u_phase: float) -> Floats:
    """List the trains of one direction at a station [n, s]; how far they run from the line's end is not modelled."""
    day = timetable_s(day_type)
    passing: Floats = day + u_phase * (day[1] - day[0])
    return passing

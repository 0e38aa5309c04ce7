"""When people travel: hourly shares by purpose, direction by hour, factors of the day.

All numbers are estimates of this project, except where a line says otherwise. The peaks follow the Chongqing
annual transport report of 2018: all trips 08:30 and 18:30, rail 08:00 and 18:00, holidays 10:30, and no sharp
peaks at weekends.
"""

from __future__ import annotations

MODEL_PURPOSES = ("commute", "student", "leisure", "factory", "feeder")
WEEKEND = ("saturday", "sunday", "holiday")

# Per cent of a purpose's trips by the hour in which they begin, 0 ... 23; each row adds up to 100.
COMMUTE = (0, 0, 0, 0, 0, 0, 2, 9, 14, 8, 4, 4, 4, 4, 4, 4, 4, 10, 13, 7, 4, 3, 2, 0)
STUDENT = (1, 0, 0, 0, 0, 0, 1, 9, 9, 5, 5, 6, 10, 8, 4, 4, 6, 10, 8, 5, 3, 3, 2, 1)
STUDENT_FRIDAY = (0, 0, 0, 0, 0, 0, 1, 5, 6, 4, 5, 6, 10, 8, 7, 8, 10, 11, 8, 5, 3, 2, 1, 0)
STUDENT_SUNDAY = (0, 0, 0, 0, 0, 0, 1, 2, 3, 5, 6, 7, 7, 7, 7, 8, 9, 10, 10, 8, 5, 3, 1, 1)
FACTORY = (1, 0, 0, 0, 0, 2, 7, 20, 10, 2, 1, 1, 2, 2, 1, 1, 3, 6, 6, 16, 14, 3, 1, 1)
LEISURE = (1, 0, 0, 0, 0, 0, 1, 2, 3, 6, 8, 8, 7, 7, 8, 8, 8, 8, 8, 7, 5, 3, 1, 1)
FEEDER = (0, 0, 0, 0, 0, 0, 4, 12, 13, 6, 4, 4, 4, 4, 4, 4, 5, 9, 12, 7, 4, 3, 1, 0)

_WEEKDAY = {"commute": COMMUTE, "student": STUDENT, "leisure": LEISURE, "factory": FACTORY, "feeder": FEEDER}

# Trips of a day over those of a mean day from Monday to Thursday; the sheet's factors divided by its weekday's.
# Holidays: of Sunday's kind, with the factories on half their Sunday crews.
DAY_FACTORS = {
    "weekday": {"commute": 1.0, "student": 1.0, "leisure": 1.0, "factory": 1.0, "feeder": 1.0},
    "friday": {"commute": 0.98, "student": 1.26, "leisure": 1.22, "factory": 1.0, "feeder": 1.2},
    "saturday": {"commute": 0.35, "student": 1.05, "leisure": 1.67, "factory": 0.8, "feeder": 0.9},
    "sunday": {"commute": 0.25, "student": 1.16, "leisure": 1.56, "factory": 0.3, "feeder": 1.0},
    "holiday": {"commute": 0.15, "student": 0.6, "leisure": 1.67, "factory": 0.15, "feeder": 0.9},
}
VACATION_FACTORS = {"student": 0.15, "feeder": 0.6}  # mid January to February, July and August

# Share of trips that lead away from home: (from hour, to hour, share), else one half. Factory shifts of 12 h swap at
# 8 and at 20 o'clock: both directions load at once.
OUTWARD = {
    "commute": ((0, 10, 0.92), (16, 24, 0.08)),
    "leisure": ((0, 13, 0.75), (17, 24, 0.25)),
    "factory": ((6, 10, 0.55), (19, 22, 0.45)),
    "feeder": ((0, 10, 0.6), (16, 24, 0.4)),
}
# Students, and metro riders with them, leave for the weekend and come back.
OUTWARD_OF_DAY = {
    ("student", "friday"): ((12, 20, 0.85),),
    ("student", "sunday"): ((14, 22, 0.15),),
    ("feeder", "friday"): ((12, 20, 0.6),),
    ("feeder", "sunday"): ((14, 22, 0.35),),
}


def hourly_shares(purpose: str, day_type: str) -> tuple[float, ...]:
    """Give the shares of a purpose's trips by hour; they add up to 1.

    Parameters
    ----------
    purpose
        One of ``MODEL_PURPOSES``.
    day_type
        ``"weekday"``, ``"friday"``, ``"saturday"``, ``"sunday"`` or ``"holiday"``. At weekends commuters and metro
        riders follow the mean of their weekday and of leisure, which has no sharp peak.
    """
    row: tuple[float, ...] = _WEEKDAY[purpose]
    if purpose == "student" and day_type == "friday":
        row = STUDENT_FRIDAY
    elif purpose == "student" and day_type in WEEKEND:
        row = STUDENT_SUNDAY
    elif purpose in ("commute", "feeder") and day_type in WEEKEND:
        row = tuple((a + b) / 2 for a, b in zip(row, LEISURE, strict=True))
    return tuple(share / 100 for share in row)


def outward_share(purpose: str, day_type: str, hour: int) -> float:
    """Give the share of an hour's trips that lead away from home (of metro riders: to the station)."""
    for first, last, share in OUTWARD_OF_DAY.get((purpose, day_type), ()):
        if first <= hour < last:
            return share
    return next((share for first, last, share in OUTWARD.get(purpose, ()) if first <= hour < last), 0.5)


def day_factor(purpose: str, day_type: str, is_term: bool) -> float:
    """Give a purpose's trips of a day over those of a weekday in term."""
    return DAY_FACTORS[day_type][purpose] * (1.0 if is_term else VACATION_FACTORS.get(purpose, 1.0))

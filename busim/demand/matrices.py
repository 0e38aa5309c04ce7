"""Where people travel: trips between the seven districts of the science city, by purpose.

Per cent of a purpose's trips of a day; rows are the home side. A doubly constrained gravity model of this project
(road distance = 1.3 x straight line) over estimated residents, jobs and students by district.
"""

from __future__ import annotations

ZONES = ("UT", "CJQ", "XY", "ZJ", "JF", "HG", "BSY")
DECAY_PER_KM = {"commute": 0.16, "student": 0.30, "leisure": 0.28, "factory": 0.12, "feeder": 0.60}
FOOTPATH_DETOUR = 1.3  # distance along roads over the straight line

COMMUTE = (
    (3.5, 3.3, 10.3, 2.9, 2.0, 0.6, 0.6),
    (2.8, 1.6, 10.2, 1.2, 0.9, 0.4, 0.3),
    (2.7, 3.2, 16.2, 1.8, 1.7, 1.1, 0.9),
    (0.9, 0.4, 2.1, 0.9, 1.5, 0.4, 0.4),
    (0.4, 0.2, 1.4, 1.0, 1.3, 0.6, 0.7),
    (0.3, 0.2, 2.1, 0.6, 1.4, 0.9, 1.8),
    (0.4, 0.3, 2.5, 0.8, 2.3, 2.6, 3.4),
)
STUDENT = (
    (76.4, 2.7, 3.8, 1.1, 0.3, 0.0, 0.0),
    (3.4, 0.3, 0.7, 0.0, 0.0, 0.0, 0.0),
    (2.3, 0.3, 2.8, 0.1, 0.0, 0.0, 0.0),
    (1.7, 0.0, 0.1, 0.2, 0.1, 0.0, 0.0),
    (0.5, 0.0, 0.1, 0.1, 0.3, 0.0, 0.0),
    (0.3, 0.0, 0.2, 0.1, 0.1, 0.2, 0.2),
    (0.2, 0.0, 0.1, 0.0, 0.2, 0.3, 0.8),
)
LEISURE = (
    (17.6, 7.6, 6.9, 1.6, 0.7, 0.2, 0.1),
    (6.5, 2.5, 5.3, 0.3, 0.1, 0.1, 0.0),
    (4.8, 4.3, 13.0, 0.4, 0.3, 0.2, 0.2),
    (2.4, 0.5, 0.9, 0.7, 0.9, 0.1, 0.1),
    (0.9, 0.2, 0.6, 0.8, 1.4, 0.4, 0.5),
    (0.5, 0.2, 1.0, 0.3, 0.9, 1.1, 2.4),
    (0.4, 0.1, 0.8, 0.3, 1.2, 2.3, 5.4),
)
FACTORY = (
    (0.1, 0.2, 9.3, 3.5, 1.3, 0.7, 0.2),
    (0.2, 0.2, 15.0, 2.9, 1.2, 0.7, 0.2),
    (0.2, 0.3, 21.2, 4.6, 2.1, 1.8, 0.6),
    (0.2, 0.1, 7.4, 3.4, 2.7, 1.1, 0.4),
    (0.1, 0.0, 3.5, 2.7, 1.4, 1.0, 0.4),
    (0.0, 0.0, 2.3, 0.9, 0.8, 0.6, 0.4),
    (0.0, 0.0, 1.5, 0.7, 0.7, 0.9, 0.3),
)
MATRICES = {"commute": COMMUTE, "student": STUDENT, "leisure": LEISURE, "factory": FACTORY}

# Metro riders: the district at the other end; stations are weighted by the map's feeder_riders.
FEEDER_ZONES = {"UT": 46.0, "CJQ": 20.0, "XY": 24.0, "ZJ": 6.0, "JF": 3.0, "HG": 0.5, "BSY": 0.5}
FEEDER_REACH_M = 3500.0  # straight line between a station and the other end

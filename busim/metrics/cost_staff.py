"""Posts to be filled, and the hours that are paid to fill them: shifts, breaks, leave."""

from __future__ import annotations

import math
from collections.abc import Sequence

from busim.model.cost_spec import CostSpec
from busim.units import HOUR_S

_LONG_SHIFT_H = 4.0  # a longer one has a break
_YEAR_WEEKS = 365 / 7


def paid_hours(post_h: float, costs: CostSpec) -> float:
    """Give the hours paid to fill one post on one day.

    The post is cut into the fewest shifts; in one of over four hours another person covers the break; a short one is
    paid for its least length.

    Parameters
    ----------
    post_h
        Hours that the post is needed.
    costs
        ``shift_h``, ``least_shift_h``, ``break_min``.
    """
    if post_h <= 0:
        return 0.0
    shifts = math.ceil(post_h / costs.shift_h - 1e-9)
    breaks = shifts * costs.break_min / 60 if post_h / shifts > _LONG_SHIFT_H else 0.0
    return max(post_h + breaks, shifts * costs.least_shift_h)


def yearly_hours(costs: CostSpec) -> float:
    """Give the hours on duty of one person in a year: 1773 of a 40-hour week at 85 %.

    So a post of 16 hours on 7 days takes 3.3 persons, one around the clock 4.9.
    """
    return _YEAR_WEEKS * costs.week_h * costs.duty_share


def remote_posts(shifts_s: Sequence[tuple[float, float]], costs: CostSpec) -> list[float]:
    """Give the hours of each remote operator's post: as many at a time as the buses in service then need.

    Parameters
    ----------
    shifts_s
        Start and end of each bus's shift [B, 2; s].
    costs
        ``buses_per_operator``.

    Returns
    -------
    list of float
        The first post is needed longest; none without buses.
    """
    changes = sorted([(start, 1) for start, _ in shifts_s] + [(end, -1) for _, end in shifts_s])
    hours: list[float] = []
    in_service, before = 0, 0.0
    for moment, step in changes:
        needed = math.ceil(in_service / costs.buses_per_operator - 1e-9)
        hours += [0.0] * (needed - len(hours))
        for post in range(needed):
            hours[post] += (moment - before) / HOUR_S
        in_service, before = in_service + step, moment
    return [each for each in hours if each > 0]

"""Power of a site shared between its plugs: everybody gets what he takes, or as much as everybody else who is short."""

from __future__ import annotations

import math
from collections.abc import Sequence


def water_level(wanted_kw: Sequence[float], limit_kw: float) -> float:
    """Give the most that any plug may give so that a site keeps its limit [kW]; infinite if there is enough for all.

    Each plug gives ``min(wanted, level)``: the max-min fair allocation, found by filling from the smallest up.

    Parameters
    ----------
    wanted_kw
        What each plug in use would give [P].
    limit_kw
        Of the site.
    """
    left = limit_kw
    ordered = sorted(wanted_kw)
    for served, wanted in enumerate(ordered):
        level = left / (len(ordered) - served)
        if wanted > level:
            return level
        left -= wanted
    return math.inf

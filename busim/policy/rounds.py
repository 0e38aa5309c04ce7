"""What strategies that decide in rounds share: prices, and riders who are left over until they are out of reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from busim.core.candidates import in_reach
from busim.core.insertion import Rider
from busim.core.meeting import ways
from busim.core.stars import Legs
from busim.core.view import View
from busim.core.worth import refusal_price
from busim.model.events import Reason
from busim.model.network import Floats
from busim.model.orders import Refuse

WHY = "why"  # in the memory: why a rider has found no place yet, by rider


def prices(view: View, riders: Sequence[Rider]) -> Floats:
    """Give the price of leaving each rider out [k]; ``inf`` where the objective has none."""
    return np.array(
        [refusal_price(r, max(view.now, r.earliest), view.travel, view.objective) for r in riders], np.float64
    )


def left_over(
    view: View, left: Iterable[int], feasible: Mapping[int, bool], every_s: int
) -> tuple[tuple[Refuse, ...], dict[int, Reason]]:
    """Refuse riders whom no bus can reach in time any more; the others stay open for the next round.

    Parameters
    ----------
    view
        The round.
    left
        Riders who found no place in it.
    feasible
        Whether a rider could have had a place, had others not taken it or had it not been too dear.
    every_s
        Time until the next round [s].

    Returns
    -------
    tuple
        Refusals, and why each of the others has found no place: to be remembered, since the constraint that bound
        first is the reason, not that time ran out in the end.
    """
    before: Mapping[Any, Any] = view.memory.get(WHY, {})
    legs = Legs(view.travel.tables, view.costs)
    refused: list[Refuse] = []
    why: dict[int, Reason] = {}
    for rider in left:
        row = view.rider(rider)
        reason = Reason.STRATEGY if feasible.get(rider, False) else before.get(rider)
        if reason is None:
            reason = view.search.reason(row, view.now)
        is_last = row.latest < view.now + every_s
        if is_last or not _is_near(view, rider, legs):
            refused.append(Refuse(rider, Reason(reason)))
        else:
            why[rider] = Reason(reason)
    return tuple(refused), why


def _is_near(view: View, rider: int, legs: Legs) -> bool:
    """Tell whether some bus can still be in time at a stop that the rider may be sent to."""
    return any(in_reach(view.fleet, way.rider, view.now, legs).any() for way in ways(view, rider))

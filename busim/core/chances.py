"""What each bus could have done for a rider: the insertion that comes nearest to fitting, and what is against it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider
from busim.core.plans import PlanArrays
from busim.core.reasons import Trials, trials
from busim.core.travel import TravelTables
from busim.model.events import NONE, Reason
from busim.model.network import Floats
from busim.units import MINUTE_S

GAP_SEAT, GAP_KWH = 5.0, 5.0  # what a missing place or kWh counts, in minutes of lateness


class Chance(NamedTuple):
    """The insertion of one bus that comes nearest to fitting; measures as in ``reasons.Trials``.

    Parameters
    ----------
    bus
        Which.
    reason
        The rule that it breaks most, or ``NONE`` if it fits.
    gap
        How far it is from fitting [minutes of lateness, a place or a kWh that is missing counting five].
    at_once_s
        The earliest pick-up if the bus went there at once [s].
    p, q
        Positions of pick-up and drop-off in its plan.
    """

    bus: int
    reason: int
    gap: float
    at_once_s: float
    p: int
    q: int
    cost: float
    boarded_s: float
    alighted_s: float
    late_s: float
    over_s: float
    seats: float
    wheel_places: float
    others_s: float
    other: int
    home_s: float
    energy_kwh: float
    energy_low_kwh: float


def _parts(tried: Trials) -> dict[str, Floats]:
    """Give what each broken rule counts [min], by rule."""
    return {
        "late": tried.late_s / MINUTE_S,
        "over": tried.over_s / MINUTE_S,
        "others": tried.others_s / MINUTE_S,
        "home": tried.home_s / MINUTE_S,
        "seats": (tried.seats + tried.wheel_places) * GAP_SEAT,
        "energy": tried.energy_kwh * GAP_KWH,
    }


_REASON = {
    "over": Reason.RIDE_LIMIT,
    "others": Reason.PROMISE,
    "home": Reason.SHIFT,
    "seats": Reason.SEATS,
    "energy": Reason.BATTERY,
}


_MEASURES = [name for name in Chance._fields if name not in ("bus", "reason", "gap", "at_once_s", "p", "q", "other")]


def chances(
    fleet: FleetArrays, plans: PlanArrays, rider: Rider, now: float, tables: TravelTables, costs: Costs
) -> tuple[Chance, ...]:
    """Give the chance of every bus that takes riders, those nearest to fitting first, of equals the cheapest.

    A bus that would come too late counts as out of reach only if it would even if it went there at once; otherwise
    it is what it has promised to others that binds.

    Parameters
    ----------
    fleet, plans
        The fleet [B] and its plans [B, L], scheduled.
    rider
        Whom to insert.
    now
        The moment [s].
    tables, costs
        Travel times; weights, halt and way to a charger.
    """
    tried = trials(fleet, plans, rider, now, tables, costs)
    parts = _parts(tried)
    amounts = np.array(list(parts.values()))
    gap = amounts.sum(axis=0)
    names = list(parts)
    order = np.lexsort((tried.cost, gap, tried.bus))
    is_first = np.diff(tried.bus[order], prepend=NONE) != 0
    found = [_chance(tried, int(i), gap, names[int(amounts[:, i].argmax())], rider) for i in order[is_first]]
    return tuple(sorted(found, key=lambda chance: (chance.gap, chance.cost, chance.bus)))


def _chance(tried: Trials, i: int, gap: Floats, most: str, rider: Rider) -> Chance:
    bus = int(tried.bus[i])
    at_once = float(tried.boarded_s[(tried.bus == bus) & (tried.p == 0)].min(initial=math.inf))
    reason = NONE
    if gap[i] > 0.0:
        out_of_reach = Reason.NO_BUS if at_once > rider.latest else Reason.PROMISE
        reason = int(_REASON.get(most, out_of_reach))
    measures = {name: float(getattr(tried, name)[i]) for name in _MEASURES}
    at = {"p": int(tried.p[i]), "q": int(tried.q[i]), "other": int(tried.other[i])}
    return Chance(bus=bus, reason=reason, gap=float(gap[i]), at_once_s=at_once, **at, **measures)  # type: ignore[arg-type]

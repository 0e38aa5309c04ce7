"""What it is worth to carry a rider: the price of a refusal, against which every strategy weighs an insertion."""

from __future__ import annotations

import math

from busim.core.insertion import Rider
from busim.core.travel import TravelTimes
from busim.core.view import View
from busim.model.specs import ObjectiveSpec


def refusal_price(rider: Rider, time: float, travel: TravelTimes, objective: ObjectiveSpec) -> float:
    """Give the price of turning a rider away: the weight of a refusal, and what the direct ride alone would cost.

    The direct ride is part of it so that a long trip is not turned away for its length: what is weighed against the
    refusal is the detour, the wait and the approach. A weight of 0 stands for no price: whoever can be served, is.

    Parameters
    ----------
    rider
        The rider.
    time
        When the ride would begin [s].
    travel
        Travel times.
    objective
        Weights.
    """
    if objective.refusal == 0.0:
        return math.inf
    period, persons = travel.period(time), rider.persons + rider.wheels
    seconds = float(travel.times[period, rider.origin, rider.destination])
    metres = float(travel.lengths[period, rider.origin, rider.destination])
    alone = objective.ride * persons * seconds + objective.drive * seconds + objective.distance * metres
    return objective.refusal * persons + alone


def is_worth(view: View, rider: Rider, cost: float) -> bool:
    """Tell whether a rider is better carried at a cost than turned away."""
    if cost <= view.objective.refusal * (rider.persons + rider.wheels):  # most are: no need to know the direct ride
        return True
    return cost <= refusal_price(rider, max(view.now, rider.earliest), view.travel, view.objective)

"""The objective that strategies minimise, as the day turned out: the whole, and its parts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from busim.metrics.day import Day, ratio
from busim.metrics.kpi import Kpi
from busim.model.network import Floats


def _weighed(day: Day, seconds: Floats) -> float:
    """Add up seconds of riders [R], each times the persons of the party; where there are none, nothing."""
    return float(np.nansum(seconds * day.rides["party"]))


def _wait(day: Day) -> float:
    return day.spec.objective.wait * _weighed(day, day.rides["wait_s"])


def _ride(day: Day) -> float:
    return day.spec.objective.ride * _weighed(day, day.rides["ride_s"])


def _walk(day: Day) -> float:
    return day.spec.objective.walk * _weighed(day, np.where(day.is_served, day.rides["walk_s"], 0.0))


def _late(day: Day) -> float:
    return day.spec.objective.late * _weighed(day, day.late_s)


def _drive(day: Day) -> float:
    weights = day.spec.objective
    return weights.drive * day.state_s("driving_riders", "driving_empty") + weights.distance * day.metres


def _refusal(day: Day) -> float:
    turned_away = np.isin(day.rides["outcome"], ("refused", "abandoned"))
    return day.spec.objective.refusal * float(day.rides["party"][turned_away].sum())


PARTS: dict[str, tuple[str, str, Callable[[Day], float]]] = {
    "wait": ("waits", "seconds waited x persons x weight", _wait),
    "ride": ("rides", "seconds on board x persons x weight", _ride),
    "walk": ("walks", "seconds walked by those served x persons x weight", _walk),
    "late": ("lateness", "seconds late against a promise x persons x weight", _late),
    "drive": ("driving", "seconds and metres driven, each x its weight", _drive),
    "refusal": ("refusals", "persons refused or abandoned x weight", _refusal),
}


def _cost(day: Day) -> float:
    return sum(part(day) for _, _, part in PARTS.values())


COST = (
    Kpi(
        "cost",
        "Generalised cost",
        "points",
        "",
        "sum of the parts below: waits, rides, walks, lateness, driving, refusals, each x its weight in [objective]",
        "lower",
        _cost,
        about="What every strategy of the scenario minimises; points of different weights cannot be compared.",
    ),
    Kpi(
        "cost_per_rider",
        "Generalised cost per rider",
        "points",
        "requests",
        "generalised cost / requests",
        "lower",
        lambda day: ratio(_cost(day), day.num_requests),
    ),
    *(
        Kpi(f"cost_{name}", f"Generalised cost of {label}", "points", "", formula, "lower", part)
        for name, (label, formula, part) in PARTS.items()
    ),
)

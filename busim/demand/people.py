"""Who travels: parties, patience, booking ahead; estimates of this project."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from busim.model.network import Floats, Ints
from busim.model.requests import PURPOSES
from busim.model.specs import ServiceSpec

# Per cent of parties of 1, 2, 3, 4 and 5 persons.
PARTIES = {
    "commute": (93, 6, 1, 0, 0),
    "student": (74, 18, 5, 2, 1),
    "leisure": (50, 32, 10, 6, 2),
    "factory": (88, 9, 2, 1, 0),
    "feeder": (82, 14, 3, 1, 0),
    "other": (50, 32, 10, 6, 2),
}
PATIENCE_SHAPE = 2.5  # of a Weibull distribution
PATIENCE_SCALE_S = 900.0
PATIENCE_FACTORS = {"commute": 0.8, "student": 1.1, "feeder": 0.8}
LEAD_LEAST_S = 600.0  # who books less than that ahead asks when ready
WALK_TO_KERB_S = 60.0
WALK_MEDIAN_S, WALK_SIGMA = 110.0, 0.45


def parties(purpose: Ints, u: Floats) -> Ints:
    """Give party sizes for purposes [n] (indices into ``PURPOSES``) and uniform numbers [n]."""
    table = np.cumsum([PARTIES[name] for name in PURPOSES], axis=1) / 100
    sizes: Ints = 1 + (u[:, None] >= table[purpose, :-1]).sum(axis=1)
    return sizes


def patience_s(purpose: Ints, u: Floats, service: ServiceSpec) -> Ints:
    """Give how long riders wait [n, s], for purposes and uniform numbers [n]; -1: as long as the scenario says.

    On demand a rider is told when the bus comes, and waits as long as the scenario says. At a line's stop nobody
    is told: patience is Weibull distributed with the longer of 15 min and 1.5 times the scenario's patience as its
    scale, commuters and those from a train less, students more.
    """
    if service.mode != "line":
        return np.full(len(purpose), -1, np.int64)
    factor = np.array([PATIENCE_FACTORS.get(name, 1.0) for name in PURPOSES])[purpose]
    scale = max(PATIENCE_SCALE_S, 1.5 * service.patience_s) * factor
    return np.maximum(1, np.rint(scale * (-np.log1p(-u)) ** (1 / PATIENCE_SHAPE))).astype(np.int64)


def leads_s(u_books: Floats, u_lead: Floats, prebooked_share: float, mean_s: float) -> Ints:
    """Give how long before travel riders ask [n, s]: 0, or exponential beyond ten minutes for those who book ahead."""
    least = min(LEAD_LEAST_S, mean_s / 2)
    lead = np.rint(least - (mean_s - least) * np.log1p(-u_lead))
    return np.where(u_books < prebooked_share, lead, 0).astype(np.int64)


def walks_to_kerb_s(u: Floats) -> Floats:
    """Give the time from a train's arrival to the kerb [n, s]: 60 s and a lognormal walk of median 110 s."""
    return WALK_TO_KERB_S + WALK_MEDIAN_S * np.exp(WALK_SIGMA * ndtri(np.clip(u, 1e-12, 1 - 1e-12)))

"""Random numbers by inversion: one uniform number per quantity, so that a slightly larger day holds the smaller one."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv, pdtr, pdtrik

from busim.model.network import Floats, Ints


def children(rng: np.random.Generator, num: int) -> list[np.random.Generator]:
    """Make generators that do not move each other, seeded by the one handed in."""
    return [np.random.default_rng(int(seed)) for seed in rng.integers(0, 2**63, size=num, dtype=np.int64)]


def poisson(u: float, mean: float) -> int:
    """Invert the Poisson distribution; the count never falls when the mean grows."""
    if mean <= 0 or u <= pdtr(0, mean):
        return 0
    above = max(float(np.ceil(pdtrik(u, mean))), 1.0)
    return int(above - 1 if pdtr(above - 1, mean) >= u else above)


def clumped(u: Floats, means: Floats, variance_to_mean: float) -> Floats:
    """Draw Poisson means [n] such that counts have these means and a variance of so many times the mean (gamma)."""
    extra = variance_to_mean - 1
    drawn: Floats = np.where(means > 0, gammaincinv(np.maximum(means, 1e-12) / extra, u) * extra, 0.0)
    return drawn


def geometric(u: Floats, mean: float) -> Ints:
    """Draw sizes of at least 1 with this mean [n]."""
    sizes: Ints = 1 + np.floor(np.log1p(-u) / np.log1p(-1 / mean)).astype(np.int64)
    return sizes

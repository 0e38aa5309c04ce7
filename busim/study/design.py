"""Designs of sweeps: Latin hypercubes over ranges of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from busim.model.network import Floats
from busim.rng import stream
from busim.study.variants import Setting


@dataclass(frozen=True)
class Range:
    """The values that a key may take.

    Parameters
    ----------
    key
        With dots.
    low, high
        Both included; where both are whole numbers, so are the values.
    where
        Where it was asked for.
    """

    key: str
    low: float
    high: float
    where: str

    def at(self, share: float) -> int | float:
        """Give the value at a share of the range, from 0 to below 1."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return int(self.low + share * (self.high - self.low + 1))
        return float(f"{self.low + share * (self.high - self.low):.6g}")  # more digits say nothing


def unit_hypercube(samples: int, dimensions: int, seed: int) -> Floats:
    """Draw a Latin hypercube: in each dimension every n-th part of the range is met exactly once.

    McKay, M. D., Beckman, R. J., Conover, W. J. (1979): A comparison of three methods for selecting values of input
    variables in the analysis of output from a computer code. Technometrics 21, 239-245.

    Parameters
    ----------
    samples, dimensions
        Its shape.
    seed
        Of the design alone; the days have seeds of their own.

    Returns
    -------
    ndarray
        Between 0 and 1 [samples, dimensions].
    """
    rng = stream(seed, "design")
    strata = np.stack([rng.permutation(samples) for _ in range(dimensions)], axis=1)
    made: Floats = (strata + rng.random((samples, dimensions))) / samples
    return made


def latin_hypercube(ranges: Sequence[Range], samples: int, seed: int) -> list[tuple[Setting, ...]]:
    """Choose so many combinations of values that fill the ranges evenly, each with its settings."""
    points = unit_hypercube(samples, len(ranges), seed)
    return [
        tuple(
            Setting.of(each.key, each.at(float(share)), each.where) for each, share in zip(ranges, point, strict=True)
        )
        for point in points
    ]

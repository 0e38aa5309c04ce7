"""A day's cost as it went, and as it could have been planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class HindsightCosts(NamedTuple):
    """Generalised cost by what it is for [points], live and planned with all requests known.

    Parameters
    ----------
    strategy
        Name of the live strategy.
    live, plan
        Cost by part; the same parts in both.
    """

    strategy: str
    live: Mapping[str, float]
    plan: Mapping[str, float]

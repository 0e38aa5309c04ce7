"""What a strategy is: a frozen dataclass with a pure ``decide``; the view holds all that it may know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np

from busim.core.view import View
from busim.model.orders import Order, Orders
from busim.model.specs import ScenarioSpec


@runtime_checkable
class Dispatcher(Protocol):
    """Gives riders to buses.

    ``every_s`` is 0 for a decision at each request, or the length of a round [s].
    """

    @property
    def every_s(self) -> int:
        """Give the length of a decision round [s]; 0 means at each request."""
        ...

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell what in a scenario this strategy cannot handle, or nothing."""
        ...

    def decide(self, view: View, rng: np.random.Generator) -> Orders:
        """Decide on the open riders."""
        ...


@runtime_checkable
class IdleStrategy(Protocol):
    """Finds something to do for a bus without work: charging, repositioning, the next round of a line."""

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell what in a scenario this strategy cannot handle, or nothing."""
        ...

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:
        """Give orders for one bus that has none."""
        ...


@runtime_checkable
class StopCharging(IdleStrategy, Protocol):
    """An idle strategy that also charges buses with riders aboard: at plugs at stops, where the scenario allows it."""

    def at_stop(self, view: View, bus: int, site: int, rng: np.random.Generator) -> tuple[Order, ...]:
        """Give orders for a bus with riders aboard that is about to leave a stop with such a plug.

        On a line it is asked between two rounds only; after each halt once.
        """
        ...


@runtime_checkable
class PlanningStrategy(IdleStrategy, Protocol):
    """An idle strategy that also thinks ahead for the whole fleet: what it plans comes back as the view's memory."""

    @property
    def every_s(self) -> int:
        """Give the time between two plans [s]."""
        ...

    def plan(self, view: View, rng: np.random.Generator) -> Mapping[str, Any]:
        """Plan for the whole fleet."""
        ...

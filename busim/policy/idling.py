"""Where buses without work wait."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.view import View
from busim.model.orders import Order
from busim.model.specs import ScenarioSpec


@dataclass(frozen=True)
class Stay:
    """Wait where the last rider got off."""

    def unsupported(self, spec: ScenarioSpec) -> str:  # noqa: ARG002
        """Support every scenario."""
        return ""

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Give no order."""
        return ()

"""When and where buses charge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.plans import LATEST, NODE, START
from busim.core.travel import UNREACHABLE
from busim.core.view import View
from busim.model.orders import Charge, Order
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.units import MINUTE_S


@dataclass(frozen=True)
class Threshold:
    """Send a bus without work, or with a gap in it, to the nearest charger once its charge is below a threshold."""

    below: float = parameter(0.35, "charge below which an idle bus goes to a charger", low=0.0, high=1.0)
    until: float = parameter(0.90, "charge at which it leaves the plug", low=0.05, high=1.0)
    least_min: float = parameter(
        20.0,
        "time to spare before the next stop, or the shift's end, below which no charge is begun",
        low=0.0,
        unit="min",
    )

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell if the threshold does not lie between the reserve and the target."""
        if not spec.charging.reserve <= self.below < self.until:
            return f"needs reserve <= below < until, got {spec.charging.reserve}, {self.below}, {self.until}"
        return ""

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Send the bus to the charger that is nearest by time, if its charge is low."""
        sites = view.chargers.node
        if not len(sites) or view.charge(bus) >= self.below:
            return ()
        period = view.travel.period(view.now)
        away = view.travel.times[period, view.fleet.node[bus], sites]
        away = np.where(view.chargers.fits[bus], away, UNREACHABLE)
        site = int(np.argmin(away))
        plans = view.scheduled(bus)
        due = plans.floats[bus, 0, LATEST if plans.length[bus] == 1 else START]
        back = view.travel.times[period, sites[site], plans.ints[bus, 0, NODE]]
        if away[site] >= UNREACHABLE or due - view.now < away[site] + back + self.least_min * MINUTE_S:
            return ()
        return (Charge(bus, site, self.until),)


@dataclass(frozen=True)
class NoCharging:
    """Never charge during the day: for battery-free comparisons and short shifts."""

    def unsupported(self, spec: ScenarioSpec) -> str:  # noqa: ARG002
        """Support every scenario."""
        return ""

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Give no order."""
        return ()

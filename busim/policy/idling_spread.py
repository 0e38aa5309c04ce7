"""Buses without work spread out to where riders are expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.view import View
from busim.model.events import NONE
from busim.model.orders import Move, Order
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.idling_zones import can_go, look, needs_forecast
from busim.units import MINUTE_S


@dataclass(frozen=True)
class Spread:
    """Go where riders are expected: the nearest zone that has fewer waiting buses than its share of riders asks for.

    Each bus decides for itself when it gets idle, and every quarter of an hour while it is.
    """

    forecast: str = parameter("profile", "`profile` of the scenario, or `history` of the day so far")
    ahead_min: float = parameter(45.0, "span for which riders are forecast", low=5.0, high=240.0, unit="min")
    zone_m: float = parameter(1000.0, "side of a zone", low=200.0, high=10000.0, unit="m")
    within_min: float = parameter(12.0, "longest way that a bus is sent", low=1.0, high=60.0, unit="min")

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line has no use for it, or that there is nothing to forecast from."""
        return needs_forecast(spec, self.forecast)

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Send the bus to the nearest zone that lacks one."""
        picture = look(view, self.forecast, self.zone_m, self.ahead_min)
        if picture.expected.sum() <= 0 or picture.bus_zone[bus] == NONE:
            return ()
        others = np.delete(picture.bus_zone, bus)
        others = others[others != NONE]
        there = np.bincount(others, minlength=len(picture.expected))
        lacking = picture.expected / picture.expected.sum() * (len(others) + 1) - there
        here, centre = int(view.fleet.node[bus]), picture.zones.centre
        away = view.travel.times[view.travel.period(view.now), here, centre].astype(np.float64)
        own = int(picture.bus_zone[bus])
        if lacking[own] >= min(0.5, lacking.max()):
            return ()
        wanted = (lacking >= 0.5) & (away <= self.within_min * MINUTE_S)
        for zone in np.lexsort((np.arange(len(away)), away)).tolist():
            if wanted[zone] and centre[zone] != here and can_go(view, bus, int(centre[zone])):
                return (Move(bus, int(centre[zone])),)
        return ()

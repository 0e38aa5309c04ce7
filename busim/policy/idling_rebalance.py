"""Buses without work are balanced over the zones together, by linear program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from busim.core.rebalance import flows, shares
from busim.core.view import View
from busim.model.network import Ints
from busim.model.orders import Move, Order
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.idling_zones import Picture, can_go, look, needs_forecast
from busim.units import MINUTE_S

GOES = "goes"  # in the memory: where each bus is sent, by bus


@dataclass(frozen=True)
class Rebalance:
    """Balance idle buses over zones by the riders expected, with the least empty driving (Pavone et al. 2012).

    In rounds, the buses that wait are shared out in proportion to the riders expected in each zone; a linear program
    over the zones says which trips bring them there, and of each zone those go that are nearest to where they go.
    """

    forecast: str = parameter("profile", "`profile` of the scenario, or `history` of the day so far")
    ahead_min: float = parameter(45.0, "span for which riders are forecast", low=5.0, high=240.0, unit="min")
    zone_m: float = parameter(1000.0, "side of a zone", low=200.0, high=10000.0, unit="m")
    within_min: float = parameter(12.0, "longest way that a bus is sent", low=1.0, high=60.0, unit="min")
    round_s: int = parameter(600, "length of a round", low=60, high=7200, unit="s")

    @property
    def every_s(self) -> int:
        """Balance once in a round."""
        return self.round_s

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell that a line has no use for it, or that there is nothing to forecast from."""
        return needs_forecast(spec, self.forecast)

    def plan(self, view: View, rng: np.random.Generator) -> Mapping[str, Any]:  # noqa: ARG002
        """Choose the empty trips; gives the node that each bus of them is sent to."""
        picture = look(view, self.forecast, self.zone_m, self.ahead_min)
        if picture.expected.sum() <= 0 or not picture.free.any():
            return {GOES: {}}
        count = len(picture.expected)
        free = np.bincount(picture.bus_zone[picture.free], minlength=count)
        there = np.bincount(picture.bus_zone[picture.bus_zone >= 0], minlength=count)
        centre = picture.zones.centre
        seconds = view.travel.times[view.travel.period(view.now)][np.ix_(centre, centre)].astype(np.float64)
        trips = flows(free, there, shares(picture.expected, int(there.sum())), seconds)
        trips[seconds > self.within_min * MINUTE_S] = 0
        return {GOES: self._sent(view, picture, trips)}

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Send the bus off if the last round has chosen it."""
        node = view.memory.get(GOES, {}).get(bus)
        if node is None or node == view.fleet.node[bus] or not can_go(view, bus, node):
            return ()
        return (Move(bus, node),)

    @staticmethod
    def _sent(view: View, picture: Picture, trips: Ints) -> dict[int, int]:
        """Choose the buses of each trip: those nearest to where it goes."""
        times = view.travel.times[view.travel.period(view.now)]
        sent: dict[int, int] = {}
        for start, end in np.argwhere(trips > 0).tolist():
            node = int(picture.zones.centre[end])
            waits = [b for b in np.flatnonzero(picture.free & (picture.bus_zone == start)).tolist() if b not in sent]
            waits.sort(key=lambda bus: (int(times[view.fleet.node[bus], node]), bus))
            sent |= dict.fromkeys([b for b in waits if can_go(view, b, node)][: int(trips[start, end])], node)
        return sent

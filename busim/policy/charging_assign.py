"""Queue-aware assignment of buses to plugs over a look-ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from busim.core.view import View
from busim.model.orders import Charge, Order
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.plug_times import booked, has_time, options
from busim.units import HOUR_S, MINUTE_S

_FAR = 1e9


@dataclass(frozen=True)
class AssignPlugs:
    """Assign buses to plugs together: least way and queue, the emptiest first, over a look-ahead.

    In rounds, every bus that is low, or will be within the look-ahead at its usual use, is matched with a turn at a
    plug (first, second, ... after those who are there), so that not all go to the same site at once; then each bus
    goes when it has no work, and one that got no turn takes a plug that nobody is waiting for. The second stage of
    the idea of PLOS ONE 16 (2021) e0251582; the first, a plan of the day ahead, is the strategy ``tariff``.
    """

    below: float = parameter(0.50, "charge below which a bus takes part", low=0.0, high=1.0)
    until: float = parameter(0.90, "charge at which it leaves the plug", low=0.05, high=1.0)
    look_ahead_min: float = parameter(45.0, "time in which a bus that gets low takes part", low=0.0, unit="min")
    least_min: float = parameter(15.0, "time to spare below which no charge is begun", low=0.0, unit="min")
    km_per_hour: float = parameter(16.0, "distance that a bus in service drives in an hour", low=0.0, high=60.0)
    round_s: int = parameter(300, "length of a round", low=30, high=3600, unit="s")

    @property
    def every_s(self) -> int:
        """Assign once in a round."""
        return self.round_s

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell if the shares do not lie in order."""
        if not spec.charging.reserve <= self.below <= self.until:
            return f"needs reserve <= below <= until, got {spec.charging.reserve}, {self.below}, {self.until}"
        return ""

    def plan(self, view: View, rng: np.random.Generator) -> Mapping[str, Any]:  # noqa: ARG002
        """Match buses with turns at plugs; gives the site of each bus that has one."""
        buses = [b for b in np.flatnonzero(view.fleet.last >= 0).tolist() if self._takes_part(view, b)]
        turns = self._turns(view)
        if not buses or not turns:
            return {"site": {}}
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  (slow to import, and most days need none)

        cost = np.full((len(buses), len(turns)), _FAR)
        for row, bus in enumerate(buses):
            arrive = {option.site: option.arrive for option in options(view, bus, self.until)}
            urgency = 1.0 + max(0.0, self.below - view.charge(bus)) / self.below
            for column, (site, free) in enumerate(turns):
                if site in arrive:
                    cost[row, column] = (max(arrive[site], free) - view.now) * urgency
        rows, columns = linear_sum_assignment(cost)
        pairs = zip(rows.tolist(), columns.tolist(), strict=True)
        return {"site": {buses[r]: turns[c][0] for r, c in pairs if cost[r, c] < _FAR}}

    def _takes_part(self, view: View, bus: int) -> bool:
        hours = self.look_ahead_min * MINUTE_S / HOUR_S
        use_kw = float(view.fleet.per_second[bus]) * HOUR_S + float(view.fleet.per_metre[bus]) * 1000 * self.km_per_hour
        return view.charge(bus) - hours * use_kw / float(view.battery_kwh[bus]) < self.below

    def _turns(self, view: View) -> list[tuple[int, float]]:
        """List turns at plugs: site, and when it begins at the earliest [s]; turns beyond the look-ahead are none."""
        turns: list[tuple[int, float]] = []
        for site, plugs in enumerate(view.chargers.plugs.tolist()):
            ends = sorted(booking.end for booking in booked(view, site, -1))
            free = ([float(view.now)] * plugs + ends)[len(ends) :]
            turns += [(site, t) for t in free if t - view.now <= self.look_ahead_min * MINUTE_S]
        return turns

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Send the bus to its site, if it has one and is low; without one, to a plug that is free when it comes."""
        if view.charge(bus) >= self.below:
            return ()
        site = view.memory.get("site", {}).get(bus)
        longest = 0.0 if site is None else HOUR_S
        fitting = [
            option
            for option in options(view, bus, self.until)
            if site in (None, option.site)
            and option.start - option.arrive <= longest
            and option.plugged_kwh >= view.fleet.reserve[bus]
            and has_time(view, bus, option, self.least_min)
        ]
        if not fitting:
            return ()
        return (Charge(bus, min(fitting, key=lambda option: (option.end, option.site)).site, self.until),)

"""A dispatcher of one's own, tried by the conformance suite, then sent through a morning beside a built-in one."""

from dataclasses import dataclass

import numpy as np

import busim
from busim.core.search import best_per_bus
from busim.model.events import Reason
from busim.model.orders import Assign, Orders, Refuse
from busim.policy.fields import parameter
from busim.policy.registry import register
from busim.testing import check_dispatch


@dataclass(frozen=True)
class Soonest:
    """The bus that can fetch the rider first, whatever detour that means for others."""

    every_s: int = 0  # asked at each request
    fullest: int = parameter(6, "persons aboard from which a bus takes nobody else", low=1, high=50)

    def unsupported(self, spec):
        """Tell that a fixed line has nothing to dispatch."""
        return "a line has no use for it" if spec.service.mode == "line" else ""

    def decide(self, view, rng):  # noqa: ARG002  (nothing is drawn)
        """Give the first open rider a bus, or turn him away."""
        for rider in view.open[:1].tolist():
            row = view.rider(rider)
            places, costs = best_per_bus(view.fleet, view.plans, row, view.now, view.travel.tables, view.costs)
            can = np.flatnonzero(np.isfinite(costs) & (view.fleet.load < self.fullest))
            if not len(can):
                return Orders((Refuse(rider, Reason.NO_BUS),))
            away = view.travel.times[view.travel.period(view.now), view.fleet.node[can], row.origin]
            bus = int(can[np.argmin(away)])
            return Orders((Assign(rider, bus, *places[bus].tolist()),))
        return Orders()


if __name__ == "__main__":
    print(check_dispatch(Soonest).require())
    register("dispatch", "soonest", Soonest)
    for name in ("soonest", "insertion"):
        run = busim.run(busim.load("quick.toml", [f"dispatch.strategy={name}"]))
        print(f"{name:<10} {run.kpis['served']:.0f} served, {run.kpis['vehicle_km']:.0f} km")

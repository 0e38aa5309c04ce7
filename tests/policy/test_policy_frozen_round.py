"""One frozen round, decided by several strategies: who may be sent, and which of them is never worse than another."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import worlds
from worlds import START_S

from busim import sim
from busim.model.events import Reason
from busim.model.orders import Assign, Orders, Refuse, Replace
from busim.model.specs import StrategySpec
from busim.policy import registry
from busim.policy.insertion import Insertion


@dataclass(frozen=True)
class Round(Insertion):
    """Lets insertion decide until a moment, then hands the view to a test, and turns everyone away."""

    at_s: int = 0
    look: object = None
    done: list = field(default_factory=list)

    @property
    def every_s(self):
        """Decide in rounds."""
        return 60

    def decide(self, view, rng):
        """Look once, at the first round with riders from the moment on."""
        if view.now < self.at_s:
            return super().decide(view, rng)
        if not self.done:
            self.done.append(self.look(view))
        return Orders(tuple(Refuse(rider, Reason.STRATEGY) for rider in view.open.tolist()))


def at_round(rows, at_s, look, **changes):
    """Give what ``look`` makes of the view of the first round with open riders after ``at_s``."""
    spec = worlds.scenario(**changes)
    network = worlds.network_of(spec)
    decider = Round(at_s=at_s, look=look)
    sim.build(spec, network, worlds.requests(network, rows), given=sim.Given(decider)).run()
    return decider.done[0]


def decided(name, view, **parameters):
    """Let a strategy decide on a view."""
    strategy = registry.make("dispatch", StrategySpec(name, parameters))
    return strategy.decide(view, np.random.default_rng(1)).orders


@pytest.mark.parametrize("name", sorted(registry.BUILT_IN["dispatch"]))
def test_a_bus_that_takes_no_orders_gets_none(name):
    """A bus at a plug may have riders before it, but it is left alone, and so are they."""
    rows = [(START_S + 10, 1, 5, {"earliest": START_S + 1500}), (START_S + 130, 1, 5), (START_S + 131, 2, 6)]

    def look(view):
        busy = int(np.flatnonzero(view.plans.length > 1)[0])
        last = view.fleet.last.copy()
        last[busy] = -1
        return busy, decided(name, replace(view, fleet=view.fleet._replace(last=last)))

    busy, orders = at_round(
        rows, START_S + 120, look, buses=2, depots=("stop_1", "stop_7"), service={"max_wait_s": 900, "patience_s": 900}
    )
    placed = [order for order in orders if isinstance(order, Assign | Replace)]
    assert placed
    assert busy not in {order.bus for order in placed}

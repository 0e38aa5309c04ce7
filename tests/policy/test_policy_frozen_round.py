"""One frozen round, decided by several strategies: who may be sent, and which of them is never worse than another."""

import itertools
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import worlds
from worlds import START_S

from busim import sim
from busim.core.drafts import Draft
from busim.model.events import Action, Reason
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


# What follows shares nothing with the kernels: plans are lists of (rider, is_pickup), costs are added up stop by stop.


class Bench:
    """A frozen round with idle buses, and what any set of plans in it costs."""

    def __init__(self, view):
        self.view, self.riders = view, view.riders
        self.open = view.open.tolist()
        self.buses = range(len(view.fleet.node))
        self.times, self.metres = view.travel.times[0], view.travel.lengths[0]

    def cost(self, bus, stops):
        """Add up a plan, or give infinity if it breaks a rule."""
        riders, weights, fleet = self.riders, self.view.objective, self.view.fleet
        node, now, load, total, boarded = int(fleet.node[bus]), max(float(fleet.time[bus]), self.view.now), 0, 0.0, {}
        for rider, is_pickup in stops:
            there = int((riders.from_node if is_pickup else riders.to_node)[rider])
            seconds, metres = int(self.times[node, there]), int(self.metres[node, there])
            total += weights.drive * seconds + weights.distance * metres
            now, node, persons = now + seconds, there, int(riders.persons[rider])
            if is_pickup:
                now, load, boarded[rider] = max(now, int(riders.earliest_s[rider])), load + persons, now
                boarded[rider] = now
                # who is left out has waited until now as well: only the wait from now on can still be saved
                total += weights.wait * persons * (now - max(self.view.now, int(riders.earliest_s[rider])))
                if now > riders.latest_s[rider] or load > fleet.seats[bus]:
                    return np.inf
            else:
                load -= persons
                total += weights.ride * persons * (now - boarded[rider])
                if now - boarded[rider] > riders.longest_s[rider]:
                    return np.inf
        return total

    def price(self, rider):
        """Price of leaving a rider out: the weight of a refusal, and his direct ride alone."""
        start, end, weights = int(self.riders.from_node[rider]), int(self.riders.to_node[rider]), self.view.objective
        seconds, persons = int(self.times[start, end]), int(self.riders.persons[rider])
        alone = (weights.ride * persons + weights.drive) * seconds + weights.distance * int(self.metres[start, end])
        return weights.refusal * persons + alone

    def total(self, plans):
        """Cost of all plans, and the prices of those left out."""
        placed = {rider for stops in plans for rider, _ in stops}
        left = sum(self.price(rider) for rider in self.open if rider not in placed)
        return left + sum(self.cost(bus, stops) for bus, stops in enumerate(plans))

    def plans(self, orders):
        """Give the plans that orders make of idle buses."""
        plans = [[] for _ in self.buses]
        for order in orders:
            if isinstance(order, Assign):
                plans[order.bus] = [(order.rider, True), (order.rider, False)]
            elif isinstance(order, Replace):
                plans[order.bus] = [(s.rider, s.action == Action.PICKUP) for s in order.stops if s.rider >= 0]
        return plans

    def best_of(self, bus, group):
        """Find the cheapest order of some riders' stops by trying all."""
        stops = [(rider, is_pickup) for rider in group for is_pickup in (True, False)]
        fits = (
            order
            for order in itertools.permutations(stops)
            if all(order.index((rider, True)) < order.index((rider, False)) for rider in group)
        )
        return min((self.cost(bus, order) for order in fits), default=0.0)

    def optimum(self, most):
        """Find the least total over all ways to give riders to buses, at most so many to each, or to nobody."""
        best, known = np.inf, {}
        for owners in itertools.product([*self.buses, -1], repeat=len(self.open)):
            if any(owners.count(bus) > most for bus in self.buses):
                continue
            total = 0.0
            for bus in self.buses:
                group = tuple(r for r, owner in zip(self.open, owners, strict=True) if owner == bus)
                if (bus, group) not in known:
                    known[bus, group] = self.best_of(bus, group)
                total += known[bus, group]
            best = min(best, total + sum(self.price(r) for r, o in zip(self.open, owners, strict=True) if o == -1))
        return best

    def in_turn(self):
        """Give each rider in turn the cheapest place among all plans and positions, as insertion does."""
        plans = [[] for _ in self.buses]
        for rider in self.open:
            tries = []
            for bus in self.buses:
                size, before = len(plans[bus]), self.cost(bus, plans[bus])
                for p, q in itertools.combinations_with_replacement(range(size + 1), 2):
                    stops = [*plans[bus][:p], (rider, True), *plans[bus][p:q], (rider, False), *plans[bus][q:]]
                    tries.append((self.cost(bus, stops) - before, bus, stops))
            cost, bus, stops = min(tries)
            if cost <= self.price(rider):
                plans[bus] = stops
        return plans


def bench(seed, look, riders=3, buses=2):
    """Freeze a round with some riders who have asked in the same minute, as drawn with a seed."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(riders):
        start = int(rng.integers(25))
        end, party = (start + int(rng.integers(1, 25))) % 25, int(rng.integers(1, 4))
        rows.append((START_S + int(rng.integers(1, 60)), start, end, {"party": party}))
    changes = {
        "buses": buses,
        "depots": ("depot", "stop_24"),
        "town_map": worlds.map_spec("grid", 5),
        "vehicle": {"seats": 4},
        "service": {"max_wait_s": int(rng.choice([250, 500])), "patience_s": 600, "ride_factor": 1.3},
    }
    return at_round(rows, START_S, look, **changes)


def seeds(quick, all_of_them):
    """Give seeds, most of which only the slow run tries."""
    return [pytest.param(seed, marks=[pytest.mark.slow] if seed >= quick else []) for seed in range(all_of_them)]


@pytest.mark.parametrize("seed", seeds(6, 25))
def test_batch_is_the_best_assignment_of_one_rider_per_bus(seed):
    """Its total equals that of trying every way to give at most one rider to each bus."""

    def look(view):
        tried = Bench(view)
        return tried.total(tried.plans(decided("batch", view))), tried.optimum(1)

    total, best = bench(seed, look)
    assert total == pytest.approx(best)


@pytest.mark.parametrize("seed", seeds(6, 25))
def test_rtv_without_limits_is_the_optimum_of_the_round(seed):
    """With every trip in reach and every order of stops, its total equals that of trying all ways and all orders."""
    wide = {"reach": 9, "additions": 3, "trips": 10_000, "order_nodes": 10_000, "program_nodes": 10_000}

    def look(view):
        tried = Bench(view)
        return tried.total(tried.plans(decided("rtv", view, **wide))), tried.optimum(3)

    total, best = bench(seed, look)
    assert total == pytest.approx(best)


@pytest.mark.parametrize("seed", seeds(4, 30))
def test_rtv_is_no_worse_than_batch_and_lns_than_insertion(seed):
    """On the same frozen round, with their default limits, over many draws."""

    def look(view):
        tried = Bench(view)
        totals = {name: tried.total(tried.plans(decided(name, view))) for name in ("batch", "rtv", "lns")}
        return totals | {"insertion": tried.total(tried.in_turn())}

    totals = bench(100 + seed, look, riders=6, buses=3)
    assert totals["rtv"] <= totals["batch"] + 1e-6
    assert totals["lns"] <= totals["insertion"] + 1e-6


def test_drafts_share_arrays_only_one_after_the_other():
    """A draft may have the arrays of one that has ended, and begins with the plans as they are; never of another."""

    def look(view):
        first, second = Draft(view, spare=3), Draft(view, spare=3)
        apart = not np.shares_memory(first.plans.ints, second.plans.ints)
        first.remove(0, int(first.movable(0)[0]))
        first.end()
        third = Draft(view, spare=3)
        rows = slice(0, third.num_buses)
        is_fresh = all(
            np.array_equal(mine[rows], seen[rows]) for mine, seen in zip(third.fleet, second.fleet, strict=True)
        ) and np.array_equal(third.plans.length[rows], second.plans.length[rows])
        return apart, third.plans.ints is first.plans.ints, is_fresh, third.movable(0) == second.movable(0)

    rows = [(START_S + 10 + k, 1, 5, {"earliest": START_S + 1500}) for k in range(3)]
    assert at_round([*rows, (START_S + 130, 2, 6)], START_S + 120, look) == (True, True, True, True)

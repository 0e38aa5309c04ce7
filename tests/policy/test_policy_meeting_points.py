"""Meeting points: which stops a rider is sent to is part of the insertion, and never costs more than the nearest."""

import itertools
from dataclasses import dataclass, field, replace

import checker
import numpy as np
import pytest
import worlds
from worlds import START_S

from busim import sim
from busim.core.search import exact
from busim.errors import StrategyError
from busim.model.events import NONE, Action, Kind
from busim.model.orders import Assign, Orders, Replace, Stop
from busim.model.specs import StrategySpec
from busim.policy import registry

# In blocks of 220 m the nearest stop and its four neighbours at most: no two stops compete for the last place.
REACH_M, SPEED, CHOICES, WAIT_S = 330.0, 1.3, 5, 400
SERVICE = {"meeting_points": CHOICES, "max_walk_m": REACH_M, "walk_speed_mps": SPEED, "max_wait_s": WAIT_S}
DEAR = 1e9  # a rider without a bus


def pairs(network, requests, rider):
    """Give each pair of nodes that a rider may be sent to, with both walks [s], straight from the map."""
    places, ends = network.places, []
    for x_m, y_m in (
        (requests.origin_x_m[rider], requests.origin_y_m[rider]),
        (requests.destination_x_m[rider], requests.destination_y_m[rider]),
    ):
        metres = 1.3 * np.hypot(places.x_m - x_m, places.y_m - y_m)
        near = [k for k in np.argsort(metres, kind="stable").tolist() if places.kinds[k] == "stop"][:CHOICES]
        ends.append([(int(places.node[k]), round(metres[k] / SPEED)) for k in near if metres[k] <= REACH_M])
    nearest, *others = [(a[0], b[0], a[1], b[1]) for a, b in itertools.product(*ends)]
    return [nearest, *(pair for pair in others if pair[0] != pair[1] and not requests.wheelchair[rider])]


def all_costs(view, network, requests, rider):
    """Cost each pair of stops, bus and pair of positions, over walking to the nearest stops; those that break no rule.

    Who is sent to other stops than the nearest sets out when he is told, and has waited until then.
    """
    row, weights, found = view.rider(rider), view.objective, {}
    all_of_them, asked = pairs(network, requests, rider), int(requests.time_s[rider])
    for start, end, to, back in all_of_them:
        is_nearest = (start, end) == all_of_them[0][:2]
        earliest = max(view.now, asked + to) if is_nearest else view.now + to
        waited = 0 if is_nearest else (view.now - asked) - max(0, view.now - asked - all_of_them[0][2])
        direct = int(view.travel.times[0, start, end])
        limits = {"latest": float(asked + to + WAIT_S), "longest": float(max(int(direct * 1.5), direct + 300))}
        there = row._replace(origin=start, destination=end, earliest=float(earliest), **limits)
        longer = to + back - all_of_them[0][2] - all_of_them[0][3]
        extra = (row.persons + row.wheels) * (weights.walk * longer + weights.wait * waited)
        for bus in range(len(view.fleet.node)):
            for p, q in itertools.combinations_with_replacement(range(int(view.fleet.last[bus]) + 1), 2):
                args = view.fleet, view.plans, bus, p, q, there, float(view.now), view.travel.tables, view.costs
                key = (NONE, NONE) if is_nearest else (start, end)
                found[key, bus, p, q] = exact(*args, 0.0) + extra
    return {key: cost for key, cost in found.items() if cost < np.inf}


def total(orders, costs):
    """Add up what riders cost who get a bus, each as its only new rider, and what those cost who get none."""
    given = {order.rider: order for order in orders if isinstance(order, Assign)}
    key = {r: ((o.from_node, o.to_node), o.bus, o.pickup_at, o.dropoff_at) for r, o in given.items()}
    return sum(costs[rider][key[rider]] if rider in key else DEAR for rider in costs)


def optimum(costs, buses):
    """Try every way to give each rider a bus of his own, or none."""
    least = {
        rider: [min((c for k, c in mine.items() if k[1] == bus), default=np.inf) for bus in range(buses)] + [DEAR]
        for rider, mine in costs.items()
    }
    ways = itertools.product(range(buses + 1), repeat=len(costs))
    fitting = (way for way in ways if all(way.count(bus) <= 1 for bus in range(buses)))
    return min(sum(least[rider][bus] for rider, bus in zip(costs, way, strict=True)) for way in fitting)


@dataclass(frozen=True)
class Watched:
    """Lets a strategy decide, and compares with trying everything."""

    inner: object
    inputs: tuple
    seen: list = field(default_factory=list)

    @property
    def every_s(self):
        """Decide when the strategy does."""
        return self.inner.every_s

    def unsupported(self, spec):
        """Support everything."""
        return ""

    def decide(self, view, rng):
        """Decide; note the best total, that of the decision, and that of the decision without meeting points."""
        decision = self.inner.decide(view, rng)
        asked = view.open.tolist() if self.every_s else view.open.tolist()[:1]
        if len(asked) <= 3:
            costs = {rider: all_costs(view, *self.inputs, rider) for rider in asked}
            fixed = self.inner.decide(replace(view, riders=replace(view.riders, choices=None)), rng)
            best = optimum(costs, len(view.fleet.node))
            self.seen.append((best, total(decision.orders, costs), total(fixed.orders, costs)))
        return decision


def town_day(seed, riders=20, **changes):
    """Draw a day in a town of small blocks, where several stops are in walking reach."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(riders):
        start, end = rng.choice(25, 2, replace=False).tolist()
        extra = {"x": float(rng.uniform(-40, 40)), "party": int(rng.integers(1, 4)), "wheelchair": rng.random() < 0.1}
        rows.append((START_S + int(rng.integers(0, 1000)), start, end, extra))
    spec = worlds.scenario(
        buses=2,
        depots=("depot", "stop_24"),
        town_map=worlds.map_spec("grid", 5, spacing_m=220.0),
        vehicle={"seats": 5},
        objective={"walk": float(rng.choice([0.1, 0.4])), "refusal": 0.0},
        **{"service": SERVICE, **changes},
    )
    network = worlds.network_of(spec)
    return spec, network, worlds.requests(network, rows)


@pytest.mark.parametrize("name", ["insertion", "batch"])
@pytest.mark.parametrize("seed", [2, *(pytest.param(k, marks=pytest.mark.slow) for k in range(3, 9))])
def test_the_choice_of_stops_is_the_best_of_all(name, seed):
    """Each decision of a day costs what trying all stops, buses and positions gives, and no more than nearest stops."""
    spec, network, requests = town_day(seed)
    watched = Watched(registry.make("dispatch", StrategySpec(name)), (network, requests))
    result = sim.build(spec, network, requests, given=sim.Given(watched)).run()
    assert checker.check(result.log, spec, network, requests) == []
    assert np.sum(result.log.kind == Kind.STOPS) >= 3
    assert len(watched.seen) >= 10
    for best, chosen, fixed in watched.seen:
        assert chosen == pytest.approx(best)
        assert best <= fixed + 1e-6


@pytest.mark.parametrize("name", ["rtv", "lns"])
def test_strategies_that_shuffle_plans_send_riders_to_other_stops(name):
    """They choose stops once a round; walks, windows and promises hold as for all."""
    parameters = {"iterations": 5} if name == "lns" else {}
    spec, network, requests = town_day(3, dispatch=StrategySpec(name, parameters))
    result = sim.build(spec, network, requests).run()
    assert checker.check(result.log, spec, network, requests) == []
    assert np.sum(result.log.kind == Kind.STOPS) >= 3


@pytest.mark.parametrize("name", ["nearest", "balanced"])
def test_strategies_without_pooling_keep_to_the_nearest_stops(name):
    """What they decide does not depend on meeting points."""
    logs = []
    for points in (1, CHOICES):
        spec, network, requests = town_day(3, dispatch=name, service={**SERVICE, "meeting_points": points})
        logs.append(sim.build(spec, network, requests).run().log.sha256())
    assert logs[0] == logs[1]


def scripted(answer, rows, **service):
    """Run a day in a line of 8 stops, 200 m apart, with a strategy that gives one answer at each request."""

    @dataclass(frozen=True)
    class Scripted:
        every_s: int = 0

        def unsupported(self, spec):
            return ""

        def decide(self, view, rng):
            return Orders(
                (answer,) if int(view.open[0]) == answer_rider(answer) else (Assign(int(view.open[0]), 0, 0, 0),)
            )

    spec = worlds.scenario(
        town_map=worlds.map_spec("line", 8, spacing_m=200.0),
        service={"meeting_points": 3, "max_walk_m": 300.0, "walk_speed_mps": 1.3, **service},
    )
    network = worlds.network_of(spec)
    requests = worlds.requests(network, rows)
    result = sim.build(spec, network, requests, given=sim.Given(Scripted())).run()
    assert checker.check(result.log, spec, network, requests) == []
    return result


def answer_rider(order):
    """Give the rider of an order."""
    return order.rider if isinstance(order, Assign) else order.stops[0].rider


ROWS = [(START_S + 60, 3, 6)]


def tail(start, end):
    """Give the order of a new tail that carries rider 0 between two nodes."""
    return Replace(0, 0, (Stop(start, Action.PICKUP, 0), Stop(end, Action.DROPOFF, 0)))


@pytest.mark.parametrize("order", [Assign(0, 0, 0, 0, 2, 5), tail(2, 5)], ids=["assign", "new tail"])
def test_a_rider_sent_to_other_stops_walks_there_and_back(order):
    """One block each way, 200 m x 1.3 at 1.3 m/s: 200 s more at both ends, and limits that start there."""
    result = scripted(order, ROWS)
    told = worlds.events(result, Kind.STOPS)[0]
    assert (told["node"], told["other"], told["value"], told["c"]) == (2, 5, 200.0, 200)
    assert (told["a"], told["b"]) == (START_S + 60 + 200 + 600, 60 + 300)
    boarded = worlds.events(result, Kind.BOARD)[0]
    assert (boarded["node"], boarded["time"]) == (2, START_S + 60 + 200)
    assert worlds.events(result, Kind.ALIGHT)[0]["node"] == 5
    assert result.riders.walk_to_s.tolist() == [200]


@pytest.mark.parametrize(
    ("order", "what"),
    [
        (Assign(0, 0, 0, 0, 0, 6), "nodes 0 and 6 are not among the stops that he may be sent to"),
        (Assign(0, 0, 0, 0, to_node=3), "nodes 3 and 3 are not among"),
        (tail(3, 1), "nodes 3 and 1 are not among"),
    ],
)
def test_a_stop_out_of_reach_is_an_error(order, what):
    """A strategy cannot have riders walk farther than the service allows, or not ride at all."""
    with pytest.raises(StrategyError, match=what):
        scripted(order, ROWS)


def test_without_meeting_points_only_the_nearest_stops_will_do():
    """Other stops are not to be had where the service does not offer them."""
    with pytest.raises(StrategyError, match="nodes 2 and 6 are not his stops"):
        scripted(Assign(0, 0, 0, 0, 2, 6), ROWS, meeting_points=1)


def test_who_was_told_his_stops_keeps_them():
    """A later plan cannot move the stops of a rider who was accepted."""
    moved = Replace(0, 0, (Stop(5, Action.PICKUP, 1), Stop(7, Action.DROPOFF, 1), *tail(2, 6).stops))
    with pytest.raises(StrategyError, match="rider 0 was told nodes 3 and 6"):
        scripted(moved, [*ROWS, (START_S + 61, 5, 7)])


def test_patience_begins_at_the_stop_that_the_rider_was_sent_to():
    """Who walks 200 s farther leaves 200 s later: a bus that comes in the promised window finds him."""
    rows = [(START_S + 60, 3, 6, {"patience": 30})]
    result = scripted(Assign(0, 0, 0, 0, 2, 6), rows, max_wait_s=60, patience_s=60)
    assert len(worlds.events(result, Kind.BOARD)) == 1
    assert worlds.events(result, Kind.ABANDON) == []

"""The cost of a route against a linear program that knows nothing of fragments."""

from itertools import permutations, product

import numpy as np
import pytest
from planning_worlds import random_instance

from busim.core.route_cost import route_cost
from busim.core.route_data import INF, make_work
from busim.planning.kernels import compile_instance
from busim.planning.schedule import best_schedule


def random_route(rng, riders):
    """Draw a random sequence of pick-ups and drop-offs, each rider's in order."""
    todo, aboard, route = [int(r) for r in rng.permutation(riders)], [], []
    while todo or aboard:
        if todo and (not aboard or rng.random() < 0.5):
            aboard.append(todo.pop())
            route.append(aboard[-1])
        else:
            route.append(aboard.pop(int(rng.integers(len(aboard)))) + riders)
    return route


def draw_windows(instance, route, rng):
    """Set windows and ride limits about a random schedule of the route, mostly so that it can be kept."""
    instance.early[:], instance.late[:] = 0.0, 400.0
    time, node, start = 0.0, int(instance.origin[0]), {}
    for stop in route:
        time += instance.service[node] + instance.travel[node, stop] + rng.choice([0.0, 0.0, rng.uniform(0.0, 15.0)])
        start[stop], node = time, stop
    for rider in range(instance.num_requests):
        for stop in (rider, rider + instance.num_requests):
            if rng.random() < 0.7:
                instance.early[stop] = max(0.0, start[stop] - rng.uniform(0.0, 6.0))
                instance.late[stop] = start[stop] + rng.uniform(0.0, 6.0)
        ride = start[rider + instance.num_requests] - start[rider] - instance.service[rider]
        instance.max_ride[rider] = max(0.0, ride + rng.uniform(-4.0, 20.0))


def cost_by_program(instance, route, used_stops):
    """Give the least cost over destinations with stops given as {position: station}, by linear programs."""
    best = INF
    for end in instance.destination:
        inner = []
        for i in range(len(route) + 1):
            inner += [int(instance.station[used_stops[i]])] if i in used_stops else []
            inner += [route[i]] if i < len(route) else []
        nodes = [int(instance.origin[0]), *inner, int(end)]
        found = best_schedule(instance, 0, nodes)
        if found is not None:
            driven = instance.travel[nodes[:-1], nodes[1:]].sum()
            best = min(best, instance.drive_weight * driven + instance.excess_weight * found.excess)
    return best


def loads_fit(instance, route):
    """Tell whether the bus's places suffice."""
    return np.cumsum(instance.load[route]).max() <= instance.capacity[0]


def kernel_cost(instance, route):
    """Give what the kernel says, on a bus of its own."""
    data = compile_instance(instance).data
    used = np.zeros(len(data.station_node), dtype=np.int64)
    seq = np.array(route, dtype=np.int64)
    return route_cost(data, make_work(data), seq, len(seq), 0, data.station_count, data.dest_count, used)[0]


@pytest.mark.parametrize("seed", range(8))
def test_schedule_equals_linear_program(seed):
    """Without stations and with a large battery, cost and feasibility equal the linear program's."""
    rng = np.random.default_rng(1000 + seed)
    seen = 0
    for trial in range(12):
        instance = random_instance(50 * seed + trial, riders=4, buses=1, stations=0, gamma=0.0)
        instance.energy_start[:] = instance.battery[:] = 100.0
        instance.capacity[:] = 4
        route = random_route(rng, 4)
        draw_windows(instance, route, rng)
        expected, found = cost_by_program(instance, route, {}), kernel_cost(instance, route)
        assert found == pytest.approx(expected, abs=2e-6)
        seen += expected < INF
    assert seen > 0


def test_forced_waiting_with_riders_aboard():
    """A rider who must be let on early waits aboard; the wait is placed where the fewest sit."""
    instance = random_instance(5, riders=2, buses=1, stations=0, gamma=0.0)
    instance.energy_start[:] = instance.battery[:] = 100.0
    early, late = instance.early, instance.late
    early[:], late[:] = 0.0, 160.0
    late[0], early[3], instance.max_ride[:] = 30.0, 70.0, 100.0
    for route in ([0, 1, 3, 2], [0, 1, 2, 3], [0, 2, 1, 3]):
        assert kernel_cost(instance, route) == pytest.approx(cost_by_program(instance, route, {}), abs=2e-6)


@pytest.mark.parametrize("seed", range(6))
def test_charging_stops_equal_enumeration(seed):
    """Charging stops found equal the best of all gaps and stations, each tried by a linear program."""
    instance = random_instance(300 + seed, riders=3, buses=1, stations=2, gamma=0.8)
    instance.early[:6], instance.late[:6] = 0.0, 150.0
    rng = np.random.default_rng(seed)
    route = random_route(rng, 3)
    while not loads_fit(instance, route):
        route = random_route(rng, 3)
    aboard = np.concatenate([[0], np.cumsum(instance.load[route])])
    gaps = [i for i in range(len(route) + 1) if aboard[i] == 0]
    choices = [{}, *({g: s} for g, s in product(gaps, range(2)))]
    choices += [{a: s, b: 1 - s} for a, b in permutations(gaps, 2) for s in range(2) if a < b]
    expected = min(cost_by_program(instance, route, choice) for choice in choices)
    found = kernel_cost(instance, route)
    assert found == pytest.approx(expected, abs=2e-6)

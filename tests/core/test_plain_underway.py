"""Legs in plain Python against those of the kernel that is compiled."""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from test_plain_schedule import BUSES, NODES, random_fleet

from busim.core import travel
from busim.core.bound_underway import BoundUnderway
from busim.core.compiled import plain
from busim.core.plain_roads import plain_drive
from busim.core.plain_underway import PlainUnderway
from busim.core.road_energy import RoadForces, road_forces
from busim.core.roads import Roads, drive
from busim.model.specs import DriveSpec

BREAKS = (0, 300, 420, 900)


def roads_of(rng, noisy):
    """Give a hilly grid whose speeds change during a leg, what it asks of a bus with physics, and its noise."""
    town = worlds.town("grid", 5)
    height = rng.uniform(0, 40, town.num_nodes)
    town = replace(town, edge_climb_m=height[town.edge_to] - height[town.edge_from])
    spec = {"breaks_s": BREAKS, "factors": {"default": tuple(rng.uniform(0.3, 1.2, 4).tolist())}}
    tables = travel.build(town, worlds.scenario(travel=spec).travel, 36.0).tables
    kind = worlds.scenario(
        vehicle={"drive": DriveSpec(mass_kg=3000.0, drag_area_m2=2.5, stop_share=0.3)}
    ).fleet.vehicles[0]
    noise = rng.uniform(0.5, 2.0, (6, town.num_edges)) if noisy else np.zeros((0, town.num_edges))
    return Roads(tables, noise, 60.0, 150.0), road_forces(tables, town, kind)


def both(roads, forces, fleet, nodes=64):
    """Give the legs under way of a fleet in plain Python, and of a copy of it in arrays that kernels write."""
    twin = fleet._replace(node=fleet.node.copy(), time=fleet.time.copy(), energy=fleet.energy.copy())
    return PlainUnderway(roads, forces, fleet), BoundUnderway(roads, forces, twin, nodes), twin


def told(legs, fleet, bus):
    """Give all that is told of a bus."""
    spent = legs.spent(bus), legs.spent_here(bus, stops=True), legs.spent_here(bus, stops=False)
    return legs.next_node(bus), spent, legs.passed_at.tolist(), [array.tolist() for array in fleet]


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("physics", [False, True])
def test_plain_legs_on_the_road_are_those_of_the_kernel(noisy, physics):
    """Every node of a leg is told the same to the last bit, across periods and time bins, up and down hill."""
    rng = np.random.default_rng([3, noisy, physics])
    roads, forces = roads_of(rng, noisy)
    none = np.zeros((0, 0))
    forces = forces if physics else RoadForces(np.zeros(0), none, none, none, 1.0, 0.0)
    fleet = random_fleet(rng)
    mine, other, twin = both(roads, [forces] * BUSES, fleet, nodes=3)  # not room enough at first
    taken = 0
    for _ in range(120):
        bus, now = int(rng.integers(BUSES)), float(rng.integers(0, 1200))
        start, end = rng.choice(NODES, 2, replace=False).tolist()
        rate = 0.3, float(rng.uniform(3000, 4000)), float(rng.choice([0.0, 0.01, 9.0]))
        leg = bus, start, end, now, 5.0, float(rng.uniform(5, 50)), rate
        ready = mine.set_out(*leg)
        assert ready == other.set_out(*leg)
        assert told(mine, fleet, bus) == told(other, twin, bus)
        while now <= ready:
            now += int(rng.integers(1, 40))
            if mine.passed_at[bus] < now:
                mine.advance(bus, now)
                other.advance(bus, now)
            assert told(mine, fleet, bus) == told(other, twin, bus)
        taken += mine.spent(bus).back_j
        for path, expected in zip(
            plain_drive(roads, start, end, now), plain(drive)(roads, start, end, now), strict=True
        ):
            np.testing.assert_array_equal(path, expected)
    assert (taken > 0) == physics


def test_plain_legs_are_followed_as_those_of_the_kernel():
    """At every moment the same buses have moved on, to the same nodes."""
    rng = np.random.default_rng(5)
    roads, forces = roads_of(rng, noisy=True)
    fleet = random_fleet(rng)
    mine, other, twin = both(roads, [forces] * BUSES, fleet)
    ready, most = np.zeros(BUSES), 0
    for now in np.cumsum(rng.integers(0, 40, 150)).astype(float).tolist():
        for bus in np.flatnonzero(ready < now).tolist():
            leg = bus, *rng.choice(NODES, 2, replace=False).tolist(), now, 5.0, 20.0, (0.3, 3000.0, 9.0)
            ready[bus] = mine.set_out(*leg)
            assert ready[bus] == other.set_out(*leg)
        count = mine.follow(now)
        assert count == other.follow(now)
        assert mine.moved[:count].tolist() == other.moved[:count].tolist()
        assert [array.tolist() for array in fleet] == [array.tolist() for array in twin]
        most = max(most, count)
    assert most > 1

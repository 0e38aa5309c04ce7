"""Legs in plain Python against those of the kernel that is compiled."""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from test_plain_schedule import BUSES, NODES, random_fleet

from busim.core import travel
from busim.core.compiled import plain
from busim.core.departure import set_out_compiled
from busim.core.plain_departure import plain_set_out
from busim.core.plain_roads import plain_drive
from busim.core.road_energy import RoadForces, road_forces
from busim.core.roads import Roads, drive
from busim.core.underway import TOO_LONG, nobody
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


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("physics", [False, True])
def test_plain_legs_on_the_road_are_those_of_the_kernel(noisy, physics):
    """Every node of a leg has the same record to the last bit, across periods and time bins, up and down hill."""
    rng = np.random.default_rng([3, noisy, physics])
    roads, forces = roads_of(rng, noisy)
    none = np.zeros((0, 0))
    forces = forces if physics else RoadForces(np.zeros(0), none, none, none, 1.0, 0.0)
    fleet, legs, other = random_fleet(rng), nobody(BUSES, NODES), nobody(BUSES, NODES)
    twin = fleet._replace(node=fleet.node.copy(), time=fleet.time.copy(), energy=fleet.energy.copy())
    for _ in range(150):
        bus, now = int(rng.integers(BUSES)), float(rng.integers(0, 1200))
        start, end = rng.choice(NODES, 2, replace=False).tolist()
        rate = 0.3, float(rng.uniform(3000, 4000)), float(rng.choice([0.0, 0.01, 9.0]))
        leg = bus, start, end, now, 5.0, float(rng.uniform(5, 50)), rate
        ready = plain(set_out_compiled)(roads, forces, other, twin, *leg)
        assert plain_set_out(roads, forces, legs, fleet, *leg) == ready
        for mine, expected in zip((*legs, *fleet), (*other, *twin), strict=True):
            np.testing.assert_array_equal(mine, expected)
        for mine, expected in zip(
            plain_drive(roads, start, end, now), plain(drive)(roads, start, end, now), strict=True
        ):
            np.testing.assert_array_equal(mine, expected)
    assert (legs.taken[:, 1:].max() > 0) == physics


def test_a_path_without_room_is_told():
    """A leg of more nodes than there is room for changes nothing."""
    rng = np.random.default_rng(5)
    roads, forces = roads_of(rng, noisy=True)
    legs, fleet = nobody(BUSES, 3), random_fleet(rng)
    assert plain_set_out(roads, forces, legs, fleet, 1, 0, 24, 0.0, 0.0, 9.0, (0.3, 3000.0, 0.0)) == TOO_LONG
    assert not legs.memory.any()
    assert np.isinf(legs.passed_at).all()

"""What a leg takes in a run, against the physics worked out by hand; where recuperated energy goes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import worlds

from busim import metrics, sim
from busim.core import travel as core_travel
from busim.core.road_energy import along, most_metres
from busim.model.energy_specs import DriveSpec
from busim.model.events import Kind
from busim.model.specs import ChargerSpec
from busim.sim.driving import Driving

DRIVE = DriveSpec(mass_kg=4000.0, drag_area_m2=2.5, stop_share=0.0)
KIND = {"drive": DRIVE, "kwh_per_km": 0.3, "standing_kw": 0.0}
SPEED = 10.0  # m/s, as on every street of the towns
STOP_J = 0.5 * 4000 * 1.06 * SPEED**2
ROLL_N, DRAG_N = 4000 * 9.81 * 0.01, 0.6 * 0.5 * (97_800 / (287.05 * 293.15)) * 2.5 * SPEED**2


def run(riders=(), *, climb_m=0.0, kind=None, **keys):
    """Run a day on a line of 500 m streets, each of which climbs by ``climb_m`` away from the depot."""
    spec = worlds.scenario(vehicle={**KIND, **(kind or {})}, **keys)
    town = worlds.town()
    town = replace(town, edge_climb_m=np.where(town.edge_to > town.edge_from, climb_m, -climb_m))
    requests = worlds.requests(town, riders)
    result = sim.build(spec, town, requests).run()
    return result, metrics.tables(result.log, spec, town, requests, result.travel), spec


def legs_of(tables):
    """Give used and recuperated energy of the legs [J], in the order in which they were driven."""
    legs = tables["legs"]
    return np.column_stack((legs["energy_kwh"], legs["recuperated_kwh"])) * 3.6e6


def test_level_legs_take_rolling_air_and_a_stop():
    """Empty to the rider 1 km away, then with one person 2 km, then home: forces over efficiency, and a stop each."""
    _, tables, _ = run([(worlds.START_S, 2, 6)], start_charge=0.5)
    for (used, back), (km, persons) in zip(legs_of(tables), [(1, 0), (2, 1), (3, 0)], strict=True):
        heavier = (4000 + 65 * persons) / 4000
        assert used == pytest.approx((1000 * km * (ROLL_N * heavier + DRAG_N) + STOP_J * heavier) / 0.82, rel=1e-12)
        assert back == pytest.approx(STOP_J * heavier * 0.64, abs=1.0)


def test_slopes_count_both_ways():
    """Up 4 % lifts the weight; down 4 % the slope drives the bus, and what is left over is recuperated."""
    _, tables, _ = run([(worlds.START_S, 2, 6)], climb_m=20.0, start_charge=0.5)
    up, _, down = legs_of(tables)
    assert up[0] == pytest.approx((1000 * (ROLL_N + DRAG_N) + 4000 * 9.81 * 40 + STOP_J) / 0.82, rel=1e-12)
    assert down[0] == pytest.approx(STOP_J / 0.82, rel=1e-12)
    surplus = 4000 * 9.81 * 120 - 3000 * (ROLL_N + DRAG_N)
    assert down[1] == pytest.approx((surplus + STOP_J) * 0.64, abs=1.0)


def test_a_full_battery_takes_nothing_back():
    """Above 95 % no recuperation; on the way there only up to it."""
    _, tables, _ = run([(worlds.START_S, 2, 6)], start_charge=1.0)
    assert legs_of(tables)[:, 1].max() == 0.0
    _, tables, _ = run([(worlds.START_S, 2, 6)], start_charge=0.9499, kind={"battery_kwh": 50.0})
    assert legs_of(tables)[0, 1] == pytest.approx(0.0001 * 50 * 3.6e6, abs=1.0)


def test_slower_streets_have_more_stops():
    """Where traffic halves the speed, lost time turns into stops: twice as much lost, twice the stops."""
    slow = worlds.TRAVEL | {"factors": {"default": (0.5,)}}
    kind = {"drive": replace(DRIVE, stop_share=1.0, stop_wait_s=15.0)}
    _, fast, _ = run([(worlds.START_S, 2, 6)], kind=kind)
    _, congested, _ = run([(worlds.START_S, 2, 6)], kind=kind, travel=slow)
    lost_s = 100.0 / SPEED * 10  # per km: 200 s instead of 100
    stops = lost_s / (SPEED / 0.9 + 15.0)
    extra = legs_of(congested)[0] - legs_of(fast)[0]
    assert extra[0] == pytest.approx(stops * STOP_J / 0.82, rel=1e-9)


@pytest.mark.parametrize("climb_m", [0.0, 15.0])
def test_ledgers_and_causes_close(climb_m):
    """Start + charged + recuperated - used = end to 1e-9, and the causes of each leg and bus add up to what it used."""
    rng = np.random.default_rng(3)
    asked = np.sort(rng.integers(worlds.START_S, worlds.END_S - 1800, 25))
    riders = [(int(t), *map(int, rng.choice(8, 2, replace=False))) for t in asked]
    kind = {"standing_kw": 3.0, "climate_kw": 1.5, "computer_kw": 1.0, "battery_kwh": 12.0}
    sites = (ChargerSpec("charger", 1, 30.0, 60),)
    result, tables, spec = run(
        riders, climb_m=climb_m, kind=kind, charging="threshold", sites=sites, reserve=0.1, start_charge=0.7
    )
    for name, left, right in metrics.ledgers(tables, result.log, spec):
        assert left == pytest.approx(right, abs=1e-9), name
    legs, buses = tables["legs"], tables["buses"]
    driving = sum(legs[name] for name in ("rolling_kwh", "air_kwh", "slope_kwh", "stops_kwh"))
    by_clock = (legs["arrive_s"] - legs["leave_s"]) / 3600 * 3.0
    assert driving == pytest.approx(legs["energy_kwh"] - by_clock, abs=1e-9)
    names = ("rolling", "air", "slope", "stops", "climate", "computer", "auxiliaries")
    assert sum(buses[f"{name}_kwh"] for name in names) == pytest.approx(buses["used_kwh"], abs=1e-9)
    assert buses["computer_kwh"] * 1.5 == pytest.approx(buses["climate_kwh"], abs=1e-9)
    assert buses["recuperated_kwh"].sum() > 0.1
    assert len(tables["charges"]["bus"]) > 0


def test_climate_by_the_hour():
    """Standing power that changes by the hour is used hour by hour; plans count with the highest."""
    hours = tuple(1.0 if hour < 9 else 4.0 for hour in range(24))
    kind = {"standing_kw": 4.0, "climate_kw": 4.0, "standing_by_hour_kw": hours}
    result, tables, _ = run(kind=kind)
    assert tables["buses"]["used_kwh"] == pytest.approx([1.0 + 4.0], abs=1e-9)
    assert result.log.value[result.log.kind == Kind.LOW].size == 0


@pytest.mark.parametrize("seed", range(3))
def test_plans_never_assume_less_than_legs_take(seed):
    """For every pair of nodes of a hilly grid: full or empty, the leg takes no more than the planned bound."""
    rng = np.random.default_rng(seed)
    town = worlds.town("grid", 4)
    height = rng.uniform(0, 25, town.num_nodes)
    town = replace(town, edge_climb_m=height[town.edge_to] - height[town.edge_from])
    spec = worlds.scenario(
        vehicle={**KIND, "drive": replace(DRIVE, stop_share=0.7)}, town_map=worlds.map_spec("grid", 4)
    )
    travel = worlds.TRAVEL | {"breaks_s": (0, 9 * 3600), "factors": {"default": (1.0, 0.6)}}
    times = core_travel.build(town, worlds.scenario(travel=travel).travel, 36.0)
    kind = spec.fleet.vehicles[0]
    most = most_metres(times.tables, town, (kind,))
    drive = Driving([kind], times, town)
    for start, end in rng.integers(0, town.num_nodes, (60, 2)).tolist():
        for leave, persons in ((8 * 3600, 0), (8 * 3600, 9), (10 * 3600, 9)):
            nodes = times.nodes(start, end, leave).astype(np.int64)
            _, mass_kg, _ = drive.rate(0, persons, 25.0)
            ways = along(times.tables, drive.forces[0], nodes, times.period(leave), mass_kg)
            assert ways.given[-1] <= most[start, end] * 0.3 / 1000 + 1e-12
            assert all(a <= b for a, b in pairwise(ways.given_on.tolist()))


@pytest.mark.parametrize("seed", range(4))
def test_hills_and_crowds_leave_nobody_below_the_reserve(seed):
    """A hilly grid, small batteries, full buses: without noise no bus ever gets below its reserve, and none is late."""
    rng = np.random.default_rng([41, seed])
    town = worlds.town("grid", 4)
    height = rng.uniform(0, 30, town.num_nodes)
    town = replace(town, edge_climb_m=height[town.edge_to] - height[town.edge_from])
    asked = np.sort(rng.integers(worlds.START_S, worlds.END_S - 1800, 60)).tolist()
    riders = [
        (t, *map(int, rng.choice(town.num_nodes, 2, replace=False)), {"party": int(rng.integers(1, 4))}) for t in asked
    ]
    spec = worlds.scenario(
        buses=2,
        vehicle={**KIND, "drive": DRIVE, "standing_kw": 3.0, "battery_kwh": 9.0},
        charging="threshold",
        sites=(ChargerSpec("charger", 1, 40.0, 60),),
        reserve=0.1,
        start_charge=0.6,
        town_map=worlds.map_spec("grid", 4),
    )
    requests = worlds.requests(town, riders)
    result = sim.build(spec, town, requests).run()
    tables = metrics.tables(result.log, spec, town, requests, result.travel)
    assert tables["charge"]["share"].min() >= 0.1 - 1e-9
    assert Kind.LOW not in result.log.kind
    assert (tables["rides"]["outcome"] == "served").sum() > 10
    assert len(tables["charges"]["bus"]) > 0
    for name, left, right in metrics.ledgers(tables, result.log, spec):
        assert left == pytest.approx(right, abs=1e-9), name

"""What must hold on every day, whatever the town, the fleet and the riders: random small days, checked from the log."""

from collections import Counter
from dataclasses import replace

import checker
import numpy as np
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import END_S, START_S

from busim import metrics
from busim.metrics.ledgers import ledgers
from busim.model.events import OUTCOMES
from busim.model.fleet import FleetState
from busim.model.specs import StrategySpec
from busim.policy import registry
from busim.sim.state import State

NODES = 9
TOWNS = {
    "line": worlds.map_spec("line", NODES),
    "ring": worlds.map_spec("ring", NODES),
    "grid": worlds.map_spec("grid", 3),
}
STRATEGIES = sorted(registry.BUILT_IN["dispatch"])
NOISE = st.sampled_from([0.0, 0.3])
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@st.composite
def riders(draw, most=25):
    """Draw riders: alone or in groups, some with a wheelchair, some booked ahead."""
    rows = []
    for _ in range(draw(st.integers(0, most))):
        time = START_S + draw(st.integers(0, 5400))
        start, end = draw(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)))
        lead = draw(st.sampled_from([0, 0, 0, 600, 1800]))
        extra = {
            "party": draw(st.sampled_from([1, 1, 1, 2, 5])),
            "wheelchair": draw(st.sampled_from([False, False, False, True])),
            "earliest": time + lead,
            "patience": draw(st.sampled_from([-1, -1, 900])),
        }
        rows.append((time, start, end, extra))
    return rows


@st.composite
def days(draw, noise=NOISE):
    """Draw a day on demand."""
    battery = draw(st.sampled_from(["large", "small"]))
    cancel, no_show = draw(st.sampled_from([(0.0, 0.0), (0.3, 0.2)]))
    small = {"battery_kwh": 5.0, "standing_kw": 1.0, "kwh_per_km": 0.4, "charge_kw": 40.0}
    spec = worlds.scenario(
        buses=draw(st.integers(1, 3)),
        town_map=TOWNS[draw(st.sampled_from(sorted(TOWNS)))],
        dispatch=draw(st.sampled_from(STRATEGIES)),
        vehicle={"seats": draw(st.sampled_from([2, 6])), **(small if battery == "small" else {})},
        service={
            "max_wait_s": draw(st.sampled_from([180, 600])),
            "patience_s": draw(st.sampled_from([300, 900])),
            "ride_factor": draw(st.sampled_from([1.0, 1.6])),
            "ride_constant_s": draw(st.sampled_from([0, 200])),
            "mode": draw(st.sampled_from(["stop_to_stop", "door_to_door"])),
            **draw(st.sampled_from([{}, {"meeting_points": 3, "max_walk_m": 700.0, "walk_speed_mps": 4.0}])),
            **draw(st.sampled_from([{}, {"stop_s": 12, "board_s": 2.5, "alight_s": 1.5, "wheelchair_board_s": 60.0}])),
        },
        charging=StrategySpec("threshold", {"below": 0.5}) if battery == "small" else "none",
        reserve=0.15 if battery == "small" else 0.0,
        travel={
            "noise_cv": draw(noise),
            **draw(st.sampled_from([{}, {"breaks_s": (0, START_S + 1800), "factors": {"default": (1.0, 0.6)}}])),
        },
        seed=draw(st.integers(0, 5)),
    )
    late = draw(st.sampled_from([0, 1800]))  # the shift of the first bus begins later
    buses = (replace(spec.fleet.buses[0], shift_start_s=START_S + late), *spec.fleet.buses[1:])
    demand = replace(spec.demand, cancel_share=cancel, no_show_share=no_show, cancel_lead_s=300)
    return replace(spec, fleet=replace(spec.fleet, buses=buses), demand=demand)


@st.composite
def line_days(draw):
    """Draw a day of a line, there and back or around."""
    return worlds.scenario(
        buses=draw(st.integers(1, 3)),
        town_map=TOWNS["ring"],
        vehicle={"seats": draw(st.sampled_from([2, 6]))},
        service={
            "patience_s": draw(st.sampled_from([300, 1800])),
            "stop_s": draw(st.sampled_from([0, 10])),
            "board_s": draw(st.sampled_from([0.0, 3.0])),
        },
        line={
            "stops": draw(st.sampled_from([("stop_0", "stop_3", "stop_6"), ("stop_1", "stop_2", "stop_4", "stop_7")])),
            "is_loop": draw(st.booleans()),
            "headway_s": draw(st.sampled_from([300, 900])),
            "headway_cv": draw(st.sampled_from([0.0, 0.5])),
            "layover_s": draw(st.sampled_from([0, 120])),
        },
        travel={"noise_cv": draw(st.sampled_from([0.0, 0.3]))},
    )


def verify(spec, rows):
    """Run a day and check everything that holds on every day; gives the checker with what it knows."""
    network = worlds.network_of(spec)
    table = worlds.requests(network, rows)
    result = worlds.run(spec, rows)
    inspector = checker.Checker(spec, network, table)
    assert inspector.check(result.log) == []
    assert sum(inspector.outcomes().values()) == len(rows)
    assert set(inspector.outcomes()) <= set(OUTCOMES)
    assert_replays(spec, network, result)
    assert_ledgers_close(spec, network, table, result, inspector)
    return inspector


def assert_replays(spec, network, result):
    """Apply the log to parked buses: that gives the final state."""
    depots = np.array([network.places.node[network.places.index[bus.depot]] for bus in spec.fleet.buses])
    energy = np.array([b.start_charge * spec.fleet.vehicles[b.vehicle].battery_kwh for b in spec.fleet.buses])
    again = State(FleetState.parked(depots, energy), result.riders)
    again.replay(result.log)
    assert again.differences(result.state) == []


def assert_ledgers_close(spec, network, table, result, inspector):
    """Compare energy, metres, boardings and riders between log, state, checker and tables."""
    for number, bus in enumerate(inspector.buses):
        start = spec.fleet.buses[number].start_charge * spec.fleet.vehicles[0].battery_kwh
        assert start + bus.charged - bus.used == pytest.approx(bus.energy, abs=1e-9)
        assert bus.energy == pytest.approx(result.state.fleet.energy_kwh[number], abs=1e-9)
        assert bus.metres == result.state.fleet.odometer_m[number]
    tables = metrics.tables(result.log, spec, network, table, result.travel)
    for name, left, right in ledgers(tables, result.log, spec):
        assert left == pytest.approx(right, abs=1e-9), name
    assert Counter(tables["rides"]["outcome"].tolist()) == Counter(inspector.outcomes())


@FEW
@given(spec=days(), rows=riders())
def test_days_on_demand_keep_every_rule(spec, rows):
    """Riders add up, logs replay, ledgers close; no breach of limits, promises, places or batteries."""
    inspector = verify(spec, rows)
    if spec.travel.noise_cv == 0.0 and spec.dispatch.strategy in ("insertion", "nearest"):
        assert set(inspector.outcomes()) <= {
            "served",
            "refused",
            "cancelled",
            "no_show",
        }  # answered at once, and all promises kept


@FEW
@given(spec=line_days(), rows=riders())
def test_days_of_a_line_keep_every_rule(spec, rows):
    """The same holds on a fixed line, where riders wait, are left behind, and leave."""
    verify(spec, rows)


@settings(FEW, max_examples=8)
@given(spec=days(noise=st.just(0.0)), rows=riders(most=15))
def test_one_more_rider_breaks_no_promise(spec, rows):
    """With a crowd at one moment on top of any day, those who were promised a ride still get it in time."""
    crowd = [(END_S - 5000, k % NODES, (k * 4 + 1) % NODES) for k in range(30)]
    verify(spec, rows + crowd)

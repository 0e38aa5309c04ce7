"""Charging with riders aboard: by the strategy for terminals, at stops, where the scenario allows it, nowhere else."""

from dataclasses import replace

import checker
import numpy as np
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_sim_plugs import PLUG

from busim.core.queue_rules import QUEUE_RULES
from busim.model.events import Kind
from busim.model.specs import StrategySpec

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
FAST = replace(PLUG, power_kw=120.0, connect_s=20)
LOOP = {"stops": ("stop_0", "stop_2", "stop_4", "stop_6"), "is_loop": True, "headway_s": 1200}


def scenario(place, *, allowed=True, strategy="terminal", **keys):
    """Describe a day of buses at 60 % whose only plug stands at a place."""
    spec = worlds.scenario(
        sites=[replace(FAST, place=place)],
        start_charge=0.6,
        charging=StrategySpec(strategy),
        reserve=0.1,
        **{"vehicle": {"charge_kw": 120.0}} | keys,
    )
    return replace(spec, charging=replace(spec.charging, riders_aboard=allowed))


def aboard_when_plugged(result):
    """Count the persons aboard at each plugging in."""
    found, aboard = [], {}
    for row in worlds.events(result, Kind.BOARD, Kind.ALIGHT, Kind.PLUG_IN):
        if row["kind"] in (Kind.BOARD, Kind.ALIGHT):
            sign = 1 if row["kind"] == Kind.BOARD else -1
            aboard[row["bus"]] = aboard.get(row["bus"], 0) + sign * row["a"]
        elif row["kind"] == Kind.PLUG_IN:
            found.append(aboard.get(row["bus"], 0))
    return found


def run(spec, rows):
    """Run a day that the independent checker finds nothing wrong with."""
    town = worlds.network_of(spec)
    result = worlds.run(spec, rows)
    assert checker.check(result.log, spec, town, worlds.requests(town, rows)) == []
    return result


def test_a_line_s_terminal_charges_who_rides_on():
    """On a loop a rider stays aboard past its end: the bus charges there for three minutes before its next round."""
    town_map = worlds.map_spec("ring", 8)
    rows = [(worlds.START_S + 10, 6, 2)]
    keys = {"town_map": town_map, "line": LOOP, "service": {"patience_s": 3000}}
    keys["vehicle"] = {"charge_kw": 120.0, "battery_kwh": 20.0}
    result = run(scenario("stop_0", **keys), rows)
    with_rider, log = aboard_when_plugged(result).index(1), result.log
    begin, end = (log.time[log.kind == kind][with_rider] for kind in (Kind.PLUG_IN, Kind.PLUG_OUT))
    assert 0 < end - begin <= 3 * 60 + 22
    assert aboard_when_plugged(run(scenario("stop_0", allowed=False, **keys), rows)).count(1) == 0


@pytest.mark.parametrize(
    ("change", "is_done"),
    [({}, True), ({"allowed": False}, False), ({"strategy": "idle"}, False), ({"strategy": "threshold"}, False)],
)
def test_a_stop_s_plug_on_demand(change, is_done):
    """A bus that lets one rider off at stop 4 charges there with the other one aboard, within his longest ride."""
    rows = [(worlds.START_S, 1, 4), (worlds.START_S + 5, 1, 7)]
    result = run(scenario("stop_4", service={"ride_constant_s": 900}, **change), rows)
    assert (1 in aboard_when_plugged(result)) == is_done
    assert np.isin(Kind.ALIGHT, result.log.kind)


def test_not_where_a_rider_would_be_late():
    """With no time to spare on his ride nobody is kept at a plug; with a quarter of an hour the same rider is."""
    rows = [(worlds.START_S, 1, 4), (worlds.START_S + 5, 1, 7)]
    aboard = [
        aboard_when_plugged(run(scenario("stop_4", service={"ride_constant_s": spare_s, "ride_factor": 1.0}), rows))
        for spare_s in (60, 900)
    ]
    assert [counts.count(1) > 0 for counts in aboard] == [False, True]


@FEW
@given(data=st.data())
def test_never_elsewhere(data):
    """Whatever the riders: aboard only at stops that allow it, and nobody is late for it (the checker knows both)."""
    places = st.sampled_from(["stop_4", "stop_2", "depot", "charger"])
    spec = scenario(data.draw(places), allowed=data.draw(st.booleans()), buses=2, service={"ride_constant_s": 900})
    spec = replace(spec, charging=replace(spec.charging, queue=data.draw(st.sampled_from(sorted(QUEUE_RULES)))))
    nodes = st.integers(0, 7)
    rows = data.draw(st.lists(st.tuples(st.integers(worlds.START_S, worlds.START_S + 3600), nodes, nodes), max_size=15))
    result = run(spec, rows)
    if not spec.charging.riders_aboard:
        assert not any(aboard_when_plugged(result))

"""The meter's side of charging, over random sites, batteries and curves: sums close, no site gives beyond its limit."""

import math
from dataclasses import replace

import numpy as np
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_sim_properties import TOWNS, riders

from busim import metrics
from busim.core.charge_site import STEP_S
from busim.core.queue_rules import QUEUE_RULES
from busim.metrics.session_energy import SessionEnergy
from busim.model.events import Kind
from busim.model.specs import ChargerSpec, StrategySpec

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
CURVES = ((), ((0.0, 1.0), (0.8, 1.0), (1.0, 0.0)), ((0.0, 0.7), (0.5, 0.5), (0.9, 0.1), (1.0, 0.1)))
DEPOT, LIMITS = ChargerSpec("depot", 2, 11.0, 60), st.sampled_from([math.inf, 13.0])
SUN = tuple(12.0 if 8 <= hour < 10 else 0.0 for hour in range(24))


@st.composite
def a_site(draw, place):
    """Draw a site: plugs or a shelf of batteries, with or without a limit, panels and standby."""
    plugs, power = draw(st.integers(1, 3)), draw(st.sampled_from([11.0, 40.0]))
    return ChargerSpec(
        place,
        plugs,
        power,
        draw(st.sampled_from([0, 60])),
        limit_kw=draw(st.sampled_from([math.inf, 15.0, 50.0])),
        efficiency=draw(st.sampled_from([0.86, 0.95, 1.0])),
        standby_kw=draw(st.sampled_from([0.0, 0.4])),
        spares=draw(st.sampled_from([0, 0, 2])),
        solar_kw=draw(st.sampled_from([(), SUN])),
    )


@st.composite
def days(draw):
    """Draw a day of small batteries with two such sites, some with plugs at the depot for the night."""
    spec = worlds.scenario(
        buses=draw(st.integers(2, 5)),
        town_map=TOWNS["line"],
        start_charge=draw(st.sampled_from([0.4, 0.8])),
        vehicle={
            "battery_kwh": draw(st.sampled_from([6.0, 12.0])),
            "standing_kw": 1.0,
            "charge_kw": 30.0,
            "charge_points": draw(st.sampled_from(CURVES)),
            "is_stepped": draw(st.booleans()),
        },
        charging=draw(st.sampled_from([StrategySpec("idle"), StrategySpec("threshold", {"below": 0.6})])),
        reserve=0.15,
        sites=[draw(a_site("charger")), draw(a_site("stop_1"))],
    )
    charging = replace(spec.charging, queue=draw(st.sampled_from(sorted(QUEUE_RULES))))
    if draw(st.booleans()):
        charging = replace(charging, overnight="plugs", sites=(*charging.sites, replace(DEPOT, limit_kw=draw(LIMITS))))
    return replace(spec, charging=charging)


def run(spec, rows):
    """Run a day; gives its log, its tables and what went into batteries when."""
    town = worlds.network_of(spec)
    result = worlds.run(spec, rows)
    tables = metrics.tables(result.log, spec, town, worlds.requests(town, rows), result.travel)
    return result.log, tables, SessionEnergy(result.log, spec.charging.sites, spec)


def sessions_at(tables, site):
    """Give the sessions of a site."""
    charges = tables["charges"]
    return [charges.row(k) for k in np.flatnonzero(charges["site"] == site).tolist()]


def check(spec, rows):
    """Every ledger closes; power keeps the limit; nobody stays at a plug long after having enough."""
    log, tables, course = run(spec, rows)
    for name, left, right in metrics.ledgers(tables, log, spec):
        assert left == pytest.approx(right, abs=1e-9), name
    for number, site in enumerate(spec.charging.sites):
        sessions = sessions_at(tables, number)
        if spec.charging.overnight == "plugs":
            assert log.time[-1] <= worlds.START_S + 24 * 3600
        end = max(map(course.end_s, sessions), default=worlds.END_S)
        moments = np.unique(
            np.concatenate((np.arange(worlds.START_S, end + 20.0, 20.0), log.time[log.kind == Kind.POWER]))
        )
        given = sum((course.by(session, moments) for session in sessions), np.zeros(len(moments)))
        assert np.all(np.diff(given) * 3600 <= site.limit_kw * np.diff(moments) + 1e-6)
        for session in sessions:
            before = course.end_s(session) - STEP_S - 1.0
            assert course.by(session, np.array([before]))[0] <= session["energy_kwh"] + 1e-9


@FEW
@given(spec=days(), rows=riders(most=12))
def test_sites_close_and_keep_their_limits(spec, rows):
    """Bought + panels = given + losses + standby to 1e-9, reckoned from curves, quarter by quarter."""
    check(spec, rows)


@pytest.mark.slow
@settings(FEW, max_examples=150)
@given(spec=days(), rows=riders(most=25))
def test_many_sites_close_and_keep_their_limits(spec, rows):
    """The same on more and busier days."""
    check(spec, rows)


def test_a_ledger_shows_what_the_log_invents():
    """A session that the log says gave more than the plug can opens the ledger of its site."""
    spec = worlds.scenario(
        charging="threshold", start_charge=0.3, reserve=0.1, sites=[ChargerSpec("charger", 1, 60.0, 60)]
    )
    log, _, _ = run(spec, [])
    row = np.flatnonzero(log.kind == Kind.PLUG_OUT)[0]
    log.value[row] += 5.0
    town = worlds.network_of(spec)
    tables = metrics.tables(log, spec, town, worlds.requests(town, []), worlds.run(spec, []).travel)
    found = [name for name, left, right in metrics.ledgers(tables, log, spec) if abs(left - right) > 1e-9]
    assert any(name.startswith("energy of site 0: bought") for name in found)


def test_a_swap_station_charges_its_shelf_over_time():
    """35 kWh go back at 10 kW and 92 %, a quarter hour after the other, although the bus drove off long before."""
    site = ChargerSpec("charger", 1, 10.0, 300, spares=2)
    spec = worlds.scenario(
        charging="threshold", start_charge=0.34, reserve=0.1, sites=[site], vehicle={"charge_kw": 60.0}
    )
    _, tables, course = run(spec, [])
    charges, power = tables["charges"], tables["site_power"]
    given = charges["energy_kwh"].sum()
    assert given > 30.0
    assert power["power_kw"].max() == pytest.approx(10.0 / 0.92)
    assert power["wall_kwh"].sum() == pytest.approx(given / 0.92, abs=1e-9)
    full = charges["plug_out_s"][0] + given / 10.0 * 3600
    assert course.end_s(charges.row(0)) == pytest.approx(full, abs=1.0)
    assert power["start_s"][-1] == pytest.approx(full // 900 * 900)


def test_a_shelf_keeps_the_limit_of_its_station():
    """Two batteries that could take 40 kW each get half of 15 kW each, and are ready the later for it."""
    site = ChargerSpec("charger", 2, 40.0, 60, limit_kw=15.0, efficiency=1.0, spares=2)
    spec = worlds.scenario(buses=2, charging="threshold", start_charge=0.34, reserve=0.1, sites=[site])
    _, tables, course = run(spec, [])
    assert tables["site_power"]["power_kw"].max() == pytest.approx(15.0)
    first = tables["charges"].row(0)
    assert course.end_s(first) - first["plug_out_s"] == pytest.approx(first["energy_kwh"] / 7.5 * 3600, abs=1.0)

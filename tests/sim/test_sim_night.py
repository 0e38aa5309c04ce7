"""Charging after the shift, at a depot with plugs: sessions in plan and log, and what is left to be bought."""

from dataclasses import replace

import checker
import numpy as np
import pytest
import worlds

from busim import metrics, sim
from busim.errors import InputError
from busim.metrics.bill import bill
from busim.metrics.day import Day
from busim.model.energy_specs import ElectricitySpec
from busim.model.events import Action, Kind
from busim.model.specs import ChargerSpec
from busim.sim.playback import Playback

DEPOT = ChargerSpec("stop_0", 1, 20.0, 60, efficiency=0.9)  # at the depot's node
RIDERS = [(worlds.START_S + 60 * k, 1 + k % 3, 7 - k % 3) for k in range(20)]


def scenario(site=DEPOT, *, overnight="plugs", since=0, **keys):
    """Describe a day whose buses go home to a depot with plugs, with a tariff that is cheap from eleven."""
    spec = worlds.scenario(sites=[site], **{"buses": 3, "start_charge": 0.9} | keys)
    prices = ElectricitySpec(breaks_s=(0, 7 * 3600, 23 * 3600), price_per_kwh=(0.3, 0.9, 0.3), overnight_per_kwh=0.5)
    charging = replace(spec.charging, overnight=overnight, overnight_from_s=since)
    return replace(spec, charging=charging, electricity=prices)


def day(spec, rows=RIDERS):
    """Run a day; gives its result and tables, ledgers checked."""
    town = worlds.network_of(spec)
    result = worlds.run(spec, rows)
    requests = worlds.requests(town, rows)
    assert checker.check(result.log, spec, town, requests) == []
    tables = metrics.tables(result.log, spec, town, requests, result.travel)
    for name, left, right in metrics.ledgers(tables, result.log, spec):
        assert left == pytest.approx(right, abs=1e-9), name
    return result, tables


def test_buses_fill_up_at_their_depot():
    """One plug, three buses: one after the other, each to what it began with; nothing is left to be bought."""
    spec = scenario()
    result, tables = day(spec)
    charges, buses = tables["charges"], tables["buses"]
    assert charges.num_rows == 3
    assert charges["is_overnight"].all()
    assert np.all(charges["plug_in_s"] >= buses["shift_end_s"][charges["bus"]])
    order = np.argsort(charges["plug_in_s"])
    assert np.all(charges["plug_in_s"][order][1:] >= charges["plug_out_s"][order][:-1])
    assert buses["end_kwh"] == pytest.approx([45.0] * 3)
    money = bill(Day(tables, spec))
    assert money.overnight_kwh == pytest.approx(0.0, abs=1e-9)
    assert money.day_kwh == pytest.approx(charges["energy_kwh"].sum() / 0.9)
    planned = [row for row in worlds.events(result, Kind.SLOT) if row["a"] == Action.CHARGE]
    assert len(planned) == 3


def test_the_day_itself_is_the_same():
    """Up to the end of the shifts the log is that of a day whose charge is bought; so are the KPIs of service."""
    spec = scenario()
    with_plugs, by_night = day(spec)
    bought, plain = day(scenario(overnight="bought"))
    last = np.flatnonzero(bought.log.kind == Kind.SHIFT_END)[0]
    for name in ("time", "kind", "bus", "rider", "value"):
        assert np.array_equal(getattr(with_plugs.log, name)[:last], getattr(bought.log, name)[:last])
    mine, theirs = (metrics.summary(t, spec) for t in (by_night, plain))
    assert mine["energy_charged_overnight_kwh"] > 0
    differing = {key for key in mine if mine[key] != pytest.approx(theirs[key], nan_ok=True)}
    assert differing <= {
        key for key in mine if "energy" in key or "charge" in key or "wall" in key or "co2" in key or "peak" in key
        or "money" in key
    } | {"plug_utilisation"}  # fmt: skip


def test_the_night_s_tariff_holds():
    """From eleven on: no plug before, and all of it at the price of the night."""
    spec = scenario(since=23 * 3600)
    _, tables = day(spec)
    assert tables["charges"]["plug_in_s"].min() == 23 * 3600
    money = bill(Day(tables, spec))
    assert money.energy == pytest.approx(0.3 * money.day_kwh)


def test_what_a_weak_plug_leaves_missing_is_bought():
    """At 1 kW a bus gets less than it lacks until its next shift begins, 24 hours after the last one."""
    spec = scenario(replace(DEPOT, power_kw=0.5), buses=2, start_charge=0.9)
    _, tables = day(spec)
    assert tables["charges"]["plug_out_s"].max() <= worlds.START_S + 24 * 3600
    missing = float((tables["buses"]["start_kwh"] - tables["buses"]["end_kwh"]).sum())
    assert missing > 1.0
    assert bill(Day(tables, spec)).overnight_kwh == pytest.approx(missing / spec.electricity.overnight_efficiency)


def test_plugs_share_their_site_s_limit_by_night():
    """Three plugs of 20 kW, 30 kW together: nobody waits, and the meter never sees more."""
    spec = scenario(replace(DEPOT, plugs=3, limit_kw=30.0))
    _, tables = day(spec)
    assert tables["charges"]["wait_s"].tolist() == [0, 0, 0]
    assert 29.0 / 0.9 < tables["site_power"]["power_kw"].max() <= 30.0 / 0.9 + 1e-9


def test_a_depot_without_plugs_is_bad_input():
    """No depot has any: it is told before the day begins, with the depot's name."""
    spec = scenario(replace(DEPOT, place="stop_3"))
    with pytest.raises(InputError, match="no charger with plugs stands at 'depot'"):
        worlds.run(spec, [])


def test_away_from_plugs_it_is_bought():
    """A bus that stays out has no session: the whole difference is bought."""
    _, tables = day(spec := scenario(return_to_depot=False))
    assert tables["charges"].num_rows == 0
    assert bill(Day(tables, spec)).overnight_kwh > 0


def test_buses_in_service_go_first():
    """A bus that works on gets the plug before one that waits with its shift over."""
    spec = scenario(buses=3)
    simulation = sim.build(spec, worlds.network_of(spec), worlds.requests(worlds.network_of(spec), []))
    world, plugs = simulation.world, simulation.control.plugs
    world.env.run(until=worlds.START_S + 1)
    world.retire(1)
    for bus in range(3):
        world.env.process(plugs.charge(bus, 0, 600))
    world.env.run(until=worlds.START_S + 7200)
    assert [row[2] for row in world.rows if row[1] == Kind.PLUG_IN] == [0, 2, 1]


def test_the_night_is_played_back():
    """The log replays to the final state, and a playback of the night knows that nobody plans for parked buses."""
    spec = scenario(replace(DEPOT, plugs=2, limit_kw=30.0), since=22 * 3600)
    town = worlds.network_of(spec)
    result, _ = day(spec)
    playback = Playback(spec, town, result.travel, result.riders, result.log)
    playback.move_to(len(result.log))
    assert playback.world.state.differences(result.state) == []
    assert playback.view(int(result.log.time[-1])).fleet.last.tolist() == [-1, -1, -1]
    assert playback.chargers.taken.tolist() == [0]

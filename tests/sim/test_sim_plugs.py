"""Charging sites in a run: types of plug, swapped batteries, riders aboard, the sun, whose turn it is."""

from __future__ import annotations

from dataclasses import replace

import checker
import numpy as np
import pytest
import worlds

from busim import metrics, sim
from busim.core.charge_queue import site_bookings
from busim.core.tariff import price_at
from busim.errors import InputError
from busim.model.energy_specs import ElectricitySpec
from busim.model.events import Cause, Kind
from busim.model.orders import Charge
from busim.model.specs import ChargerSpec

PLUG = ChargerSpec("charger", 1, 60.0, 60)


def day(sites, *, kind=None, **keys):
    """Run a day without riders; give its log's charging rows, its tables and its scenario."""
    keys = {"charging": "threshold", "start_charge": 0.3, "reserve": 0.1, "buses": 1} | keys
    spec = worlds.scenario(sites=sites, vehicle=kind, **keys)
    town = worlds.network_of(spec)
    requests = worlds.requests(town, [])
    result = sim.build(spec, town, requests).run()
    tables = metrics.tables(result.log, spec, town, requests, result.travel)
    for name, left, right in metrics.ledgers(tables, result.log, spec):
        assert left == pytest.approx(right, abs=1e-9), name
    return result, tables, spec


def build(spec):
    """Build a day without riders."""
    town = worlds.network_of(spec)
    return sim.build(spec, town, worlds.requests(town, []))


def test_who_is_at_a_site_is_known_without_a_look_at_all_buses():
    """Whoever comes, stays or goes: it is what the arrays tell that strategies are shown."""
    plugs = build(worlds.scenario(buses=4, sites=[replace(PLUG, plugs=2), replace(PLUG, place="stop_7")])).control.plugs
    book, chargers, now = plugs._book, plugs.chargers, worlds.START_S
    changes = [(book.join, bus, bus % 2, now + 5 * bus, 100) for bus in range(4)]
    changes += [(book.stay, 2, now + 77.5), (book.leave, 0), (book.leave, 3), (book.join, 0, 1, now + 40, 30)]
    for k, (change, *what) in enumerate(changes):
        change(*what)
        for site in (0, 1):
            told = site_bookings(chargers.bus_site, chargers.bus_until, site, now + 10 * k)
            assert sorted(book.bookings(site, now + 10 * k)) == sorted(told)
            assert chargers.taken[site] == len(told)
    assert chargers.bus_until[2] == now + 77


def test_a_bus_goes_where_its_plug_fits():
    """The nearest site has another plug: the bus drives on to the one that fits."""
    sites = [ChargerSpec("charger", 1, 60.0, 60, plug="ccs"), ChargerSpec("stop_7", 1, 60.0, 60, plug="gbt")]
    _, tables, _ = day(sites, kind={"plug": "gbt"})
    assert set(tables["charges"]["site"]) == {1}


def test_an_order_to_a_wrong_plug_is_refused():
    """The order desk knows plugs too."""
    simulation = build(
        worlds.scenario(sites=[PLUG, replace(PLUG, place="stop_7", plug="ccs")], vehicle={"plug": "gbt"})
    )
    world = simulation.world
    world.env.run(until=worlds.START_S + 1)
    with pytest.raises(ValueError, match="plugs of site 1 do not fit bus 0"):
        simulation.control.desk.carry_out([Charge(0, 1, 0.9)])


def test_no_plug_that_fits_is_bad_input():
    """It is told before the day begins."""
    with pytest.raises(InputError, match="no charger has the plug 'gbt' of type 'minibus'"):
        build(worlds.scenario(sites=[replace(PLUG, plug="ccs")], vehicle={"plug": "gbt"}, charging="threshold"))


def test_waiting_for_a_booked_slot_is_a_queue():
    """A bus that gets below its reserve while it stands at a plug until its slot begins was kept by the queue."""
    spec = worlds.scenario(
        buses=2,
        town_map=worlds.map_spec("ring", 9),
        start_charge=0.5,
        vehicle={"battery_kwh": 6.0, "standing_kw": 0.5, "kwh_per_km": 0.4, "charge_kw": 30.0},
        service={"mode": "door_to_door"},
        charging="reserve",
        reserve=0.15,
        sites=[ChargerSpec("charger", 1, 10.0, 0)],
    )
    low = worlds.events(worlds.run(spec, [(worlds.START_S, 0, 2), (worlds.START_S, 6, 0)]), Kind.LOW)
    assert [(row["bus"], row["a"]) for row in low] == [(1, Cause.QUEUE)]


def test_a_swap_gives_a_full_battery():
    """In place after 5 min, full a second later; the ledger knows what came and what went."""
    _, tables, _ = day([ChargerSpec("charger", 1, 60.0, 300, spares=2)])
    charges, buses = tables["charges"], tables["buses"]
    assert charges["plug_out_s"] - charges["plug_in_s"] == pytest.approx([301])
    assert charges["charge_after"] == pytest.approx([1.0])
    assert buses["charged_kwh"] == pytest.approx([0.0])
    assert buses["swapped_in_kwh"] == pytest.approx([50.0])
    assert buses["swapped_out_kwh"] == pytest.approx([50.0 - charges["energy_kwh"][0]])


def test_who_swaps_waits_for_a_charged_battery():
    """Two buses, one spare: the second waits until the first one's own battery is charged."""
    site = ChargerSpec("charger", 2, 60.0, 300, spares=1)
    _, tables, _ = day([site], buses=2, kind={"charge_kw": 60.0})
    charges = tables["charges"]
    first, second = np.argsort(charges["plug_in_s"])
    recharged = charges["plug_out_s"][first] + charges["energy_kwh"][first] / 60.0 * 3600
    assert charges["plug_in_s"][second] == pytest.approx(recharged, abs=10)


def test_plans_know_when_a_battery_is_charged():
    """While none is, a charge that must end before gives nothing, and dispatch is told from when on there is one."""
    simulation = build(
        worlds.scenario(buses=2, sites=[ChargerSpec("charger", 2, 10.0, 300, spares=1)], start_charge=0.5)
    )
    world, plugs = simulation.world, simulation.control.plugs
    world.env.run(until=worlds.START_S + 1)
    world.env.process(plugs.charge(0, 0, 600))
    world.env.run(until=worlds.START_S + 600)
    ready = int(plugs.chargers.ready_s[0])
    assert ready == pytest.approx(worlds.START_S + 302 + 25.0 / 10.0 * 3600, abs=30)
    assert plugs.gain_kwh(1, 0, 20.0, world.now, 600, ready - 60.0) == 0.0
    assert plugs.gain_kwh(1, 0, 20.0, world.now, 600, ready + 600.0) > 20.0
    assert world.ways.free_s[0] == ready


def test_whose_turn_it_is_follows_the_rule():
    """One plug is taken; there wait one who came first, the emptiest, and one who has booked and must leave soon."""
    found = {}
    for queue in ("first_come", "lowest_charge", "booked_first", "earliest_departure"):
        spec = worlds.scenario(buses=4, sites=[PLUG], charging="none")
        shares = zip(spec.fleet.buses, (0.5, 0.4, 0.2, 0.45), strict=True)
        fleet = replace(spec.fleet, buses=tuple(replace(bus, start_charge=share) for bus, share in shares))
        simulation = build(replace(spec, fleet=fleet, charging=replace(spec.charging, queue=queue)))
        world, plugs = simulation.world, simulation.control.plugs
        world.env.run(until=worlds.START_S + 1)
        last = {"booked_s": worlds.START_S + 300.0, "leave_by": worlds.START_S + 5000.0}
        for bus in range(4):
            world.env.process(plugs.charge(bus, 0, 600, **(last if bus == 3 else {})))
        world.env.run(until=worlds.START_S + 3600)
        found[queue] = [row[2] for row in world.rows if row[1] == Kind.PLUG_IN]
    assert found == {
        "first_come": [0, 1, 2, 3],
        "lowest_charge": [0, 2, 1, 3],
        "booked_first": [0, 3, 1, 2],
        "earliest_departure": [0, 3, 1, 2],
    }


@pytest.mark.parametrize(("place", "allowed"), [("stop_4", True), ("stop_4", False), ("charger", True)])
def test_riders_aboard_only_at_a_stop_that_allows_it(place, allowed):
    """A charge on the way of a rider is an order like another where the scenario allows it, at a stop's plug."""
    town_map = worlds.map_spec("line", 12)  # its charger stands at node 6, with no stop of its own but stop_6
    spec = worlds.scenario(
        sites=[replace(PLUG, place=place)], town_map=town_map, start_charge=0.5, service={"ride_constant_s": 3000}
    )
    spec = replace(spec, charging=replace(spec.charging, riders_aboard=allowed))
    town = worlds.network_of(spec)
    places = town.places
    if place == "charger":  # away from every stop
        kinds = tuple("landmark" if i == "stop_6" else k for i, k in zip(places.ids, places.kinds, strict=True))
        town = replace(town, places=replace(places, kinds=kinds))
    simulation = sim.build(spec, town, worlds.requests(town, [(worlds.START_S, 1, 9)]))
    world, desk = simulation.world, simulation.control.desk
    world.env.run(until=worlds.START_S + 120)
    assert world.state.fleet.load[0] == 1
    if place == "charger" or not allowed:
        with pytest.raises(ValueError, match="riders are aboard bus 0"):
            desk.carry_out([Charge(0, 0, 0.6)])
        return
    desk.carry_out([Charge(0, 0, 0.6)])
    log = simulation.run().log
    plugged, alighted = (log.time[log.kind == kind][0] for kind in (Kind.PLUG_OUT, Kind.ALIGHT))
    assert worlds.START_S + 300 < plugged < alighted <= worlds.START_S + 50 + 3000 + 400


def test_the_sun_comes_first():
    """20 kW of panels from eight to nine: the grid gives what is missing, before it is paid for."""
    sun = tuple(20.0 if hour == 8 else 0.0 for hour in range(24))
    site = ChargerSpec("charger", 1, 30.0, 60, efficiency=0.9, solar_kw=sun)
    _, tables, _ = day([site])
    power = tables["site_power"]
    drawn = power["battery_kwh"] / 0.9
    assert power["wall_kwh"] + power["solar_kwh"] == pytest.approx(drawn, abs=1e-9)
    assert power["solar_kwh"] == pytest.approx(np.minimum(drawn, np.where(power["start_s"] < 9 * 3600, 5.0, 0.0)))
    assert power["solar_kwh"].sum() > 5.0
    _, plain, _ = day([replace(site, solar_kw=())])
    assert plain["site_power"]["wall_kwh"].sum() == pytest.approx(drawn.sum())


def test_prices_repeat_every_day():
    """A moment past midnight has the price of the morning."""
    tariff = ElectricitySpec(breaks_s=(0, 7 * 3600), price_per_kwh=(0.3, 0.9))
    assert price_at(tariff, np.array([3600.0, 8 * 3600.0, 25 * 3600.0])).tolist() == [0.3, 0.9, 0.3]


def test_too_small_a_battery_is_told_with_the_trip():
    """3.5 km and their minutes take more than 1.5 kWh."""
    with pytest.raises(InputError, match="too small for the longest trip, from 'stop_0' to 'stop_7'"):
        build(worlds.scenario(vehicle={"battery_kwh": 1.5}))


def test_places_beyond_every_charger_are_told():
    """The only charger stands 10 km away, further than the battery carries a bus."""
    town_map = worlds.map_spec("line", 24)
    keys = {"town_map": town_map, "charging": "threshold", "sites": [replace(PLUG, place="stop_23")]}
    keys |= {"line": {"stops": ("stop_0", "stop_1", "stop_2")}}
    with pytest.raises(
        InputError, match="no charger can be reached from 'stop_0', 'depot', 'stop_1' and 1 more"
    ) as caught:
        build(worlds.scenario(vehicle={"battery_kwh": 4.0}, **keys))
    assert "kWh between full and its reserve" in str(caught.value)


@pytest.mark.parametrize("shift", [0, 60, 300, 480])
def test_a_charge_before_a_ride_ends_in_time_for_the_rush_hour(shift):
    """Who leaves the plug later drives at rush hour: the charge ends so early that even then nobody is late."""
    rush = {"breaks_s": (0, worlds.START_S + 3000 + shift), "factors": {"default": (1.0, 0.25)}}
    spec = worlds.scenario(
        sites=[replace(PLUG, power_kw=2.0)], start_charge=0.5, travel=rush, shift=(worlds.START_S, 12 * 3600)
    )
    town = worlds.network_of(spec)
    requests = worlds.requests(town, [(worlds.START_S, 2, 6, {"earliest": worlds.START_S + 2700})])
    simulation = sim.build(spec, town, requests)
    simulation.world.env.run(until=worlds.START_S + 10)
    simulation.control.desk.carry_out([Charge(0, 0, 0.95)])
    log = simulation.run().log
    assert checker.check(log, spec, town, requests) == []
    assert np.sum(log.kind == Kind.PLUG_OUT) == 1
    assert log.value[log.kind == Kind.PLUG_OUT][0] > 0.5

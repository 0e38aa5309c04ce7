"""What insertion and strategies know of plugs: queues, what a planned charge gives, and the way to a plug."""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from worlds import START_S

from busim import sim
from busim.core.charger_ways import ChargerWays
from busim.core.fleet import origin_of
from busim.core.insertion import Limits, Rider, evaluate
from busim.core.live_plans import Plans
from busim.core.schedule import refresh
from busim.model.events import Action, Kind, Reason
from busim.model.orders import Stop
from busim.model.specs import ChargerSpec, StrategySpec

PLUG = [ChargerSpec("charger", 1, 10.0, 0)]


def two_buses(first):
    """Bus 0 begins with a share of its battery, bus 1 with 17 of 50 kWh; one slow plug for both, at node 4."""
    spec = worlds.scenario(
        buses=2,
        vehicle={"kwh_per_km": 1.2, "standing_kw": 6.0},
        charging=StrategySpec("threshold", {"below": 0.25, "until": 0.37}),
        reserve=0.1,
        sites=PLUG,
    )
    buses = [replace(bus, start_charge=share) for bus, share in zip(spec.fleet.buses, (first, 0.34), strict=True)]
    return replace(spec, fleet=replace(spec.fleet, buses=tuple(buses)))


def test_a_plug_that_is_taken_is_not_within_reach():
    """A ride leaves bus 1 enough for the way to the plug, but not for the hour that it would wait there."""
    rider = [(START_S + 300, 0, 7, {"party": 6})]
    refused = worlds.run(two_buses(0.2), rider)
    assert [e["a"] for e in worlds.events(refused, Kind.REFUSE)] == [Reason.BATTERY]
    told = worlds.events(refused, Kind.PLUGS)
    assert told[0]["time"] == START_S
    assert told[0]["a"] - START_S == pytest.approx(200 + (18.5 - 10 + 2.7333) / 10 * 3600, abs=2)
    alone = two_buses(0.2)
    alone = replace(alone, fleet=replace(alone.fleet, buses=alone.fleet.buses[1:]))
    assert len(worlds.events(worlds.run(alone, rider), Kind.BOARD)) == 1


def test_the_way_to_a_plug_goes_where_one_is_to_be_had():
    """From a node 5 minutes from one site and 20 from another the way leads to whichever has a plug first."""
    ways = ChargerWays(np.array([[300.0, 1200.0]]), np.array([[1000.0, 4000.0]]), np.ones((1, 2), bool))
    held = ways.to_charger_s, ways.to_charger_m, ways.plug_free
    assert [a[0] for a in held] == [300.0, 1000.0, 0.0]
    ways.tell(0, 9000.0, now=8400.0)  # in ten minutes: still sooner than the other
    assert [a[0] for a in held] == [300.0, 1000.0, 9000.0]
    ways.tell(0, 9900.0, now=8400.0)  # in 25 minutes
    assert [a[0] for a in held] == [1200.0, 4000.0, 0.0]


@pytest.mark.parametrize(("gain_kwh", "is_possible"), [(10.0, True), (1.0, False)])
def test_insertion_looks_past_the_next_charge(gain_kwh, is_possible):
    """A rider before a charge is refused where what the charge gives does not carry whom the bus takes afterwards."""
    spec = worlds.scenario(vehicle={"kwh_per_km": 1.0, "standing_kw": 0.0}, sites=PLUG)
    network = worlds.network_of(spec)
    travel = worlds.static_travel(network, [50] * network.num_edges)
    world = sim.build(spec, network, worlds.requests(network, []), travel).world
    plans, fleet = Plans(1), world.positions.arrays
    world.positions.stand(0, 0, float(START_S), 5.0)
    later = START_S + 4000.0
    stops = [
        Stop(4, Action.CHARGE, site=0, dwell_s=600.0, gain_kwh=gain_kwh),
        Stop(7, Action.PICKUP, 0, 1, 0, earliest_s=later, latest_s=later + 600),
        Stop(0, Action.DROPOFF, 0, -1, 0, latest_s=later + 2000),
        Stop(0, Action.END),
    ]
    for k, stop in enumerate(stops):
        plans.insert(0, k, stop)
    refresh(plans.arrays, fleet, 0, float(START_S), travel.tables, 0.0)
    # 1 km before the charge, 2 km to it, 5 km behind it, and 2 km from the last stop to the plug: 9 kWh in all.
    rider = Rider(1, 2, float(START_S), START_S + 600.0, 900.0, 1, 0, 0.0, 0.0)
    origin = origin_of(fleet, 0, float(START_S))
    rows = plans.ints[0], plans.floats[0]
    cost = evaluate(*rows, 4, origin, rider, 0, 0, Limits(8, 1, 0.0), travel.tables, world.costs)
    assert np.isfinite(cost) == is_possible


@pytest.mark.parametrize(("least_kwh", "charges"), [(20.0, 0), (26.0, 1)])
def test_a_bus_that_would_not_get_home_stays_for_its_charge(least_kwh, charges):
    """A bus that must leave before its turn goes if it holds what it needs, else it waits and takes just that."""
    spec = worlds.scenario(buses=2, start_charge=0.5, vehicle={"standing_kw": 0.0}, sites=PLUG)
    late = START_S + 10**6  # the buses' own day begins long after
    buses = tuple(replace(bus, shift_start_s=late, shift_end_s=late + 60) for bus in spec.fleet.buses)
    spec = replace(spec, fleet=replace(spec.fleet, buses=buses))
    day = sim.build(spec, worlds.network_of(spec), worlds.requests(worlds.network_of(spec), []))
    world, site = day.world, day.control.plugs
    world.env.process(site.charge(0, 0, 3600))
    world.env.process(site.charge(1, 0, 3600, START_S + 600, None, least_kwh))
    world.env.run(until=START_S + 7200)
    out = [(row[0], row[-1]) for row in world.rows if row[1] == Kind.PLUG_OUT and row[2] == 1]
    assert len(out) == charges
    if charges:  # from 25 to 26 kWh at 10 kW, after the hour of the bus before
        assert out[0] == (START_S + 3600 + 361, pytest.approx(1.0, abs=0.01))


def test_the_way_to_a_plug_counts_for_every_kind_of_bus():
    """One kind fits the near site, another only the far one: plans count on the far one for all."""
    ways = ChargerWays(
        np.array([[300.0, 1200.0]]), np.array([[1000.0, 4000.0]]), np.array([[True, True], [False, True]])
    )
    assert (ways.to_charger_s[0], ways.to_charger_m[0]) == (1200.0, 4000.0)

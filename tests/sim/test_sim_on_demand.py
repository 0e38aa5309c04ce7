"""Rides on demand in worlds of a few stops: each time is worked out by hand (a block takes 50 s)."""

import checker
import pytest
import worlds
from worlds import START_S

from busim.errors import InputError
from busim.model.events import Kind, Reason
from busim.model.specs import ChargerSpec, StrategySpec


def day(rows, **changes):
    """Run a day, have the checker look at it, and give the result."""
    spec = worlds.scenario(**changes)
    network = worlds.network_of(spec)
    result = worlds.run(spec, rows)
    assert checker.check(result.log, spec, network, worlds.requests(network, rows)) == []
    return result


def times(result, kind, **which):
    """Give the times of a kind of event, from the start of service."""
    return [row["time"] - START_S for row in worlds.events(result, kind, **which)]


def reasons(result):
    """Give the reason of each refusal by rider."""
    return {row["rider"]: Reason(row["a"]) for row in worlds.events(result, Kind.REFUSE)}


def test_one_rider_from_call_to_stop():
    """Asked at 60 s from stop 2 to 5: the bus leaves at once, picks up at 160 and sets down at 310."""
    result = day([(START_S + 60, 2, 5)])
    assert (times(result, Kind.BOARD), times(result, Kind.ALIGHT)) == ([160], [310])
    accepted = worlds.events(result, Kind.ACCEPT)[0]
    assert accepted["value"] == START_S + 160
    assert accepted["c"] == START_S + 60 + 600 + 450  # latest pick-up plus longest ride: 150 + 300 s


def test_dwell_adds_the_halt_and_the_party():
    """A halt of 10 s and 4 s per person: three board at 170 until 182, and are set down at 342."""
    service = {"stop_s": 10, "board_s": 4.0, "alight_s": 2.0}
    result = day([(START_S + 60, 2, 5, {"party": 3})], service=service)
    assert (times(result, Kind.BOARD), times(result, Kind.ALIGHT)) == ([170], [342])
    assert [row["b"] for row in worlds.events(result, Kind.BOARD, Kind.ALIGHT)] == [12, 6]


def test_a_wheelchair_takes_longer_to_board():
    """Two persons, one in a wheelchair: a ramp of 60 s and 4 s for the companion."""
    service = {"board_s": 4.0, "wheelchair_board_s": 60.0}
    result = day([(START_S + 60, 2, 5, {"party": 2, "wheelchair": True})], service=service)
    assert [row["b"] for row in worlds.events(result, Kind.BOARD)] == [64]
    assert times(result, Kind.ALIGHT) == [160 + 64 + 150]


def test_a_bus_turns_at_the_next_node_of_its_way():
    """On the way from 0 to 7 a bus is called to stop 3 at 80 s, between 1 and 2: it turns to 3 at 2."""
    result = day([(START_S, 7, 6), (START_S + 80, 3, 5)])
    turns = worlds.events(result, Kind.TURN)
    assert [(e["time"] - START_S, e["node"], e["other"], e["a"]) for e in turns] == [(100, 2, 3, 1000)]
    assert times(result, Kind.BOARD, rider=1) == [150]
    assert times(result, Kind.BOARD, rider=0) == [350]


def test_a_bus_called_at_the_node_that_it_reaches_next_stops_there():
    """Called to stop 2 while between 1 and 2, the bus ends its leg at stop 2 and goes on to 7 afterwards."""
    result = day([(START_S, 7, 6), (START_S + 80, 2, 5)])
    assert times(result, Kind.TURN) == []
    assert [(e["time"] - START_S, e["node"]) for e in worlds.events(result, Kind.ARRIVE)][:2] == [(100, 2), (250, 5)]
    assert times(result, Kind.BOARD, rider=1) == [100]


def test_a_bus_waits_for_who_has_booked():
    """Booked for 900 s at stop 2: the bus is there early, waits until then, and not a second longer."""
    result = day([(START_S, 2, 5, {"earliest": START_S + 900})])
    assert times(result, Kind.BOARD) == [900]
    waits = worlds.events(result, Kind.WAIT)
    assert [row["a"] - START_S for row in waits] == [900]


def test_a_waiting_bus_serves_someone_else_meanwhile():
    """While it waits for a booked rider the bus can fetch another one, and is back in time."""
    result = day([(START_S, 2, 5, {"earliest": START_S + 900}), (START_S + 200, 3, 1)])
    assert times(result, Kind.BOARD, rider=1) == [250]
    assert times(result, Kind.BOARD, rider=0) == [900]


def test_impatient_riders_leave_and_their_bus_is_free():
    """With heavy noise on the road, who was promised a bus and waits past his patience goes, and is not picked up."""
    rows = [(START_S + 60 * k, k % 8, (k + 3) % 8, {"patience": 0}) for k in range(60)]
    service = {"max_wait_s": 200, "patience_s": 200}
    result = day(rows, buses=2, travel={"noise_cv": 1.5}, service=service, seed=3)
    gone = {row["rider"] for row in worlds.events(result, Kind.ABANDON)}
    boarded = {row["rider"] for row in worlds.events(result, Kind.BOARD)}
    assert gone
    assert not gone & boarded


def test_the_way_home_ends_with_the_shift():
    """A bus left at stop 5 drives home so as to be there when its shift ends; after that nobody is taken."""
    result = day([(START_S + 60, 2, 5), (START_S + 7190, 1, 2)])
    assert times(result, Kind.LEAVE)[-1] == 7200 - 250
    assert times(result, Kind.SHIFT_END) == [7200]
    assert list(reasons(result)) == [1]


def test_without_return_a_shift_ends_where_the_bus_stands():
    """Buses that need not return end their shift at the last stop."""
    result = day([(START_S + 60, 2, 5)], return_to_depot=False)
    assert [row["node"] for row in worlds.events(result, Kind.SHIFT_END)] == [5]


def test_a_bus_on_its_way_home_can_be_called_back():
    """A request while the bus drives home diverts it, if it can still be home in time."""
    rows = [(START_S + 60, 2, 7), (START_S + 6900, 5, 4)]
    result = day(rows)
    assert times(result, Kind.BOARD, rider=1) == [6950]
    assert times(result, Kind.SHIFT_END) == [7200]


def test_why_riders_are_refused():
    """No stop in reach, two ends at one stop, a party too large, no bus in time: each is told its reason."""
    rows = [
        (START_S, 1, 4, {"x": 200.0}),
        (START_S + 1, 3, 3),
        (START_S + 2, 1, 4, {"party": 9}),
        (START_S + 3, 7, 4),
    ]
    result = day(rows, service={"max_wait_s": 300})
    assert reasons(result) == {0: Reason.NO_STOP, 1: Reason.NO_STOP, 2: Reason.SEATS, 3: Reason.NO_BUS}


def test_only_the_zones_served_count():
    """A rider from outside the service area is refused with that reason; one inside rides."""
    result = day([(START_S, 1, 3), (START_S + 1, 1, 6)], service={"zones": ("west",)})
    assert reasons(result) == {1: Reason.NO_STOP}
    assert times(result, Kind.ALIGHT) == [150]


def test_walking_to_the_stop_takes_time_and_has_an_end():
    """50 m beside the stop are 65 m to walk: 52 s at 1.25 m/s; the pick-up window opens after that."""
    result = day([(START_S, 0, 4, {"x": 50.0})])
    asked = worlds.events(result, Kind.REQUEST)[0]
    assert (asked["node"], asked["value"], asked["a"]) == (0, 52.0, START_S + 52 + 600)
    assert times(result, Kind.BOARD) == [52]
    assert reasons(day([(START_S, 0, 4, {"x": 80.0})])) == {0: Reason.NO_STOP}  # 104 m, more than 100


def test_door_to_door_needs_no_stop():
    """Picked up at the nearest node, without a walk."""
    result = day([(START_S, 1, 4, {"x": 200.0})], service={"mode": "door_to_door"})
    assert times(result, Kind.BOARD) == [50]


def test_shared_rides_keep_everyones_limit():
    """A detour that would make the first ride longer than allowed is not made: the second rider is set down later."""
    service = {"ride_factor": 1.0, "ride_constant_s": 0}
    result = day([(START_S, 1, 5), (START_S + 10, 2, 4), (START_S + 20, 3, 2)], service=service)
    rides = {r: times(result, Kind.ALIGHT, rider=r)[0] - times(result, Kind.BOARD, rider=r)[0] for r in range(3)}
    assert rides == {0: 200, 1: 100, 2: 50}


def test_buses_queue_for_one_plug_first_come_first_served():
    """Two empty buses at one plug: the second waits until the first is full, then charges."""
    sites = [ChargerSpec("charger", 1, 60.0, 30)]
    result = day(
        [],
        buses=2,
        start_charge=0.2,
        vehicle={"battery_kwh": 10.0, "standing_kw": 0.0},
        charging=StrategySpec("threshold", {"below": 0.5, "until": 0.9}),
        sites=sites,
    )
    waits, plugged, out = (worlds.events(result, k) for k in (Kind.PLUG_WAIT, Kind.PLUG_IN, Kind.PLUG_OUT))
    assert [row["bus"] for row in plugged] == [0, 1]
    # 2 kWh less 1 kWh for 2 km leave 1; 8 kWh at 60 kW are 480 s, and 30 s to connect
    assert [row["time"] - START_S for row in waits] == [200, 200]
    assert [row["time"] - START_S for row in plugged] == [200, 710]
    assert [row["value"] for row in out] == pytest.approx([8.0, 8.0])


def test_names_that_the_map_does_not_have():
    """All unknown depots, chargers and zones are told together, with the nearest known name."""
    spec = worlds.scenario(depots=("depott",), sites=[ChargerSpec("chargr", 1, 60.0, 0)], service={"zones": ("wset",)})
    with pytest.raises(InputError) as caught:
        worlds.run(spec, [])
    assert [p.where for p in caught.value.problems] == ["fleet.depots", "charging.charger", "service.zones"]
    assert [p.remedy for p in caught.value.problems] == [f"did you mean '{n}'?" for n in ("depot", "charger", "west")]

"""A fixed line in operation: departures, boarding by capacity, the loop's end, layover, and who cannot ride."""

import checker
import numpy as np
import pytest
import worlds
from worlds import START_S

from busim.model.events import Kind, Reason
from busim.policy.line import departures, sequence
from busim.rng import stream

STOPS = ("stop_0", "stop_2", "stop_4", "stop_6")


def line_day(rows, buses=1, line=None, **changes):
    """Run a there-and-back line on the line town, punctual, one round in 600 s."""
    spec = worlds.scenario(buses=buses, line={"stops": STOPS, **(line or {})}, **changes)
    result = worlds.run(spec, rows)
    found = checker.check(result.log, spec, worlds.network_of(spec), worlds.requests(worlds.network_of(spec), rows))
    assert found == []
    return result


def times(result, kind, **which):
    """Give the times of a kind of event, from the start of service."""
    return [row["time"] - START_S for row in worlds.events(result, kind, **which)]


def test_riders_board_at_their_stop_and_ride_to_their_stop():
    """Who asks at 8:05 at stop 2 rides with the 8:10 from stop 0: aboard 100 s later, off at stop 6 after 200 s."""
    result = line_day([(START_S + 300, 2, 6)])
    assert times(result, Kind.BOARD) == [700]
    assert times(result, Kind.ALIGHT) == [900]


def test_the_way_back_serves_the_other_direction():
    """From stop 6 to stop 2 one boards at the far end, not on the way there."""
    result = line_day([(START_S, 4, 2)])
    assert times(result, Kind.BOARD) == [400]  # passes stop 4 at 200, turns at stop 6 at 300
    assert times(result, Kind.ALIGHT) == [500]


def test_a_full_bus_leaves_riders_behind_in_the_order_of_arrival():
    """Of three who wait for two seats the last is left behind, and takes the next bus."""
    rows = [(START_S + second, 2, 6) for second in (10, 20, 30)]
    result = line_day(rows, buses=2, line={"headway_s": 300}, vehicle={"seats": 2})
    assert times(result, Kind.BOARD) == [100, 100, 400]
    assert [(e["rider"], e["time"] - START_S) for e in worlds.events(result, Kind.LEFT_BEHIND)] == [(2, 100)]


def test_riders_board_the_bus_that_leaves_next():
    """Three buses, departures at 0, 700, 1400: who came at 300 rides at 700, though the bus for 2100 is back at 600."""
    result = line_day([(START_S + 300, 0, 6)], buses=3, line={"headway_s": 700})
    (board,) = worlds.events(result, Kind.BOARD)
    assert board["bus"] == 1
    assert board["time"] - START_S == 400  # its doors open five minutes before
    assert times(result, Kind.ALIGHT) == [1000]


def test_the_last_round_foresees_how_long_riders_take():
    """Rounds of 600 s to which riders add 60 s: after the first ones none is begun that would end after the shift."""
    rows, end = [(START_S + second, 2, 6) for second in range(0, 6000, 350)], 6 * 700 + 630
    service = {"board_s": 15.0, "alight_s": 15.0}
    result = line_day(rows, line={"headway_s": 700}, service=service, shift=(START_S, START_S + end))
    leaves = [e["time"] - START_S for e in worlds.events(result, Kind.LEAVE) if (e["node"], e["other"]) == (0, 2)]
    assert leaves == [700 * k for k in range(6)]
    assert times(result, Kind.SHIFT_END) == [end]


def test_wheelchairs_take_their_own_place():
    """A second wheelchair is left behind by a bus with free seats; a walking rider behind it boards."""
    rows = [
        (START_S + 10, 2, 6, {"wheelchair": True}),
        (START_S + 20, 2, 6, {"wheelchair": True}),
        (START_S + 30, 2, 6),
    ]
    result = line_day(rows, line={"headway_s": 600})
    assert [e["rider"] for e in worlds.events(result, Kind.BOARD)][:2] == [0, 2]
    assert [e["rider"] for e in worlds.events(result, Kind.LEFT_BEHIND)] == [1]


def test_patience_ends_at_the_stop():
    """Who waits longer than his patience leaves, and does not board the bus that comes later."""
    result = line_day([(START_S + 150, 2, 6, {"patience": 200})])
    assert times(result, Kind.ABANDON) == [350]
    assert times(result, Kind.BOARD) == []


def test_dwell_delays_the_bus():
    """Ten seconds per halt, five per boarding: stop 2 at 110, on from 115, stop 6 at 115 + 2 * (100 + 10)."""
    service = {"stop_s": 10, "board_s": 5.0, "alight_s": 3.0}
    result = line_day([(START_S + 10, 2, 6)], service=service)
    assert times(result, Kind.BOARD) == [110]
    assert times(result, Kind.ALIGHT) == [335]


def test_a_layover_holds_the_bus_at_the_end_of_its_round():
    """One bus, departures every 600 s: the next round waits for the layover, not only for its departure."""
    result = line_day([], line={"headway_s": 600, "layover_s": 240})
    leaves = [e["time"] - START_S for e in worlds.events(result, Kind.LEAVE) if (e["node"], e["other"]) == (0, 2)]
    assert leaves[:3] == [
        0,
        840,
        1800,
    ]  # rounds of 600 s and 240 s; the departure at 1200 is missed by far and does not run


def test_a_late_bus_leaves_at_once_and_a_departure_missed_by_far_does_not_run():
    """One bus, rounds of 600 s, departures every 250 s: it takes the next that it misses by 125 at most."""
    result = line_day([], line={"headway_s": 250})
    leaves = [e["time"] - START_S for e in worlds.events(result, Kind.LEAVE) if (e["node"], e["other"]) == (0, 2)]
    assert leaves[:4] == [0, 600, 1250, 1850]


def test_riders_who_cross_the_end_of_a_loop_arrive_even_when_no_departure_is_left():
    """On a loop the last rounds still bring everyone who boarded to his stop, and the bus is home in time."""
    ring = worlds.map_spec("ring", 8)
    line = {
        "stops": ("stop_0", "stop_2", "stop_4", "stop_6"),
        "is_loop": True,
        "headway_s": None,
        "timetable_s": (START_S, START_S + 400),
    }
    rows = [(START_S + second, 6, 2) for second in (100, 500)]
    result = line_day(rows, buses=2, line=line, town_map=ring)
    assert len(times(result, Kind.BOARD)) == len(times(result, Kind.ALIGHT)) == 2


def test_the_last_round_leaves_time_to_drive_home():
    """A line that ends 200 s from the depot runs its last round so that the bus is home when the shift ends."""
    line = {"stops": ("stop_4", "stop_7"), "headway_s": 300}
    result = line_day([], line=line, shift=(START_S, START_S + 1750))
    assert times(result, Kind.SHIFT_END) == [1750]
    assert sum(e["other"] == 7 for e in worlds.events(result, Kind.LEAVE)) == 4  # from 300 on, not the one at 1500


def test_whom_the_line_does_not_serve():
    """A rider without a stop in reach, or whose ends share a stop, is refused at once with the reason."""
    result = line_day([(START_S, 1, 6), (START_S, 2, 2), (START_S, 2, 4)])
    assert {e["rider"]: e["a"] for e in worlds.events(result, Kind.REFUSE)} == {0: Reason.NO_STOP, 1: Reason.NO_LINE}


def test_departures_by_headway_timetable_and_with_noise():
    """Headways are even, timetables are cut to the hours, noisy headways have the mean and variation asked for."""
    spec = worlds.scenario(line={"stops": STOPS, "headway_s": 600})
    assert departures(spec.line, 0, 1800, stream(1, "line")).tolist() == [0, 600, 1200, 1800]
    table = worlds.scenario(line={"stops": STOPS, "headway_s": None, "timetable_s": (900, 100, 5000)})
    assert departures(table.line, 0, 1800, stream(1, "line")).tolist() == [100, 900]
    noisy = worlds.scenario(line={"stops": STOPS, "headway_s": 600, "headway_cv": 0.5})
    gaps = np.diff(departures(noisy.line, 0, 6_000_000, stream(1, "line")))
    assert gaps.mean() == pytest.approx(600, abs=3 * 300 / len(gaps) ** 0.5)
    assert gaps.std() == pytest.approx(300, rel=0.05)


def test_rounds_go_there_and_back_or_around():
    """Four stops there and back are seven, around five."""
    assert sequence(4, False).tolist() == [0, 1, 2, 3, 2, 1, 0]
    assert sequence(4, True).tolist() == [0, 1, 2, 3, 0]

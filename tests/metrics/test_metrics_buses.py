"""What the tables tell of the buses of the hand-made day."""

import numpy as np
import pytest
from tiny_day import riders, row

from busim.metrics import tables
from busim.model.events import EventLog, Kind


def rows_of(table, *columns):
    """Give some columns as rows of plain Python values."""
    return list(zip(*(table[column].tolist() for column in columns), strict=True))


def test_legs(day):
    """Each leg has its times without the halt, its load, and what it was for; a turn ends one."""
    assert rows_of(day["legs"], "bus", "leave_s", "arrive_s", "length_m", "riders", "use", "is_cut") == [
        (0, 0, 60, 500, 0, "to_rider", False),
        (0, 85, 205, 1000, 3, "with_riders", False),
        (0, 220, 280, 500, 2, "with_riders", False),
        (0, 300, 360, 500, 0, "to_charger", False),
        (1, 20, 140, 1000, 0, "to_rider", True),
        (1, 140, 220, 500, 0, "to_rider", False),
        (1, 420, 600, 1500, 1, "with_riders", False),
        (1, 1200, 1320, 1000, 0, "move", False),
        (1, 1400, 1520, 1000, 0, "to_depot", False),
    ]


def test_halts(day):
    """Halts run from wheels stopped to departure, with those who got on and off."""
    columns = ("bus", "arrive_s", "leave_s", "place", "boarded", "alighted", "left_behind", "on_board")
    assert rows_of(day["stops"], *columns)[:5] == [
        (0, 0, 0, 1, 0, 0, 0, 0),
        (0, 60, 85, 2, 3, 0, 0, 3),
        (0, 205, 220, 5, 0, 1, 0, 2),
        (0, 280, 300, 6, 0, 2, 0, 0),
        (0, 360, 3600, 5, 0, 0, 1, 0),
    ]


def test_states(day):
    """States join, leave no gap, and bus 1 is off after its shift."""
    states = day["states"]
    assert rows_of(states.where(states["bus"] == 0), "state", "start_s", "end_s") == [
        ("driving_empty", 0, 60),
        ("serving", 60, 85),
        ("driving_riders", 85, 205),
        ("serving", 205, 220),
        ("driving_riders", 220, 280),
        ("serving", 280, 300),
        ("driving_empty", 300, 360),
        ("queueing", 360, 480),
        ("charging", 480, 1080),
        ("idle", 1080, 3600),
    ]
    mine = states.where(states["bus"] == 1)
    assert np.array_equal(mine["end_s"][:-1], mine["start_s"][1:])
    assert (mine["start_s"][0], mine["end_s"][-1]) == (0, 1520)
    assert ("waiting", 230, 400) in rows_of(mine, "state", "start_s", "end_s")


def test_charges(day):
    """The session tells of the queue before it and of the charge on both sides."""
    assert rows_of(day["charges"], "bus", "site", "place", "wait_s", "plug_in_s", "plug_out_s") == [
        (0, 0, 4, 120, 480, 1080)
    ]
    assert day["charges"]["charge_before"][0] == pytest.approx(0.87)
    assert day["charges"]["charge_after"][0] == pytest.approx(0.97)
    assert rows_of(day["sites"], "plugs", "sessions", "busy_s", "offered_s", "energy_kwh") == [(1, 1, 600, 3600, 1)]


def test_session_not_over(log, spec, town, times):
    """A bus still plugged in when the log ends has an open session and uses its plug to the end of the day."""
    cut = type(log)(*(getattr(log, name)[log.time < 1000] for name in vars(log)))
    day = tables(cut, spec, town, riders(), times)
    assert np.isnan(day["charges"]["plug_out_s"][0])
    assert np.isnan(day["charges"]["energy_kwh"][0])
    assert day["sites"]["busy_s"][0] == 3600 - 480


def test_flows(day):
    """Edges count passes and persons; the cut leg goes as far as node 2, and the next one takes on from there."""
    assert day["edges"]["passes"].tolist() == [3, 2, 3, 2, 2, 1, 1, 1]
    assert day["edges"]["riders"].tolist() == [0, 1, 3, 1, 3, 1, 2, 0]


def test_flow_metres(day, town):
    """Metres by edge are metres by leg."""
    assert (day["edges"]["passes"] * town.edge_length_m).sum() == day["legs"]["length_m"].sum()


def test_turn_towards_another_node(spec, town, times):
    """A bus that turns back on its way leaves its flow only where it drove."""
    rows = [
        row(0, Kind.SHIFT_START, 0, node=0, value=10.0),
        row(0, Kind.LEAVE, 0, node=0, other=4),
        row(120, Kind.TURN, 0, node=2, other=1, a=1000),
        row(180, Kind.ARRIVE, 0, node=1, a=500, b=0),
    ]
    day = tables(EventLog.from_rows(rows), spec, town, riders(), times)
    assert day["edges"]["passes"].tolist() == [1, 0, 1, 1, 0, 0, 0, 0]
    assert day["legs"]["use"].tolist() == ["move", "move"]


def test_empty_log(spec, town, times):
    """A day on which nothing is logged has empty tables and riders in progress."""
    day = tables(EventLog.from_rows([]), spec, town, riders(), times)
    assert set(day["rides"]["outcome"]) == {"in_progress"}
    assert [day[name].num_rows for name in ("legs", "stops", "headways", "charges", "states", "charge")] == [0] * 6


def test_driver_still_under_way(spec, town, times):
    """A leg that has not ended makes no row, and its bus drives until the log ends."""
    rows = [
        row(0, Kind.SHIFT_START, 0, node=0, value=10.0),
        row(5, Kind.LEAVE, 0, node=0, other=4),
        row(9, Kind.REQUEST, rider=0),
    ]
    day = tables(EventLog.from_rows(rows), spec, town, riders(), times)
    assert day["legs"].num_rows == 0
    assert rows_of(day["states"], "state", "start_s", "end_s") == [("idle", 0, 5), ("driving_empty", 5, 9)]

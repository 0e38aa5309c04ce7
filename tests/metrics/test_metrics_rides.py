"""What the tables tell of the riders of the hand-made day."""

import numpy as np
import pytest
from tiny_day import riders, row

from busim.metrics import tables
from busim.model.events import EventLog, Kind

NAN = np.nan


@pytest.mark.parametrize(
    ("column", "wanted"),
    [
        ("outcome", ["served", "served", "served", "refused", "refused", "in_progress", "abandoned"]),
        ("reason", ["", "", "", "no_stop", "seats", "", ""]),
        ("bus", [0, 0, 1, -1, -1, 0, -1]),
        ("from_node", [1, 1, 3, 0, 2, 4, 1]),
        ("from_stop", [2, 2, 5, 1, 3, 6, 2]),
        ("prebooked", [True, False, False, False, False, False, False]),
        ("wait_s", [10, 65, 380, NAN, NAN, NAN, NAN]),
        ("ride_s", [145, 215, 210, NAN, NAN, NAN, NAN]),
        ("direct_s", [120, 180, 180, 120, 120, 240, 60]),
        ("direct_m", [1000, 1500, 1500, 1000, 1000, 2000, 500]),
        ("detour", [145 / 120, 215 / 180, 210 / 180, NAN, NAN, NAN, NAN]),
        ("walk_s", [80, 80, 80, NAN, 80, 80, 80]),
        ("late_pickup_s", [0, 0, 80, NAN, NAN, NAN, NAN]),
        ("late_arrival_s", [0, 100, 10, NAN, NAN, NAN, NAN]),
        ("late_ride_s", [0, 0, 0, NAN, NAN, NAN, NAN]),
        ("promised_pickup_s", [70, 80, 200, NAN, NAN, 3070, NAN]),
        ("shared", [True, True, False, False, False, False, False]),
        ("left_behind", [0, 0, 0, 0, 0, 1, 0]),
        ("boarding_bus_load", [0, 1, 0, NAN, NAN, NAN, NAN]),
    ],
)
def test_column(day, column, wanted):
    """Each column tells what the day's comments say."""
    np.testing.assert_array_equal(day["rides"][column], np.array(wanted))


def test_rider_who_asks_again(spec, town, times):
    """Of a rider who asks twice the last answer and its stops count, and the first promise binds."""
    rows = [
        row(0, Kind.SHIFT_START, 0, node=0, value=10.0),
        row(0, Kind.REQUEST, rider=0, node=1, other=3, a=360, b=420, c=30, value=50.0),
        row(0, Kind.REFUSE, rider=0, a=2),
        row(50, Kind.REQUEST, rider=0, node=1, other=3, a=360, b=420, c=30, value=50.0),
        row(50, Kind.ACCEPT, 0, 0, 2, 3, 0, 0, 500, 100.0),
        row(60, Kind.STOPS, rider=0, node=2, other=3, a=390, b=430, c=30, value=80.0),
        row(60, Kind.ACCEPT, 0, 0, 2, 3, 0, 0, 700, 150.0),
    ]
    rides = tables(EventLog.from_rows(rows), spec, town, riders(), times)["rides"]
    first = rides.row(0)
    assert (first["outcome"], first["reason"]) == ("in_progress", "")
    assert (first["promised_arrival_s"], first["promised_pickup_s"]) == (500, 100)
    assert (first["from_node"], first["walk_s"], first["earliest_s"]) == (2, 80 + 30, 60 + 80)
    assert (first["latest_pickup_s"], first["max_ride_s"]) == (390, 430)


def test_refused_at_last(spec, town, times):
    """A rider who asks again and is refused again is refused."""
    rows = [row(t, kind, rider=0, a=2) for t in (0, 9) for kind in (Kind.REQUEST, Kind.REFUSE)]
    rides = tables(EventLog.from_rows(rows), spec, town, riders(), times)["rides"]
    assert list(rides["outcome"]) == ["refused"] + ["in_progress"] * 6
    assert rides["reason"][0] == "no_bus"

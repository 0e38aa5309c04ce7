"""Files of requests: what may vary, what each column means."""

import pytest

from busim.demand import read_requests
from busim.model.requests import PURPOSES


def _read(tmp_path, network, text, encoding="utf-8"):
    path = tmp_path / "requests.csv"
    path.write_bytes(text.encode(encoding))
    return read_requests(path, network)


def test_only_time_and_ends_are_needed(tmp_path, ring):
    """One person without a wheelchair, with a made id, another purpose and the scenario's patience."""
    table = _read(tmp_path, ring, "time,origin,destination\n07:00:00,stop_1,stop_5\n")
    assert table.ids == ("r0001",)
    assert (table.time_s[0], table.earliest_s[0]) == (25200, 25200)
    assert (table.origin_node[0], table.destination_node[0]) == (1, 5)
    assert (table.party[0], table.wheelchair[0], table.patience_s[0]) == (1, False, -1)
    assert PURPOSES[table.purpose[0]] == "other"
    assert (table.origin_zone, table.destination_zone) == (("north",), ("north",))


def test_order_mark_blanks_and_line_ends_do_not_matter(tmp_path, ring):
    """A file from a spreadsheet reads as one written by hand."""
    plain = "time,origin,destination,party\n07:00:00,stop_1,stop_5,2\n"
    wild = "Party , destination,origin,time\r\n\r\n 2,stop_5 , stop_1,07:00:00\r\n,,,\r\n\r\n"
    one, other = _read(tmp_path, ring, plain), _read(tmp_path, ring, wild, "utf-8-sig")
    assert (one.ids, one.party.tolist(), one.origin_node.tolist(), one.time_s.tolist()) == (
        other.ids,
        other.party.tolist(),
        other.origin_node.tolist(),
        other.time_s.tolist(),
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("07:45:30", 27930), ("7:45", 27900), ("27900", 27900), ("27900.2", 27901), ("25:30", 91800), ("0", 0)],
)
def test_times_are_clocks_or_seconds(text, seconds, tmp_path, ring):
    """Clock times may pass midnight; parts of a second are rounded up."""
    assert _read(tmp_path, ring, f"time,origin,destination\n{text},stop_1,stop_5\n").time_s.tolist() == [seconds]


def test_bookings(tmp_path, ring):
    """With a booking time the rider asks then; with an earliest time he asks at the time itself."""
    booked = _read(tmp_path, ring, "time,booking_time,origin,destination\n08:00:00,07:00:00,stop_1,stop_5\n")
    later = _read(tmp_path, ring, "time,earliest,origin,destination\n07:00:00,08:00:00,stop_1,stop_5\n")
    for table in (booked, later):
        assert (table.time_s[0], table.earliest_s[0]) == (25200, 28800)


def test_ends_by_place_node_degrees_and_metres(tmp_path, ring):
    """The same point by four names."""
    node = 3
    x_m, y_m = ring.x_m[node], ring.y_m[node]
    text = (
        "time,origin,origin_lon,origin_lat,origin_x_m,origin_y_m,destination\n"
        f"1,stop_3,,,,,stop_9\n2,3,,,,,stop_9\n3,,{ring.lon[node]:.7f},{ring.lat[node]:.7f},,,stop_9\n"
        f"4,,,,{float(x_m)!r},{float(y_m)!r},stop_9\n"
    )
    table = _read(tmp_path, ring, text)
    assert table.origin_node.tolist() == [3, 3, 3, 3]
    assert table.origin_x_m == pytest.approx(x_m, abs=0.02)
    assert table.origin_y_m == pytest.approx(y_m, abs=0.02)


def test_rows_are_sorted_by_time_then_id(tmp_path, ring):
    """The order of rows in the file does not matter."""
    text = "id,time,origin,destination\nb,200,stop_1,stop_5\nc,100,stop_1,stop_5\na,200,stop_1,stop_5\n"
    assert _read(tmp_path, ring, text).ids == ("c", "a", "b")

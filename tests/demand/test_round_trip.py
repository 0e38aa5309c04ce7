"""Riders written to a file come back as the same table."""

from dataclasses import fields, replace

import numpy as np
import pytest

from busim.demand import read_requests, sample, write_requests
from busim.rng import stream


def _assert_same(one, other):
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        assert type(a) is type(b), field.name
        assert a == b if isinstance(a, tuple) else np.array_equal(a, b) and a.dtype == b.dtype, field.name


@pytest.mark.parametrize("town", ["ring", "grid", "metro_town", "city"])
def test_sampled_riders_come_back(town, request, tmp_path, spec, service):
    """Every column of a sampled day, bookings ahead included, is exactly the same after a round trip."""
    network = request.getfixturevalue(town)
    table = sample(replace(spec, prebooked_share=0.2), service, network, stream(5, "demand"), 6 * 3600, 26 * 3600)
    write_requests(table, network, tmp_path / "requests.csv")
    _assert_same(read_requests(tmp_path / "requests.csv", network), table)


def test_patience_comes_back(tmp_path, grid, spec, service):
    """Patience of riders at a line's stops is written to the second."""
    table = sample(spec, replace(service, mode="line"), grid, stream(5, "demand"), 6 * 3600, 22 * 3600)
    assert np.all(table.patience_s > 0)
    write_requests(table, grid, tmp_path / "requests.csv")
    _assert_same(read_requests(tmp_path / "requests.csv", grid), table)


def test_named_ends_stay_named(tmp_path, ring):
    """Places and nodes of a file are written as such, other points as degrees or, at need, as metres."""
    text = (
        "id,time,origin,destination,destination_lon,destination_lat,destination_x_m,destination_y_m,party,wheelchair,"
        "purpose,patience_min\n"
        "a,06:00:00,stop_1,,106.301000,29.602000,,,1,no,other,7.5000\n"
        "b,06:00:01,stop_1,charger,,,,,2,yes,feeder,\n"
        "c,06:00:02,stop_1,,,,100.00012345,-300.5,1,no,other,\n"
    )
    (tmp_path / "requests.csv").write_text(text)
    table = read_requests(tmp_path / "requests.csv", ring)
    write_requests(table, ring, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text() == text.replace("charger", "stop_6")  # the same point of the map
    _assert_same(read_requests(tmp_path / "again.csv", ring), table)


def test_riders_of_another_map_are_not_written(tmp_path, ring, grid, spec, service):
    """A table whose nodes do not fit the map is refused, not written wrongly."""
    table = sample(spec, service, grid, stream(5, "demand"), 6 * 3600, 22 * 3600)
    with pytest.raises(ValueError, match="not of this map"):
        write_requests(table, ring, tmp_path / "requests.csv")
    assert not (tmp_path / "requests.csv").exists()

"""The riders of a scenario: from the model or from a file, within the hours of service, scaled."""

from dataclasses import replace

import numpy as np
import pytest

from busim.demand import make, sample
from busim.errors import InputError
from busim.rng import stream

ROWS = """id,time,booking_time,origin,destination
early,05:30:00,,stop_1,stop_5
booked,07:30:00,05:00:00,stop_1,stop_5
first,06:00:00,,stop_1,stop_5
last,21:59:59,,stop_2,stop_5
late,22:00:00,,stop_1,stop_5
"""


def _of_file(spec, tmp_path, text=ROWS):
    (tmp_path / "requests.csv").write_text(text)
    return replace(spec, source="file", file=tmp_path / "requests.csv")


def test_the_model_is_the_default(ring, spec, service):
    """With a modelled source, the riders are those of ``sample``."""
    made = make(spec, service, ring, stream(1, "demand"), 21600, 79200)
    assert made.ids == sample(spec, service, ring, stream(1, "demand"), 21600, 79200).ids


def test_riders_of_a_file_travel_within_the_hours(ring, spec, service, tmp_path):
    """Who is ready outside is left out; who booked before the opening asks at the opening."""
    table = make(_of_file(spec, tmp_path), service, ring, stream(1, "demand"), 21600, 79200)
    assert table.ids == ("booked", "first", "last")
    assert table.time_s.tolist() == [21600, 21600, 79199]
    assert table.earliest_s.tolist() == [27000, 21600, 79199]


def test_a_file_without_riders_in_the_hours_is_told(ring, spec, service, tmp_path):
    """An empty day is bad input, with the hours that the file has."""
    with pytest.raises(InputError, match="nobody travels between 02:00:00 and 03:00:00") as caught:
        make(_of_file(spec, tmp_path), service, ring, stream(1, "demand"), 7200, 10800)
    assert "from 05:30:00 to 22:00:00" in caught.value.problems[0].remedy


def test_a_file_can_be_scaled(ring, spec, service, tmp_path):
    """Half the scale keeps about half of the riders; two and a half make two or three of each."""
    rows = "".join(f"r{k},07:00:00,stop_1,stop_5\n" for k in range(400))
    spec = _of_file(spec, tmp_path, "id,time,origin,destination\n" + rows)
    half, more = (
        make(replace(spec, scale=scale), service, ring, stream(1, "demand"), 21600, 79200) for scale in (0.5, 2.5)
    )
    assert len(half) == pytest.approx(200, abs=40)
    assert len(more) == pytest.approx(1000, abs=40)
    assert len(set(more.ids)) == len(more)
    assert {"r0", "r0+1"} <= set(more.ids)
    assert np.all(np.diff(more.time_s) >= 0)


def test_a_missing_file_name_is_told(ring, spec, service):
    """A file as the source needs a file."""
    with pytest.raises(InputError, match="is missing"):
        make(replace(spec, source="file", file=None), service, ring, stream(1, "demand"), 21600, 79200)

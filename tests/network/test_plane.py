"""The plane agrees with the globe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from busim.network import from_plane, haversine_m, to_plane

CENTRE = (106.33, 29.56)
ANYWHERE = st.tuples(st.floats(-25e3, 25e3), st.floats(-25e3, 25e3))


def test_centre_is_the_origin():
    """The centre has the coordinates 0, 0, and a degree of latitude is 111.2 km."""
    x, y = to_plane([106.33, 106.33], [29.56, 30.56], CENTRE)
    assert x == pytest.approx([0.0, 0.0], abs=1e-9)
    assert y == pytest.approx([0.0, 111_195.08])


@given(ANYWHERE, ANYWHERE)
def test_distances_within_a_thousandth(a, b):
    """Over 50 km, plane distances are those of the haversine formula to 0.1 %."""
    lon, lat = from_plane([a[0], b[0]], [a[1], b[1]], CENTRE)
    plane = np.hypot(a[0] - b[0], a[1] - b[1])
    globe = float(haversine_m(lon[0], lat[0], lon[1], lat[1]))
    assert abs(plane - globe) <= 0.001 * globe + 1e-5


@given(ANYWHERE)
def test_there_and_back(at):
    """Projecting is undone to a micrometre."""
    assert np.array(to_plane(*from_plane(*at, CENTRE), CENTRE)) == pytest.approx(np.array(at), abs=1e-6)


def test_haversine_of_a_known_distance():
    """A quarter of the globe is a quarter of its circumference."""
    assert float(haversine_m(0.0, 0.0, 90.0, 0.0)) == pytest.approx(np.pi / 2 * 6_371_008.8, rel=1e-6)

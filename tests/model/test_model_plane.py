"""The plane on which riders and roads lie."""

import numpy as np
import pytest

from busim.model import plane

CENTRE = (106.33, 29.56)
LON, LAT = np.array([106.33, 106.25, 106.45]), np.array([29.56, 29.68, 29.40])


def test_there_and_back():
    """Degrees to metres and back are the same degrees; a degree of latitude is 111.2 km."""
    lon, lat = plane.from_plane(*plane.to_plane(LON, LAT, CENTRE), CENTRE)
    assert lon == pytest.approx(LON, abs=1e-10)
    assert lat == pytest.approx(LAT, abs=1e-10)
    assert plane.to_plane(106.33, 30.56, CENTRE)[1] == pytest.approx(111_195.08, abs=0.01)

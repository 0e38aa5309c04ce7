"""Towns and specs for the tests of demand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from busim import network
from busim.model.specs import DemandSpec, MapSpec, ServiceSpec

CITY = Path(__file__).parents[2] / "maps" / "science_city" / "science_city.graphml"


@pytest.fixture(scope="session")
def ring():
    """Make a town of twelve stops on a ring, 400 m apart."""
    return network.compile(MapSpec("ring", None, 12, 400.0, 40.0))


@pytest.fixture(scope="session")
def grid():
    """Make a town of seven by seven stops, 500 m apart; four districts."""
    return network.compile(MapSpec("grid", None, 7, 500.0, 40.0))


@pytest.fixture(scope="session")
def metro_town(grid):
    """Put a metro station in the place of the middle stop; 1,000 residents live at every other stop."""
    places = grid.places
    middle = places.index["stop_24"]
    kinds = tuple("metro_station" if k == middle else kind for k, kind in enumerate(places.kinds))
    at = np.arange(len(places)) == middle
    people = np.where([kind == "stop" for kind in kinds], 1000.0, np.nan)
    attributes = {"residents": people, "jobs": people, "feeder_riders": np.where(at, 5000.0, np.nan)}
    return replace(grid, places=replace(places, kinds=kinds, attributes=places.attributes | attributes))


@pytest.fixture(scope="session")
def city():
    """Compile the map of the science city."""
    return network.compile(MapSpec("graphml", CITY, 0, 0.0, 0.0))


@pytest.fixture
def spec():
    """Ask for a weekday in term with 2,000 rides, nobody booking ahead."""
    purposes = {"commute": 0.18, "student": 0.27, "leisure": 0.14, "factory": 0.06, "feeder": 0.35}
    return DemandSpec("model", None, 2000.0, 1.0, "weekday", purposes, True, 0.01, 0.0, 3600, True)


@pytest.fixture
def service():
    """Offer rides from stop to stop, everywhere."""
    return ServiceSpec("stop_to_stop", (), 600, 1.5, 300, 900, 500.0, 1.2, 10, 2.2, 1.7, 90.0, 70.0)

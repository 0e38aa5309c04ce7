"""The hand-made day of tiny_day, ready for the tests."""

import numpy as np
import pytest
from tiny_day import EDGE_S, day_rows, line_town, riders, town_spec

from busim.core import travel
from busim.metrics import tables
from busim.model.events import EventLog


@pytest.fixture(scope="session")
def town():
    """Give the network."""
    return line_town()


@pytest.fixture(scope="session")
def times(town):
    """Give travel times: 60 s per edge all day."""
    return travel.build_static(town, np.full(town.num_edges, EDGE_S))


@pytest.fixture(scope="session")
def spec():
    """Give the scenario."""
    return town_spec()


@pytest.fixture(scope="session")
def log():
    """Give the log of the day."""
    return EventLog.from_rows(day_rows())


@pytest.fixture(scope="session")
def day(log, spec, town, times):
    """Give the tables of the day."""
    return tables(log, spec, town, riders(), times)

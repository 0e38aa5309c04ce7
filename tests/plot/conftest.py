"""Days to draw."""

import pytest
from random_day import make_day


@pytest.fixture(scope="session")
def day():
    """Give a day on demand."""
    return make_day()


@pytest.fixture(scope="session")
def line_day():
    """Give a day on a line, there and back."""
    return make_day("line")


@pytest.fixture(scope="session")
def loop_day():
    """Give a day on a loop."""
    return make_day("loop")


@pytest.fixture(scope="session")
def empty_day():
    """Give a day on which nothing happened."""
    return make_day("empty")

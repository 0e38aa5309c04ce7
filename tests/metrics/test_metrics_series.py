"""Courses over the day."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from busim.metrics.halts import STATES
from busim.metrics.series import charge_course, grid, mean_open, on_board_course, state_means


def test_grid():
    """The grid has both ends."""
    assert grid(0, 600, 300).tolist() == [0, 300, 600]


def test_charge(day):
    """The charge runs straight between events, and ends with the shift."""
    course = charge_course(day, np.array([0.0, 780.0, 1600.0]))
    assert course[0].tolist() == pytest.approx([1.0, (0.87 + 0.97) / 2, 0.97 - 0.07 * 520 / 2520])
    assert np.isnan(course[1, 2])


def test_states(day):
    """On average over a bin every bus in service is in one state."""
    means = state_means(day["states"], np.array([0.0, 60.0, 120.0, 520.0, 3600.0]))
    assert means.sum(axis=0).tolist() == pytest.approx([2, 2, 2, (3080 + 1000) / 3080])
    # Bus 0 drives empty from 0 to 60, bus 1 from 20 on.
    assert means[STATES.index("driving_empty")][0] == pytest.approx((60 + 40) / 60)
    assert means[STATES.index("charging")].tolist() == pytest.approx([0, 0, 40 / 400, 560 / 3080])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=8))
def test_mean_open(spans):
    """The mean over a bin is that over its seconds, counted one by one."""
    start = np.array([min(span) for span in spans], np.int64)
    end = np.array([max(span) for span in spans], np.int64)
    edges = np.array([0.0, 10.0, 35.0, 50.0])
    wanted = [
        np.mean([np.sum((start <= second) & (second < end)) for second in range(int(low), int(high))])
        for low, high in itertools.pairwise(edges)
    ]
    assert mean_open(start, end, edges).tolist() == pytest.approx(wanted)


def test_on_board(day):
    """Persons count from the pick-up to the drop-off, each one of a party."""
    assert on_board_course(day["rides"], np.array([0.0, 70.0, 75.0, 250.0, 450.0, 700.0])).tolist() == [
        0,
        1,
        3,
        2,
        1,
        0,
    ]

"""Courses over the day."""

import numpy as np
import pytest

from busim.metrics.halts import STATES
from busim.metrics.series import charge_course, grid, on_board_course, state_course


def test_grid():
    """The grid has both ends."""
    assert grid(0, 600, 300).tolist() == [0, 300, 600]


def test_charge(day):
    """The charge runs straight between events, and ends with the shift."""
    course = charge_course(day, np.array([0.0, 780.0, 1600.0]))
    assert course[0].tolist() == pytest.approx([1.0, (0.87 + 0.97) / 2, 0.97 - 0.07 * 520 / 2520])
    assert np.isnan(course[1, 2])


def test_states(day):
    """Every bus in service is in one state."""
    times = np.array([0.0, 70.0, 500.0, 1600.0])
    course = state_course(day["states"], times)
    assert course.sum(axis=0).tolist() == [2, 2, 2, 1]
    assert course[STATES.index("charging")].tolist() == [0, 0, 1, 0]


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

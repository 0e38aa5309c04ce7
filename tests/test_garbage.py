"""Cycles of references are looked for rarely while a day is simulated, and as before afterwards."""

import gc

import pytest

from busim.garbage import RARELY, looked_for_rarely


def test_the_threshold_is_put_back():
    """Also after an error, Python looks for cycles as often as whoever called had it."""
    before, inside = gc.get_threshold(), []
    with looked_for_rarely():
        inside.append(gc.get_threshold())
    with pytest.raises(ZeroDivisionError), looked_for_rarely():
        inside.append(1 / 0)
    assert inside == [(RARELY, *before[1:])]
    assert gc.get_threshold() == before

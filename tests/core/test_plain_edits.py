"""Edits by bytes are those of the kernels, and what is known of a plan follows them."""

import math

import numpy as np
import pytest

from busim.core import plan_edits
from busim.core.compiled import plain
from busim.core.plain_edits import PlainEdits
from busim.core.plain_slots import PICKED, WHO, Slots
from busim.core.plans import CHARGE, DROPOFF, END, NUM_FLOATS, NUM_INTS, PICKUP, PlanArrays
from busim.model.events import NONE

ROOM = 24


def blank():
    """Give room for the plans of two buses."""
    shape = 2, ROOM
    return PlanArrays(np.zeros((*shape, NUM_INTS), np.int64), np.zeros((*shape, NUM_FLOATS)), np.zeros(2, np.int64))


def known(slots):
    """Give what is known of a plan, but for the legs that it remembers."""
    return slots.stops, slots.rides, slots.charge, slots.last, len(slots.ways)


def random_edit(rng, rider, slots):
    """Draw an edit that a day may bring: name and arguments; of who boards, gets off or is put in."""
    size = len(slots.stops)
    first = slots.stops[0][WHO] if size else NONE
    if first != NONE and slots.stops[0][PICKED] and rng.random() < 0.5:
        return "board", (first, float(rng.integers(900)))
    if size > 1 and rng.random() < 0.4:
        return "remove", (0 if rng.random() < 0.8 else int(rng.integers(size - 1)),)
    if size + 2 > ROOM:
        return "remove", (0,)
    q = int(rng.integers(slots.last + 1)) if size else 0
    p, persons, most = int(rng.integers(q + 1)), int(rng.integers(1, 4)), float(rng.choice([80.0, 300.0, math.inf]))
    pick, drop = (4, PICKUP, rider, persons, 1, NONE), (6, DROPOFF, rider, -persons, -1, NONE)
    window, limits = (5.0, 60.0, 3.0, math.inf), (-math.inf, 400.0, 4.0, most)
    return "insert_ride", (p, q, pick, window, drop, limits)


@pytest.mark.parametrize("seed", range(20))
def test_edits_by_bytes_are_those_of_the_kernels(seed):
    """After every edit both hold the same bytes, and what is known of the plan is what one reads of it anew."""
    rng, mine, theirs = np.random.default_rng(seed), blank(), blank()
    edits = PlainEdits(mine, {})
    tail = (9, END, NONE, 0, 0, NONE), (-math.inf, 9000.0, 0.0, math.inf), 0.0
    charge = (8, CHARGE, NONE, 0, 0, 3), (-math.inf, math.inf, 600.0, math.inf), 2.5
    for position, stop in enumerate((charge, tail) if seed % 3 == 0 else (tail,)):
        edits.insert(1, position, *stop)
        plain(plan_edits.insert)(theirs, 1, position, *stop)
    for rider in range(60):
        name, given = random_edit(rng, rider, edits.slots(1))
        getattr(edits, name)(1, *given)
        plain(getattr(plan_edits, name))(theirs, 1, *given)
        size = int(theirs.length[1])
        assert mine.length.tolist() == [0, size]
        assert mine.ints[1, :size].tobytes() == theirs.ints[1, :size].tobytes()
        assert mine.floats[1, :size].tobytes() == theirs.floats[1, :size].tobytes()
        assert known(edits.slots(1)) == known(Slots(mine, 1))
    assert not mine.ints[0].any()


def test_what_is_known_lasts_until_a_plan_is_edited_elsewhere():
    """Riders who are put in, board and get off leave it known; a single stop or a slot from the middle does not."""
    edits = PlainEdits(blank(), {})
    edits.insert(0, 0, (9, END, NONE, 0, 0, NONE), (-math.inf, 9000.0, 0.0, math.inf), 0.0)
    first = edits.slots(0)
    pick, drop = (4, PICKUP, 7, 1, 0, NONE), (6, DROPOFF, 7, -1, 0, NONE)
    edits.insert_ride(0, 0, 0, pick, (5.0, 60.0, 3.0, math.inf), drop, (-math.inf, 400.0, 4.0, 300.0))
    edits.board(0, 7, 500.0)
    edits.remove(0, 0)
    assert edits.slots(0) is first
    edits.insert(0, 0, (8, CHARGE, NONE, 0, 0, 3), (-math.inf, math.inf, 600.0, math.inf), 2.5)
    assert edits.slots(0) is not first
    second = edits.slots(0)
    edits.remove(0, 0)  # behind a charge there may be another one
    assert edits.slots(0) is not second

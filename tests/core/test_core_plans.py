"""Plans as padded arrays: edits keep order and content, and make room."""

import numpy as np
import worlds

from busim.core.plans import Plans
from busim.model.events import NONE, Action
from busim.model.orders import Stop

A, B, C = (Stop(node, Action.PICKUP, node, 1, 0, NONE, 10.0 * node, 20.0 * node, 3.0) for node in (1, 2, 3))


def test_stops_come_back_as_they_were_set():
    """A plan is what was put into it, in order, and other buses' plans stay empty."""
    plans = Plans(2, slots=2)
    for position, stop in ((0, B), (0, A), (2, C)):
        plans.insert(1, position, stop)
    assert plans.stops(1) == (A, B, C)
    assert plans.stops(0) == ()


def test_room_doubles_when_a_plan_outgrows_it():
    """Growing keeps every plan, and the arrays of all buses stay of one shape."""
    plans = Plans(2, slots=1)
    plans.insert(0, 0, C)
    for position in range(9):
        plans.insert(1, position, A if position % 2 else B)
    assert plans.stops(0) == (C,)
    assert plans.stops(1) == tuple(A if k % 2 else B for k in range(9))
    assert plans.ints.shape[:2] == plans.floats.shape[:2] == (2, 16)


def test_a_rider_leaves_with_both_stops():
    """Taking a rider out closes the gaps; positions are found by rider and action."""
    plans = Plans(1)
    drop = Stop(5, Action.DROPOFF, 1, -1)
    for position, stop in enumerate((A, B, drop, C)):
        plans.insert(0, position, stop)
    assert plans.position(0, 1, Action.DROPOFF) == 2
    plans.remove_rider(0, 1)
    assert plans.stops(0) == (B, C)
    assert plans.position(0, 1, Action.DROPOFF) == NONE


def test_cutting_keeps_the_first_slots():
    """A cut drops the tail; cutting behind the end changes nothing."""
    plans = Plans(1)
    for position, stop in enumerate((A, B, C)):
        plans.insert(0, position, stop)
    plans.cut(0, 9)
    assert plans.stops(0) == (A, B, C)
    plans.cut(0, 1)
    assert plans.stops(0) == (A,)


def test_worlds_have_blocks_of_fifty_seconds(line_town):
    """The towns of these tests are as their docstring says: 500 m and 50 s between neighbours."""
    assert set(line_town.edge_length_m.tolist()) == {500}
    travel = worlds.static_travel(line_town, np.full(line_town.num_edges, worlds.BLOCK_S))
    assert travel.leg_time(0, 7, 0) == 350

"""Plans as padded arrays: edits keep order and content, and make room."""

import copy
import math

import numpy as np
import pytest
import worlds

from busim.core.cells import cells
from busim.core.charge_queue import planned_bookings
from busim.core.live_plans import Plans
from busim.core.plans import ACTION, DEPART, EARLIEST, LATEST, START
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


def test_room_grows_when_a_plan_outgrows_it():
    """Growing keeps every plan, and the arrays of all buses stay of one shape."""
    plans = Plans(2, slots=1)
    plans.insert(0, 0, C)
    for size, room in ((9, 9), (10, 17), (41, 41), (42, 51)):
        for position in range(plans.size(1), size):
            plans.insert(1, position, A if position % 2 else B)
        assert plans.ints.shape[:2] == plans.floats.shape[:2] == (2, room)
    assert plans.stops(0) == (C,)
    assert plans.stops(1) == tuple(A if k % 2 else B for k in range(42))


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


def test_a_ride_is_put_in_as_both_its_stops_are():
    """Putting a rider in is the same as putting the drop-off in and then the pick-up; room is made as for both."""
    window, limits = (5.0, 60.0, 3.0, math.inf), (-math.inf, 400.0, 4.0, 300.0)
    for slots in (2, 3, 4, 8):
        at_once, one_by_one = Plans(2, slots), Plans(2, slots)
        for plans in (at_once, one_by_one):
            plans.insert(1, 0, A)
            plans.insert(1, 1, B)
        at_once.insert_ride(1, (1, 2), 9, (4, 6), (2, 1), window, limits)
        one_by_one.insert(1, 2, Stop(6, Action.DROPOFF, 9, -2, -1, NONE, *limits))
        one_by_one.insert(1, 1, Stop(4, Action.PICKUP, 9, 2, 1, NONE, *window))
        assert at_once.stops(1) == one_by_one.stops(1)
        assert at_once.ints.shape == one_by_one.ints.shape
        assert at_once.size(1) == 4
        assert at_once.stops(0) == ()


def test_boarding_binds_the_drop_off_by_the_clock():
    """Who boards leaves the first slot; from then on his drop-off has a latest moment and no longest ride."""
    plans = Plans(2)
    for position, stop in enumerate((A, B, Stop(5, Action.DROPOFF, 1, -1, 0, NONE, -math.inf, 900.0, 2.0, 70.0))):
        plans.insert(1, position, stop)
    plans.board(1, 1, 123.0)
    assert plans.stops(1) == (B, Stop(5, Action.DROPOFF, 1, -1, 0, NONE, -math.inf, 123.0, 2.0))


def test_the_next_stop_is_read_from_the_arrays_as_they_are():
    """What is told of a next stop follows edits, growth, what kernels write, and copies of the plans."""
    plans = Plans(3, slots=1)
    for _ in range(3):
        plans.insert(1, 0, A)
    plans.insert(1, 0, B)
    twin = copy.deepcopy(plans)
    plans.floats[1, 2, START] = 77.0
    assert plans.first(1) == (2, Action.PICKUP, 2)
    assert (*plans.first_times(1, EARLIEST, LATEST), plans.first_time(1, START, 2)) == (20.0, 40.0, 77.0)
    plans.remove(1, 0)
    assert (plans.first(1)[0], twin.first(1)[0], plans.size(1), twin.size(1)) == (1, 2, 3, 4)
    assert twin.first_time(1, START, 2) == 0.0


def test_buses_that_were_sent_to_wait_are_remembered():
    """Only a plan that has held such a stop can hold one."""
    plans = Plans(2)
    plans.insert(0, 0, A)
    plans.insert(1, 0, Stop(4, Action.MOVE))
    assert plans.moving == {1}


def test_who_charges_next_at_a_site_is_known_without_a_look_at_all_plans():
    """Through edits, growth and copies it is what the arrays tell; a charge behind another stop is not the next."""
    rng, plans = np.random.default_rng(3), Plans(6, slots=1)
    found = 0
    for step in range(600):
        bus, edit = int(rng.integers(6)), rng.random()
        size = plans.size(bus)
        if edit < 0.6:
            stop = Stop(4, Action.CHARGE, site=int(rng.integers(2))) if edit < 0.3 else A
            plans.insert(bus, int(rng.integers(size + 1)), stop)
        elif edit < 0.95 and size:
            plans.remove(bus, int(rng.integers(size)))
        else:
            plans.cut(bus, int(rng.integers(3)))
        plans.floats[:, 0, [START, DEPART]] = rng.integers(0, 99, (6, 2))
        plans = copy.deepcopy(plans) if step == 300 else plans
        for site in (0, 1):
            told = {but: sorted(times for b, *times in plans.next_charges(site) if b != but) for but in (NONE, bus)}
            for but, times in told.items():
                assert times == sorted(map(list, planned_bookings(plans.arrays, site, but)))
            found += len(told[NONE])
        charges = [b for b in range(6) if Action.CHARGE in plans.ints[b, : plans.size(b), ACTION]]
        assert sorted(plans.charging) == charges
    assert found > 300


def test_cells_are_the_numbers_of_their_array():
    """To write a cell writes the array; numbers are plain ones; an array with holes has no cells."""
    array, times = np.arange(6).reshape(2, 3), np.zeros(3)
    numbers = cells(array)
    numbers[4] += 10
    cells(times)[1] = 2.5
    assert array[1, 1] == 14
    assert type(numbers[4]) is int
    assert times.tolist() == [0.0, 2.5, 0.0]
    assert cells(array[:, 1])[1] == 14
    with pytest.raises(TypeError):
        cells(np.zeros((3, 3))[:, :2])


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

"""The slack arrays of a schedule against delays tried one by one."""

import math

import insertion_reference as ref
import numpy as np
import pytest

from busim.core.plans import DEPART, ENERGY, LOAD, READY, RIDE_SLACK, SLACK, SPAN_SLACK, START, WAITED, WHEEL_LOAD
from busim.model.events import Action


def scheduled(seed, count):
    """Give random buses with their scheduled slots: case, bus, floats [size, 18]."""
    rng = np.random.default_rng([314, seed])
    for _ in range(count):
        case = ref.random_case(rng, max_buses=2, max_riders=5)
        _, plans, _ = ref.as_arrays(case)
        for b, bus in enumerate(case.buses):
            yield case, bus, plans.floats[b, : len(bus.plan)]


def delayed(bus, floats, k, delay):
    """Give the starts of service at all slots when the bus gets ready at slot ``k`` so much later."""
    starts, late = floats[:, START].tolist(), delay
    for j in range(k, len(bus.plan)):
        ready = floats[j, READY] + late
        starts[j] = max(ready, bus.plan[j].earliest_s)
        late = starts[j] - floats[j, START]
    return starts


def breaks_window(bus, floats, k, delay):
    """Tell whether a delay makes any stop later than its window allows, or than it is already."""
    starts = delayed(bus, floats, k, delay)
    return any(
        starts[j] > max(bus.plan[j].latest_s, floats[j, START]) and starts[j] > floats[j, START]
        for j in range(k, len(bus.plan))
    )


def breaks_ride(bus, floats, k, delay):
    """Tell whether a delay makes the ride of anyone picked up before slot ``k`` longer than allowed."""
    starts = delayed(bus, floats, k, delay)
    pickups = {stop.rider: j for j, stop in enumerate(bus.plan) if stop.action == Action.PICKUP}
    for j in range(k, len(bus.plan)):
        stop = bus.plan[j]
        begin = pickups.get(stop.rider, len(bus.plan)) if stop.action == Action.DROPOFF else len(bus.plan)
        if begin < k:
            was = floats[j, START] - floats[begin, START]
            if starts[j] - starts[begin] > max(stop.ride_s, was):
                return True
    return False


def test_the_schedule_is_that_of_a_walk_along_the_plan():
    """Starts, departures, loads and energy equal those of the reference that drives the plan step by step."""
    for case, bus, floats in scheduled(0, 200):
        walked = ref.walk(case, bus, bus.plan)
        np.testing.assert_allclose(floats[:, START], walked.starts, atol=1e-9)
        np.testing.assert_allclose(floats[:, DEPART] - floats[:, START], [stop.dwell_s for stop in bus.plan], atol=1e-9)
        np.testing.assert_array_equal(floats[:, LOAD], walked.loads)
        np.testing.assert_array_equal(floats[:, WHEEL_LOAD], walked.wheels)
        np.testing.assert_allclose(floats[:, ENERGY], walked.energies, atol=1e-9)
        np.testing.assert_allclose(floats[:, WAITED], np.cumsum(floats[:, START] - floats[:, READY]), atol=1e-9)


@pytest.mark.parametrize(("column", "breaks"), [(SLACK, breaks_window), (RIDE_SLACK, breaks_ride)])
def test_slack_is_the_longest_delay_that_breaks_nothing(column, breaks):
    """A delay as long as the slack is borne, one of a second more is not; infinite slack bears any."""
    finite = 0
    for _, bus, floats in scheduled(1, 250):
        for k in range(len(bus.plan)):
            slack = floats[k, column]
            if slack == math.inf:
                assert not breaks(bus, floats, k, 1e7)
                continue
            finite += 1
            assert slack >= 0
            assert not breaks(bus, floats, k, slack)
            assert breaks(bus, floats, k, slack + 1)
    assert finite > 100


def test_span_slack_never_rules_out_what_ride_slack_allows():
    """The bound on a delay that arises after a pick-up is no tighter than the exact one at the slot itself."""
    for _, _, floats in scheduled(2, 200):
        assert (floats[:, SPAN_SLACK] >= floats[:, RIDE_SLACK]).all()

"""The last moment to leave: nothing planned is later than it was; and where a plan begins, told in plain numbers."""

import math

import numpy as np
import pytest
from test_plain_schedule import BUSES, NODES, random_fleet, random_plans, tables_of

from busim.core.compiled import plain
from busim.core.fleet import origin_at, origin_of
from busim.core.leaving import lateness_from, leave_by
from busim.core.schedules import Schedules


@pytest.mark.parametrize("periods", [1, 6])
def test_who_leaves_in_time_makes_nobody_later_than_he_is(periods):
    """At any node, also where the last leg crosses into a slow hour; a little later somebody would be late, mostly."""
    rng, binds, asked = np.random.default_rng([8, periods]), 0, 0
    tables = tables_of(rng, periods)
    for _ in range(15):
        fleet, plans = random_fleet(rng), random_plans(rng)
        schedules = Schedules(plans, fleet, tables, 5.0)
        for bus in range(BUSES):
            schedules.refresh(bus, 0.0)
            late, over, _, _ = schedules.misses(bus)
            node = int(rng.integers(NODES))
            leave = schedules.leave_by(bus, node)
            assert leave == plain(leave_by)(plans.arrays, tables, 5.0, bus, node)
            if math.isfinite(leave) and math.isfinite(over):
                asked += 1
                at, later = (lateness_from(plans.arrays, tables, 5.0, bus, node, leave + more) for more in (0.0, 60.0))
                assert at <= max(late, over)
                binds += later > max(late, over)
    assert asked > 60
    assert binds > 0.6 * asked


def test_where_a_plan_begins_is_the_same_in_plain_numbers():
    """Whether the bus is free already or only later."""
    rng = np.random.default_rng(9)
    fleet = random_fleet(rng)
    for bus in range(BUSES):
        for now in (0.0, 150.0, 400.0):
            told = origin_at(fleet, bus, now)
            assert told == plain(origin_of)(fleet, bus, now)
            assert {type(value) for value in told} == {int, float}

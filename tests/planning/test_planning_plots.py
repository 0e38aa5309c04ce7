"""Pictures of a static plan show what the plan says."""

from itertools import pairwise

import pytest

from busim.planning import Settings, plan
from busim.plot.planning import PHASES, phases, plot_charge, plot_convergence, plot_gantt, plot_routes

QUICK = Settings(seconds=None, iterations=20, steps_per_request=2)


@pytest.fixture
def result(tiny):
    """Plan the tiny problem."""
    return plan(tiny, QUICK)


def test_phases_fill_the_day_without_overlap(tiny, result):
    """Phases follow each other and use known names; driving sums to the plan's travel time."""
    driven = 0.0
    for bus in result.solution.buses:
        found = phases(tiny, bus)
        assert {kind for kind, _, _ in found} <= set(PHASES)
        assert all(a[2] <= b[1] + 1e-9 for a, b in pairwise(found))
        driven += sum(end - begin for kind, begin, end in found if kind in ("empty", "riders aboard"))
    assert driven == pytest.approx(result.solution.travel_time)


def test_routes_and_energy_have_a_line_per_bus(tiny, result):
    """Buses that serve somebody are lines on the plane; every bus is a line of energy above the least."""
    busy = [bus for bus in result.solution.buses if len(bus.stops) > 2]
    assert len(plot_routes(tiny, result.solution).lines) == len(busy)
    assert len(plot_charge(tiny, result.solution).lines) == len(result.solution.buses) + 1


def test_gantt_and_convergence(tiny, result):
    """The chart has one bar per phase; the best cost never rises."""
    bars = plot_gantt(tiny, result.solution).patches
    assert len(bars) == sum(len(phases(tiny, bus)) for bus in result.solution.buses)
    best = plot_convergence(result).lines[-1].get_ydata()
    assert all(a >= b for a, b in pairwise(best))

"""Schedules that are put off are never seen: whoever looks at plans finds them made, and the day stays the same."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from busim import sim
from busim.core.compiled import KERNEL
from busim.core.plans import READY, PlanArrays
from busim.core.schedule import refresh
from busim.core.search import best_insertion
from busim.policy.insertion import Insertion
from busim.testing.town import crowd, day, play

NOISY = day(5, "travel.noise_cv=0.4")
RIDERS = crowd(150, name="live view", booked=0.2)


@dataclass(frozen=True)
class Looking(Insertion):
    """Insertion that looks at all plans before it searches."""

    through_a_copy: bool = False

    def decide(self, view, rng):
        """Look, then decide."""
        seen = replace(view) if self.through_a_copy else view
        assert (seen.plans.floats[:, 0, READY] >= 0).all()
        return super().decide(seen, rng)


@pytest.mark.parametrize("through_a_copy", [False, True])
def test_to_look_at_plans_changes_nothing(through_a_copy):
    """On noisy roads the log is the same whether schedules are made for all buses or for those that a search meets."""
    alone = play(RIDERS, sim.Given(dispatch=Insertion()), NOISY).log
    assert play(RIDERS, sim.Given(dispatch=Looking(through_a_copy)), NOISY).log.sha256() == alone.sha256()


@dataclass(frozen=True)
class Counting(Insertion):
    """Insertion that notes which rows of the plans change when it looks at them."""

    changed: list[int]

    def decide(self, view, rng):
        """Compare the plans as they lie with those that are shown."""
        before = view._live.floats.copy()
        self.changed.append(int((view.plans.floats != before).any(axis=(1, 2)).sum()))
        return super().decide(view, rng)


@pytest.mark.skipif(KERNEL != "numpy", reason="compiled kernels make every schedule at once")
@pytest.mark.parametrize(("spec", "some"), [(NOISY, True), (day(5), False)])
def test_schedules_wait_where_roads_are_noisy(spec, some):
    """Where buses keep their times nothing is put off; where they are early or late most decisions find some due."""
    changed: list[int] = []
    play(RIDERS, sim.Given(dispatch=Counting(changed)), spec)
    assert len(changed) > 100
    assert (np.mean(np.array(changed) > 0) > 0.5) == some
    assert some or not any(changed)


@dataclass(frozen=True)
class Wondering(Insertion):
    """Insertion that first searches among plans that it has made up: no bus has anything to do."""

    places: list[tuple[int, int]]

    def decide(self, view, rng):
        """Compare the place among those with the one that an independent search finds there."""
        plans = PlanArrays(*(array.copy() for array in view.plans))
        fleet = view.fleet._replace(last=view.fleet.last.copy())
        for bus, size in enumerate(plans.length.tolist()):
            plans.ints[bus, 0], plans.floats[bus, 0] = plans.ints[bus, size - 1], plans.floats[bus, size - 1]
            plans.length[bus] = 1
            refresh(plans, fleet, bus, view.now, view.travel.tables, view.costs.halt)
        fleet.last[:] = np.minimum(view.fleet.last, 0)
        rider, other = view.rider(int(view.open[0])), replace(view, plans=plans, fleet=fleet)
        found = other.search.best(rider, view.now)
        assert found == best_insertion(fleet, plans, rider, view.now, view.travel.tables, view.costs)
        self.places.append((found.p, view.search.best(rider, view.now).p))
        return super().decide(view, rng)


def test_a_view_of_plans_made_up_searches_among_those():
    """What is known of the plans that live is not taken for that of others."""
    places: list[tuple[int, int]] = []
    play(RIDERS, sim.Given(dispatch=Wondering(places)), NOISY)
    assert all(made_up <= 0 for made_up, _ in places)
    assert any(live > 0 for _, live in places)


@dataclass(frozen=True)
class Peeking(Insertion):
    """Insertion that reads the plan of one bus before it searches."""

    def decide(self, view, rng):
        """See to it that this plan is as all plans show it."""
        bus = view.now % len(view.fleet.node)
        seen = view.scheduled(bus).floats[bus].copy()
        np.testing.assert_array_equal(seen, view.plans.floats[bus])
        return super().decide(view, rng)


def test_the_plan_of_one_bus_is_shown_with_its_schedule():
    """Whoever reads one bus's plan alone sees what stands among all plans."""
    alone = play(RIDERS, sim.Given(dispatch=Insertion()), NOISY).log
    assert play(RIDERS, sim.Given(dispatch=Peeking()), NOISY).log.sha256() == alone.sha256()

"""Schedules that are put off are never seen: whoever looks at plans finds them made, and the day stays the same."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from busim import sim
from busim.core.compiled import KERNEL
from busim.core.plans import READY
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

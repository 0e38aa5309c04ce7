"""Plans in brief: they never hide an insertion that passes, and follow the plans through a day."""

from dataclasses import dataclass, field, replace

import insertion_reference as ref
import numpy as np
import pytest

from busim import sim
from busim.core.candidates_compiled import NO_BRIEF, list_candidates
from busim.core.compiled import KERNEL, plain
from busim.core.live_plans import Plans
from busim.core.plan_edits import remove_known
from busim.core.schedules import write_brief
from busim.model.events import NONE, Action, Kind
from busim.model.orders import Stop
from busim.policy.insertion import Insertion
from busim.testing.town import crowd, day, play


def in_brief(plans):
    """Give plans in brief, worked out anew."""
    brief = np.full((*plans.ints.shape[:2], 3), np.nan)
    for bus in range(len(plans.length)):
        plain(write_brief)(plans, brief, bus)
    return brief


def test_plans_in_brief_hide_nothing():
    """Candidates, their order and every bit of their bounds are those of a search that reads all of the plans."""
    rng, found = np.random.default_rng(81), 0
    for _ in range(300):
        case = ref.random_case(rng)
        rider = ref.random_rider(rng, case, tight=bool(rng.integers(2)))
        fleet, plans, costs = ref.as_arrays(case)
        after = rider, case.now, case.travel.tables, costs
        rows, bounds = list_candidates(fleet, plans.arrays, NO_BRIEF, *after)
        some, theirs = list_candidates(fleet, plans.arrays, in_brief(plans.arrays), *after)
        np.testing.assert_array_equal(some, rows)
        assert theirs.tobytes() == bounds.tobytes()
        found += len(rows)
    assert found > 500


def test_a_slot_leaves_both():
    """Where a slot goes and the others stay as they were planned, they do so in brief, too."""
    plans = Plans(2, slots=4)
    for node in (5, 6, 7):
        plans.insert(1, 0, Stop(node, Action.PICKUP, node, 1, 0, NONE, 10.0 * node, 20.0 * node, 3.0))
    brief = in_brief(plans.arrays)
    plain(remove_known)(plans.arrays, brief, 1, 0)
    np.testing.assert_array_equal(brief[1, :2], in_brief(plans.arrays)[1, :2])
    assert plans.size(1) == 2


@dataclass(frozen=True)
class Dreaming(Insertion):
    """Insertion among plans that are not the live ones: those of buses that have nothing to do."""

    def decide(self, view, rng):
        """Decide as if all plans were short."""
        plans = view.plans._replace(length=np.minimum(view.plans.length, 1), floats=view.plans.floats.copy())
        plans.floats.flags.writeable = False
        dreamt = replace(view, plans=plans, fleet=view.fleet._replace(last=np.minimum(view.fleet.last, 0)))
        assert dreamt.search.best(dreamt.rider(int(view.open[0])), view.now).p <= 0
        assert dreamt.search._brief is None
        assert view.search._brief is view.brief.slots
        return super().decide(view, rng)


def test_plans_in_brief_are_those_of_their_plans_alone():
    """A strategy that looks at other plans than the live ones searches in all that stands in them."""
    result = play(crowd(20, name="brief"), sim.Given(dispatch=Dreaming()))
    assert (result.log.kind == Kind.ACCEPT).sum() > 10


@dataclass(frozen=True)
class Watching(Insertion):
    """Insertion that compares what it is given in brief with the plans."""

    seen: list[int] = field(default_factory=list)

    def decide(self, view, rng):
        """Compare the plans of all buses that take riders, then decide."""
        expected = in_brief(view.plans)
        for bus in np.flatnonzero(view.fleet.last >= 0).tolist():
            size = view.plans.length[bus]
            np.testing.assert_array_equal(view.brief.slots[bus, :size], expected[bus, :size])
            self.seen.append(int(size))
        return super().decide(view, rng)


@pytest.mark.skipif(KERNEL != "numba", reason="plain searches do not read plans in brief")
@pytest.mark.parametrize("settings", [(), ("travel.noise_cv=0.3",)])
def test_plans_in_brief_follow_a_day(settings):
    """At each request of a busy day, with plans that outgrow their room, the live plans in brief are true."""
    watching = Watching()
    result = play(crowd(200, name="brief", booked=0.5), sim.Given(dispatch=watching), day(4, *settings))
    assert len(result.log) > 500
    assert max(watching.seen) > 4

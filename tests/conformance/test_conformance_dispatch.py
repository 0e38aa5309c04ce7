"""The public conformance suite: every built-in passes it, and each kind of broken dispatcher fails its own case."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from busim.model.events import Reason
from busim.model.orders import Assign, Orders, Refuse
from busim.policy.insertion import Insertion
from busim.policy.registry import BUILT_IN
from busim.testing import ConformanceError, check_dispatch

SUITE = (
    "form",
    "every order feasible",
    "promises kept",
    "deterministic",
    "future unknown",
    "view untouched",
    "no buses",
    "no requests",
    "a group larger than any bus",
    "1 000 requests in one instant",
    "a request in the past",
    "an unreachable place",
)


SHORT = {"lns": {"iterations": 5}}  # with its own sixty it takes a minute


def conforming(name, strategy):
    """Check a strategy, and that all cases are told."""
    report = check_dispatch(strategy, name=name)
    assert str(report).startswith(f"{name} (dispatch): {len(SUITE)} of {len(SUITE)} cases passed")
    assert tuple(case.name for case in report.cases) == SUITE
    assert report.require() is report


@pytest.mark.parametrize("name", sorted(BUILT_IN["dispatch"]))
def test_every_built_in_conforms(name):
    """Each dispatch strategy of the registry passes every case."""
    conforming(name, BUILT_IN["dispatch"][name](**SHORT.get(name, {})))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SHORT))
def test_a_long_search_conforms(name):
    """So do the strategies that were cut short above, as they are by default."""
    conforming(name, BUILT_IN["dispatch"][name])


@dataclass(frozen=True)
class Fine(Insertion):
    """Decides as insertion does; what is broken is added below."""


@dataclass(frozen=True)
class Careless(Fine):
    """Gives every rider to the first bus, whether that is possible or not."""

    def decide(self, view, rng):
        """Put the first rider in front of all others."""
        return Orders(tuple(Assign(rider, 0, 0, 0) for rider in view.open.tolist()[:1]))


@dataclass(frozen=True)
class Fickle(Fine):
    """Keeps a count outside of the memory, and turns every third rider away."""

    seen: list = field(
        default_factory=list, metadata={"type": list, "about": "", "low": None, "high": None, "unit": ""}
    )

    def decide(self, view, rng):
        """Count, and refuse at three."""
        self.seen.append(view.now)
        if len(self.seen) % 3 == 0:
            return Orders(tuple(Refuse(rider, Reason.STRATEGY) for rider in view.open.tolist()[:1]))
        return super().decide(view, rng)


@dataclass(frozen=True)
class Meddler(Fine):
    """Writes into what it is shown."""

    def decide(self, view, rng):
        """Hide the first bus from later decisions."""
        if len(view.fleet.seats):
            view.fleet = view.fleet._replace(seats=np.append([0], view.fleet.seats[1:]))
        return super().decide(view, rng)


@dataclass(frozen=True)
class Seer(Fine):
    """Turns away whoever is followed soon by another rider, which nobody can know."""

    def decide(self, view, rng):
        """Look at when the next rider will ask."""
        asks = view.riders.from_node[view.riders.ask_s > view.now]
        if len(asks) and len(view.open) and asks[0] > 12:
            return Orders((Refuse(int(view.open[0]), Reason.STRATEGY),))
        return super().decide(view, rng)


@dataclass(frozen=True)
class Mute(Fine):
    """Gives no answer to anyone."""

    def decide(self, view, rng):
        """Look away."""
        return Orders()


@dataclass(frozen=True)
class Crasher(Fine):
    """Takes it for granted that somebody waits, and that a bus is there."""

    def decide(self, view, rng):
        """Look at the first rider and the first bus."""
        assert view.open[0] >= 0
        assert view.fleet.node[0] >= 0
        return super().decide(view, rng)


@dataclass(frozen=True)
class Blind(Fine):
    """Sends a bus to every place without asking whether there is a way, but respects seats."""

    def decide(self, view, rng):
        """Give who fits in to bus 0 where insertion finds no bus."""
        orders = super().decide(view, rng)
        first = orders.orders[0] if orders.orders else None
        no_bus = isinstance(first, Refuse) and first.reason == Reason.NO_BUS
        if no_bus and view.riders.ask_s[first.rider] > view.now - 60 and len(view.idle):
            return Orders((Assign(first.rider, int(view.idle[0]), 0, 0),))
        return orders


BROKEN = [
    (Careless, {"every order feasible"}),
    (Fickle, {"deterministic"}),
    (Meddler, {"view untouched"}),
    (Seer, {"future unknown"}),
    (Mute, {"every order feasible"}),
    (Crasher, {"no buses", "no requests"}),
    (Blind, {"an unreachable place"}),
]


@pytest.mark.parametrize(("strategy", "cases"), BROKEN, ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_dispatcher_fails_the_right_case(strategy, cases):
    """What is broken is what the report names, with the rider, the order or the error; ``require`` raises it."""
    report = check_dispatch(strategy)
    assert cases <= set(report.failed)
    problems = [problem for case in report.cases if case.name in cases for problem in case.problems]
    assert problems
    with pytest.raises(ConformanceError, match="FAIL"):
        report.require()


def test_a_broken_dispatcher_fails_no_other_case():
    """One that only meddles with the view, and one that only keeps state, pass all cases that do not look for that."""
    assert set(check_dispatch(Fickle).failed) == {"deterministic"}
    assert set(check_dispatch(Crasher).failed) == {"no buses", "no requests"}


def test_what_is_no_strategy_is_told_before_anything_runs():
    """A class without ``decide``, with or with state of its own, fails the first case alone."""

    class Loose:
        every_s = 0

    loose = check_dispatch(Loose())
    assert loose.failed == ("form",)
    assert loose.cases[0].problems == (
        "it has no 'unsupported'",
        "it has no 'decide'",
        "it is no frozen dataclass: what it remembers belongs into the memory that it returns",
    )

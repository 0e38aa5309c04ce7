"""A tiny day that runs at once, and ways to break it."""

from dataclasses import dataclass

import pytest

from busim import study
from busim.policy.nearest import Nearest
from busim.policy.registry import register, strategies

TINY = ("scenario.end=08:00:00", "fleet.size=2", "demand.rides_per_day=300", "output.plots=false")


@pytest.fixture
def tiny():
    """Give an hour of the quick ring with two buses."""
    return study.load("quick.toml", TINY)


@pytest.fixture
def failing():
    """Give the same hour with a dispatcher that raises at the third request."""

    @dataclass(frozen=True)
    class Failing(Nearest):
        """Refuses to go on after two requests."""

        def decide(self, view, rng):
            if len(view.riders) and view.open[0] >= 2:
                raise KeyError("third rider")
            return super().decide(view, rng)

    register("dispatch", "failing", Failing)
    yield study.load("quick.toml", (*TINY, "dispatch.strategy=failing"))
    del strategies("dispatch")["failing"]

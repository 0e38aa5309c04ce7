"""The suite of charging strategies: every built-in passes it, and each kind of broken strategy fails its own case."""

from dataclasses import dataclass, field

import pytest

from busim.model.orders import Charge, Move
from busim.policy.charging_sites import Shortest
from busim.policy.registry import BUILT_IN
from busim.testing import ConformanceError, check_charging

SUITE = (
    "form",
    "every order feasible",
    "reserve kept",
    "nobody aboard at a plug",
    "deterministic",
    "view untouched",
    "one plug for all",
    "full buses left alone",
    "no charger",
    "a line",
    "its own bus only",
)


@pytest.mark.parametrize("name", sorted(set(BUILT_IN["charging"]) - {"none"}))
def test_every_built_in_conforms(name):
    """Each charging strategy of the registry passes every case, which are all told."""
    report = check_charging(BUILT_IN["charging"][name], name=name)
    assert str(report).startswith(f"{name} (charging): {len(SUITE)} of {len(SUITE)} cases passed")
    assert tuple(case.name for case in report.cases) == SUITE
    assert report.require() is report


@dataclass(frozen=True)
class Fine(Shortest):
    """Charges as ``shortest`` does; what is broken is added below."""


@dataclass(frozen=True)
class Nowhere(Fine):
    """Sends buses to a site that does not exist."""

    def idle(self, view, bus, rng):
        """Name the site after the last."""
        return tuple(Charge(order.bus, len(view.chargers.node), 0.9) for order in super().idle(view, bus, rng))


@dataclass(frozen=True)
class Meddler(Fine):
    """Writes into what it is shown."""

    def idle(self, view, bus, rng):
        """Make the view's batteries larger."""
        view.battery_kwh = view.battery_kwh * 1.01
        return super().idle(view, bus, rng)


@dataclass(frozen=True)
class Fickle(Fine):
    """Keeps a count of its own."""

    seen: list = field(
        default_factory=list, metadata={"type": list, "about": "", "low": None, "high": None, "unit": ""}
    )

    def idle(self, view, bus, rng):
        """Give no order every second time."""
        self.seen.append(bus)
        return super().idle(view, bus, rng) if len(self.seen) % 2 else ()


@dataclass(frozen=True)
class Greedy(Fine):
    """Charges whatever the battery holds."""

    def idle(self, view, bus, rng):
        """Go to the first site, always."""
        return (Charge(bus, 0, 1.0),) if len(view.chargers.node) and view.charge(bus) > 0.9 else ()


@dataclass(frozen=True)
class Blind(Fine):
    """Believes that there is always a charger."""

    def idle(self, view, bus, rng):
        """Read the first site's node without looking whether there is one."""
        return () if view.chargers.node[0] < 0 else super().idle(view, bus, rng)


@dataclass(frozen=True)
class Wanderer(Fine):
    """Gives other orders than charges."""

    def idle(self, view, bus, rng):
        """Move the bus to where it stands, at first."""
        return (Move(bus, 0),) if view.charge(bus) < 0.3 else super().idle(view, bus, rng)


@dataclass(frozen=True)
class Farthest(Fine):
    """Sends a bus that is almost empty to the site that is farthest away."""

    def idle(self, view, bus, rng):
        """Wait until little is left, and do not ask how far it carries."""
        if not len(view.chargers.node) or view.charge(bus) >= 0.4:
            return ()
        away = view.travel.times[0, view.fleet.node[bus], view.chargers.node]
        return (Charge(bus, int(away.argmax()), 0.9),)


@pytest.mark.parametrize(
    ("strategy", "case"),
    [
        (Nowhere, "every order feasible"),
        (Meddler, "view untouched"),
        (Fickle, "deterministic"),
        (Greedy, "full buses left alone"),
        (Blind, "no charger"),
        (Wanderer, "its own bus only"),
        (Farthest, "reserve kept"),
    ],
)
def test_what_is_broken_fails_its_case(strategy, case):
    """Each broken strategy fails the case that is about its fault, and the report says what was wrong."""
    report = check_charging(strategy)
    assert case in report.failed
    with pytest.raises(ConformanceError, match=case):
        report.require()


def test_the_form_comes_first():
    """What is no frozen dataclass, or plans without saying how often, is not tried any further."""

    class Loose:
        """No dataclass."""

        def plan(self, view, rng):
            """Plan nothing."""
            return {}

    report = check_charging(Loose)
    assert report.failed == ("form",)
    assert len(report.cases) == 1
    assert "every_s" in str(report)
    assert "frozen dataclass" in str(report)

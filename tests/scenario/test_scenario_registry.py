"""Strategies are checked by the registry that is handed in."""

from __future__ import annotations

import pytest

from busim.errors import InputError
from busim.scenario import loads


class OneOfEach:
    """Knows insertion, stay and threshold; insertion has the parameter horizon."""

    def __init__(self):
        self.asked = []

    def check(self, kind, strategy, parameters):
        """Note the question and find unknown names."""
        self.asked.append((kind, strategy, dict(parameters)))
        if strategy not in self.names(kind):
            return [("strategy", f"there is no {kind} strategy '{strategy}'", "did you mean another?")]
        return [
            (key, f"'{strategy}' has no parameter '{key}'", "known: horizon") for key in parameters if key != "horizon"
        ]

    def names(self, kind):
        """List the one strategy of a kind."""
        return {"dispatch": ("insertion",), "idling": ("stay",), "charging": ("threshold",)}[kind]


def test_every_kind_is_asked_with_its_parameters(ring):
    """Shared keys of a section, such as the reserve, are no parameters."""
    registry = OneOfEach()
    loads(ring + "[dispatch]\nhorizon = 3\n[charging]\nreserve = 0.2\n", registry=registry)
    assert registry.asked == [
        ("dispatch", "insertion", {"horizon": 3}),
        ("idling", "stay", {}),
        ("charging", "threshold", {}),
    ]


def test_findings_have_their_place_and_come_with_all_others(ring):
    """Unknown strategies and parameters are told together with what else is wrong."""
    text = ring + '[dispatch]\nhorizn = 3\n[idling]\nstrategy = "sleep"\n[scenario]\nseed = -1\n'
    with pytest.raises(InputError) as caught:
        loads(text, registry=OneOfEach(), name="x.toml")
    found = [(problem.where, problem.remedy) for problem in caught.value.problems]
    assert ("x.toml:7 dispatch.horizn", "known: horizon") in found
    assert ("x.toml:9 idling.strategy", "did you mean another?") in found
    assert ("x.toml:11 scenario.seed", "allowed: at least 0; seed of all random numbers") in found


def test_an_override_is_named(ring):
    """A parameter from the command line is reported as such."""
    with pytest.raises(InputError, match=r"--set dispatch\.horizn=3: 'insertion' has no parameter"):
        loads(ring, ["dispatch.horizn=3"], registry=OneOfEach())


def test_without_a_registry_strategies_are_taken_as_they_are(ring):
    """The scenario knows no strategy itself."""
    assert loads(ring, ["dispatch.strategy=anything"]).spec.dispatch.strategy == "anything"

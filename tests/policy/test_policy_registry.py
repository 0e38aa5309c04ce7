"""The registry of strategies: names, parameters, and what other packages add."""

import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from busim.errors import InputError
from busim.model.specs import StrategySpec
from busim.policy import registry
from busim.policy.fields import check, describe, parameter


@dataclass(frozen=True)
class Example:
    """A strategy with a parameter of each type."""

    share: float = parameter(0.5, "a share", low=0.0, high=1.0)
    every_s: int = parameter(30, "length of a round", low=1, unit="s")
    most: float = parameter(2.0, "at most two", high=2.0)
    is_greedy: bool = parameter(False, "whether it is greedy")
    name: str = parameter("a", "a name")


BAD = [
    ({"shar": 0.5}, "shar", "unknown parameter 'shar'", "did you mean 'share'?"),
    ({"stratgy": "x"}, "stratgy", "unknown parameter 'stratgy'", "did you mean 'strategy'?"),
    ({"share": 1.5}, "share", "must be from 0.0 to 1.0, got 1.5", ""),
    ({"share": -0.1}, "share", "must be from 0.0 to 1.0, got -0.1", ""),
    ({"share": float("nan")}, "share", "must be from 0.0 to 1.0, got nan", ""),
    ({"share": "half"}, "share", "must be of type float, got 'half'", ""),
    ({"share": True}, "share", "must be of type float, got True", ""),
    ({"every_s": 0}, "every_s", "must be at least 1 s, got 0", ""),
    ({"every_s": 2.5}, "every_s", "must be of type int, got 2.5", ""),
    ({"every_s": float("inf")}, "every_s", "must be of type int, got inf", ""),
    ({"every_s": float("nan")}, "every_s", "must be of type int, got nan", ""),
    ({"most": 3}, "most", "must be at most 2.0, got 3", ""),
    ({"is_greedy": 1}, "is_greedy", "must be of type bool, got 1", ""),
    ({"name": 3}, "name", "must be of type str, got 3", ""),
    ({"name": None}, "name", "must be of type str, got None", ""),
]


@pytest.mark.parametrize(("given", "key", "what", "remedy"), BAD)
def test_a_bad_parameter_is_told(given, key, what, remedy):
    """Each bad value gives one finding: where, what, and the nearest name if there is one."""
    assert check(Example, given) == [(key, what, remedy)]


def test_good_parameters_and_all_bad_ones_at_once():
    """Whole numbers do for fractions; several findings come together."""
    assert check(Example, {"share": 1, "every_s": 60.0, "is_greedy": True, "name": "b"}) == []
    assert [key for key, _, _ in check(Example, {"share": 2, "every_s": 0, "x": 1})] == ["share", "every_s", "x"]


def test_parameters_describe_themselves():
    """Each parameter has its type, default, range, unit and sentence."""
    rows = describe(Example)
    assert [row["name"] for row in rows] == ["share", "every_s", "most", "is_greedy", "name"]
    assert rows[1] == {
        "name": "every_s",
        "type": "int",
        "default": 30,
        "low": 1,
        "high": None,
        "unit": "s",
        "about": "length of a round",
    }


@pytest.mark.parametrize(
    ("kind", "name", "near"),
    [("dispatch", "insertoin", "insertion"), ("charging", "treshold", "threshold"), ("idling", "sta", "stay")],
)
def test_an_unknown_name_suggests_the_nearest(kind, name, near):
    """A strategy misspelt is an input error that names the one meant."""
    with pytest.raises(InputError) as caught:
        registry.make(kind, StrategySpec(name))
    assert caught.value.problems[0].where == f"{kind}.strategy"
    assert caught.value.problems[0].remedy == f"did you mean '{near}'?"


@pytest.mark.parametrize("kind", registry.KINDS)
def test_every_built_in_can_be_made_and_described(kind):
    """Defaults lie in their own ranges, every parameter has a sentence, and the strategy has one, too."""
    names = registry.PolicyRegistry().names(kind)
    assert set(registry.BUILT_IN[kind]) <= set(names)
    for name in registry.BUILT_IN[kind]:
        told = registry.PolicyRegistry().describe(kind, name)
        assert told["about"].endswith(".")
        assert all(row["about"] for row in told["parameters"])
        defaults = {row["name"]: row["default"] for row in told["parameters"]}
        assert registry.make(kind, StrategySpec(name, defaults)) == registry.make(kind, StrategySpec(name))


class Entry:
    """An entry point of another package."""

    def __init__(self, name, load):
        self.name, self.value, self._load = name, f"other.package:{name}", load

    def load(self):
        """Import it."""
        return self._load()


@pytest.fixture
def plugged(monkeypatch):
    """Pretend that other packages offer these strategies."""

    def plug(*entries):
        monkeypatch.setattr(registry, "entry_points", lambda group: entries if group == "busim.dispatch" else ())
        registry.strategies.cache_clear()
        return registry

    yield plug
    monkeypatch.undo()
    registry.strategies.cache_clear()


def test_another_package_adds_a_strategy(plugged):
    """An entry point is found by its name and made with its parameters."""
    plugged(Entry("example", lambda: Example))
    assert registry.make("dispatch", StrategySpec("example", {"share": 0.25})) == Example(share=0.25)


def test_a_plug_in_never_replaces_a_built_in(plugged):
    """The built-in table wins over an entry point of the same name."""
    plugged(Entry("insertion", lambda: Example))
    assert registry.strategies("dispatch")["insertion"] is registry.BUILT_IN["dispatch"]["insertion"]


def test_a_plug_in_that_cannot_be_loaded_warns_and_the_rest_works(plugged):
    """A broken package does not take the others down; the warning names it and the error."""

    def broken():
        raise ImportError("no module named 'torch'")

    plugged(Entry("learned", broken), Entry("example", lambda: Example))
    with pytest.warns(UserWarning, match=r"'learned' .* cannot be loaded: no module named 'torch'"):
        names = registry.PolicyRegistry().names("dispatch")
    assert "example" in names
    assert "insertion" in names
    assert "learned" not in names


def test_registering_in_a_script(plugged):
    """A strategy of a script or notebook is there under its name, in this process."""
    plugged()
    registry.register("dispatch", "mine", Example)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert registry.make("dispatch", StrategySpec("mine")) == Example()
    assert np.isfinite(Example().share)


@dataclass(frozen=True)
class Plain:
    """A strategy of somebody who knows dataclasses only."""

    share: float
    every_s: int = 30


def test_a_strategy_with_plain_fields_is_described_and_checked():
    """Fields without range and sentence are parameters as well: typed by their default, told when they are missing."""
    assert [(row["name"], row["type"], row["default"]) for row in describe(Plain)] == [
        ("share", "object", None),
        ("every_s", "int", 30),
    ]
    assert check(Plain, {"share": 0.5, "every_s": 10}) == []
    assert check(Plain, {"every_s": "x"}) == [
        ("every_s", "must be of type int, got 'x'", ""),
        ("share", "has no default and is not given", "give share = ..."),
    ]

"""All strategies by kind and name: the built-in table, and what other packages add by entry points."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any, cast

from busim.errors import InputError, Problem, did_you_mean
from busim.model.specs import StrategySpec
from busim.policy.balanced import Balanced
from busim.policy.batch import Batch
from busim.policy.charging import NoCharging, Threshold
from busim.policy.charging_assign import AssignPlugs
from busim.policy.charging_sites import Idle, Reserve, Shortest, Terminal
from busim.policy.charging_tariff import Tariff
from busim.policy.fields import Finding, check, describe
from busim.policy.idling import Stay
from busim.policy.idling_rebalance import Rebalance
from busim.policy.idling_spread import Spread
from busim.policy.insertion import Insertion
from busim.policy.lns import Lns
from busim.policy.nearest import Nearest
from busim.policy.protocols import Dispatcher, IdleStrategy
from busim.policy.rtv import Rtv

KINDS = ("dispatch", "idling", "charging")
BUILT_IN: Mapping[str, Mapping[str, type]] = {
    "dispatch": {
        "balanced": Balanced,
        "batch": Batch,
        "insertion": Insertion,
        "lns": Lns,
        "nearest": Nearest,
        "rtv": Rtv,
    },
    "idling": {"rebalance": Rebalance, "spread": Spread, "stay": Stay},
    "charging": {
        "assign": AssignPlugs,
        "idle": Idle,
        "none": NoCharging,
        "reserve": Reserve,
        "shortest": Shortest,
        "tariff": Tariff,
        "terminal": Terminal,
        "threshold": Threshold,
    },
}


@cache
def strategies(kind: str) -> dict[str, type]:
    """Give all strategies of a kind by name; a plug-in that cannot be loaded is left out with a warning."""
    table = dict(BUILT_IN[kind])
    for entry in sorted(entry_points(group=f"busim.{kind}"), key=lambda e: e.name):
        try:
            table.setdefault(entry.name, entry.load())
        except Exception as error:
            warnings.warn(f"{kind} strategy '{entry.name}' ({entry.value}) cannot be loaded: {error}", stacklevel=2)
    return table


def register(kind: str, name: str, strategy: type) -> None:
    """Add a strategy in this process, for scripts and notebooks; packages use entry points."""
    strategies(kind)[name] = strategy


class PolicyRegistry:
    """The registry as scenario files are checked against it."""

    def names(self, kind: str) -> tuple[str, ...]:
        """List the names of a kind."""
        return tuple(sorted(strategies(kind)))

    def check(self, kind: str, strategy: str, parameters: Mapping[str, Any]) -> list[Finding]:
        """Find what is wrong with a strategy's name and parameters: (key, what, remedy)."""
        table = strategies(kind)
        if strategy not in table:
            return [("strategy", f"unknown {kind} strategy '{strategy}'", did_you_mean(strategy, table))]
        return check(table[strategy], parameters)

    def describe(self, kind: str, strategy: str) -> dict[str, Any]:
        """Tell a strategy's sentence and parameters."""
        chosen = strategies(kind)[strategy]
        about = (chosen.__doc__ or "").strip().split("\n")[0]
        return {"kind": kind, "name": strategy, "about": about, "parameters": describe(chosen)}


def make(kind: str, spec: StrategySpec) -> Any:
    """Make one strategy from its spec.

    Raises
    ------
    InputError
        If the name or a parameter is wrong.
    """
    findings = PolicyRegistry().check(kind, spec.strategy, spec.parameters)
    if findings:
        raise InputError(Problem(f"{kind}.{key}", what, remedy) for key, what, remedy in findings)
    return strategies(kind)[spec.strategy](**spec.parameters)


def make_dispatcher(spec: StrategySpec) -> Dispatcher:
    """Make a dispatch strategy."""
    return cast(Dispatcher, make("dispatch", spec))


def make_idle(kind: str, spec: StrategySpec) -> IdleStrategy:
    """Make a strategy for buses without work: ``kind`` is ``"idling"`` or ``"charging"``."""
    return cast(IdleStrategy, make(kind, spec))


def name_of(strategy: object) -> str:
    """Give the name under which scenarios know a strategy; that of its class if it is not registered."""
    named = (name for kind in KINDS for name, known in strategies(kind).items() if known is type(strategy))
    return next(named, type(strategy).__name__.lower())

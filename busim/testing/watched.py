"""A dispatcher that watches another one: what it does to the view, and whether it decides twice in the same way."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import fields, replace
from typing import Any

import numpy as np

from busim.core.travel import TravelTimes
from busim.core.view import View
from busim.model.events import Reason
from busim.model.orders import Orders, Refuse
from busim.model.riders import Riders
from busim.model.specs import ScenarioSpec
from busim.policy.protocols import Dispatcher
from busim.units import clock


def digest(thing: Any) -> str:
    """Hash a value of the view with all arrays in it."""
    hasher = hashlib.sha256()
    _feed(hasher, thing)
    return hasher.hexdigest()


def _feed(hasher: Any, thing: Any) -> None:
    if isinstance(thing, np.ndarray):
        hasher.update(str((thing.dtype, thing.shape)).encode())
        hasher.update(np.ascontiguousarray(thing).tobytes())
    elif isinstance(thing, dict):
        for key, value in thing.items():
            hasher.update(repr(key).encode())
            _feed(hasher, value)
    elif isinstance(thing, list | tuple):
        for each in thing:
            _feed(hasher, each)
    elif hasattr(thing, "__dataclass_fields__"):
        for each in fields(thing):
            _feed(hasher, getattr(thing, each.name))
    else:
        hasher.update(repr(thing).encode())


def _parts(view: View) -> dict[str, str]:
    """Hash each part of a view but the travel times, which are large and the same all day."""
    names = (each.name for each in fields(view) if each.name != "travel" and not each.name.startswith("_"))
    return {name: digest(getattr(view, name)) for name in names}


class Watched:
    """Asks the strategy three times at each decision and compares; looks whether the view is what it was.

    The third time, nobody is to come later: who reads what is not known yet decides otherwise.

    Parameters
    ----------
    strategy
        Who decides.
    """

    def __init__(self, strategy: Dispatcher) -> None:
        self.strategy = strategy
        self.changed: list[str] = []
        self.unlike: list[str] = []
        self.foresees: list[str] = []
        self._travel = ""

    @property
    def every_s(self) -> int:
        """Decide when the strategy does."""
        return self.strategy.every_s

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Support what the strategy supports."""
        return self.strategy.unsupported(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:
        """Ask from the same state of the random numbers; what was said last counts."""
        before, again = _parts(view), copy.deepcopy(rng)
        self._travel = self._travel or digest(tuple(view.travel.tables))  # large, so only once a day
        first = self.strategy.decide(view, again)
        after = _parts(view)
        names = [name for name in before if before[name] != after[name]]
        if names:
            self.changed.append(f"at {clock(view.now)} it changed the view: {', '.join(names)}")
        blind = self.strategy.decide(_without_future(view), copy.deepcopy(rng))
        second = self.strategy.decide(view, rng)
        if first.orders != second.orders:
            self.unlike.append(f"at {clock(view.now)}, asked twice, it said {_short(first)} and {_short(second)}")
        elif blind.orders != second.orders:
            known, unknown = _short(second), _short(blind)
            self.foresees.append(f"at {clock(view.now)} it said {known}, but {unknown} when nobody was to come later")
        return second

    def finish(self, travel: TravelTimes) -> list[str]:
        """List what was changed, the travel times of the day included."""
        is_same = not self._travel or digest(tuple(travel.tables)) == self._travel
        return self.changed + ([] if is_same else ["it changed the travel times"])


class WithNobody:
    """Asks the strategy as if nobody waited, and turns away those who do.

    Parameters
    ----------
    strategy
        Who decides.
    """

    every_s = 0

    def __init__(self, strategy: Dispatcher) -> None:
        self.strategy = strategy
        self.wrong: list[str] = []

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Support what the strategy supports."""
        return self.strategy.unsupported(spec)

    def decide(self, view: View, rng: np.random.Generator) -> Orders:
        """Ask with an empty list."""
        try:
            orders = self.strategy.decide(replace(view, open=np.zeros(0, np.int64)), rng).orders
        except Exception as error:
            self.wrong.append(f"asked with nobody waiting it raised {type(error).__name__}: {error}")
            orders = ()
        self.wrong += [f"asked with nobody waiting it ordered {order}" for order in orders[:1]]
        return Orders(tuple(Refuse(rider, Reason.STRATEGY) for rider in view.open.tolist()), view.memory)


def _without_future(view: View) -> View:
    """Give a view in whose table those who have not asked yet stand as nobody at node 0."""
    blank, choices = _blank(view.riders, view.now), view.riders.choices
    if choices is not None:
        blank = replace(blank, choices=replace(choices, table=_blank(choices.table, view.now)))
    return replace(view, riders=blank)


def _blank(riders: Riders, now: int) -> Riders:
    coming = riders.ask_s > now
    columns: dict[str, Any] = {each.name: getattr(riders, each.name) for each in fields(riders)}
    del columns["ask_s"], columns["choices"]
    blank: dict[str, Any] = {name: np.where(coming, 0, column) for name, column in columns.items()}
    return replace(riders, **blank)


def _short(orders: Orders) -> str:
    text = ", ".join(map(str, orders.orders[:2])) or "nothing"
    return text + (" ..." if len(orders.orders) > 2 else "")

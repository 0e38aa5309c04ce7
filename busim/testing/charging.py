"""The conformance suite of charging strategies: nobody is stranded, nobody waits aboard, plugs are not blocked."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from busim import sim
from busim.core.view import View
from busim.errors import StrategyError
from busim.model.events import Action, Cause, Kind
from busim.model.orders import Charge, Order
from busim.model.specs import ChargerSpec, LineSpec, ScenarioSpec
from busim.policy.fields import describe
from busim.policy.protocols import IdleStrategy, PlanningStrategy
from busim.testing.report import Case, Report, suite
from busim.testing.town import NODES, crowd, day, play, town
from busim.testing.watched import digest
from busim.units import clock

_BATTERY = {
    "battery_kwh": 5.0,
    "kwh_per_km": 0.5,
    "standing_kw": 1.5,
    "charge_kw": 40.0,
    "drive": None,
    "charge_points": (),
    "standing_by_hour_kw": (),
}
_FULL = 0.995


def check_charging(strategy: IdleStrategy | type, *, name: str | None = None) -> Report:
    """Try a charging strategy in a small town with small batteries and few plugs, case by case.

    Parameters
    ----------
    strategy
        An object with ``idle`` (and, if it plans ahead, ``every_s`` and ``plan``), or its class, which is then made
        with its defaults.
    name
        What the report calls it; by default the name of its class.

    Returns
    -------
    Report
        A line per case; ``str(report)`` is for people, ``report.require()`` for tests.
    """
    return suite("charging", strategy, name, _form(strategy), _rest)


def _rest(strategy: IdleStrategy) -> tuple[Case, ...]:
    return (*_busy(strategy), *(_tried(strategy, *case) for case in CASES))


def _form(strategy: object) -> Case:
    """Look at the strategy itself: what it offers, and whether its parameters can be told."""
    kind = strategy if isinstance(strategy, type) else type(strategy)
    wrong = [f"it has no '{each}'" for each in ("unsupported", "idle") if not hasattr(strategy, each)]
    fields = getattr(kind, "__dataclass_fields__", {})
    if hasattr(strategy, "plan") and not (hasattr(strategy, "every_s") or "every_s" in fields):
        wrong.append("it has 'plan', but no 'every_s' to tell how often")
    if not dataclasses.is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        wrong.append("it is no frozen dataclass: what it remembers belongs into what 'plan' returns")
    else:
        try:
            describe(kind)
        except (KeyError, AttributeError):
            wrong.append("a field cannot be told to users; declare it by busim.policy.fields.parameter")
    return Case("form", "a frozen dataclass with unsupported and idle", tuple(wrong))


def scarce(plugs: int = 1, *, start_charge: float = 0.9, line: LineSpec | None = None, **vehicle: Any) -> ScenarioSpec:
    """Describe a morning on which batteries last half an hour; several plugs stand in the middle and a corner."""
    spec = day(4)
    kinds = tuple(replace(kind, **{**_BATTERY, **vehicle}) for kind in spec.fleet.vehicles)
    corner = (ChargerSpec("stop_0", 1, 40.0, 30),) if plugs > 1 else ()
    buses = tuple(replace(bus, start_charge=start_charge) for bus in spec.fleet.buses)
    return replace(
        spec,
        fleet=replace(spec.fleet, vehicles=kinds, buses=buses),
        charging=replace(spec.charging, sites=(ChargerSpec("charger", plugs, 40.0, 30), *corner)),
        service=replace(spec.service, mode="line") if line is not None else spec.service,
        line=line,
    )


class WatchedIdle:
    """Asks a charging strategy twice each time and compares; looks whether the view is what it was.

    Parameters
    ----------
    strategy
        Who is asked.
    """

    def __init__(self, strategy: IdleStrategy) -> None:
        self.strategy = strategy
        self.changed: list[str] = []
        self.unlike: list[str] = []

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Support what the strategy supports."""
        return self.strategy.unsupported(spec)

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:
        """Ask twice, from the same state of the random numbers; what was said last counts."""
        before, again = _parts(view), copy.deepcopy(rng)
        first = self.strategy.idle(view, bus, again)
        self._compare(view, before)
        second = self.strategy.idle(view, bus, rng)
        if first != second:
            self.unlike.append(f"at {clock(view.now)}, asked twice for bus {bus}, it said {first} and {second}")
        return second

    def _compare(self, view: View, before: Mapping[str, str]) -> None:
        names = [name for name, value in _parts(view).items() if before[name] != value]
        if names:
            self.changed.append(f"at {clock(view.now)} it changed the view: {', '.join(names)}")


class WatchedPlan(WatchedIdle):
    """The same for a strategy that plans ahead."""

    strategy: PlanningStrategy

    @property
    def every_s(self) -> int:
        """Plan when the strategy does."""
        return self.strategy.every_s

    def plan(self, view: View, rng: np.random.Generator) -> Mapping[str, Any]:
        """Let it plan twice, from the same state of the random numbers."""
        before, again = _parts(view), copy.deepcopy(rng)
        first = self.strategy.plan(view, again)
        self._compare(view, before)
        second = self.strategy.plan(view, rng)
        if digest(first) != digest(second):
            self.unlike.append(f"at {clock(view.now)} it made two plans of the same view")
        return second


def _parts(view: View) -> dict[str, str]:
    """Hash each part of a view but the travel times, which are large and the same all day."""
    return {f.name: digest(getattr(view, f.name)) for f in dataclasses.fields(view) if f.name != "travel"}


def _busy(strategy: IdleStrategy) -> tuple[Case, ...]:
    """Play one busy morning, twice, and look at it from several sides."""
    kind = WatchedPlan if isinstance(strategy, PlanningStrategy) else WatchedIdle
    watched, riders = kind(cast(Any, strategy)), crowd(40, name="charging", booked=0.25)
    spec = scarce(2)
    what = "a busy morning with small batteries and two plugs"
    try:
        first = play(riders, sim.Given(charging=watched), spec)
        again = play(riders, sim.Given(charging=strategy), spec)
    except StrategyError as error:
        return (Case("every order feasible", what, (str(error),)),)
    except Exception as error:
        return (Case("every order feasible", what, (_crash(error),)),)
    same = [] if first.log.sha256() == again.log.sha256() else ["the same day played twice has two logs"]
    return (
        Case("every order feasible", what),
        Case("reserve kept", "the same: no bus below its reserve", tuple(stranded(first))),
        Case("nobody aboard at a plug", "the same, by the log", tuple(aboard(first))),
        Case("deterministic", "asked twice each time, and the day played twice", (*watched.unlike, *same)),
        Case("view untouched", "all that it was shown, before and after", tuple(watched.changed)),
    )


def _crash(error: Exception) -> str:
    return f"the run ended with {type(error).__name__}: {error}"


def _tried(strategy: IdleStrategy, name: str, about: str, check: Callable[[IdleStrategy], list[str]]) -> Case:
    try:
        problems = check(strategy)
    except StrategyError as error:
        problems = [str(error)]
    except Exception as error:  # whatever it is, the other cases are still of interest
        problems = [_crash(error)]
    return Case(name, about, tuple(problems))


def stranded(result: sim.SimResult) -> list[str]:
    """List the moments at which a bus fell below its reserve, from the log."""
    log = result.log
    rows = np.flatnonzero(log.kind == Kind.LOW).tolist()
    return [
        f"bus {log.bus[k]} held {log.value[k]:.2f} kWh at {clock(int(log.time[k]))}, below its reserve"
        f" ({Cause(int(log.a[k])).name.lower()})"
        for k in rows
    ]


def aboard(result: sim.SimResult) -> list[str]:
    """List the moments at which a bus was plugged in with riders aboard, from the log."""
    load: dict[int, int] = {}
    found = []
    log = result.log
    for kind, bus, time in zip(log.kind.tolist(), log.bus.tolist(), log.time.tolist(), strict=True):
        if kind in (Kind.BOARD, Kind.ALIGHT):
            load[bus] = load.get(bus, 0) + (1 if kind == Kind.BOARD else -1)
        elif kind == Kind.PLUG_IN and load.get(bus, 0):
            found.append(f"bus {bus} was plugged in with riders aboard at {clock(time)}")
    return found


def _home(result: sim.SimResult) -> list[str]:
    """List buses that never came home."""
    log = result.log
    ended = set(log.bus[log.kind == Kind.SHIFT_END].tolist())
    return [f"bus {bus} never ended its shift" for bus in range(len(result.state.fleet.node)) if bus not in ended]


def _judged(result: sim.SimResult) -> list[str]:
    return stranded(result) + aboard(result) + _home(result)


def _one_plug(strategy: IdleStrategy) -> list[str]:
    return _judged(play(crowd(15, name="one plug"), sim.Given(charging=strategy), scarce(1, start_charge=0.45)))


def _full(strategy: IdleStrategy) -> list[str]:
    """Look whether full buses go to charge."""
    spec = scarce(2, start_charge=1.0, battery_kwh=5000.0)
    result = play([], sim.Given(charging=strategy), spec)
    sent = (result.log.kind == Kind.SLOT) & (result.log.a == Action.CHARGE)
    return [f"it sent bus {bus}, which is full, to charge" for bus in np.unique(result.log.bus[sent]).tolist()]


def _no_charger(strategy: IdleStrategy) -> list[str]:
    """Look what it does in a town without any charger."""
    whole, spec = town(), scarce(1, battery_kwh=50.0)
    kinds = tuple("stop" if kind == "charger" else kind for kind in whole.places.kinds)
    spec = replace(spec, charging=replace(spec.charging, sites=()))
    bare = replace(whole, places=replace(whole.places, kinds=kinds))
    return _judged(play(crowd(15, name="no charger"), sim.Given(charging=strategy), spec, bare))


def _line(strategy: IdleStrategy) -> list[str]:
    """Look whether it keeps a line's buses going between rounds."""
    stops = tuple(f"stop_{k}" for k in (0, 2, NODES // 2, NODES - 3, NODES - 1))
    line = LineSpec("town", stops, is_loop=False, headway_s=600, timetable_s=(), headway_cv=0.0, layover_s=120)
    spec = scarce(2, line=line, battery_kwh=12.0)
    return _judged(play(crowd(25, name="line"), sim.Given(charging=strategy), spec))


def _asked_of_nothing(strategy: IdleStrategy) -> list[str]:
    """Look whether orders are for the bus that was asked about, and for nobody else."""
    spy = _Spy(strategy)
    play(crowd(15, name="orders"), sim.Given(charging=spy), scarce(2, start_charge=0.5))
    return spy.strange


class _Spy:
    """Looks at the orders: charges of the bus in question only.

    A strategy that plans has its plan made at each question, so that it is looked at too.
    """

    def __init__(self, strategy: IdleStrategy) -> None:
        self.strategy = strategy
        self.strange: list[str] = []

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Support what the strategy supports."""
        return self.strategy.unsupported(spec)

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:
        """Ask, and look at what comes back."""
        if isinstance(self.strategy, PlanningStrategy):
            view.memory = self.strategy.plan(view, rng)
        orders = self.strategy.idle(view, bus, rng)
        self.strange += [
            f"asked about bus {bus} at {clock(view.now)} it ordered {order}"
            for order in orders
            if not isinstance(order, Charge) or order.bus != bus
        ]
        return orders if not self.strange else ()


CASES: tuple[tuple[str, str, Callable[[IdleStrategy], list[str]]], ...] = (
    ("one plug for all", "four low buses, one plug: all are home in the end, none below its reserve", _one_plug),
    ("full buses left alone", "a morning without riders, batteries that hardly empty", _full),
    ("no charger", "a town that has none", _no_charger),
    ("a line", "between rounds of a fixed line", _line),
    ("its own bus only", "each order is a charge of the bus in question", _asked_of_nothing),
)

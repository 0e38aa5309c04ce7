"""The conformance suite of dispatch strategies: what the simulation and every rider may count on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace

from busim import sim
from busim.errors import StrategyError
from busim.model.events import Kind
from busim.model.specs import ScenarioSpec
from busim.policy.protocols import Dispatcher
from busim.testing.promises import breaches, histories
from busim.testing.report import Case, Report, suite
from busim.testing.town import END_S, NODES, START_S, Rider, closed, crowd, day, play
from busim.testing.watched import Watched, WithNobody
from busim.units import clock

MANY = 1000
_MIDDLE, _FAR = NODES // 2, NODES - 2
_CLOSED = 7  # no depot, no charger


def check_dispatch(strategy: Dispatcher | type, *, name: str | None = None) -> Report:
    """Try a dispatch strategy in a small town, case by case.

    Parameters
    ----------
    strategy
        An object that decides, or its class, which is then made with its defaults.
    name
        What the report calls it; by default the name of its class.

    Returns
    -------
    Report
        A line per case; ``str(report)`` is for people, ``report.require()`` for tests.
    """
    return suite("dispatch", strategy, name, _form(strategy), _rest)


def _rest(strategy: Dispatcher) -> tuple[Case, ...]:
    return (*_busy(strategy), *(_tried(strategy, case) for case in CASES))


def _form(strategy: object) -> Case:
    """Look at the strategy itself: what it offers, and whether its parameters can be told."""
    kind = strategy if isinstance(strategy, type) else type(strategy)
    wrong = [f"it has no '{each}'" for each in ("every_s", "unsupported", "decide") if not _offers(strategy, each)]
    if not dataclasses.is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        wrong.append("it is no frozen dataclass: what it remembers belongs into the memory that it returns")
    return Case("form", "a frozen dataclass with every_s, unsupported and decide", tuple(wrong))


def _offers(strategy: object, name: str) -> bool:
    fields = getattr(strategy, "__dataclass_fields__", {})
    return hasattr(strategy, name) or name in fields


def _busy(strategy: Dispatcher) -> tuple[Case, ...]:
    """Play one busy morning, twice, and look at it from several sides."""
    riders, watched = crowd(40, name="busy", booked=0.25), Watched(strategy)
    try:
        first = play(riders, sim.Given(watched))
        again = play(riders, sim.Given(strategy))
    except StrategyError as error:
        return (Case("every order feasible", "a busy morning", (str(error),)),)
    except Exception as error:
        return (Case("every order feasible", "a busy morning", (_crash(error),)),)
    served = sum(Kind.ALIGHT in told for told in histories(first))
    is_same = first.log.sha256() == again.log.sha256()
    parts = [] if is_same else ["the same day played twice has two logs: is there state outside of the memory?"]
    return (
        Case("every order feasible", f"a busy morning, {served} of {len(riders)} riders served", tuple(_silent(first))),
        Case("promises kept", "the same, with riders who have booked ahead", tuple(breaches(first, day()))),
        Case("deterministic", "each decision asked for twice, and the day played twice", (*watched.unlike, *parts)),
        Case("future unknown", "each decision asked for without the riders who come later", tuple(watched.foresees)),
        Case("view untouched", "all that it was shown, before and after", tuple(watched.finish(first.travel))),
    )


def _crash(error: Exception) -> str:
    return f"the run ended with {type(error).__name__}: {error}"


def _silent(result: sim.SimResult) -> list[str]:
    """List riders who never got an answer."""
    ends = (Kind.ACCEPT, Kind.REFUSE, Kind.ABANDON)
    return [
        f"rider {rider}, who asked at {clock(told[Kind.REQUEST][0])}, never got an answer"
        for rider, told in enumerate(histories(result))
        if Kind.REQUEST in told and not any(kind in told for kind in ends)
    ]


Check = Callable[[Dispatcher], list[str]]


@dataclasses.dataclass(frozen=True)
class _Trial:
    """A case that is a day of its own."""

    name: str
    about: str
    check: Check


def _tried(strategy: Dispatcher, trial: _Trial) -> Case:
    try:
        problems = trial.check(strategy)
    except StrategyError as error:
        problems = [str(error)]
    except Exception as error:  # whatever it is, the other cases are still of interest
        problems = [_crash(error)]
    return Case(trial.name, trial.about, tuple(problems))


def _refused(result: sim.SimResult, riders: tuple[int, ...], why: str) -> list[str]:
    """List those of some riders, whom nobody can carry, who were promised a ride."""
    told = histories(result)
    return [f"rider {rider}, {why}, was accepted" for rider in riders if Kind.ACCEPT in told[rider]]


def _judged(result: sim.SimResult, spec: ScenarioSpec | None = None) -> list[str]:
    return _silent(result) + breaches(result, spec or day())


def _no_buses(strategy: Dispatcher) -> list[str]:
    riders = crowd(10, name="no buses")
    none = play(riders, sim.Given(strategy), day(0))
    late = replace(
        day(), fleet=replace(day().fleet, buses=tuple(replace(b, shift_start_s=END_S - 600) for b in day().fleet.buses))
    )
    off = play(riders, sim.Given(strategy), late)
    return _refused(none, tuple(range(10)), "for whom there is no bus") + _silent(none) + _judged(off, late)


def _no_requests(strategy: Dispatcher) -> list[str]:
    asked = WithNobody(strategy)
    play([Rider(START_S + 60, 1, _MIDDLE)], sim.Given(asked))
    played = play([], sim.Given(strategy))
    return asked.wrong + (["it accepted riders on a day that has none"] if Kind.ACCEPT in played.log.kind else [])


def _large_group(strategy: Dispatcher) -> list[str]:
    seats = max(v.seats + v.standees for v in day().fleet.vehicles)
    riders = [
        Rider(START_S + 60, _MIDDLE, _FAR, party=seats + 5),
        Rider(START_S + 60, _MIDDLE, _FAR, party=2),
        Rider(START_S + 120, 1, 3, party=seats),
    ]
    played = play(riders, sim.Given(strategy))
    return _refused(played, (0,), f"a party of {seats + 5} for {seats} places") + _judged(played)


def _rush(strategy: Dispatcher) -> list[str]:
    riders = [r._replace(ask_s=START_S + 900, ready_s=-1) for r in crowd(MANY, name="rush")]
    spec = day(4, "service.max_wait_min=2", "service.patience_min=2")  # so that the crowd is gone after a few rounds
    return _judged(play(riders, sim.Given(strategy), spec), spec)


def _past(strategy: Dispatcher) -> list[str]:
    riders = [
        Rider(START_S - 3600, 1, _FAR),  # the window closed long before the first bus
        Rider(START_S - 120, 2, _FAR),  # the window is still open
        Rider(START_S - 3600, 3, _FAR, ready_s=START_S + 1800),
    ]
    played = play(riders, sim.Given(strategy))
    return _refused(played, (0,), "whose pick-up time had passed") + _judged(played)


def _unreachable(strategy: Dispatcher) -> list[str]:
    riders = [Rider(START_S + 60, _CLOSED, _FAR), Rider(START_S + 60, 1, _CLOSED), Rider(START_S + 90, 1, 3)]
    played = play(riders, sim.Given(strategy), network=closed(_CLOSED))
    return _refused(played, (0, 1), "at a place that no bus reaches") + _judged(played)


CASES = (
    _Trial("no buses", "no fleet at all, and a fleet that begins late", _no_buses),
    _Trial("no requests", "asked with nobody waiting, and a day without riders", _no_requests),
    _Trial("a group larger than any bus", "between parties that fit", _large_group),
    _Trial("1 000 requests in one instant", "for four buses", _rush),
    _Trial("a request in the past", "asked before the first bus, with the window closed, open, and ahead", _past),
    _Trial("an unreachable place", "a node that buses can leave but not reach", _unreachable),
)

"""What happens when a strategy fails or returns nonsense: an error that names strategy, time and order."""

import math
from dataclasses import dataclass
from typing import ClassVar

import pytest
import worlds
from worlds import START_S

from busim.errors import StrategyError
from busim.model.events import Action, Kind, Reason
from busim.model.orders import Assign, Charge, Move, Orders, Refuse, Replace, Stop
from busim.model.specs import StrategySpec
from busim.policy import registry


@dataclass(frozen=True)
class Scripted:
    """Returns, or raises, what the test has laid down."""

    answers: ClassVar[list[object]] = []

    @property
    def every_s(self):
        """Decide at each request."""
        return 0

    def unsupported(self, spec):
        """Support everything."""
        return ""

    def decide(self, view, rng):
        """Do as told."""
        answer = self.answers[0]
        if callable(answer):
            return answer(view)
        return answer


@pytest.fixture
def scripted(monkeypatch):
    """Run two riders with a strategy that gives the answer set by the test."""
    monkeypatch.setitem(registry.strategies("dispatch"), "scripted", Scripted)

    def run(answer, rows=((START_S + 60, 2, 5), (START_S + 60, 3, 6)), **changes):
        monkeypatch.setattr(Scripted, "answers", [answer])
        return worlds.run(worlds.scenario(dispatch=StrategySpec("scripted"), buses=2, **changes), list(rows))

    return run


NAN, INF = math.nan, math.inf
PICK, DROP = Stop(2, Action.PICKUP, 0), Stop(5, Action.DROPOFF, 0)
NONSENSE = {
    "unknown bus": (Assign(0, 7, 0, 0), "there is no bus 7"),
    "no bus at all": (Assign(0, None, 0, 0), "there is no bus None"),
    "unknown rider": (Assign(99, 0, 0, 0), "there is no rider 99"),
    "rider who has not asked": (Assign(1, 0, 0, 0), "rider 1 is unknown"),
    "positions behind the plan": (Assign(0, 0, 0, 5), "positions must satisfy"),
    "positions in the wrong order": (Assign(0, 0, 1, 0), "positions must satisfy"),
    "half a position": (Assign(0, 0, 0, 0.0), "positions must satisfy"),
    "unknown boarding node": (Assign(0, 0, 0, 0, from_node=999), "there is no node 999"),
    "unknown alighting node": (Assign(0, 0, 0, 0, to_node=-7), "there is no node -7"),
    "refusal of a stranger": (Refuse(99, Reason.STRATEGY), "there is no rider 99"),
    "move to nowhere": (Move(0, 99), "there is no node 99"),
    "unknown charging site": (Charge(0, 3, 0.9), "there are 1 charging sites"),
    "charge beyond full": (Charge(0, 0, 1.5), "'until' must lie in (0, 1]"),
    "keep behind the plan": (Replace(0, 3, ()), "keep must lie in"),
    "tail with a stop at no node": (Replace(0, 0, (Stop(99, Action.MOVE),)), "there is no node 99"),
    "tail with a dwell that runs backwards": (Replace(0, 0, (Stop(1, Action.MOVE, dwell_s=-60.0),)), "a dwell of -60"),
    "tail with a time that is past": (Replace(0, 0, (Stop(1, Action.MOVE, latest_s=START_S),)), "late"),
    "tail without a set-down": (Replace(0, 0, (PICK,)), "do not get off"),
    "tail with a stranger": (Replace(0, 0, (PICK._replace(rider=50), DROP._replace(rider=50))), "there is no rider 50"),
    "tail that sets down who was never aboard": (Replace(0, 0, (DROP,)), "riders [0] do not get off once, afterwards"),
    "tail that picks up twice": (Replace(0, 0, (PICK, PICK, DROP)), "they pick up riders [0] twice"),
    "tail that is none": (Replace(0, 0, None), "'stops' must be a tuple"),
    "tail of what are no stops": (Replace(0, 0, ("x",)), "'x' is not a Stop"),
    "tail with an unknown action": (Replace(0, 0, (Stop(1, 99),)), "'action' must be one of"),
    "tail with a time that is none": (Replace(0, 0, (Stop(1, Action.MOVE, earliest_s=NAN),)), "must be times"),
    "tail with a time that never comes": (Replace(0, 0, (Stop(1, Action.MOVE, earliest_s=INF),)), "must be times"),
    "tail with an endless dwell": (Replace(0, 0, (Stop(1, Action.MOVE, dwell_s=INF),)), "a dwell of inf"),
    "tail that moves a rider without a ride": (Replace(0, 0, (Stop(1, Action.MOVE, rider=0),)), "name a rider"),
    "tail with a stop of a line": (Replace(0, 0, (Stop(1, Action.LINE, site=0),)), "not for strategies to plan"),
    "tail with an unknown site": (Replace(0, 0, (Stop(4, Action.CHARGE, site=7),)), "there are 1 charging sites"),
    "tail with a site elsewhere": (Replace(0, 0, (Stop(1, Action.CHARGE, site=0),)), "site 0 stands at node 4"),
    "tail with too much charge": (Replace(0, 0, (Stop(4, Action.CHARGE, site=0, gain_kwh=99.0),)), "of 99.0 kWh"),
    "bus by yes or no": (Assign(0, True, 0, 0), "there is no bus True"),
    "refusal without a reason": (Refuse(0, None), "'reason' must be one of"),
    "refusal with an unknown reason": (Refuse(0, 77), "'reason' must be one of"),
    "charge until nothing": (Charge(0, 0, NAN), "'until' must lie in (0, 1]"),
    "charge at no time": (Charge(0, 0, 0.9, "8:00"), "'start_s' must be a time"),
    "charge to be ended at nothing": (Charge(0, 0, 0.9, free_from=None), "'free_from' must be a share"),
    "no order": ("please take rider 0 to stop 5", "is not an order"),
}


@pytest.mark.parametrize(("order", "what"), NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_an_error_that_names_strategy_time_and_order(scripted, order, what):
    """Each order that cannot be carried out stops the run: who, when and which."""
    with pytest.raises(StrategyError) as caught:
        scripted(Orders((order,)))
    message = str(caught.value)
    assert what in message
    assert "strategy 'scripted' at 08:01:00" in message
    shown = order if isinstance(order, str) else type(order).__name__
    assert shown in message or "tail" in message or "Stop(" in message


def test_two_orders_for_one_rider(scripted):
    """A rider who has a bus already cannot be given away again in the same breath."""
    with pytest.raises(StrategyError, match="rider 0 is planned, not open"):
        scripted(Orders((Assign(0, 0, 0, 0), Assign(0, 1, 0, 0))))


def test_a_ride_that_breaks_a_limit(scripted):
    """A pick-up after the latest time is not accepted, whatever the strategy says."""
    with pytest.raises(StrategyError, match=r"Assign\(rider=0.*would be \d+ s late"):
        scripted(Orders((Assign(0, 0, 0, 0),)), service={"max_wait_s": 30})


def test_more_riders_than_seats(scripted):
    """An order that fills a bus beyond its seats names them."""
    with pytest.raises(StrategyError, match="more than fit in"):
        scripted(Orders((Assign(0, 0, 0, 0),)), rows=[(START_S + 60, 2, 5, {"party": 9})])


def test_a_strategy_that_raises(scripted):
    """An exception inside a strategy is told with its type and text, and stays the cause."""

    def fail(view):
        raise ZeroDivisionError("no buses left")

    told = "strategy 'scripted' at 08:01:00: raised ZeroDivisionError: no buses left"
    with pytest.raises(StrategyError, match=told) as caught:
        scripted(fail)
    causes, error = [], caught.value
    while error is not None:
        causes.append(type(error))
        error = error.__cause__
    assert causes[-1] is ZeroDivisionError


@pytest.mark.parametrize("answer", [None, (), [Assign(0, 0, 0, 0)], "nothing"])
def test_what_is_not_orders(scripted, answer):
    """A decision must be Orders; anything else is shown."""
    with pytest.raises(StrategyError, match="not Orders"):
        scripted(answer)


@pytest.mark.parametrize("orders", [None, 5, "ab", iter((Refuse(0, Reason.STRATEGY),))])
def test_orders_that_cannot_be_read_twice(scripted, orders):
    """Orders come in a tuple: a generator would be empty when it is looked at again."""
    with pytest.raises(StrategyError, match="not a tuple of orders"):
        scripted(Orders(orders))


def test_what_cannot_be_remembered(scripted):
    """The memory is a mapping; the next decision would stumble over anything else."""
    with pytest.raises(StrategyError, match="wants to remember None, which is no mapping"):
        scripted(Orders((), None))


def test_the_error_names_a_strategy_as_scenarios_do(scripted, monkeypatch):
    """Under the name that stands in the scenario, not that of the class."""
    monkeypatch.setitem(registry.strategies("dispatch"), "of_mine", Scripted)
    monkeypatch.delitem(registry.strategies("dispatch"), "scripted")
    monkeypatch.setattr(Scripted, "answers", [None])
    with pytest.raises(StrategyError, match="strategy 'of_mine' at"):
        worlds.run(worlds.scenario(dispatch=StrategySpec("of_mine")), [(START_S + 60, 2, 5)])


def test_a_view_cannot_be_changed(scripted):
    """Arrays of the view are read-only: a strategy that writes is told so."""

    def meddle(view):
        view.fleet.node[0] = 3
        return Orders()

    with pytest.raises(StrategyError, match="read-only"):
        scripted(meddle)


def test_a_strategy_that_only_moves_buses_is_not_asked_forever(scripted):
    """Orders that answer nobody end the decision at that moment; the riders stay open until their patience is over."""
    result = scripted(lambda view: Orders((Move(0, 3 + len(view.open)),)), service={"patience_s": 600})
    assert [row["a"] for row in worlds.events(result, Kind.BOARD)] == []
    assert len(worlds.events(result, Kind.PLAN, bus=0)) < 10


def test_new_tails_let_riders_change_buses(scripted):
    """Two riders change places between buses before anyone is aboard; both are served by the other bus."""

    def swap(view):
        if view.open.tolist() == [0]:
            return Orders((Assign(0, 0, 0, 0),))
        tail = PICK, DROP
        other = Stop(3, Action.PICKUP, 1), Stop(6, Action.DROPOFF, 1)
        return Orders((Replace(0, 0, other), Replace(1, 0, tail)))

    result = scripted(swap)
    boarded = {row["rider"]: row["bus"] for row in worlds.events(result, Kind.BOARD)}
    assert boarded == {0: 1, 1: 0}

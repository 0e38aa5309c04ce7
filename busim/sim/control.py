"""The control centre: takes requests, asks the strategies, checks their orders and carries them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from simpy.events import EventPriority

from busim.core.fleet import FleetArrays
from busim.core.plans import ACTION, CHARGE, Brief, PlanArrays
from busim.core.view import View
from busim.errors import BusimError, StrategyError
from busim.model.events import NONE, Kind
from busim.model.network import Ints
from busim.model.orders import Order, Orders, Stop
from busim.model.riders import Status
from busim.policy.charging import NoCharging
from busim.policy.idling import Stay
from busim.policy.protocols import Dispatcher, IdleStrategy, PlanningStrategy, StopCharging
from busim.policy.registry import name_of
from busim.policy.rescue import rescue
from busim.sim.bus import BusProcess, Steps
from busim.sim.duties import DutyBook
from busim.sim.line import LineService
from busim.sim.live_view import LiveView
from busim.sim.night import Night
from busim.sim.orders import OrderDesk
from busim.sim.plugs import Plugs, battery_curve
from busim.sim.world import World


def _frozen(array: np.ndarray[Any, Any]) -> Any:
    view = array.view()
    view.flags.writeable = False
    return view


# Bound once, as plain numbers: to compare one of an array with a member of an enumeration takes 4 us.
_PLANNED, _REQUEST = int(Status.PLANNED), int(Kind.REQUEST)
_WAITING = int(Status.OPEN), _PLANNED
LAST = EventPriority(2)  # an event's priority; simpy's own are 0 and 1


_SILENT = NoCharging, Stay  # they never give an order: to show them the moment would be a few percent of a large day


class Control:
    """Dispatch, charging and idling of a run.

    Parameters
    ----------
    world, plugs
        The world and its charging sites.
    dispatcher, charging, idling
        The strategies.
    line
        The fixed line, in whose place nothing is dispatched; ``None`` on demand.
    reasons
        Why a rider cannot be served at all (``NONE`` = can be) [R].
    rng
        The strategies' random numbers.
    duties
        What the day begins with.
    """

    def __init__(
        self,
        world: World,
        plugs: Plugs,
        dispatcher: Dispatcher,
        charging: IdleStrategy,
        idling: IdleStrategy,
        line: LineService | None,
        reasons: Ints,
        rng: np.random.Generator,
        duties: DutyBook | None = None,
    ) -> None:
        self.world, self.plugs, self.line, self.rng = world, plugs, line, rng
        self.dispatcher, self.charging, self.idling = dispatcher, charging, idling
        rides = plugs.chargers.node[plugs.chargers.allows_riders] if isinstance(charging, StopCharging) else ()
        self.plug_stops = frozenset(int(node) for node in rides)  # where a bus may charge with riders aboard
        self.reasons, self.night = reasons, Night(world, plugs)
        self.duties = duties or DutyBook(world, plugs.chargers, {}, reasons)
        self.open: list[int] = []
        self._riders: Ints = _frozen(np.arange(len(world.state.riders)))
        self._planned: dict[str, Mapping[str, Any]] = {}  # what strategies have planned ahead, by their name
        self._rescues = not isinstance(charging, NoCharging)
        self.desk = OrderDesk(world, plugs, self._close)
        self._fleet = FleetArrays(*(_frozen(a) for a in world.positions.arrays))
        self._view = self._first_view()
        spec = world.spec
        may_be_late = spec.travel.noise_cv > 0 or dispatcher.every_s > 0 or line is not None
        self.has_patience = may_be_late or bool(np.any(world.state.riders.patience_s < world.state.riders.latest_s))

    def start(self, buses: list[BusProcess]) -> None:
        """Take over the buses, and begin with requests and rounds."""
        self.desk.buses = buses
        if isinstance(self.charging, PlanningStrategy):
            self.world.env.process(self._plans(self.charging))
        if isinstance(self.idling, PlanningStrategy) and self.line is None:
            self.world.env.process(self._plans(self.idling))
        for rider in sorted(self.duties.riders):  # booked before the day
            self._tell_request(rider)
            self._expect(rider)
        self.world.env.process(self._requests())
        if self.dispatcher.every_s > 0 and self.line is None:
            self.world.env.process(self._rounds(self.dispatcher.every_s))

    def duties_of(self, bus: int) -> tuple[Stop, ...]:
        """Give what a bus has to do from the start of its shift."""
        return self.duties.stops(bus)

    def on_shift_end(self, bus: int) -> None:
        """Let a bus charge at its depot, where the scenario says so."""
        self.night.begin(bus)

    def promise(self, bus: int) -> None:
        """Tell the riders of a bus's duties what they are promised, once the plan is scheduled."""
        self.duties.promise(bus)

    def on_idle(self, bus: int) -> None:
        """Find work for a bus that has none, or nothing soon: a charge, a round of the line, a place to wait."""
        if self.world.state.is_empty(bus) and self._charge(bus):
            return
        if self.world.state.plans.length[bus] > 1:
            return
        if self.line is not None:
            self.line.next_round(bus)
            return
        orders = self._ask_idle(self.idling, bus)
        if orders:
            self._carry_out(orders, self.idling)

    def on_stop(self, bus: int) -> None:
        """Let a bus with riders aboard charge where it stands, if the strategy wants it; on a line between rounds."""
        world, chargers = self.world, self.plugs.chargers
        is_empty = world.state.fleet.load[bus] + world.state.fleet.wheels[bus] == 0
        if is_empty or (self.line is not None and world.state.plans.length[bus] > 1):
            return
        node = int(world.positions.arrays.node[bus])
        here = chargers.allows_riders & (chargers.node == node) & chargers.fits[bus]
        strategy = self.charging
        if here.any() and isinstance(strategy, StopCharging):
            site = int(here.argmax())
            orders = self._ask_strategy(strategy, lambda view: strategy.at_stop(view, bus, site, self.rng))
            self._carry_out(orders, strategy)

    def _charge(self, bus: int) -> bool:
        """Send an empty bus to charge if the strategy wants it or its energy would soon not last; tells whether."""
        plans = self.world.state.plans
        orders = self._ask_idle(self.charging, bus)
        if not orders and self._rescues and plans.length[bus] == 1:
            ahead = self.line.round_kwh(bus) if self.line is not None else 0.0
            orders = rescue(self._view, bus, ahead)  # which has just been shown to the strategy
        if orders:
            self._carry_out(orders, self.charging)
        return bool(orders) and plans.ints[bus, 0, ACTION] == CHARGE

    def _plans(self, strategy: PlanningStrategy) -> Steps:
        """Let the charging strategy plan ahead, now and every so often, before anyone asks."""
        while True:
            try:
                self._planned[_name(strategy)] = strategy.plan(self._now_view(), self.rng)
            except BusimError:
                raise
            except Exception as error:
                what = f"raised {type(error).__name__}: {error}"
                raise StrategyError(name_of(strategy), self.world.now, what) from error
            if strategy is self.idling:
                for bus in self._now_view().idle.tolist():
                    self._carry_out(self._ask_idle(self.idling, bus), self.idling)
            yield self.world.env.timeout(strategy.every_s)

    def _ask_idle(self, strategy: IdleStrategy, bus: int) -> tuple[Order, ...]:
        if type(strategy) in _SILENT:
            return ()
        return self._ask_strategy(strategy, lambda view: strategy.idle(view, bus, self.rng))

    def _ask_strategy(self, strategy: IdleStrategy, ask: Callable[[View], tuple[Order, ...]]) -> tuple[Order, ...]:
        view = self._now_view()
        kept, view.memory = view.memory, self._planned.get(_name(strategy), {})
        try:
            return ask(view)
        except BusimError:
            raise
        except Exception as error:
            raise StrategyError(name_of(strategy), self.world.now, f"raised {type(error).__name__}: {error}") from error
        finally:
            view.memory = kept

    def _requests(self) -> Steps:
        """Let riders ask, one after the other."""
        env, ask = self.world.env, self.world.state.riders.ask_s.tolist()
        for rider, time in enumerate(ask):
            if time > env.now:
                yield env.timeout(time - env.now)
            if rider not in self.duties.riders:
                self._request(rider)

    def _tell_request(self, rider: int) -> None:
        world, riders = self.world, self.world.state.riders
        start, end = riders.from_node.item(rider), riders.to_node.item(rider)
        latest, longest = riders.latest_s.item(rider), riders.longest_s.item(rider)
        back, to = riders.walk_from_s.item(rider), float(riders.walk_to_s.item(rider))
        world.record(_REQUEST, NONE, rider, start, end, latest, longest, back, to)

    def _request(self, rider: int) -> None:
        world = self.world
        self._tell_request(rider)
        if self.reasons[rider] != NONE:
            world.record(Kind.REFUSE, rider=rider, a=int(self.reasons[rider]))
            return
        self._expect(rider)
        if self.line is not None:
            self._at(int(world.state.riders.earliest_s[rider]), self.line.arrive, rider)
            return
        self.open.append(rider)
        if self.dispatcher.every_s == 0:
            while self.open and self._decide():
                pass

    def _expect(self, rider: int) -> None:
        """Note when a rider's patience ends, and when he cancels, if he does."""
        if self.has_patience:
            self._leave_after(rider, int(self.world.state.riders.patience_s[rider]))
        cancels = self.world.withdrawals.cancel_s.item(rider)
        if cancels != NONE:
            self._at(cancels, self._cancel, rider)

    def _at(self, time: int, call: Any, rider: int) -> None:
        """Call at a time, or at once if it has come."""
        if time <= self.world.now:
            call(rider)
            return
        event = self.world.env.timeout(time - self.world.now)
        event.callbacks.append(lambda _event: call(rider))

    def _leave_after(self, rider: int, time: int) -> None:
        """Let a rider's patience end after all else that happens at that time: a bus that just makes it is in time."""
        env = self.world.env
        event = env.event()
        event.callbacks.append(lambda _event: self._leave(rider))
        event._ok, event._value = True, None  # as simpy's own Timeout does; only the priority differs
        env.schedule(event, LAST, max(0, time - self.world.now))

    def _leave(self, rider: int) -> None:
        """Let a rider whose patience is over go, unless aboard or done."""
        world, status = self.world, self.world.state.status.item(rider)
        if status not in _WAITING:
            return
        until = int(world.state.riders.patience_s[rider])
        if until > world.now:  # he was sent to a stop farther away
            self._leave_after(rider, until)
            return
        bus = int(world.state.bus_of[rider])
        if status == _PLANNED and world.withdrawals.no_show[rider]:
            return  # a bus is sent to one who will not be there: that he has left is not known
        if status == _PLANNED:
            self.desk.unplan(rider, bus)
        elif self.line is not None:
            self.line.leave(rider)
        else:
            self._close(rider)
        world.record(Kind.ABANDON, bus, rider)

    def _cancel(self, rider: int) -> None:
        """Let a rider withdraw, unless aboard or done."""
        world, status = self.world, self.world.state.status.item(rider)
        if status not in _WAITING:
            return
        bus = int(world.state.bus_of[rider])
        if status == _PLANNED:
            self.desk.withdraw(rider, bus)
        else:
            self._close(rider)
        world.record(Kind.CANCEL, bus, rider)

    def miss(self, rider: int, bus: int, node: int) -> None:
        """Take a rider who did not come to the stop out of the plan."""
        self.desk.withdraw(rider, bus)
        self.world.record(Kind.NO_SHOW, bus, rider, node)

    def _rounds(self, every_s: int) -> Steps:
        env = self.world.env
        while True:
            yield env.timeout(every_s)
            if self.open:
                self._decide()

    def _decide(self) -> bool:
        """Ask the dispatcher once; gives whether anyone got an answer: else it is not asked again at this moment."""
        view = self._now_view()
        try:
            decision = self.dispatcher.decide(view, self.rng)
        except BusimError:
            raise
        except Exception as error:
            what = f"raised {type(error).__name__}: {error}"
            raise StrategyError(name_of(self.dispatcher), self.world.now, what) from error
        if not isinstance(decision, Orders):
            raise StrategyError(name_of(self.dispatcher), self.world.now, f"returned {decision!r}, not Orders")
        memory: object = decision.memory
        if type(memory) is not dict and not isinstance(memory, Mapping):
            what = f"wants to remember {memory!r}, which is no mapping"
            raise StrategyError(name_of(self.dispatcher), self.world.now, what)
        view.memory = decision.memory
        waiting = len(self.open)
        self._carry_out(decision.orders, self.dispatcher)
        return len(self.open) < waiting

    def _carry_out(self, orders: Iterable[Order], strategy: object) -> None:
        if not isinstance(orders, tuple | list):
            raise StrategyError(name_of(strategy), self.world.now, f"returned {orders!r}, not a tuple of orders")
        try:
            self.desk.carry_out(orders)
        except ValueError as error:
            raise StrategyError(name_of(strategy), self.world.now, str(error)) from error

    def _close(self, rider: int) -> None:
        """Take a rider off the list of those who wait for an answer."""
        self.open.remove(rider)

    @property
    def first_view(self) -> View:
        """Give the view that all strategies are shown, to be completed before the day begins."""
        return self._view

    def _first_view(self) -> LiveView:
        world, fleet = self.world, self.world.spec.fleet
        kinds = [fleet.vehicles[bus.vehicle] for bus in fleet.buses]
        plans, brief = self._seen_plans()
        return LiveView(
            now=0,
            fleet=self._fleet,
            plans=plans,
            riders=world.state.riders,
            open=np.zeros(0, np.int64),
            travel=world.travel,
            costs=world.costs,
            objective=world.spec.objective,
            chargers=self.plugs.chargers,
            battery_kwh=np.array([k.battery_kwh for k in kinds]),
            charge_kw=np.array([k.charge_kw for k in kinds]),
            curves=tuple(battery_curve(kind) for kind in kinds),
            electricity=world.spec.electricity,
            brief=brief,
            schedules=world.schedules,
        )

    def _seen_plans(self) -> tuple[PlanArrays, Brief]:
        live = self.world.state.plans
        self._seen = live.ints
        plans = PlanArrays(*(_frozen(a) for a in live.arrays))
        return plans, Brief(plans.floats, _frozen(live.brief))

    def _now_view(self) -> View:
        world, view, live = self.world, self._view, self.world.state.plans
        world.follow()
        if self._seen is not live.ints:
            view.plans, view.brief = self._seen_plans()
        view.now, view.open = world.env.now, self._open_now()
        return view

    def _open_now(self) -> Ints:
        open_ = self.open
        if len(open_) == 1:  # as a rule, where each is answered at once: it costs a fifth of a new array
            return self._riders[open_[0] : open_[0] + 1]
        return np.array(open_, np.int64)


def _name(strategy: object) -> str:
    return type(strategy).__name__.lower()

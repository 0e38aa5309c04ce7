"""The world of a run: the state, its one mutator, and the schedules that follow from it."""

from __future__ import annotations

import math

from busim.core.charger_ways import ChargerWays
from busim.core.energy import J_PER_KWH
from busim.core.insertion import Costs
from busim.core.live_plans import Plans
from busim.core.schedules import Schedules
from busim.core.standing import standing_kwh
from busim.core.travel import TravelTimes
from busim.core.underway import AT_REST, Spent
from busim.model.events import NONE, Action, Cause, Kind
from busim.model.fleet import Mode
from busim.model.orders import Stop
from busim.model.specs import BusSpec, ScenarioSpec, VehicleSpec
from busim.sim.clock import Clock
from busim.sim.positions import Positions
from busim.sim.state import State
from busim.sim.withdrawals import nobody

_PLAN, _SLOT, _CHARGE = int(Kind.PLAN), int(Kind.SLOT), int(Action.CHARGE)


class World:
    """State, clock and log; ``record`` is the only way in which the state changes.

    Parameters
    ----------
    env
        The SimPy environment.
    spec
        The scenario.
    state
        Fleet, plans, riders.
    travel, positions, costs
        Planned times; where buses can next change course; what insertions share.
    depot_node
        Node of each bus's depot [B].
    ways
        Ways to chargers, which ``costs`` shares.
    """

    def __init__(
        self,
        env: Clock,
        spec: ScenarioSpec,
        state: State,
        travel: TravelTimes,
        positions: Positions,
        costs: Costs,
        depot_node: list[int],
        ways: ChargerWays,
    ) -> None:
        self.env, self.spec, self.state = env, spec, state
        self.travel, self.positions, self.costs, self.depot_node = travel, positions, costs, depot_node
        self.ways = ways
        self.rows: list[tuple[float, ...]] = []
        self._append, self._appliers = self.rows.append, state.appliers
        self.halt_s = int(costs.halt)
        self._vehicles = [spec.fleet.vehicles[bus.vehicle] for bus in spec.fleet.buses]
        self._rounded_at = [0] * len(depot_node)  # up to when a bus's energy is accounted
        self._reserve_kwh = [spec.charging.reserve * self.vehicle(b).battery_kwh - 1e-9 for b in range(len(depot_node))]
        self.withdrawals = nobody(len(state.riders))  # who will not ride after all: not for strategies to see
        self.parked: set[int] = set()  # buses whose shift is over
        self._followed_at = -math.inf
        self._low: set[int] = set()  # buses that the log has told to be below their reserve
        positions.share(state.fleet.load, state.fleet.wheels)
        self.schedules = Schedules(state.plans, positions.arrays, travel.tables, costs.halt)
        self.is_noisy = positions.traffic.is_noisy  # then schedules wait until somebody asks: see ``settle``
        self._schedule = self.schedules.put_off if self.is_noisy else self.schedules.refresh

    @property
    def now(self) -> int:
        """The moment [s from midnight]."""
        return self.env.now

    def record(
        self,
        kind: int,
        bus: int = NONE,
        rider: int = NONE,
        node: int = NONE,
        other: int = NONE,
        a: int = NONE,
        b: int = NONE,
        c: int = NONE,
        value: float = 0.0,
    ) -> None:
        """Apply an event to the state and append it to the log; see ``Kind`` for the columns."""
        now = self.env.now
        self._append((now, kind, bus, rider, node, other, a, b, c, value))
        self._appliers[kind](now, bus, rider, node, other, a, b, c, value)

    def bus(self, bus: int) -> BusSpec:
        """Give a bus's spec."""
        return self.spec.fleet.buses[bus]

    def vehicle(self, bus: int) -> VehicleSpec:
        """Give a bus's type."""
        return self._vehicles[bus]

    def energy_used(self, bus: int, drive: Spent = AT_REST, cause: Cause | None = None) -> float:
        """Account the energy since the last call for this bus, driving and what goes by time [kWh].

        What driving gives back (``Spent.back_j``) is not part of the result: it has its own column in the log. The
        cause is what the log tells if the bus is below its reserve by that; by default what it has been doing.
        """
        now = self.env.now
        drawn, since = 0.0, self._rounded_at[bus]
        if since < now and bus not in self.parked:
            drawn = standing_kwh(self._vehicles[bus], since, now)
        used, self._rounded_at[bus] = drive.kwh + drawn, now
        left = self.state.energy[bus] - used + drive.back_j / J_PER_KWH
        if left < self._reserve_kwh[bus] and bus not in self._low:
            self._low.add(bus)
            self.record(Kind.LOW, bus, node=int(self.state.fleet.node[bus]), a=cause or self._cause(bus), value=left)
        return used

    def _cause(self, bus: int) -> Cause:
        """Tell what took a bus below its reserve, by what it has been doing."""
        mode = self.state.fleet.mode[bus]
        if mode == Mode.QUEUEING:
            return Cause.QUEUE
        if mode in (Mode.IDLE, Mode.WAITING):
            return Cause.STANDING
        if self.is_noisy:
            return Cause.TRAFFIC
        return Cause.DOORS if self.spec.service.mode == "line" else Cause.STANDING

    def announce(self, bus: int) -> None:
        """Let dispatch plan for a bus whose shift begins later: it is free at its depot from then on."""
        spec = self.bus(bus)
        energy = spec.start_charge * self.vehicle(bus).battery_kwh
        self.positions.stand(bus, self.depot_node[bus], spec.shift_start_s, energy)

    def stand(self, bus: int, node: int, free_at: float) -> None:
        """Let dispatch plan for a bus that stands, with what it will have used until then since that was accounted.

        Waiting for a rider and opening the doors are accounted only when the bus leaves.
        """
        positions = self.positions
        used = (free_at - self._rounded_at[bus]) * positions.per_second[bus]
        positions.stand(bus, node, free_at, self.state.energy[bus] - used)

    def start_account(self, bus: int) -> None:
        """Begin to account a bus's energy now."""
        self._rounded_at[bus] = self.now
        if self.state.fleet.energy_kwh[bus] >= self._reserve_kwh[bus]:
            self._low.discard(bus)

    def end_stop(self, bus: int) -> Stop:
        """Give the stop that closes a bus's plan: its depot by the end of the shift."""
        shift_end = self.bus(bus).shift_end_s
        latest = float(shift_end) if self.spec.fleet.return_to_depot else math.inf
        return Stop(self.depot_node[bus], Action.END, latest_s=latest)

    def record_tail(self, bus: int, keep: int, stops: tuple[Stop, ...], *, is_closed: bool = True) -> None:
        """Log a new tail of a plan, closed by the end of the shift unless that is over."""
        self.record(_PLAN, bus, a=keep)
        for stop in (*stops, self.end_stop(bus)) if is_closed else stops:
            earliest = NONE if math.isinf(stop.earliest_s) else int(stop.earliest_s)
            latest = NONE if math.isinf(stop.latest_s) else int(stop.latest_s)
            if stop.action == _CHARGE:
                latest = math.floor(1000 * stop.gain_kwh + 1e-6)
            self.record(
                _SLOT,
                bus,
                stop.rider,
                stop.node,
                stop.site,
                int(stop.action),
                earliest,
                latest,
                stop.dwell_s,
            )

    def reschedule(self, bus: int) -> None:
        """Compute a bus's schedule and slack anew from where it can next change course; see ``settle``."""
        now, positions = float(self.env.now), self.positions
        if positions.passed_at[bus] < now:
            positions.advance(bus, now)
        if bus not in self.parked:
            self._schedule(bus, now)
            return
        if self.state.plans.length[bus]:  # it charges overnight; nobody else plans for it
            self._schedule(bus, now)
        self.withdraw(bus)

    def settle(self, bus: int) -> None:
        """See to it that a bus's schedule stands: on noisy roads it is made only when somebody asks."""
        self.schedules.settle(bus)

    def scheduled(self, bus: int) -> Plans:
        """Give the plans, for those who read what a bus's schedule made of its plan."""
        self.schedules.settle(bus)
        return self.state.plans

    def follow(self) -> int:
        """Bring places up to date and let schedules follow: on noisy roads a bus is early or late at every node.

        Returns
        -------
        int
            How many buses have moved on: those that ``positions.moved`` begins with.
        """
        now, positions = float(self.env.now), self.positions
        if now == self._followed_at:  # no bus passes a node in the second in which it sets out
            return 0
        self._followed_at, count = now, positions.follow(now)
        if count and self.is_noisy:
            last = positions.last
            moved = [bus for bus in positions.moved[:count].tolist() if last[bus] > 0]
            self.schedules.put_off_many(moved, now)
        return count

    def withdraw(self, bus: int) -> None:
        """Take a bus out of dispatch: it cannot say when it will be free."""
        self.settle(bus)
        self.positions.last[bus] = -1

    def retire(self, bus: int) -> None:
        """Park a bus whose shift is over: nobody plans for it, and it uses nothing."""
        self.withdraw(bus)
        self.parked.add(bus)
        self.positions.arrays.per_second[bus] = 0.0

    def first_node(self, bus: int) -> int:
        """Give the node of a bus's next stop; a bus in service always has one."""
        return self.state.plans.first(bus)[0]

    def leave_by(self, bus: int, node: int) -> float:
        """Give the last moment to leave a node so that nothing planned is late, by planned travel times [s]."""
        return self.schedules.leave_by(bus, node)

    def home_kwh(self, bus: int, node: int) -> float:
        """Give what a bus must hold at a node to get home above what plans leave untouched [kWh]; 0 if it stays out."""
        depot, arrays = self.depot_node[bus], self.positions.arrays
        if node == depot or not self.spec.fleet.return_to_depot:
            return 0.0
        seconds = self.travel.leg_time(node, depot, self.now) + self.halt_s
        metres = float(self.travel.leg_metres(node, depot, self.now))
        return float(arrays.reserve[bus] + metres * arrays.per_metre[bus] + seconds * arrays.per_second[bus])

    def lateness(self, bus: int) -> float:
        """Give by how much the worst stop of a bus's plan is late [s]; 0 where all is in time."""
        return self.schedules.lateness(bus)

    def broken(self, bus: int, late_before: float) -> str:
        """Tell what a bus's plan breaks, or nothing: windows and rides (beyond what was late already), capacity."""
        late, over, load, wheels = self.schedules.misses(bus)
        if late > late_before:
            return f"a stop of bus {bus} would be {late:.0f} s late"
        if over > late_before:
            return f"a rider of bus {bus} would ride {over:.0f} s too long, or get off before getting on"
        arrays = self.positions.arrays
        if load > arrays.seats.item(bus) or wheels > arrays.wheel_places.item(bus):
            return f"{load:.0f} persons and {wheels:.0f} wheelchairs are more than fit in bus {bus}"
        return ""

"""The order desk: checks each order of a strategy, logs it as an edit of a plan, and tells the bus."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from busim.core.fleet import origin_at
from busim.core.plans import ACTION, DROPOFF, END, LATEST, MOVE, NODE, PICKUP, RIDER, START
from busim.model.events import NONE, Action, Kind
from busim.model.fleet import Mode
from busim.model.orders import Assign, Charge, Move, Order, Refuse, Replace, Stop
from busim.model.riders import Status
from busim.sim.bus import BusProcess
from busim.sim.order_form import check_charge, check_refusal, check_tail, is_whole
from busim.sim.plugs import Plugs
from busim.sim.world import World

# Bound once: looking up a member of an enumeration costs more than logging the event.
_ACCEPT, _DRIVING = int(Kind.ACCEPT), int(Mode.DRIVING)
_OPEN, _ABOARD = int(Status.OPEN), int(Status.ABOARD)
_STOPS = int(Kind.STOPS)


class OrderDesk:
    """Carries out orders.

    Parameters
    ----------
    world, plugs
        The world and its charging sites.
    close
        Called with each rider who gets an answer.
    """

    def __init__(self, world: World, plugs: Plugs, close: Callable[[int], None]) -> None:
        self.world, self.plugs, self.close = world, plugs, close
        self.buses: list[BusProcess] = []

    def carry_out(self, orders: Iterable[Order]) -> None:
        """Carry out orders one after the other; new tails of plans together, since riders may change buses.

        Raises
        ------
        ValueError
            If an order is not possible; the message names the order and why.
        """
        tails = []
        for order in orders:
            match order:
                case Assign():
                    self._assign(order)
                case Refuse():
                    self._refuse(order)
                case Charge():
                    self._charge(order)
                case Move():
                    self._append(order.bus, Stop(order.node, Action.MOVE), order)
                case Replace():
                    tails.append(order)
                case _:
                    raise ValueError(f"{order!r} is not an order")
        if tails:
            self._replace(tails)

    def unplan(self, rider: int, bus: int) -> None:
        """Take a rider's stops out of a plan."""
        first = self._first(bus)
        self.world.record(Kind.UNPLAN, bus, rider)
        self.world.reschedule(bus)
        self._tell(bus, first)

    def withdraw(self, rider: int, bus: int) -> None:
        """Take a rider's stops out of a plan so that nobody else rides too long for it.

        Whoever is fetched sooner rides longer where the bus waits for someone later on; if that breaks a limit, all
        others are fetched as late as it was planned.
        """
        world, plans = self.world, self.world.scheduled(bus)
        first, late = self._first(bus), world.lateness(bus)
        size = int(plans.length[bus])
        rows = zip(plans.ints[bus, :size].tolist(), plans.floats[bus, :size, START].tolist(), strict=True)
        planned = {ints[RIDER]: start for ints, start in rows if ints[ACTION] == PICKUP}
        world.record(Kind.UNPLAN, bus, rider)
        world.reschedule(bus)
        if world.broken(bus, late):
            stops = [s for s in plans.stops(bus) if s.action != END]
            held = [s._replace(earliest_s=planned[s.rider]) if s.action == PICKUP else s for s in stops]
            world.record_tail(bus, 0, tuple(held))
            world.reschedule(bus)
        self._tell(bus, first)

    def _assign(self, order: Assign) -> None:
        world, riders = self.world, self.world.state.riders
        self._check_bus(order.bus, order)
        self._check_open(order.rider, order)
        last, p, q = world.positions.last[order.bus], order.pickup_at, order.dropoff_at
        if not (is_whole(p) and is_whole(q) and 0 <= p <= q <= last):
            raise ValueError(f"{order}: positions must satisfy 0 <= pickup_at <= dropoff_at <= {last}")
        start, end = self._settle(order.rider, order.from_node, order.to_node, order)
        late, first = world.lateness(order.bus), self._first(order.bus)
        promised = riders.latest_s.item(order.rider) + riders.longest_s.item(order.rider)
        world.record(_ACCEPT, order.bus, order.rider, start, end, p, q, promised)
        world.reschedule(order.bus)
        self._check_plan(order.bus, late, order)
        planned = world.scheduled(order.bus).first_time(order.bus, START, p)
        world.rows[-1] = (*world.rows[-1][:-1], planned)
        self.close(order.rider)
        if self._drop_moves(order.bus, late) or p == 0:
            self._tell(order.bus, first)

    def _settle(self, rider: int, start: int, end: int, order: Order) -> tuple[int, int]:
        """Give the nodes of a rider's stops; logs that he is sent there where they are not his nearest ones."""
        riders = self.world.state.riders
        nearest = riders.from_node.item(rider), riders.to_node.item(rider)
        chosen = nearest[0] if start == NONE else start, nearest[1] if end == NONE else end
        if chosen == nearest:
            return nearest
        self._check_node(chosen[0], order)
        self._check_node(chosen[1], order)
        row = riders.choice(rider, *chosen)
        if row == NONE or riders.choices is None:
            what = "are not among the stops that he may be sent to" if riders.choices else "are not his stops"
            raise ValueError(f"{order}: nodes {chosen[0]} and {chosen[1]} {what}")
        told, walks = riders.choices.table, (riders.choices.table.walk_from_s[row], riders.choices.table.walk_to_s[row])
        limits = int(told.latest_s[row]), int(told.longest_s[row]), int(walks[0])
        self.world.record(_STOPS, NONE, rider, *chosen, *limits, float(walks[1]))
        return chosen

    def _drop_moves(self, bus: int, late_before: float) -> bool:
        """Let a bus that has riders now forget where it was to wait, unless that breaks a limit; tells whether."""
        world, plans = self.world, self.world.state.plans
        if bus not in plans.moving or MOVE not in plans.ints[bus, : plans.length[bus], ACTION].tolist():
            return False
        stops = [stop for stop in plans.stops(bus) if stop.action != END]
        kept = tuple(stop for stop in stops if stop.action != MOVE)
        world.record_tail(bus, 0, kept)
        world.reschedule(bus)
        if world.broken(bus, late_before):  # fetched sooner, someone would ride too long
            world.record_tail(bus, 0, tuple(stops))
            world.reschedule(bus)
        return True

    def _refuse(self, order: Refuse) -> None:
        self._check_open(order.rider, order)
        check_refusal(order)
        self.world.record(Kind.REFUSE, rider=order.rider, a=int(order.reason))
        self.close(order.rider)

    def _charge(self, order: Charge) -> None:
        world, chargers = self.world, self.plugs.chargers
        self._check_bus(order.bus, order)
        if not (is_whole(order.site) and 0 <= order.site < len(chargers.node)):
            raise ValueError(f"{order}: there are {len(chargers.node)} charging sites, from 0 on")
        check_charge(order)
        node, fleet = int(chargers.node[order.site]), world.state.fleet
        if not chargers.fits[order.bus, order.site]:
            raise ValueError(f"{order}: the plugs of site {order.site} do not fit bus {order.bus}")
        may_ride = bool(chargers.allows_riders[order.site])
        if (fleet.load[order.bus] or fleet.wheels[order.bus]) and not may_ride:
            raise ValueError(f"{order}: riders are aboard bus {order.bus}")
        origin = origin_at(world.positions.arrays, order.bus, float(world.now))
        drive = world.travel.leg_time(origin.node, node, origin.time) + world.halt_s * (origin.node != node)
        metres = float(world.travel.most[origin.node, node])
        energy = origin.energy - metres * origin.per_metre - drive * origin.per_second
        seconds = self.plugs.seconds(order.bus, order.site, energy, order.until)
        begin = max(order.start_s, origin.time + drive)
        spare = world.leave_by(order.bus, node) - begin
        if spare <= chargers.connect_s[order.site]:
            return  # no time to charge anything before the next stop: the order falls away
        dwell = int(min(seconds, spare))
        held = energy - (begin - origin.time - drive) * origin.per_second
        gain = self.plugs.gain_kwh(order.bus, order.site, held, begin, seconds, begin + spare)
        if gain <= 0.0 and math.isfinite(spare):
            return  # nor is there with those who are there before
        charge = Stop(node, Action.CHARGE, site=order.site, earliest_s=order.start_s, dwell_s=dwell, gain_kwh=gain)
        self.plugs.wish(order.bus, order.until, order.free_from)
        planned = tuple(stop for stop in world.state.plans.stops(order.bus) if stop.action != END)
        self._put(order.bus, 0, (charge, *planned), order)
        self.plugs.tell_queue(order.site)

    def _append(self, bus: int, stop: Stop, order: Order) -> None:
        self._check_bus(bus, order)
        self._check_node(stop.node, order)
        self._put(bus, int(self.world.state.plans.length[bus]) - 1, (stop,), order)

    def _put(self, bus: int, keep: int, stops: tuple[Stop, ...], order: Order) -> None:
        """Log a new tail, check it and tell the bus."""
        world, first, late = self.world, self._first(bus), self.world.lateness(bus)
        world.record_tail(bus, keep, stops)
        world.reschedule(bus)
        self._check_plan(bus, late, order)
        self._tell(bus, first)

    def _replace(self, orders: list[Replace]) -> None:
        """Put new tails in place; afterwards every rider who was planned is planned again, once."""
        world, state = self.world, self.world.state
        buses = [order.bus for order in orders]
        if len(set(buses)) < len(buses):
            raise ValueError(f"two new tails for one bus: {buses}")
        planned = {r for order in orders for r in self._planned(order)}
        before = {order.bus: (world.lateness(order.bus), self._first(order.bus)) for order in orders}
        tails = [(order, self._stops(order)) for order in orders]
        placed = [stop.rider for _, stops in tails for stop in stops if stop.action == PICKUP]
        twice = sorted({rider for rider in placed if placed.count(rider) > 1})
        if twice:
            raise ValueError(f"new tails of buses {buses}: they pick up riders {twice} twice")
        if planned - set(placed):
            raise ValueError(f"new tails of buses {buses}: they lose riders {sorted(planned - set(placed))}")
        newly = [rider for rider in placed if state.status[rider] == _OPEN]
        strange = sorted(set(placed) - planned - set(newly))
        if strange:
            raise ValueError(f"new tails pick up riders {strange}, who neither are open nor stood in these tails")
        for order, stops in tails:
            self._check_ends(order, stops)
        for order, stops in tails:
            world.record_tail(order.bus, order.keep, stops)
        for order in orders:
            world.reschedule(order.bus)
            self._check_plan(order.bus, before[order.bus][0], order)
            if any(stop.action == PICKUP for stop in order.stops):
                self._drop_moves(order.bus, before[order.bus][0])
            self._tell(order.bus, before[order.bus][1])
        for rider in newly:
            self._accept_in_tail(rider)

    def _accept_in_tail(self, rider: int) -> None:
        """Log the answer to a rider whom a new tail has put into a plan."""
        world, state = self.world, self.world.state
        bus = int(state.bus_of[rider])
        plans = world.scheduled(bus)
        pick, drop = plans.position(bus, rider, PICKUP), plans.position(bus, rider, DROPOFF)
        start, end = int(plans.ints[bus, pick, NODE]), int(plans.ints[bus, drop, NODE])
        promised = int(state.riders.latest_s[rider] + state.riders.longest_s[rider])
        planned = float(plans.floats[bus, pick, START])
        world.record(_ACCEPT, bus, rider, start, end, NONE, NONE, promised, planned)
        self.close(rider)

    def _check_ends(self, order: Replace, stops: tuple[Stop, ...]) -> None:
        """Check that each rider of a new tail gets off once, after getting on; in the tail, or before it."""
        up = {stop.rider: k for k, stop in enumerate(stops) if stop.action == PICKUP}
        down = {stop.rider: k for k, stop in enumerate(stops) if stop.action == DROPOFF}
        wrong = sorted(rider for rider, k in up.items() if down.get(rider, -1) < k)
        before = self._to_be_set_down(order)
        wrong += sorted(rider for rider in down if rider not in up and rider not in before)
        if wrong or len(down) < sum(stop.action == DROPOFF for stop in stops):
            raise ValueError(
                f"new tail of bus {order.bus}: riders {wrong or 'unknown'} do not get off once, afterwards"
            )

    def _to_be_set_down(self, order: Replace) -> set[int]:
        """Give the riders who are aboard, or picked up by the part of the plan that stays."""
        state, size = self.world.state, int(self.world.state.plans.length[order.bus])
        planned = state.plans.ints[order.bus, :size]
        picked = planned[: order.keep][planned[: order.keep, ACTION] == PICKUP, RIDER].tolist()
        return {*picked, *(r for r in planned[:, RIDER].tolist() if r != NONE and state.status[r] == _ABOARD)}

    def _planned(self, order: Replace) -> list[int]:
        """List riders whose pick-up stands in the tail that an order drops."""
        self._check_bus(order.bus, order)
        plans = self.world.state.plans
        size = int(plans.length[order.bus])
        if not (is_whole(order.keep) and 0 <= order.keep < size):
            raise ValueError(f"{order}: keep must lie in 0 ... {size - 1}")
        check_tail(order, self.plugs.chargers.node, float(self.world.vehicle(order.bus).battery_kwh))
        tail = plans.ints[order.bus, order.keep : size]
        riders: list[int] = tail[tail[:, ACTION] == PICKUP, RIDER].tolist()
        return riders

    def _stops(self, order: Replace) -> tuple[Stop, ...]:
        """Fill in riders' windows and loads: a strategy moves riders, it does not change what they were promised."""
        plans, size = self.world.state.plans, int(self.world.state.plans.length[order.bus])
        rows = zip(plans.ints[order.bus, :size].tolist(), plans.floats[order.bus, :size].tolist(), strict=True)
        known = {ints[RIDER]: floats[LATEST] for ints, floats in rows if ints[ACTION] == DROPOFF}
        self._settle_all(order)
        stops = [self._rider_stop(stop, known) for stop in order.stops if stop.action != END]
        aboard = {r for r in known if self.world.state.status[r] == _ABOARD}
        kept = set(plans.ints[order.bus, : order.keep, RIDER].tolist())
        lost = aboard - kept - {stop.rider for stop in stops}
        if lost:
            raise ValueError(f"bus {order.bus}: riders {sorted(lost)} are aboard and would never get off")
        return tuple(stops)

    def _settle_all(self, order: Replace) -> None:
        """Settle the stops of the riders in a new tail; who was told his stops keeps them."""
        status, ends = self.world.state.status, dict[int, list[int]]()
        for stop in order.stops:
            if stop.action in (PICKUP, DROPOFF) and 0 <= stop.rider < len(status):
                self._check_node(stop.node, stop)
                ends.setdefault(stop.rider, [NONE, NONE])[stop.action == DROPOFF] = stop.node
        for rider, (start, end) in ends.items():
            if status[rider] == _OPEN:
                self._settle(rider, start, end, order)
                continue
            own = int(self.world.state.riders.from_node[rider]), int(self.world.state.riders.to_node[rider])
            if start not in (NONE, own[0]) or end not in (NONE, own[1]):
                raise ValueError(f"new tail of bus {order.bus}: rider {rider} was told nodes {own[0]} and {own[1]}")

    def _rider_stop(self, stop: Stop, known: dict[int, float]) -> Stop:
        riders, rider = self.world.state.riders, stop.rider
        self._check_node(stop.node, stop)
        if stop.action not in (PICKUP, DROPOFF):
            return stop
        if not 0 <= rider < len(riders):
            raise ValueError(f"{stop}: there is no rider {rider}")
        if stop.action == PICKUP:
            earliest, latest = max(float(riders.earliest_s[rider]), stop.earliest_s), float(riders.latest_s[rider])
            return stop._replace(earliest_s=earliest, latest_s=latest, dwell_s=float(riders.board_s[rider]))
        promised = float(riders.latest_s[rider] + riders.longest_s[rider])
        latest = known[rider] if self.world.state.status[rider] == _ABOARD and rider in known else promised
        return stop._replace(earliest_s=-math.inf, latest_s=latest, dwell_s=float(riders.alight_s[rider]))

    def _first(self, bus: int) -> tuple[int, int, int]:
        return self.world.state.plans.first(bus)

    def _tell(self, bus: int, before: tuple[int, int, int]) -> None:
        """Interrupt a bus whose next stop has changed, unless it is on its way to that node already."""
        after, fleet = self._first(bus), self.world.state.fleet
        if after == before:
            return
        if fleet.mode[bus] == _DRIVING and fleet.target[bus] == after[0] and after[1] != END:
            return
        self.buses[bus].replan()

    def _check_bus(self, bus: int, order: Order) -> None:
        size = len(self.buses)
        if not (is_whole(bus) and 0 <= bus < size):
            raise ValueError(f"{order}: there is no bus {bus}; buses are 0 ... {size - 1}")
        if self.world.state.plans.size(bus) == 0 or self.world.positions.last[bus] < 0:
            raise ValueError(f"{order}: bus {bus} takes no orders now (off duty or at a charger)")

    def _check_node(self, node: int, order: Order | Stop) -> None:
        size = self.world.travel.times.shape[1]
        if not (is_whole(node) and 0 <= node < size):
            raise ValueError(f"{order}: there is no node {node}; nodes are 0 ... {size - 1}")

    def _check_open(self, rider: int, order: Order) -> None:
        status = self.world.state.status
        if not (is_whole(rider) and 0 <= rider < len(status)):
            raise ValueError(f"{order}: there is no rider {rider}")
        if status.item(rider) != _OPEN:
            raise ValueError(f"{order}: rider {rider} is {Status(status[rider]).name.lower()}, not open")

    def _check_plan(self, bus: int, late_before: float, order: Order) -> None:
        what = self.world.broken(bus, late_before)
        if what:
            raise ValueError(f"{order}: {what}")

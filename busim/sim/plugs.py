"""Charging sites: plugs with a queue, curves of batteries, and power that plugs share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import simpy

from busim.core.charge_curve import Curve, capped, energy_after, make_curve, seconds_to, swap_curve
from busim.core.charge_queue import Booking, free_from, queue_start
from busim.core.charge_site import STEP_S, Session, SitePower
from busim.core.queue_rules import QUEUE_RULES, Claim
from busim.core.view import Chargers
from busim.model.events import NONE, Cause, Kind
from busim.model.specs import ChargerSpec, VehicleSpec
from busim.sim.bus import Sleep, Steps
from busim.sim.site_book import SiteBook
from busim.sim.spares import Spares
from busim.sim.world import World

LONGEST_S = 24 * 3600  # a battery whose power fades to nothing is never quite full


class Wish(NamedTuple):
    """What a charge is for: the share to leave with, and the share from which dispatch may cut it short."""

    until: float
    free_from: float


class Plugs:
    """All charging sites of a run.

    Parameters
    ----------
    world
        The world.
    chargers
        Node, plugs, power, time to connect and limit of each site [S].
    specs
        Their descriptions [S].
    """

    def __init__(self, world: World, chargers: Chargers, specs: Sequence[ChargerSpec]) -> None:
        self.world, self.chargers = world, chargers
        self._plugs = [simpy.PriorityResource(world.env, int(count)) for count in chargers.plugs]
        self._power = [SitePower(float(limit)) for limit in chargers.limit_kw]
        self._book = SiteBook(chargers, specs)
        self._wishes: dict[int, Wish] = {}
        self._curves: dict[tuple[int, int], tuple[Curve, Curve]] = {}  # by type of bus and site
        self._counts: list[int] = chargers.plugs.tolist()
        self._shown = [math.inf] * len(chargers.plugs)  # level of each site that the log tells

    def curve(self, bus: int, site: int) -> Curve:
        """Give the curve of a bus's battery at a plug of a site."""
        return self._known(bus, site)[0]

    def sure_curve(self, bus: int, site: int) -> Curve:
        """Give the curve that holds however many others charge there: planning counts on no more."""
        return self._known(bus, site)[1]

    def _known(self, bus: int, site: int) -> tuple[Curve, Curve]:
        """Give both curves, which are made once for each type of bus and site."""
        key = self.world.bus(bus).vehicle, site
        if key not in self._curves:
            chargers, kind = self.chargers, self.world.vehicle(bus)
            own = sure = swap_curve(kind.battery_kwh)
            if not chargers.is_swap[site]:
                own = capped(battery_curve(kind), float(chargers.power_kw[site]))
                sure = capped(own, float(chargers.limit_kw[site] / chargers.plugs[site]))
            self._curves[key] = own, sure
        return self._curves[key]

    def seconds(self, bus: int, site: int, energy_kwh: float, until: float) -> int:
        """Give the time at the plug, connecting included, to fill from some energy to a share of the battery [s]."""
        wanted = until * self.world.vehicle(bus).battery_kwh
        filling = seconds_to(self.sure_curve(bus, site), energy_kwh, wanted)
        return int(self.chargers.connect_s[site]) + math.ceil(min(filling, LONGEST_S))

    def gain_kwh(self, bus: int, site: int, energy_kwh: float, ready: float, seconds: float, leave_by: float) -> float:
        """Give what a charge will give at least, wait for a plug included; 0 where there is no time for it [kWh].

        Parameters
        ----------
        bus, site
            Who and where.
        energy_kwh, ready
            Energy when the bus is there and may be plugged in, and that moment [s].
        seconds, leave_by
            Time wanted at the plug, connecting included, and until when at most [s].
        """
        bookings = self._bookings(site, bus)
        start = max(queue_start(bookings, self._counts[site], ready), self.chargers.ready_s.item(site))
        held = energy_kwh - (start - ready) * float(self.world.positions.arrays.per_second[bus])
        filling = min(seconds, leave_by - start) - float(self.chargers.connect_s[site])
        if filling <= 0.0:
            return 0.0
        return max(0.0, energy_after(self.sure_curve(bus, site), held, filling) - energy_kwh)

    def _bookings(self, site: int, bus: int = NONE) -> list[Booking]:
        """List who is at a site, and who is on the way there to charge, but for one bus."""
        found = self._book.bookings(site, self.world.now)
        coming = self.world.state.plans.next_charges(site)
        return found + [Booking(start, end) for other, start, end in coming if other != bus]

    def tell_queue(self, site: int) -> None:
        """Log from when on a site has a plug, if that has changed: insertions count on plugs that can be had."""
        world, known, ready = self.world, self.world.ways.free_s.item(site), self.chargers.ready_s.item(site)
        now = world.now
        free = math.ceil(free_from(self._bookings(site), self._counts[site], now))
        if ready > now:
            free = max(free, ready)
        if free != known and max(free, known) > now:
            world.record(Kind.PLUGS, node=int(self.chargers.node[site]), other=site, a=free)
            world.ways.tell(site, free, now)

    def wish(self, bus: int, until: float, free_from: float) -> None:
        """Note what the next charge of a bus is for."""
        self._wishes[bus] = Wish(until, free_from)

    def charge(
        self,
        bus: int,
        site: int,
        seconds: int,
        leave_by: float = math.inf,
        sleep: Sleep | None = None,
        least_kwh: float = 0.0,
        booked_s: float = math.inf,
    ) -> Steps:
        """Queue for a plug, then charge; dispatch may plan the bus from the end of the charge on.

        A bus that must leave before its turn goes without charging, one that must leave before it is full goes then.
        Without a wish it charges for ``seconds``, connecting included.

        Parameters
        ----------
        bus, site, seconds, leave_by
            Who, where, how long and until when at most [s].
        sleep
            Sleeps until a time, and tells whether dispatch wants the bus before.
        least_kwh
            Without so much it does not leave, be it late: it would not get home [kWh].
        booked_s
            Start of the slot that it has booked, if it has [s].
        """
        world, chargers, node = self.world, self.chargers, int(self.chargers.node[site])
        turn = self._turn(bus, seconds, leave_by, booked_s)
        self._book.join(bus, site, world.now, seconds)
        waited = None if booked_s == math.inf else Cause.QUEUE  # for its slot
        world.record(Kind.PLUG_WAIT, bus, node=node, other=site, value=world.energy_used(bus, cause=waited))
        self.tell_queue(site)
        with self._plugs[site].request(priority=turn) as plug:  # type: ignore[arg-type]  # anything that compares
            if leave_by == math.inf or self._is_stuck(bus, leave_by, least_kwh):
                yield plug
            else:
                yield plug | world.env.timeout(max(0, int(leave_by) - world.now))
            wish = self._wishes.pop(bus, None)
            spares = self._book.spares[site]
            if plug.triggered and spares is not None:
                yield from self._await_spare(spares, math.inf if self._is_stuck(bus, leave_by, least_kwh) else leave_by)
            if plug.triggered:
                leave_by = max(leave_by, world.now + self._seconds_for(bus, site, least_kwh))
            has_time = plug.triggered and leave_by - world.now > chargers.connect_s[site]
            if has_time and spares is None:
                world.record(Kind.PLUG_IN, bus, node=node, other=site, value=world.energy_used(bus))
                yield from self._fill(bus, site, seconds, leave_by, wish, sleep)
            elif has_time and spares is not None and spares.ready_at() <= world.now:
                yield from self._swap(bus, site)
        self._book.leave(bus)
        self.tell_queue(site)

    def _is_stuck(self, bus: int, leave_by: float, least_kwh: float) -> bool:
        """Tell whether a bus that waited in vain until it must leave would have less than it needs."""
        held = float(self.world.state.fleet.energy_kwh[bus])
        waited = max(0.0, leave_by - self.world.now) * float(self.world.positions.arrays.per_second[bus])
        return bool(held - waited < least_kwh)

    def _seconds_for(self, bus: int, site: int, least_kwh: float) -> float:
        """Give how long a bus must be plugged in to hold the least that it may leave with [s]; 0 if it does."""
        held = float(self.world.state.fleet.energy_kwh[bus])
        if held >= least_kwh:
            return 0.0
        filling = min(seconds_to(self.sure_curve(bus, site), held, least_kwh), LONGEST_S)
        return float(math.ceil(self.chargers.connect_s[site] + filling) + 1)

    def _await_spare(self, spares: Spares, until: float) -> Steps:
        """Wait for a charged battery; another bus at the station may take the first one."""
        while self.world.now < min(spares.ready_at(), until):
            yield self.world.env.timeout(int(min(spares.ready_at(), until)) - self.world.now)

    def _swap(self, bus: int, site: int) -> Steps:
        """Put a charged battery into a bus; its own goes onto the shelf and is charged there."""
        world, kind, node = self.world, self.world.vehicle(bus), int(self.chargers.node[site])
        world.record(Kind.PLUG_IN, bus, node=node, other=site, value=world.energy_used(bus))
        held, size = float(world.state.fleet.energy_kwh[bus]), kind.battery_kwh
        end = world.now + int(self.chargers.connect_s[site]) + 1
        self._book.stay(bus, end)
        self.tell_queue(site)
        self._announce(bus, node, end, held + (size - held), is_told=False)
        self._book.swap(site, end, battery_curve(kind), held)
        yield world.env.timeout(end - world.now)
        world.record(Kind.PLUG_OUT, bus, node=node, other=site, c=1, value=size - held)
        world.start_account(bus)

    def _turn(self, bus: int, seconds: int, leave_by: float, booked_s: float) -> tuple[bool, float]:
        """Give a bus's place in the queue, the least first; one whose shift is over comes after all others."""
        world = self.world
        charge = float(world.state.fleet.energy_kwh[bus]) / world.vehicle(bus).battery_kwh
        claim = Claim(charge, booked_s, leave_by, seconds)
        return bus in world.parked, QUEUE_RULES[world.spec.charging.queue](claim)

    def _fill(
        self, bus: int, site: int, seconds: int, leave_by: float, wish: Wish | None, sleep: Sleep | None
    ) -> Steps:
        world, power = self.world, self._power[site]
        node, connect = int(self.chargers.node[site]), int(self.chargers.connect_s[site])
        held, size = float(world.state.fleet.energy_kwh[bus]), world.vehicle(bus).battery_kwh
        target = max(held, size if wish is None else wish.until * size)
        if wish is not None:
            seconds = self.seconds(bus, site, held, wish.until)
        self._book.stay(bus, min(world.now + seconds, leave_by))
        self.tell_queue(site)
        end, begin = int(min(world.now + seconds, leave_by)), world.now + connect
        at_end = min(target, energy_after(self.sure_curve(bus, site), held, end - begin))
        is_planned = world.state.plans.length[bus] > 1
        free_from = math.inf if wish is None or sleep is None or is_planned else wish.free_from * size
        at_end = held + (at_end - held)  # as the log tells it: to the last bit
        is_told = free_from < at_end or math.isfinite(power.limit_kw)
        if free_from < at_end:
            world.record(Kind.FREE_AT, bus, node=node)
        else:
            self._announce(bus, node, end, at_end, is_told=is_told)
        yield world.env.timeout(begin - world.now)
        power.join(bus, Session(self.curve(bus, site), held, target), world.now)
        self._show(site)
        yield from self._stay(bus, site, end, free_from, sleep)
        charged = power.leave(bus, world.now) - held
        self._show(site)
        world.record(Kind.PLUG_OUT, bus, node=node, other=site, value=charged)
        world.start_account(bus)

    def _stay(self, bus: int, site: int, end: int, free_from: float, sleep: Sleep | None) -> Steps:
        """Stay at the plug until the end, the wish or dispatch; level and what dispatch sees are renewed in steps."""
        world, power, node = self.world, self._power[site], int(self.chargers.node[site])
        is_shared, has_wish = math.isfinite(power.limit_kw), free_from < math.inf
        while world.now < end:
            step = end
            if is_shared or has_wish:
                power.settle(world.now)
                self._show(site)
                step = min(end, world.now + STEP_S)
            if is_shared:
                step = min(step, world.now + math.ceil(min(power.seconds_left(bus), LONGEST_S)))
                if step <= world.now:
                    return
            held = power.energy_at(bus, world.now)
            if has_wish and sleep is not None and held >= free_from:
                self._announce(bus, node, world.now, held, is_told=True)
                if (yield from sleep(step)):
                    return
            else:
                yield world.env.timeout(step - world.now)

    def _announce(self, bus: int, node: int, time: int, energy_kwh: float, *, is_told: bool) -> None:
        """Tell dispatch from when on the bus can be had, and with what energy."""
        if is_told:
            self.world.record(Kind.FREE_AT, bus, node=node, a=time, value=energy_kwh)
        self.world.positions.stand(bus, node, time, energy_kwh)
        self.world.reschedule(bus)

    def _show(self, site: int) -> None:
        """Log the level of a site that shares its limit, when it has changed."""
        power, most = self._power[site], float(self.chargers.power_kw[site])
        level = min(power.level_kw, most)
        if math.isfinite(power.limit_kw) and level != self._shown[site]:
            self._shown[site] = level
            node = int(self.chargers.node[site])
            self.world.record(Kind.POWER, node=node, other=site, a=len(power.sessions), value=level)


def battery_curve(vehicle: VehicleSpec) -> Curve:
    """Give the charging curve of a type's battery."""
    return make_curve(vehicle.charge_points, vehicle.battery_kwh, vehicle.charge_kw, is_stepped=vehicle.is_stepped)


def sites(
    nodes: Sequence[int],
    specs: Sequence[ChargerSpec],
    kinds: Sequence[VehicleSpec],
    at_stop: Sequence[bool],
    *,
    riders_aboard: bool = False,
) -> Chargers:
    """Put sites into arrays.

    Parameters
    ----------
    nodes, specs
        Node and description of each site [S].
    kinds
        Type of each bus [B].
    at_stop
        Whether each site stands at a stop [S].
    riders_aboard
        Whether buses may charge there with riders aboard.
    """
    fits = [[not kind.plug or not site.plug or kind.plug == site.plug for site in specs] for kind in kinds]
    return Chargers(
        node=np.array(nodes, np.int64),
        plugs=np.array([s.plugs for s in specs], np.int64),
        power_kw=np.array([s.power_kw for s in specs], np.float64),
        connect_s=np.array([s.connect_s for s in specs], np.int64),
        taken=np.zeros(len(nodes), np.int64),
        limit_kw=np.array([s.limit_kw for s in specs], np.float64),
        bus_site=np.full(len(kinds), NONE, np.int64),
        bus_until=np.zeros(len(kinds), np.int64),
        fits=np.array(fits, np.bool_).reshape(len(kinds), len(specs)),
        is_swap=np.array([site.spares > 0 for site in specs], np.bool_),
        at_stop=np.array(at_stop, np.bool_),
        allows_riders=np.array(at_stop, np.bool_) & riders_aboard,
        ready_s=np.zeros(len(specs), np.int64),
    )

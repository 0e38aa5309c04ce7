"""What charging at each site would mean for a bus: when it is there, when it gets a plug, when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from busim.core.charge_curve import seconds_to
from busim.core.charge_queue import Booking, earliest_slot, planned_bookings, queue_start, site_bookings
from busim.core.compiled import plain
from busim.core.fleet import origin_at
from busim.core.insertion import charger_kwh
from busim.core.plans import LATEST, NODE, READY, SLACK, START
from busim.core.travel import UNREACHABLE
from busim.core.view import View
from busim.units import MINUTE_S

_charger_kwh = plain(charger_kwh)  # as one asks for one bus: to be handed arrays takes a compiled one 20 us
LONGEST_S = 24 * 3600.0


class Option(NamedTuple):
    """A charge at one site: arrival, plug, end [s]; energy on arrival, and when plugged in [kWh]."""

    site: int
    arrive: float
    start: float
    end: float
    energy_kwh: float
    plugged_kwh: float


def reach(view: View, bus: int) -> Iterator[tuple[int, float, float]]:
    """Give each site that a bus can get to with the moment of arrival [s] and the energy then [kWh], nearest first."""
    fleet, sites = view.fleet, view.chargers.node
    node, leave = int(fleet.node[bus]), max(float(fleet.time[bus]), float(view.now))
    period = view.travel.period(leave)
    away = view.travel.times[period, node, sites] + view.costs.halt * (sites != node)
    used = view.travel.most[node, sites] * fleet.per_metre[bus] + away * fleet.per_second[bus]
    energy = view.energy_now(bus)
    for site in np.argsort(away, kind="stable").tolist():
        if away[site] < UNREACHABLE and view.chargers.plugs[site] > 0 and view.chargers.fits[bus, site]:
            yield site, leave + float(away[site]), energy - float(used[site])


def booked(view: View, site: int, bus: int) -> list[Booking]:
    """List who is at a site, in its queue, or on the way there to charge, but for one bus."""
    there = site_bookings(view.chargers.bus_site, view.chargers.bus_until, site, view.now)
    return there + planned_bookings(view.plans, site, bus)


def options(view: View, bus: int, until: float, *, is_booked: bool = False) -> list[Option]:
    """List what charging up to a share would mean at each site, nearest first.

    Parameters
    ----------
    view, bus
        The moment, and the bus.
    until
        Share of the battery to leave with.
    is_booked
        Whether the bus books a slot beside other bookings, instead of queueing behind who is there before it.
    """
    found: list[Option] = []
    for site, arrive, energy in reach(view, bus):
        bookings, plugs = booked(view, site, bus), int(view.chargers.plugs[site])
        connect = float(view.chargers.connect_s[site])
        filling = seconds_to(view.curve(bus, site), energy, until * float(view.battery_kwh[bus]))
        length = connect + min(filling, LONGEST_S)
        start = earliest_slot(bookings, plugs, arrive, length) if is_booked else queue_start(bookings, plugs, arrive)
        start = max(start, float(view.chargers.ready_s[site]))
        plugged = energy - (start - arrive) * float(view.fleet.per_second[bus])
        found.append(Option(site, arrive, start, start + length, energy, plugged))
    return found


def quickest(view: View, bus: int, until: float, *, is_booked: bool = False) -> Option | None:
    """Give the site where a bus is done first, way, queue and charge counted; ``None`` where none can be reached.

    Sites that it would reach, or be plugged in at, only below its reserve come last.
    """
    least = float(view.fleet.reserve[bus])
    found = options(view, bus, until, is_booked=is_booked)
    return min(found, key=lambda o: (o.plugged_kwh < least, o.end, o.site), default=None)


def has_time(view: View, bus: int, option: Option, least_min: float, *, is_late_fine: bool = False) -> bool:
    """Tell whether a bus can charge for some minutes before its next stop or the end of its shift.

    With ``is_late_fine`` its next stop may be as late as nothing planned breaks a limit for it.
    """
    plans = view.scheduled(bus)
    due = plans.floats[bus, 0, LATEST if plans.length[bus] == 1 else START]
    if is_late_fine and plans.length[bus] > 1:
        due = plans.floats[bus, 0, READY] + plans.floats[bus, 0, SLACK]
    period = view.travel.period(view.now)
    back = view.travel.times[period, view.chargers.node[option.site], plans.ints[bus, 0, NODE]]
    return bool(option.start + back + least_min * MINUTE_S <= due)


def way_kwh(view: View, bus: int) -> float:
    """Give the energy from where a bus can next change course to a plug, the wait there included [kWh]."""
    origin = origin_at(view.fleet, bus, float(view.now))
    return float(_charger_kwh(origin.node, origin.time, origin, view.costs))

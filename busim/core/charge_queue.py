"""When a plug is free: the earliest slot beside bookings, and how long a queue takes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from busim.core.plans import ACTION, CHARGE, DEPART, SITE, START, PlanArrays
from busim.model.network import Ints


class Booking(NamedTuple):
    """A plug taken from one moment to another [s]."""

    start: float
    end: float


def site_bookings(bus_site: Ints, bus_until: Ints, site: int, now: float) -> list[Booking]:
    """List who is at a site now and until when, those in the queue included.

    Parameters
    ----------
    bus_site, bus_until
        Site of each bus, and until when it is expected to be there [B].
    site, now
        The site, and the moment [s].
    """
    there = np.flatnonzero(bus_site == site)
    return [Booking(now, max(now + 1.0, float(bus_until[bus]))) for bus in there.tolist()]


def planned_bookings(plans: PlanArrays, site: int, bus: int) -> list[Booking]:
    """List who is on the way to a site to charge next, but for one bus."""
    first, has_plan = plans.ints[:, 0], plans.length > 0
    coming = np.flatnonzero(has_plan & (first[:, ACTION] == CHARGE) & (first[:, SITE] == site))
    times = plans.floats[:, 0]
    return [Booking(float(times[b, START]), float(times[b, DEPART])) for b in coming.tolist() if b != bus]


def free_from(bookings: Sequence[Booking], plugs: int, now: float) -> float:
    """Give from when on one who comes now would have a plug, behind all who are booked [s]; 0 where there is one."""
    ends = sorted(b.end for b in bookings if b.end > now)
    return 0.0 if len(ends) < plugs else ends[len(ends) - plugs]


def earliest_slot(bookings: Sequence[Booking], plugs: int, ready: float, length: float) -> float:
    """Give the first moment from ``ready`` on at which a plug stays free for so long [s]; infinite without plugs.

    Parameters
    ----------
    bookings
        All bookings of the site, whichever the plug.
    plugs
        Number of plugs.
    ready, length
        Earliest start, and how long the plug is needed [s].
    """
    if plugs <= 0:
        return math.inf
    for start in sorted({ready, *(b.end for b in bookings if b.end > ready)}):
        if most_at_once(bookings, start, start + length) < plugs:
            return start
    return math.inf  # not reached: after the last booking all plugs are free


def most_at_once(bookings: Iterable[Booking], start: float, end: float) -> int:
    """Count the plugs taken at the worst moment of a span."""
    within = [b for b in bookings if b.start < end and b.end > start]
    moments = {start, *(b.start for b in within if b.start > start)}
    return max((sum(b.start <= t < b.end for b in within) for t in moments), default=0)


def queue_start(bookings: Sequence[Booking], plugs: int, ready: float) -> float:
    """Give when a bus that comes at ``ready`` gets a plug, behind everybody who is booked to start before [s]."""
    ahead = sorted(b.end for b in bookings if b.start <= ready < b.end)
    if plugs <= 0:
        return math.inf
    return ready if len(ahead) < plugs else ahead[len(ahead) - plugs]

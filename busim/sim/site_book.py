"""Who is at which charging site, until when, and when a swap station has a charged battery: live and played back."""

from __future__ import annotations

from collections.abc import Sequence

from busim.core.charge_curve import Curve
from busim.core.charge_queue import queue_start, site_bookings
from busim.core.view import Chargers
from busim.model.events import NONE
from busim.model.specs import ChargerSpec
from busim.sim.spares import Spares


class SiteBook:
    """Keeps the arrays of ``Chargers`` that change over the day.

    Parameters
    ----------
    chargers
        Whose ``taken``, ``bus_site``, ``bus_until`` and ``ready_s`` are kept.
    specs
        The sites [S].
    """

    def __init__(self, chargers: Chargers, specs: Sequence[ChargerSpec]) -> None:
        self.chargers = chargers
        self.spares = [Spares(site) if site.spares else None for site in specs]

    def join(self, bus: int, site: int, now: int, seconds: int) -> None:
        """Let a bus join the queue that wants to charge for so long [s]."""
        chargers = self.chargers
        chargers.taken[site] += 1
        ahead = site_bookings(chargers.bus_site, chargers.bus_until, site, now)
        chargers.bus_until[bus] = queue_start(ahead, int(chargers.plugs[site]), now) + seconds
        chargers.bus_site[bus] = site

    def stay(self, bus: int, until: float) -> None:
        """Note until when a bus that is plugged in is expected to be there [s]."""
        self.chargers.bus_until[bus] = until

    def swap(self, site: int, end: int, battery: Curve, held_kwh: float) -> None:
        """Put the battery that a bus brings on the shelf at a moment [s]; one that was charged is gone."""
        spares = self.spares[site]
        if spares is not None:
            spares.swap(end, battery, held_kwh)
            self.chargers.ready_s[site] = spares.ready_at()

    def leave(self, bus: int) -> None:
        """Let a bus go, from a plug or from the queue."""
        chargers = self.chargers
        chargers.taken[chargers.bus_site[bus]] -= 1
        chargers.bus_site[bus] = NONE

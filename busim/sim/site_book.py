"""Who is at which charging site, until when, and when a swap station has a charged battery: live and played back."""

from __future__ import annotations

from collections.abc import Sequence

from busim.core.cells import cells
from busim.core.charge_curve import Curve
from busim.core.charge_queue import Booking, queue_start
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
        self._until, self._site = cells(chargers.bus_until), cells(chargers.bus_site)
        self._there: list[set[int]] = [set() for _ in specs]  # who is at each site
        self.spares = [Spares(site) if site.spares else None for site in specs]

    def bookings(self, site: int, now: float) -> list[Booking]:
        """Do as ``charge_queue.site_bookings``, without a look at all buses."""
        soon = now + 1.0
        return [Booking(now, max(soon, float(self._until[bus]))) for bus in self._there[site]]

    def join(self, bus: int, site: int, now: int, seconds: int) -> None:
        """Let a bus join the queue that wants to charge for so long [s]."""
        chargers = self.chargers
        chargers.taken[site] += 1
        start = queue_start(self.bookings(site, now), int(chargers.plugs[site]), now)
        self._until[bus], self._site[bus] = int(start + seconds), site
        self._there[site].add(bus)

    def stay(self, bus: int, until: float) -> None:
        """Note until when a bus that is plugged in is expected to be there [s]."""
        self._until[bus] = int(until)

    def swap(self, site: int, end: int, battery: Curve, held_kwh: float) -> None:
        """Put the battery that a bus brings on the shelf at a moment [s]; one that was charged is gone."""
        spares = self.spares[site]
        if spares is not None:
            spares.swap(end, battery, held_kwh)
            self.chargers.ready_s[site] = spares.ready_at()

    def leave(self, bus: int) -> None:
        """Let a bus go, from a plug or from the queue."""
        site = self._site[bus]
        self.chargers.taken[site] -= 1
        self._there[site].remove(bus)
        self._site[bus] = NONE

"""Spare batteries of a swap station: which are charged, and when the next one is."""

from __future__ import annotations

import heapq

from busim.core.charge_curve import Curve
from busim.core.shelf import recharge_s, shelf_curve
from busim.model.specs import ChargerSpec


class Spares:
    """The batteries on the shelf of one station; every bus that takes one leaves its own to be charged.

    Parameters
    ----------
    site
        The station; its batteries are all charged at first.
    """

    def __init__(self, site: ChargerSpec) -> None:
        self._site, self._ready = site, [0] * site.spares

    def ready_at(self) -> int:
        """Give when the next battery is charged [s]; it may be past."""
        return self._ready[0]

    def swap(self, time: int, battery: Curve, held_kwh: float) -> None:
        """Take the battery that was ready first; the one that comes instead, at a time, is charged from then on."""
        shelf = shelf_curve(battery, self._site.power_kw, self._site.limit_kw, self._site.spares)
        heapq.heapreplace(self._ready, time + recharge_s(shelf, held_kwh))

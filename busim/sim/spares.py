"""Spare batteries of a swap station: which are charged, and when the next one is."""

from __future__ import annotations

import heapq


class Spares:
    """The batteries on the shelf of one station; every bus that takes one leaves its own to be charged.

    Parameters
    ----------
    count
        Batteries, all charged at first.
    """

    def __init__(self, count: int) -> None:
        self._ready = [0] * count

    def ready_at(self) -> int:
        """Give when the next battery is charged [s]; it may be past."""
        return self._ready[0]

    def swap(self, now: int, recharge_s: int) -> None:
        """Take the battery that was ready first, and charge the one that comes instead."""
        heapq.heapreplace(self._ready, now + recharge_s)

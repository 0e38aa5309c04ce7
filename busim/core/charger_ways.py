"""The way from every node to a plug that a bus can really have: the nearest by time, queues counted."""

from __future__ import annotations

import numpy as np

from busim.model.network import Bools, Floats, Ints


class ChargerWays:
    """Which charging site is the nearest from each node now, how far it is, and from when on it has a plug.

    The arrays keep their identity: whoever holds them sees every change.

    Parameters
    ----------
    away_s, away_m
        Drive from each node to each site, the slowest of the day, and the most that it takes, as metres [N, S].
    fits
        Sites whose plugs fit, for each kind of bus [K, S]; what the nearest of any kind takes at most counts for all.

    Attributes
    ----------
    to_charger_s, to_charger_m
        Of the site chosen for each node, or of each kind of bus's own the most [N].
    plug_free
        When that site has a plug for one who comes now [N, s]; 0 where it has one.
    """

    def __init__(self, away_s: Floats, away_m: Floats, fits: Bools) -> None:
        self._away_s, self._away_m = away_s, away_m
        self._kinds = [kind for kind in fits if kind.any()]
        nodes, sites = away_s.shape
        self.free_s: Floats = np.zeros(sites)
        self.to_charger_s, self.to_charger_m, self.plug_free = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes)
        self._choose(0.0)

    def tell(self, site: int, free_s: float, now: float) -> None:
        """Take note of when a site has a plug for one who comes now [s]."""
        self.free_s[site] = free_s
        self._choose(now)

    def _choose(self, now: float) -> None:
        if not self._kinds:
            return
        there = np.maximum(self._away_s, self.free_s - now)
        first, *others = [there.argmin(axis=1) if kind.all() else _nearest(there, kind) for kind in self._kinds]
        rows = np.arange(len(there))
        self.to_charger_s[:], self.to_charger_m[:] = self._away_s[rows, first], self._away_m[rows, first]
        self.plug_free[:] = self.free_s[first]
        for best in others:  # each bus gets to its own: the most of each counts
            np.maximum(self.to_charger_s, self._away_s[rows, best], out=self.to_charger_s)
            np.maximum(self.to_charger_m, self._away_m[rows, best], out=self.to_charger_m)
            np.maximum(self.plug_free, self.free_s[best], out=self.plug_free)


def _nearest(there_s: Floats, fits: Bools) -> Ints:
    found: Ints = np.where(fits, there_s, np.inf).argmin(axis=1)
    return found

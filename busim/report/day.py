"""A finished day as reports read it, and what of it is computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from busim.core.travel import TravelTimes
from busim.errors import InputError
from busim.metrics.riders import RiderLog
from busim.model.events import NONE, EventLog, Kind
from busim.model.network import Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.model.riders import Riders
from busim.model.specs import ScenarioSpec
from busim.model.table import Table
from busim.report.words import Names
from busim.sim.access import riders as make_riders
from busim.sim.playback import Playback


@dataclass(frozen=True)
class FinishedDay:
    """A day that has been simulated.

    Riders' windows, limits and dwells are not in the log; they follow from scenario, map and requests and are made
    again, as are planned travel times and, with the seed, those on noisy roads.

    Parameters
    ----------
    spec, network, requests, travel
        What it was run with.
    log, tables
        What came of it.
    """

    spec: ScenarioSpec
    network: RoadNetwork
    requests: RequestTable
    travel: TravelTimes
    log: EventLog
    tables: Mapping[str, Table]

    @cached_property
    def _riders(self) -> tuple[Riders, Ints]:
        made, hopeless = make_riders(self.spec, self.network, self.requests, self.travel)
        asked = np.flatnonzero(self.log.kind == Kind.REQUEST)
        who = self.log.rider[asked]
        pairs = (
            (self.log.node, made.from_node),
            (self.log.other, made.to_node),
            (self.log.a, made.latest_s),
            (self.log.b, made.longest_s),
        )
        wrong = np.zeros(len(asked), bool)
        for logged, again in pairs:
            wrong |= logged[asked] != again[who]
        wrong |= np.isin(who, self._sent_wrongly(made))
        if wrong.any():
            names = ", ".join(self.requests.ids[i] for i in who[wrong][:5])
            what = f"stops or limits of {int(wrong.sum())} riders come out differently than in the run ({names}, ...)"
            raise InputError.single("event log", what, "map, requests or busim have changed: run the scenario again")
        return made, hopeless

    def _sent_wrongly(self, made: Riders) -> list[int]:
        """List riders who were sent to stops that they may not be sent to now, or with other limits."""
        log, wrong = self.log, []
        for at in np.flatnonzero(log.kind == Kind.STOPS).tolist():
            rider = int(log.rider[at])
            row = made.choice(rider, int(log.node[at]), int(log.other[at]))
            table = made.choices.table if made.choices is not None else made
            if row == NONE or (table.latest_s[row], table.longest_s[row]) != (log.a[at], log.b[at]):
                wrong.append(rider)
        return wrong

    @property
    def riders(self) -> Riders:
        """The riders with their limits.

        Raises
        ------
        InputError
            If they are not those of the log.
        """
        return self._riders[0]

    @property
    def hopeless(self) -> Ints:
        """Why a rider could not be served at all, whatever the buses do (``NONE`` = could be) [R]."""
        return self._riders[1]

    @cached_property
    def rider_log(self) -> RiderLog:
        """The log by rider."""
        return RiderLog(self.log, len(self.requests))

    @cached_property
    def names(self) -> Names:
        """How riders, buses and places are called."""
        return Names(self.spec, self.network, self.requests)

    def playback(self) -> Playback:
        """Start to play the log back."""
        return Playback(self.spec, self.network, self.travel, self.riders, self.log)

    def first_row(self, kind: Kind, rider: int) -> int | None:
        """Find the first event of a kind for a rider."""
        rows = self.rows(kind, rider)
        return rows[0] if rows else None

    def rows(self, kind: Kind, rider: int) -> list[int]:
        """Find all events of a kind for a rider."""
        return np.flatnonzero((self.log.kind == kind) & (self.log.rider == rider)).tolist()

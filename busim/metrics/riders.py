"""What the log says of each rider, looked up by kind of event."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from busim.model.events import NONE, EventLog, Kind
from busim.model.network import Floats, Ints

_OF_RIDERS = (*(kind for kind in Kind if kind <= Kind.LEFT_BEHIND), Kind.STOPS)


@dataclass(frozen=True)
class RiderLog:
    """The log, read by rider.

    Parameters
    ----------
    log
        Events of the day.
    num
        Number of requests, R.
    """

    log: EventLog
    num: int

    @cached_property
    def _rows(self) -> dict[Kind, Ints]:
        named = np.flatnonzero(self.log.rider >= 0)
        kinds = self.log.kind[named]
        return {kind: named[kinds == kind] for kind in _OF_RIDERS}

    def rows(self, kind: Kind) -> Ints:
        """Find the events of a kind that name a rider."""
        return self._rows[kind]

    def last(
        self, kind: Kind, column: NDArray[Any], missing: float | Floats = np.nan, *, is_first: bool = False
    ) -> Floats:
        """Give each rider a column's value at the last event of a kind, or at the first [R]."""
        found = np.full(self.num, missing, np.float64)
        rows = self.rows(kind)[::-1] if is_first else self.rows(kind)
        found[self.log.rider[rows]] = column[rows]  # of repeated riders the last one written stays
        return found

    def given(self, kind: Kind, column: NDArray[Any], *, is_first: bool = False) -> Floats:
        """Give what ``last`` gives, with ``nan`` where the column says ``NONE``."""
        found = self.last(kind, column, is_first=is_first)
        return np.where(found == NONE, np.nan, found)

    def offered(self, column: NDArray[Any]) -> Floats:
        """Give what ``given`` gives of the request, or of the other stops that a rider was sent to [R]."""
        found = self.last(Kind.STOPS, column, self.last(Kind.REQUEST, column))
        return np.where(found == NONE, np.nan, found)

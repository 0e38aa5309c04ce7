"""The events of the buses in order, bus by bus, with the load after each of them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from busim.core.energy import J_PER_KWH
from busim.model.events import EventLog, Kind
from busim.model.network import Bools, Floats, Ints

RIDER_KINDS = (Kind.BOARD, Kind.ALIGHT, Kind.LEFT_BEHIND)
BUS_KINDS = tuple(kind for kind in Kind if Kind.SHIFT_START <= kind <= Kind.SHIFT_END)
ENERGY_KINDS = tuple(kind for kind in BUS_KINDS if kind not in (Kind.SHIFT_START, Kind.PLUG_OUT))


def is_kind(kinds: Ints, *wanted: Kind) -> Bools:
    """Tell which events are of one of the ``wanted`` kinds [n]."""
    known = np.zeros(max(Kind) + 1, np.bool_)
    known[list(wanted)] = True
    return known[kinds]


@dataclass(frozen=True)
class Stream:
    """Events of the buses and of riders at the doors, sorted by bus and then as they happened.

    Parameters
    ----------
    row
        Position in the log [n].
    bus, kind, node, other, rider, a, b, c, value
        Columns of the log [n].
    time
        When it happened [n, s]; an arrival is when the wheels stopped, before the fixed part of the halt.
    persons, parties
        On board after the event [n].
    """

    row: Ints
    bus: Ints
    kind: Ints
    node: Ints
    other: Ints
    rider: Ints
    a: Ints
    b: Ints
    c: Ints
    value: Floats
    time: Ints
    persons: Ints
    parties: Ints

    def where(self, mask: Bools | Ints) -> Stream:
        """Keep some of the events, by mask or index."""
        return Stream(*(getattr(self, column.name)[mask] for column in fields(self)))

    def of(self, *kinds: Kind) -> Stream:
        """Keep the events of some kinds."""
        return self.where(is_kind(self.kind, *kinds))

    @property
    def recuperated_kwh(self) -> Floats:
        """Energy that driving gave back at each event [n, kWh]."""
        return np.where(is_kind(self.kind, Kind.TURN, Kind.ARRIVE), np.maximum(self.c, 0), 0) / J_PER_KWH

    def __len__(self) -> int:
        """Count the events."""
        return len(self.row)


def after_shift(events: Stream) -> Bools:
    """Tell which events of a bus lie after the end of its shift: it charges overnight [n]."""
    ends = (events.kind == Kind.SHIFT_END).astype(np.int64)
    is_after: Bools = running_sum(ends, events.bus) - ends > 0
    return is_after


def running_sum(steps: Ints, bus: Ints) -> Ints:
    """Sum ``steps`` along each bus [n]; ``bus`` is sorted."""
    total = np.cumsum(steps)
    if not len(total):
        return total
    first = np.flatnonzero(np.diff(bus, prepend=bus[0] - 1))
    before = (total - steps)[first]
    sums: Ints = total - np.repeat(before, np.diff(first, append=len(bus)))
    return sums


def stream(log: EventLog) -> Stream:
    """Sort the events of the buses out of the log."""
    rows = np.flatnonzero((log.bus >= 0) & is_kind(log.kind, *RIDER_KINDS, *BUS_KINDS))
    rows = rows[np.argsort(log.bus[rows], kind="stable")]
    bus, kind, a, b = log.bus[rows], log.kind[rows], log.a[rows], log.b[rows]
    sign = np.where(kind == Kind.BOARD, 1, np.where(kind == Kind.ALIGHT, -1, 0))
    halt = np.where(kind == Kind.ARRIVE, np.maximum(b, 0), 0)
    return Stream(
        row=rows,
        bus=bus,
        kind=kind,
        node=log.node[rows],
        other=log.other[rows],
        rider=log.rider[rows],
        a=a,
        b=b,
        c=log.c[rows],
        value=log.value[rows],
        time=log.time[rows] - halt,
        persons=running_sum(sign * a, bus),
        parties=running_sum(sign, bus),
    )

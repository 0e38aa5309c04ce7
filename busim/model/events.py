"""The event log: what happened and what was decided, as columns from which everything else is derived."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from operator import itemgetter

import numpy as np

from busim.model.network import Floats, Ints

NONE = -1  # stands in a column that a kind of event does not use


class Kind(IntEnum):
    """Kinds of event, with the columns that each uses beside ``time``.

    Riders: ``REQUEST`` rider, node = boarding node or NONE, other = alighting node or NONE, value = access walk [s],
    a = latest pick-up [s], b = longest ride [s], c = walk from the alighting node [s].
    ``ACCEPT`` rider, bus, a and b = positions of pick-up and drop-off in the bus's plan (before insertion; ``NONE``
    if a new tail, told before, put the rider into it),
    node and other = where, value = planned pick-up [s], c = promised latest arrival [s].
    ``STOPS`` rider, all else as in ``REQUEST``: he is sent to these stops, which are not the nearest ones, with these
    limits; the answer that says so follows.
    ``REFUSE`` rider, a = Reason. ``ABANDON`` and ``CANCEL`` rider, bus or NONE. ``NO_SHOW`` rider, bus, node.
    ``BOARD`` and ``ALIGHT`` (when it begins) rider, bus, node, a = persons, b = dwell of the party [s].
    ``LEFT_BEHIND`` rider, bus, node (the bus was full).

    Plans: ``PLAN`` bus, a = slots kept; the tail is dropped, and what follows comes as ``SLOT`` rows:
    bus, rider, node, a = Action, b = earliest [s], c = latest [s] (of a charge: what it will give at least [Wh]),
    value = dwell [s], other = site, line stop or NONE. ``DONE`` bus: the first slot was carried out (``BOARD`` and
    ``ALIGHT`` of its rider also do it).
    ``UNPLAN`` rider, bus: the rider's slots left the plan.

    Buses: ``SHIFT_START`` bus, node, value = energy [kWh]. ``LEAVE`` bus, node, other = where to, value = energy
    used since the last event of this bus [kWh] (so for every event of this group but SHIFT_START and PLUG_OUT).
    ``TURN`` bus, node, other = new target, a = metres, c = recuperated since [whole J, beside value]: course changed
    at a node on the way.
    ``ARRIVE`` bus, node, a = metres, b = fixed time of the halt within the leg, before the doors serve [s], c =
    recuperated since [whole J].
    ``IDLE`` bus, node: nothing to do. ``WAIT`` bus, node, a = until [s]: held for a time; where a rider
    is named and b = 1: for one who does not come, and dispatch cannot call the bus away.
    ``PLUG_WAIT``, ``PLUG_IN`` bus, node, other = site (index into the scenario's charger sites).
    ``PLUG_OUT`` bus, node, other = site, value = energy charged, battery side [kWh] (here value is not energy used);
    c = 1 where the battery was swapped for a full one, which holds so much more.
    ``SHIFT_END`` bus, node.

    Energy: ``POWER`` node, other = site, a = buses that charge there, value = the most that any of its plugs gives
    from now on, because the site shares its limit [kW]. ``LOW`` bus, node, a = Cause, value = energy [kWh]: the
    battery is below its reserve from the next event of this bus on (logged once until it has charged again).
    ``FREE_AT`` bus, node, a = when [s] or NONE (not to be had), value = energy then [kWh]: what dispatch is told of a
    bus that charges where plugs share power, or whose charge it may end; for others the end of the charge holds.
    ``PLUGS`` node, other = site, a = from when on one who comes now would have a plug there [s], 0 = at once; logged
    when it has changed.
    """

    REQUEST = 1
    ACCEPT = 2
    REFUSE = 3
    ABANDON = 4
    CANCEL = 5
    NO_SHOW = 6
    BOARD = 7
    ALIGHT = 8
    LEFT_BEHIND = 9
    PLAN = 10
    SLOT = 11
    DONE = 12
    UNPLAN = 13
    SHIFT_START = 14
    LEAVE = 15
    TURN = 16
    ARRIVE = 17
    IDLE = 18
    WAIT = 19
    PLUG_WAIT = 20
    PLUG_IN = 21
    PLUG_OUT = 22
    SHIFT_END = 23
    POWER = 24
    LOW = 25
    FREE_AT = 26
    PLUGS = 27
    STOPS = 28


class Action(IntEnum):
    """What a bus does at a planned stop."""

    PICKUP = 1
    DROPOFF = 2
    LINE = 3
    CHARGE = 4
    MOVE = 5  # go there without riders: rebalancing, parking
    END = 6  # end of shift, at the depot


class Reason(IntEnum):
    """Why a rider was turned away: the constraint that bound."""

    NO_STOP = 1  # no stop within walking reach, or outside the area
    NO_BUS = 2  # no bus in reach before the latest pick-up
    SEATS = 3  # buses in reach are full, or the party is larger than any bus
    RIDE_LIMIT = 4  # the rider's own ride would be too long
    BATTERY = 5
    PROMISE = 6  # it would break a promise to others
    SHIFT = 7  # it would end after the shift
    NO_PATH = 8  # no way there for buses
    STRATEGY = 9  # the strategy preferred to refuse
    NO_LINE = 10  # no line serves the trip


class Cause(IntEnum):
    """What took a battery below its reserve."""

    TRAFFIC = 1  # driving took longer than planned
    QUEUE = 2  # the wait for a plug was longer than the margin lasts
    STANDING = 3  # nothing to do and nowhere to charge
    DOORS = 4  # a line's riders took longer to board than its round was planned for


OUTCOMES = ("served", "refused", "abandoned", "cancelled", "no_show", "in_progress")


@dataclass(frozen=True)
class EventLog:
    """The log as equal-length columns; see ``Kind`` for their meaning.

    Parameters
    ----------
    time, kind, bus, rider, node, other, a, b, c
        int64 [n], ``NONE`` where unused; ``time`` in seconds from midnight, never descending.
    value
        float64 [n], 0 where unused.
    """

    time: Ints
    kind: Ints
    bus: Ints
    rider: Ints
    node: Ints
    other: Ints
    a: Ints
    b: Ints
    c: Ints
    value: Floats

    @classmethod
    def from_rows(cls, rows: Sequence[tuple[float, ...]]) -> EventLog:
        """Freeze tuples (in the order of the columns) into columns."""
        numbers = (np.fromiter(map(itemgetter(k), rows), np.int64, len(rows)) for k in range(9))
        time, kind, bus, rider, node, other, a, b, c = numbers
        value = np.fromiter(map(itemgetter(9), rows), np.float64, len(rows))
        return cls(time, kind, bus, rider, node, other, a, b, c, value)

    def __len__(self) -> int:
        """Count the events."""
        return len(self.time)

    def sha256(self) -> str:
        """Hash the canonical little-endian columns in their fixed order."""
        digest = hashlib.sha256()
        for column in fields(self):
            array = getattr(self, column.name)
            digest.update(column.name.encode())
            digest.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

"""The riders of a run: the requests as the service meets them, with limits, stops and state."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

from busim.model.events import NONE
from busim.model.network import Floats, Ints

_OF_STOPS = (
    "earliest_s", "latest_s", "longest_s", "patience_s", "from_node", "to_node", "from_place", "to_place",
    "walk_to_s", "walk_from_s", "direct_s", "direct_m",
)  # fmt: skip


class Status(IntEnum):
    """A rider's state: ``UNKNOWN -> OPEN -> PLANNED -> ABOARD -> SERVED``, or one of the other ends.

    ``UNKNOWN`` has not asked yet; ``OPEN`` waits for an answer (or at a line's stop); ``PLANNED`` stands in a plan.
    """

    UNKNOWN = 0
    OPEN = 1
    PLANNED = 2
    ABOARD = 3
    SERVED = 4
    REFUSED = 5
    ABANDONED = 6
    CANCELLED = 7
    NO_SHOW = 8


@dataclass(frozen=True)
class Riders:
    """What each rider asks of the service, one row per request of the table [R].

    Parameters
    ----------
    ask_s
        When the rider asks [s].
    earliest_s, latest_s
        Window of the pick-up at the boarding stop [s].
    longest_s
        Longest ride [s].
    patience_s
        When the rider leaves if not aboard [s].
    from_node, to_node
        Boarding and alighting nodes; ``NONE`` where no stop is in reach.
    from_place, to_place
        The stops' places, or ``NONE`` (door to door).
    walk_to_s, walk_from_s
        Walks [s].
    persons, wheels
        Seats and wheelchair places taken.
    board_s, alight_s
        Dwell of the party [s].
    direct_s, direct_m
        The fastest direct ride.
    choices
        Other pairs of stops that riders may be sent to, where the service has meeting points.
    """

    ask_s: Ints
    earliest_s: Ints
    latest_s: Ints
    longest_s: Ints
    patience_s: Ints
    from_node: Ints
    to_node: Ints
    from_place: Ints
    to_place: Ints
    walk_to_s: Ints
    walk_from_s: Ints
    persons: Ints
    wheels: Ints
    board_s: Floats
    alight_s: Floats
    direct_s: Ints
    direct_m: Ints
    choices: Choices | None = None

    def __len__(self) -> int:
        """Count the riders."""
        return len(self.ask_s)

    def own(self) -> Riders:
        """Give these riders with columns of their own, in which ``settle`` may write."""
        columns = {name: getattr(self, name).copy() for name in _OF_STOPS}
        others = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in columns}
        return Riders(**columns, **others)

    def choice(self, rider: int, start: int, end: int) -> int:
        """Find the row among the choices that is a pair of nodes of a rider; ``NONE`` where he has no such choice."""
        if self.choices is None:
            return NONE
        rows, table = self.choices.of(rider), self.choices.table
        found = [row for row in rows if table.from_node[row] == start and table.to_node[row] == end]
        return found[0] if found else NONE

    def settle(self, rider: int, row: int, time_s: int) -> None:
        """Send a rider to other stops than the nearest, a row of the choices; he sets out when told, at ``time_s``."""
        if self.choices is None:
            return
        for name in _OF_STOPS:
            getattr(self, name)[rider] = getattr(self.choices.table, name)[row]
        self.earliest_s[rider] = max(self.earliest_s[rider], time_s + self.walk_to_s[rider])


@dataclass(frozen=True)
class Choices:
    """Pairs of stops that riders may be sent to beside their nearest ones, by the sum of both walks.

    Parameters
    ----------
    first
        Where a rider's rows begin, and behind the last one where they end [R + 1].
    table
        One row per pair, as ``Riders`` has one per rider: limits follow from these stops [C].
    """

    first: Ints
    table: Riders

    def of(self, rider: int) -> range:
        """Give the rows of a rider."""
        return range(int(self.first[rider]), int(self.first[rider + 1]))


def take(riders: Riders, rows: Ints) -> Riders:
    """Take rows of riders, without choices [n]."""
    names = (column.name for column in fields(Riders) if column.name != "choices")
    return Riders(**{name: getattr(riders, name)[rows] for name in names})

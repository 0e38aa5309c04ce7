"""The riders of a run: the requests as the service meets them, with limits, stops and state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from busim.model.network import Floats, Ints


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

    def __len__(self) -> int:
        """Count the riders."""
        return len(self.ask_s)

"""Who gets the next free plug: the rules among which a scenario chooses (``[charging] queue``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class Claim(NamedTuple):
    """What a bus that joins a queue can say for itself.

    Parameters
    ----------
    charge
        Share of its battery that it holds.
    booked_s
        Start of the slot that it has booked; infinite without a booking [s].
    leave_by
        Until when it must leave for what is planned next; infinite where nothing is [s].
    fill_s
        How long it wants to charge [s].
    """

    charge: float
    booked_s: float
    leave_by: float
    fill_s: float


Rule = Callable[[Claim], float]

# The least goes first, equals in the order in which they came; nobody is unplugged for another. The order of two who
# wait never changes with time, so it is settled once, when a bus joins.
QUEUE_RULES: Mapping[str, Rule] = {
    "first_come": lambda _: 0.0,
    "lowest_charge": lambda claim: round(1e6 * claim.charge),
    "booked_first": lambda claim: claim.booked_s,
    "earliest_departure": lambda claim: claim.leave_by,  # earliest deadline first
    "least_slack": lambda claim: claim.leave_by - claim.fill_s,  # least laxity first
    "shortest_charge": lambda claim: claim.fill_s,
}

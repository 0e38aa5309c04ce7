"""What a strategy returns: orders as data, checked by the simulation before they take effect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from busim.model.events import NONE, Action, Reason


class Stop(NamedTuple):
    """One planned stop of a bus.

    Parameters
    ----------
    node
        Where.
    action
        What happens there.
    rider
        Who boards or alights, or ``NONE``.
    persons, wheels
        Change of persons in seats and of wheelchairs aboard.
    site
        Charging site, or position along the line, or ``NONE``.
    earliest_s, latest_s
        Bounds on the start of service [s].
    dwell_s
        Time of service beside the fixed part of a halt [s].
    ride_s
        At a drop-off whose rider is not yet aboard: the longest ride [s].
    gain_kwh
        At a charge: the energy that it will give at least; planning behind it counts on no more.
    """

    node: int
    action: Action
    rider: int = NONE
    persons: int = 0
    wheels: int = 0
    site: int = NONE
    earliest_s: float = -math.inf
    latest_s: float = math.inf
    dwell_s: float = 0.0
    ride_s: float = math.inf
    gain_kwh: float = 0.0


@dataclass(frozen=True)
class Assign:
    """Give a rider to a bus: pick-up before slot ``pickup_at``, drop-off before slot ``dropoff_at`` of its plan.

    Both positions count the plan's slots as they are before the order, so equal positions mean a direct ride.
    ``from_node`` and ``to_node`` choose other stops than the rider's nearest ones (``NONE`` = those).
    """

    rider: int
    bus: int
    pickup_at: int
    dropoff_at: int
    from_node: int = NONE
    to_node: int = NONE


@dataclass(frozen=True)
class Refuse:
    """Turn a rider away."""

    rider: int
    reason: Reason


@dataclass(frozen=True)
class Replace:
    """Keep the first ``keep`` slots of a bus's plan and put ``stops`` in place of the rest.

    The end of the shift, which closes every plan, is put back by the simulation.
    """

    bus: int
    keep: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Charge:
    """Send an empty bus to a charging site, before what it has planned, until it holds ``until`` of its battery.

    It leaves earlier where what it has planned would else be late; without time to charge the order falls away.
    It is not plugged in before ``start_s``: a slot that is booked. Once it holds ``free_from``, dispatch may give it
    riders and so end the charge.
    """

    bus: int
    site: int
    until: float
    start_s: float = -math.inf
    free_from: float = math.inf


@dataclass(frozen=True)
class Move:
    """Send an idle bus to a node without riders."""

    bus: int
    node: int


Order = Assign | Refuse | Replace | Charge | Move


@dataclass(frozen=True)
class Orders:
    """All orders of one decision, in the order in which they take effect, and what to remember until the next."""

    orders: tuple[Order, ...] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)

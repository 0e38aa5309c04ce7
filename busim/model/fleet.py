"""The state of the fleet: what the event log says of every bus."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from busim.model.network import Floats, Ints


class Mode(IntEnum):
    """What a bus is doing.

    ``OFF -> IDLE`` at the start of the shift; ``DRIVING -> SERVING`` on arrival; from ``SERVING`` to ``DRIVING``,
    ``WAITING`` (held for a time), ``IDLE``, ``QUEUEING`` or ``CHARGING``; ``OFF`` at the end of the shift.
    """

    OFF = 0
    IDLE = 1
    DRIVING = 2
    SERVING = 3
    WAITING = 4
    QUEUEING = 5
    CHARGING = 6


@dataclass(frozen=True)
class FleetState:
    """One row per bus [B]; changed by ``World.record`` alone.

    Parameters
    ----------
    mode
        See ``Mode``.
    node
        Where it stands, or where it last passed.
    target
        Where it drives to.
    load, wheels
        Persons in seats, wheelchairs.
    energy_kwh, odometer_m
        Charge left at the last event, distance since the start.
    """

    mode: Ints
    node: Ints
    target: Ints
    load: Ints
    wheels: Ints
    energy_kwh: Floats
    odometer_m: Ints

    @classmethod
    def parked(cls, node: Ints, energy_kwh: Floats) -> FleetState:
        """Give the state before the first shift: every bus off, at its depot."""
        zeros = [np.zeros(len(node), np.int64) for _ in range(4)]
        return cls(zeros[0], node.copy(), node.copy(), zeros[1], zeros[2], energy_kwh.copy(), zeros[3])

"""Duties: what buses have to do from the start of their shift, planned before the day begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from busim.model.events import NONE, Action


class Duty(NamedTuple):
    """One planned stop.

    Parameters
    ----------
    action
        ``PICKUP``, ``DROPOFF`` or ``CHARGE``.
    rider
        Row of the rider, or ``NONE``.
    site
        Charging site, or ``NONE``.
    start_s, dwell_s
        Of a charge: when it begins, and time at the plug [s].
    gain_kwh
        Of a charge: what it gives [kWh].
    """

    action: Action
    rider: int = NONE
    site: int = NONE
    start_s: int = 0
    dwell_s: int = 0
    gain_kwh: float = 0.0


Duties = Mapping[int, tuple[Duty, ...]]

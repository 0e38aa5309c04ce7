"""The form of orders: what each field must be before an order is looked at; a strategy may return anything."""

from __future__ import annotations

import math

import numpy as np

from busim.model.events import NONE, Action, Reason
from busim.model.orders import Charge, Refuse, Replace, Stop

_RIDING = (Action.PICKUP, Action.DROPOFF)
_ACTIONS = {int(action) for action in Action}


def check_refusal(order: Refuse) -> None:
    """Check that a refusal has one of the reasons.

    Raises
    ------
    ValueError
        If it has not.
    """
    if not is_whole(order.reason) or order.reason not in Reason.__members__.values():
        known = ", ".join(reason.name for reason in Reason)
        raise ValueError(f"{order}: 'reason' must be one of busim.model.events.Reason: {known}")


def check_charge(order: Charge) -> None:
    """Check the numbers of an order to charge.

    Raises
    ------
    ValueError
        If one is not a number that can stand there.
    """
    if not (_is_number(order.until) and 0.0 < order.until <= 1.0):
        raise ValueError(f"{order}: 'until' must lie in (0, 1]")
    if not (_is_number(order.start_s) and order.start_s < math.inf):
        raise ValueError(f"{order}: 'start_s' must be a time, or -inf for at once")
    if not _is_number(order.free_from):
        raise ValueError(f"{order}: 'free_from' must be a share of the battery, or inf for never")


def check_tail(order: Replace, site_node: np.ndarray[tuple[int], np.dtype[np.int64]], battery_kwh: float) -> None:
    """Check the stops of a new tail.

    Parameters
    ----------
    order
        The order.
    site_node
        Node of each charging site [S].
    battery_kwh
        Of the bus.

    Raises
    ------
    ValueError
        If one is no stop, or has a field that cannot be.
    """
    if not isinstance(order.stops, tuple | list):
        raise ValueError(f"{order}: 'stops' must be a tuple of stops")
    for stop in order.stops:
        if not isinstance(stop, Stop):
            raise ValueError(f"new tail of bus {order.bus}: {stop!r} is not a Stop")
        what = _wrong(stop) or _wrong_charge(stop, site_node, battery_kwh)
        if what:
            raise ValueError(f"new tail of bus {order.bus}: {what}, in {stop}")


def _wrong(stop: Stop) -> str:
    if not is_whole(stop.action) or stop.action not in _ACTIONS:
        return "'action' must be one of busim.model.events.Action"
    if stop.action == Action.LINE:
        return "stops of a line are not for strategies to plan"
    if not is_whole(stop.rider) or (stop.rider == NONE) != (stop.action not in _RIDING):
        return "pick-ups and drop-offs, and they alone, name a rider"
    if not (_is_number(stop.earliest_s) and stop.earliest_s < math.inf and _is_number(stop.latest_s)):
        return "'earliest_s' and 'latest_s' must be times"
    if not (_is_number(stop.dwell_s) and 0.0 <= stop.dwell_s < math.inf):
        return f"a dwell of {stop.dwell_s} s cannot be"
    return ""


def _wrong_charge(stop: Stop, site_node: np.ndarray[tuple[int], np.dtype[np.int64]], battery_kwh: float) -> str:
    if stop.action != Action.CHARGE or not is_whole(stop.action):
        return ""
    if not is_whole(stop.site) or not 0 <= stop.site < len(site_node):
        return f"there are {len(site_node)} charging sites, from 0 on"
    if stop.node != site_node[stop.site]:
        return f"charging site {stop.site} stands at node {site_node[stop.site]}"
    if not (_is_number(stop.gain_kwh) and 0.0 <= stop.gain_kwh <= battery_kwh):
        return f"a charge of {stop.gain_kwh} kWh cannot be"
    return ""


_INTEGERS = int, np.integer
_NUMBERS = int, float, np.integer, np.floating


def is_whole(value: object) -> bool:
    """Tell whether a value is a whole number, and not a truth value."""
    return type(value) is int or (isinstance(value, _INTEGERS) and not isinstance(value, bool))


def _is_number(value: object) -> bool:
    return isinstance(value, _NUMBERS) and not math.isnan(value)

"""What idling strategies share: zones, what is expected in them, where buses are, and whether one may go there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from busim.core.forecast import Zones, gather
from busim.core.plans import ACTION, LATEST, MOVE, NODE
from busim.core.travel import UNREACHABLE
from busim.core.view import View
from busim.model.events import NONE
from busim.model.network import Bools, Floats, Ints
from busim.model.specs import ScenarioSpec
from busim.units import MINUTE_S

_STANDS = 1e-9  # riders: a zone in which nobody but a bus waits is one, too
FORECASTS = ("profile", "history")
PROFILE, HISTORY = FORECASTS


class Picture(NamedTuple):
    """The zones, the riders expected in each [Z], the zone in which each bus stands or to which it moves [B].

    ``bus_zone`` is ``NONE`` for buses with riders to serve, at plugs or off duty; ``free`` tells who may be sent [B].
    """

    zones: Zones
    expected: Floats
    bus_zone: Ints
    free: Bools


def needs_forecast(spec: ScenarioSpec, forecast: str) -> str:
    """Tell what keeps a scenario from being forecast in this way; an empty text means nothing."""
    if forecast not in FORECASTS:
        return f"forecast must be one of {', '.join(FORECASTS)}, got '{forecast}'"
    if spec.service.mode == "line":
        return "buses of a fixed line wait for their next round where the last one ended"
    if forecast == PROFILE and spec.demand.source == "file":
        return "riders come from a file, which tells no profile: give forecast = 'history'"
    return ""


def look(view: View, forecast: str, zone_m: float, ahead_min: float) -> Picture:
    """Look at zones, expected riders and buses.

    Parameters
    ----------
    view
        The moment.
    forecast
        ``"profile"``: the scenario's demand, in the mean of many days; ``"history"``: riders who have asked in as
        many minutes before.
    zone_m
        Side of a zone [m].
    ahead_min
        Span that is looked ahead [min].
    """
    span = ahead_min * MINUTE_S
    if forecast == PROFILE and view.forecast is not None:
        weight, expected = view.forecast.expected.sum(axis=0), view.forecast.between(view.now, view.now + span)
    else:
        expected = seen(view, span)
        weight = expected
    plans, size = view.plans, np.arange(len(view.fleet.node))
    moves = (plans.length == 2) & (plans.ints[:, 0, ACTION] == MOVE)
    free = np.zeros(len(size), bool)
    free[view.idle] = True
    node = np.where(moves, plans.ints[:, 0, NODE], view.fleet.node)
    known = (free | moves) & (view.fleet.last >= 0)
    weight = weight + np.bincount(node[known], minlength=len(weight)) * _STANDS
    zones = gather(view.node_x_m, view.node_y_m, weight, zone_m)
    bus_zone = np.where(known, zones.of_node[node], NONE)
    count = len(zones.centre)
    riders: Floats = np.bincount(zones.of_node, expected, minlength=count)[:count].astype(np.float64)
    return Picture(zones, riders, bus_zone, free)


def seen(view: View, span_s: float) -> Floats:
    """Count the riders by boarding node who have asked to be fetched within the last ``span_s`` [N]."""
    riders = view.riders
    first, last = np.searchsorted(riders.ask_s, (view.now - span_s, view.now), side="right")
    nodes = riders.from_node[first:last]
    return np.bincount(nodes[nodes >= 0], minlength=len(view.node_x_m)).astype(np.float64)


def can_go(view: View, bus: int, node: int) -> bool:
    """Tell whether an idle bus has the time and the charge to wait at a node, and to get home or to a plug from it."""
    fleet, travel, here = view.fleet, view.travel, int(view.fleet.node[bus])
    plans = view.scheduled(bus)
    period, home = travel.period(view.now), int(plans.ints[bus, 0, NODE])
    there, back = float(travel.times[period, here, node]), float(travel.times[period, node, home])
    if max(there, back) >= UNREACHABLE:
        return False
    margin = 2 * view.costs.halt + SPARE_S
    if view.now + there + back + margin > plans.floats[bus, 0, LATEST]:
        return False
    metres = float(travel.most[here, node]) + float(view.costs.to_charger_m[node])
    seconds = there + float(view.costs.to_charger_s[node]) + SPARE_S
    used = metres * float(fleet.per_metre[bus]) + seconds * float(fleet.per_second[bus])
    return view.energy_now(bus) - used >= float(fleet.reserve[bus])


SPARE_S = 900.0  # a bus is not sent for less than a quarter of an hour of waiting

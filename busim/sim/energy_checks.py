"""What batteries and chargers of a scenario must be fit for, checked before the day begins."""

from __future__ import annotations

import math

import numpy as np

from busim.core.travel import UNREACHABLE, TravelTimes
from busim.core.view import Chargers
from busim.errors import Problem
from busim.model.charger_sites import STOP_KINDS
from busim.model.network import Floats, Ints, RoadNetwork
from busim.model.specs import ScenarioSpec, VehicleSpec

_NAMED = 3
_WITHOUT = "none"  # the strategy that never charges


def energy_problems(spec: ScenarioSpec, network: RoadNetwork, travel: TravelTimes, chargers: Chargers) -> list[Problem]:
    """Tell of batteries too small for the longest trip, plugs that fit no bus, places too far from any charger.

    Parameters
    ----------
    spec, network
        The scenario and its map.
    travel
        With the most energy that legs take.
    chargers
        The charging sites.
    """
    stops, depots = _stops(spec, network), network.places
    homes = np.array(sorted({depots.index[bus.depot] for bus in spec.fleet.buses}), np.int64)
    problems = _overnight_problems(spec, network, homes, chargers)
    kind_of = [bus.vehicle for bus in spec.fleet.buses]
    for number, kind in enumerate(spec.fleet.vehicles):
        usable = (1.0 - spec.charging.reserve - spec.charging.margin) * kind.battery_kwh
        if not math.isfinite(usable) or number not in kind_of:
            continue
        fits = chargers.node[chargers.fits[kind_of.index(number)]]
        is_charged = spec.charging.strategy != _WITHOUT and len(chargers.node) > 0
        problems += _trip_problems(kind, usable, stops, fits if is_charged else fits[:0], network, travel)
        if not is_charged:
            continue
        if not len(fits):
            what = f"no charger has the plug '{kind.plug}' of type '{kind.name}'"
            problems.append(Problem("fleet.plug", what, "give a charging.charger the same plug, or none"))
            continue
        places = np.unique(np.concatenate((stops, homes)))
        problems += _reach_problems(kind, usable, places, fits, network, travel)
    return problems


def _overnight_problems(spec: ScenarioSpec, network: RoadNetwork, homes: Ints, chargers: Chargers) -> list[Problem]:
    """Tell if buses are to charge at their depots overnight, and none of these has plugs."""
    nodes = network.places.node[homes]
    plugged = chargers.node[~chargers.is_swap]
    if spec.charging.overnight != "plugs" or not len(homes) or np.isin(nodes, plugged).any():
        return []
    named = ", ".join(f"'{network.places.ids[home]}'" for home in homes[:_NAMED].tolist())
    what = f"is 'plugs', but no charger with plugs stands at {named}"
    return [Problem("charging.overnight", what, "put a charging.charger at a depot, or leave it at 'bought'")]


def _stops(spec: ScenarioSpec, network: RoadNetwork) -> Ints:
    places, zones = network.places, spec.service.zones
    named = set(spec.line.stops) if spec.line is not None else None
    chosen = [
        i
        for i in range(len(places))
        if places.kinds[i] in STOP_KINDS
        and (not zones or places.zones[i] in zones)
        and (named is None or places.ids[i] in named)
    ]
    return np.array(chosen, np.int64)


def _kwh(kind: VehicleSpec, start: Ints, end: Ints, travel: TravelTimes) -> Floats:
    """Give the most energy from each node to each other [A, B, kWh]."""
    rows = np.ix_(start, end)
    seconds = np.maximum.reduce([times[rows] for times in travel.times])
    most: Floats = travel.most[rows] * (kind.kwh_per_km / 1000) + seconds * (kind.standing_kw / 3600)
    return most


def _trip_problems(
    kind: VehicleSpec, usable: float, stops: Ints, sites: Ints, network: RoadNetwork, travel: TravelTimes
) -> list[Problem]:
    """Tell if the battery does not carry the longest trip, and from its end to a charger where there are any."""
    if not len(stops):
        return []
    node, ids = network.places.node[stops], network.places.ids
    kwh = _kwh(kind, node, node, travel)
    kwh[(travel.times[:, node[:, None], node] >= UNREACHABLE).any(axis=0)] = 0.0  # nobody is taken there at all
    if len(sites):
        kwh = kwh + _kwh(kind, node, sites, travel).min(axis=1)
    start, end = np.unravel_index(int(kwh.argmax()), kwh.shape)
    if kwh[start, end] <= usable:
        return []
    trip = f"from '{ids[stops[start]]}' to '{ids[stops[end]]}'"
    onward = " and from there to a charger" if len(sites) else ""
    what = f"is too small for the longest trip, {trip}{onward}: it takes {kwh[start, end]:.1f} kWh"
    what += f", '{kind.name}' has {usable:.1f} kWh between full and its reserve"
    return [Problem("fleet.battery_kwh", what, "give a larger battery_kwh, or fewer service.zones")]


def _reach_problems(
    kind: VehicleSpec, usable: float, places: Ints, sites: Ints, network: RoadNetwork, travel: TravelTimes
) -> list[Problem]:
    kwh = _kwh(kind, network.places.node[places], sites, travel).min(axis=1)
    far = np.flatnonzero(kwh > usable)
    if not len(far):
        return []
    worst = far[np.argsort(-kwh[far], kind="stable")]
    named = ", ".join(f"'{network.places.ids[places[i]]}'" for i in worst[:_NAMED].tolist())
    more = f" and {len(far) - _NAMED} more" if len(far) > _NAMED else ""
    what = f"no charger can be reached from {named}{more}: the nearest takes {kwh[worst[0]]:.1f} kWh, '{kind.name}' has"
    what += f" {usable:.1f} kWh between full and its reserve"
    return [Problem("charging.charger", what, "put a charger nearer to these places, or give a larger battery_kwh")]

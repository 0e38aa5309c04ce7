"""Districts and service areas: which zone a point lies in, and the area that a service covers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike

from busim.errors import InputError, did_you_mean
from busim.model.network import Area, RoadNetwork
from busim.network.snap import stop_places

ZONE_KIND = "zone"


def zones_of(areas: Sequence[Area], x_m: ArrayLike, y_m: ArrayLike) -> list[str]:
    """Name the zone that each point [n] lies in; the first of several, empty where none."""
    x, y = np.atleast_1d(np.asarray(x_m, np.float64)), np.atleast_1d(np.asarray(y_m, np.float64))
    found = np.full(len(x), "", object)
    for area in areas:
        if area.kind == ZONE_KIND:
            inside = shapely.intersects_xy(shapely.Polygon(area.ring_m), x, y)
            found[inside & (found == "")] = area.id
    return [str(name) for name in found]


def zone_names(network: RoadNetwork) -> tuple[str, ...]:
    """List the map's districts: those with a polygon, then those that only places name."""
    drawn = [area.id for area in network.areas if area.kind == ZONE_KIND]
    named = sorted(set(network.places.zones) - {""} - set(drawn))
    return tuple(dict.fromkeys([*drawn, *named]))


def service_area(network: RoadNetwork, zones: Sequence[str] = (), reach_m: float = 400.0) -> shapely.Geometry:
    """Draw the area that a service covers [m].

    Parameters
    ----------
    network
        The map.
    zones
        Districts; all of the map's when empty.
    reach_m
        Around each stop, where a district has no polygon.

    Raises
    ------
    InputError
        If the map has no such district.
    """
    known = zone_names(network)
    unknown = [zone for zone in zones if zone not in known]
    if unknown:
        remedy = did_you_mean(unknown[0], known)
        raise InputError.single("service.zones", f"the map has no zone {', '.join(map(repr, unknown))}", remedy)
    wanted = tuple(zones) or known
    drawn = [area for area in network.areas if area.kind == ZONE_KIND and area.id in wanted]
    shapes = [shapely.Polygon(area.ring_m) for area in drawn]
    without = set(wanted) - {area.id for area in drawn}
    at = [k for k in stop_places(network) if not known or network.places.zones[k] in without]
    shapes += [shapely.Point(network.places.x_m[k], network.places.y_m[k]).buffer(reach_m) for k in at]
    return shapely.union_all(shapes)

"""The two ends of every trip: about a place, in its district, and far enough apart to be worth a ride."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from busim.demand.ground import Ground
from busim.demand.locate import Locator
from busim.demand.pairs import least_trip_m
from busim.model.network import Bools, Floats, Ints
from busim.model.plane import from_plane, to_plane

DECIMALS = 6  # of degrees: a tenth of a metre, so that a file of requests gives the same points back
FARTHEST = 2.5  # standard deviations
FULL_SPREAD_M = 4000.0  # on maps smaller than this, ends scatter less
TRIES = (1.0, 0.5, 0.25, 0.0)  # shares of the scatter, until the trip is a good one


@dataclass(frozen=True)
class End:
    """One end of trips: positions [n, m], bus nodes [n], nearest stops [n], districts [n]."""

    x_m: Floats
    y_m: Floats
    node: Ints
    stop: Ints
    zone: tuple[str, ...]


def on_millimetres(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Round points of the plane to whole millimetres, so that no machine's last digit matters."""
    return np.round(x_m, 3), np.round(y_m, 3)


def locate(locator: Locator, x_m: Floats, y_m: Floats, centre: tuple[float, float]) -> End:
    """Round points [n] to what a file of requests holds, and find out where they belong."""
    lon, lat = from_plane(x_m, y_m, centre)
    x, y = on_millimetres(*to_plane(np.round(lon, DECIMALS), np.round(lat, DECIMALS), centre))
    return End(x, y, locator.nodes(x, y), locator.stops(x, y), tuple(locator.zones(x, y)))


def allowed_pairs(ground: Ground, places: End) -> Bools:
    """Tell between which candidates a trip makes sense: far enough apart, other node, other stop [n, n]."""
    far = np.hypot(places.x_m[:, None] - places.x_m, places.y_m[:, None] - places.y_m) >= least_trip_m(ground.extent_m)
    other_node = places.node[:, None] != places.node
    allowed: Bools = far & other_node & (places.stop[:, None] != places.stop)
    return allowed if allowed.any() else other_node


def scatter(
    ground: Ground, origin: Ints, destination: Ints, u: Floats, locator: Locator, centre: tuple[float, float]
) -> tuple[End, End]:
    """Put the ends of trips about their candidates.

    Parameters
    ----------
    origin, destination
        Indices into the ground [n].
    u
        Uniform numbers [n, 4]: east and north of both ends.
    """
    offset = np.clip(ndtri(np.clip(u, 1e-12, 1 - 1e-12)), -FARTHEST, FARTHEST)
    offset *= min(1.0, ground.extent_m / FULL_SPREAD_M)
    offset[:, :2] *= ground.spread_m[origin][:, None]
    offset[:, 2:] *= ground.spread_m[destination][:, None]
    share, todo = np.zeros(len(origin)), np.arange(len(origin))
    for tried in TRIES[:-1]:
        ends = _moved(ground, origin[todo], destination[todo], offset[todo] * tried, locator, centre)
        is_good = _is_good(ground, origin[todo], destination[todo], *ends)
        share[todo[is_good]] = tried
        todo = todo[~is_good]
    return _moved(ground, origin, destination, offset * share[:, None], locator, centre)


def _moved(
    ground: Ground, origin: Ints, destination: Ints, offset: Floats, locator: Locator, centre: tuple[float, float]
) -> tuple[End, End]:
    start = locate(locator, ground.x_m[origin] + offset[:, 0], ground.y_m[origin] + offset[:, 1], centre)
    end = locate(locator, ground.x_m[destination] + offset[:, 2], ground.y_m[destination] + offset[:, 3], centre)
    return start, end


def _is_good(ground: Ground, origin: Ints, destination: Ints, start: End, end: End) -> Bools:
    zones = np.array(ground.zones, object)
    far = np.hypot(start.x_m - end.x_m, start.y_m - end.y_m) >= least_trip_m(ground.extent_m)
    apart = far & (start.node != end.node) & (start.stop != end.stop)
    same_start = np.array(start.zone, object) == zones[origin]
    same_end = np.array(end.zone, object) == zones[destination]
    good: Bools = apart & same_start & same_end
    return good

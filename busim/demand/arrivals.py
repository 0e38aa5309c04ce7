"""Riders of one stream: when each comes, and from where."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from busim.demand import draws, trains
from busim.demand.pairs import Pairs
from busim.demand.people import WALK_MEDIAN_S, WALK_SIGMA, WALK_TO_KERB_S, walks_to_kerb_s
from busim.demand.rates import BATCHES, TRAINS, Stream
from busim.model.network import Floats, Ints

GROUP_MEAN = 2.5  # students who leave a class together
GROUP_SPREAD_S = 60.0  # mean time between the first of them and another
MEAN_WALK_S = WALK_TO_KERB_S + WALK_MEDIAN_S * float(np.exp(WALK_SIGMA**2 / 2))


class Arrivals(NamedTuple):
    """When riders are ready [n, s from midnight], and their origins, as indices into the ground [n]."""

    time_s: Ints
    origin: Ints


def arrivals(stream: Stream, pairs: Pairs, day_type: str, rng: np.random.Generator) -> Arrivals:
    """Draw the riders of a stream: a Poisson process, in groups after class, or by the trainload."""
    if stream.pattern == TRAINS:
        return _by_train(stream, pairs, day_type, rng)
    if stream.pattern == BATCHES:
        return _in_groups(stream, pairs, rng)
    count, when, where = draws.children(rng, 3)
    num = draws.poisson(count.random(), stream.curve.total)
    return Arrivals(stream.curve.times_s(when.random(num)), pairs.origins(where.random(num)))


def _in_groups(stream: Stream, pairs: Pairs, rng: np.random.Generator) -> Arrivals:
    count, when, where, size, late = draws.children(rng, 5)
    num = draws.poisson(count.random(), stream.curve.total / GROUP_MEAN)
    group = np.repeat(np.arange(num), draws.geometric(size.random(num), GROUP_MEAN))
    first = stream.curve.times_s(when.random(num))
    after = np.rint(-GROUP_SPREAD_S * np.log1p(-late.random(len(group)))).astype(np.int64)
    return Arrivals(first[group] + after, pairs.origins(where.random(num))[group])


def _by_train(stream: Stream, pairs: Pairs, day_type: str, rng: np.random.Generator) -> Arrivals:
    """Each train brings the riders expected between it and its neighbours, with the scatter of real loads."""
    phase, late, load, count, which, walk = draws.children(rng, 6)
    times, means, stations = [], [], []
    for station in np.flatnonzero(pairs.origin_share > 0).tolist():
        for share in trains.DIRECTION_SHARES:
            passing, mean = _loads(stream, trains.passing_s(day_type, phase.random()))
            times.append(passing)
            means.append(mean * share * pairs.origin_share[station])
            stations.append(np.full(len(passing), station))
    time, station_of = np.concatenate(times), np.concatenate(stations)
    time = time + trains.LATENESS_SD_S * _normal(late.random(len(time)))
    loads = draws.clumped(load.random(len(time)), np.concatenate(means), trains.RIDERS_VARIANCE_TO_MEAN)
    num = draws.poisson(count.random(), float(loads.sum()))
    cumulated = np.cumsum(loads)
    train = np.searchsorted(cumulated, which.random(num) * cumulated[-1], side="right") if num else np.empty(0, int)
    ready = np.floor(time[train] + walks_to_kerb_s(walk.random(num)))
    return Arrivals(ready.astype(np.int64), station_of[train].astype(np.int64))


def _loads(stream: Stream, passing_s: Floats) -> tuple[Floats, Floats]:
    """Give the trains whose riders come within the service day [n, s], and their expected riders [n]."""
    start, end = stream.curve.edges_s[0], stream.curve.edges_s[-1]
    kerb = passing_s + MEAN_WALK_S
    passing = passing_s[(kerb >= start) & (kerb < end)]
    if len(passing) == 0:  # no train runs in these hours: riders come as from one in the middle
        passing = np.array([(start + end) / 2 - MEAN_WALK_S])
    kerb = passing + MEAN_WALK_S
    edges = np.concatenate(([start], (kerb[1:] + kerb[:-1]) / 2, [end]))
    return passing, np.diff(stream.curve.until(edges))


def _normal(u: Floats) -> Floats:
    drawn: Floats = ndtri(np.clip(u, 1e-12, 1 - 1e-12))
    return drawn

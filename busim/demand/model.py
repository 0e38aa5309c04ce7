"""The demand model: riders of a day, from places, purposes and hours."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from busim.demand import people
from busim.demand.arrivals import arrivals
from busim.demand.draws import children
from busim.demand.ends import End, allowed_pairs, locate, scatter
from busim.demand.ground import Ground, survey
from busim.demand.locate import Locator
from busim.demand.pairs import Pairs, outward_pairs
from busim.demand.rates import SMOOTH, TRAINS, Stream, streams
from busim.model.network import Floats, Ints, RoadNetwork
from busim.model.requests import PURPOSES, RequestTable
from busim.model.specs import DemandSpec, ServiceSpec

# columns of uniform numbers of a rider
DESTINATION, PARTY, WHEELCHAIR, PATIENCE, BOOKS, LEAD = range(6)
OFFSETS = slice(6, 10)
NUM_NUMBERS = 10


class Wishes(NamedTuple):
    """Riders before they are placed: ready times [n, s], ends as indices into the ground [n], purposes, numbers."""

    ready_s: Ints
    origin: Ints
    destination: Ints
    purpose: Ints
    u: Floats


def sample(
    spec: DemandSpec,
    service: ServiceSpec,
    network: RoadNetwork,
    rng: np.random.Generator,
    start_s: int,
    end_s: int,
) -> RequestTable:
    """Draw the riders of a service day.

    Riders wish to travel between ``start_s`` and ``end_s``; who books ahead asks earlier, at the earliest when the
    service opens. The same arguments give the same table; a slightly larger ``scale`` keeps nearly all riders and
    adds some.

    Parameters
    ----------
    spec, service
        What the scenario says.
    network
        Its places, with people where the map counts them; else its stops, else its nodes.
    rng
        The only source of chance.
    start_s, end_s
        Service hours [s from midnight].

    Raises
    ------
    InputError
        If the map lacks a district that is served, or has nowhere to go to.
    """
    locator = Locator(network)
    ground = survey(network, service.zones, locator)
    wishes = _wishes(spec, network, ground, locator, rng, (start_s, end_s))
    start, end = scatter(ground, wishes.origin, wishes.destination, wishes.u[:, OFFSETS], locator, network.centre)
    return _table(spec, service, wishes, start, end, start_s)


def _wishes(
    spec: DemandSpec,
    network: RoadNetwork,
    ground: Ground,
    locator: Locator,
    rng: np.random.Generator,
    hours: tuple[int, int],
) -> Wishes:
    outward = outward_pairs(ground, allowed_pairs(ground, locate(locator, ground.x_m, ground.y_m, network.centre)))
    found = streams(spec, *hours)
    if not ground.riders.any():  # no metro, no trainloads
        found = [replace(stream, pattern=SMOOTH) if stream.pattern == TRAINS else stream for stream in found]
    parts = []
    for stream, child in zip(found, children(rng, len(found)), strict=True):
        away = outward[stream.purpose]
        drawn = _of_stream(stream, away if stream.is_outward else away.reversed(), spec.day_type, child)
        in_time = (drawn.ready_s >= hours[0]) & (drawn.ready_s < hours[1])
        parts.append(Wishes._make(column[in_time] for column in drawn))
    return Wishes._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def _of_stream(stream: Stream, pairs: Pairs, day_type: str, rng: np.random.Generator) -> Wishes:
    coming, numbers = children(rng, 2)
    time, origin = arrivals(stream, pairs, day_type, coming)
    u = numbers.random((len(time), NUM_NUMBERS))
    purpose = np.full(len(time), PURPOSES.index(stream.purpose), np.int64)
    return Wishes(time, origin, pairs.destinations(origin, u[:, DESTINATION]), purpose, u)


def _table(spec: DemandSpec, service: ServiceSpec, wishes: Wishes, start: End, end: End, opens_s: int) -> RequestTable:
    u = wishes.u
    lead = people.leads_s(u[:, BOOKS], u[:, LEAD], spec.prebooked_share, spec.prebook_lead_s)
    asks = np.maximum(wishes.ready_s - lead, opens_s)
    order = np.lexsort((np.arange(len(asks)), wishes.ready_s, asks))
    width = max(4, len(str(len(order))))
    return RequestTable(
        ids=tuple(f"r{k:0{width}d}" for k in range(1, len(order) + 1)),
        time_s=asks[order],
        earliest_s=wishes.ready_s[order],
        origin_x_m=start.x_m[order],
        origin_y_m=start.y_m[order],
        destination_x_m=end.x_m[order],
        destination_y_m=end.y_m[order],
        origin_node=start.node[order],
        destination_node=end.node[order],
        origin_zone=tuple(start.zone[k] for k in order),
        destination_zone=tuple(end.zone[k] for k in order),
        party=people.parties(wishes.purpose, u[:, PARTY])[order],
        wheelchair=(u[:, WHEELCHAIR] < spec.wheelchair_share)[order],
        purpose=wishes.purpose[order],
        patience_s=people.patience_s(wishes.purpose, u[:, PATIENCE], service)[order],
    )

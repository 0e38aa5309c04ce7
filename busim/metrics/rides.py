"""What became of every rider."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from busim.core.travel import UNREACHABLE, TravelTimes
from busim.metrics.legs import leg_ends
from busim.metrics.riders import RiderLog
from busim.metrics.stream import Stream
from busim.model.events import NONE, Kind, Reason
from busim.model.network import Bools, Floats, Ints
from busim.model.requests import PURPOSES, RequestTable
from busim.model.table import Table

Columns = dict[str, NDArray[Any]]
_OUTCOMES = np.array(["in_progress", "served", "refused", "abandoned", "cancelled", "no_show"])
_LAST_KINDS = (Kind.REQUEST, Kind.ALIGHT, Kind.REFUSE, Kind.ABANDON, Kind.CANCEL, Kind.NO_SHOW)  # as _OUTCOMES
_REASONS = np.array(["", *(reason.name.lower() for reason in Reason)])


def ride_table(
    riders: RiderLog,
    events: Stream,
    requests: RequestTable,
    travel: TravelTimes,
    place_at: Ints,
) -> Table:
    """Tabulate the riders, one row per request; what did not happen is ``nan``, or -1 in a column of indices.

    ``earliest_s`` is when the rider can be at the boarding stop: waits are counted from then, walks apart.
    """
    log = riders.log
    pickup, dropoff = riders.last(Kind.BOARD, log.time), riders.last(Kind.ALIGHT, log.time)
    start, end = _ends(riders, requests)
    walk_to, walk_from = _walks(riders)
    earliest = requests.earliest_s + np.nan_to_num(walk_to)
    return Table(
        {
            "rider": np.arange(len(requests)),
            "id": np.array(requests.ids, dtype=np.str_),
            "request_s": requests.time_s,
            "earliest_s": earliest,
            "pickup_s": pickup,
            "dropoff_s": dropoff,
            **_outcomes(riders),
            "bus": _buses(riders),
            "from_node": start,
            "to_node": end,
            "from_zone": np.array(requests.origin_zone, dtype=np.str_),
            "to_zone": np.array(requests.destination_zone, dtype=np.str_),
            "from_stop": place_at[start],
            "to_stop": place_at[end],
            "party": requests.party,
            "wheelchair": requests.wheelchair,
            "purpose": np.array(PURPOSES)[requests.purpose],
            "prebooked": requests.earliest_s > requests.time_s,
            "wait_s": pickup - earliest,
            **_rides(pickup, dropoff, start, end, requests, travel),
            "walk_s": walk_to + walk_from,
            **_limits(riders, pickup, dropoff),
            "shared": _shared(events, len(requests)),
            "left_behind": np.bincount(log.rider[riders.rows(Kind.LEFT_BEHIND)], minlength=len(requests)),
            "boarding_bus_load": _load_before(events, len(requests)),
        }
    )


def _outcomes(riders: RiderLog) -> Columns:
    """Tell outcome and reason: of a rider who asked again, those of the last time."""
    row = np.arange(len(riders.log), dtype=np.float64)
    when = np.array([riders.last(kind, row, -1.0) for kind in _LAST_KINDS])
    code = np.argmax(when, axis=0)
    reason = riders.last(Kind.REFUSE, riders.log.a, 0.0).astype(np.int64)
    return {"outcome": _OUTCOMES[code], "reason": _REASONS[np.where(code == 2, np.maximum(reason, 0), 0)]}


def _buses(riders: RiderLog) -> Ints:
    """Give the bus that the rider boarded, else the one that accepted him, else ``NONE`` [R]."""
    accepted = riders.last(Kind.ACCEPT, riders.log.bus, NONE)
    bus: Ints = riders.last(Kind.BOARD, riders.log.bus, accepted).astype(np.int64)
    return bus


def _ends(riders: RiderLog, requests: RequestTable) -> tuple[Ints, Ints]:
    """Give the nodes where the rider boards and alights: as done, else as accepted, else as asked, else the trip's."""
    log, trip = riders.log, (requests.origin_node, requests.destination_node)
    ends = []
    for column, done, node in ((log.node, Kind.BOARD, trip[0]), (log.other, Kind.ALIGHT, trip[1])):
        asked = riders.offered(column)
        accepted = riders.given(Kind.ACCEPT, column)
        chosen = np.where(np.isnan(accepted), np.where(np.isnan(asked), node, asked), accepted)
        ends.append(riders.last(done, log.node, chosen).astype(np.int64))
    return ends[0], ends[1]


def _rides(
    pickup: Floats, dropoff: Floats, start: Ints, end: Ints, requests: RequestTable, travel: TravelTimes
) -> Columns:
    """Set the ride against the direct one at the time of the pick-up, or of the earliest where there was none."""
    when = np.where(np.isnan(pickup), requests.earliest_s, pickup)
    direct_s, direct_m = travel.direct_s(start, end, when), travel.direct_m(start, end, when)
    has_path = direct_s < UNREACHABLE
    ride = dropoff - pickup
    return {
        "ride_s": ride,
        "direct_s": np.where(has_path, direct_s, np.nan),
        "direct_m": np.where(has_path, direct_m, np.nan),
        "detour": np.where(has_path & (direct_s > 0), ride / np.maximum(direct_s, 1), np.nan),
    }


def _walks(riders: RiderLog) -> tuple[Floats, Floats]:
    """Give the walks at both ends [R, s], to the stops that the rider was sent to."""
    log = riders.log
    ends = ((log.node, log.value), (log.other, log.c))
    to, back = (np.where(np.isnan(riders.offered(stop)), np.nan, riders.offered(walk)) for stop, walk in ends)
    return to, back


def _limits(riders: RiderLog, pickup: Floats, dropoff: Floats) -> Columns:
    """Set the ride against its limits and against the first promise; lateness counts from 0."""
    log = riders.log
    latest, longest = riders.offered(log.a), riders.offered(log.b)
    arrival = riders.given(Kind.ACCEPT, log.c, is_first=True)
    return {
        "latest_pickup_s": latest,
        "max_ride_s": longest,
        "promised_pickup_s": riders.last(Kind.ACCEPT, log.value, is_first=True),
        "promised_arrival_s": arrival,
        "late_pickup_s": np.maximum(pickup - latest, 0),
        "late_ride_s": np.maximum(dropoff - pickup - longest, 0),
        "late_arrival_s": np.maximum(dropoff - arrival, 0),
    }


def _shared(events: Stream, num: int) -> Bools:
    """Tell who rode at least one leg together with another party [R]."""
    start, end = leg_ends(events)
    together = np.zeros(len(events), np.int64)
    together[start] = (events.parties[start] >= 2) & (events.a[end] > 0)
    count = np.cumsum(together)
    at = np.zeros((2, num))
    for i, kind in enumerate((Kind.BOARD, Kind.ALIGHT)):
        rows = np.flatnonzero((events.kind == kind) & (events.rider >= 0))
        at[i, events.rider[rows]] = count[rows]
    shared: Bools = at[1] > at[0]
    return shared


def _load_before(events: Stream, num: int) -> Floats:
    """Count the persons on board when the rider boards [R]."""
    load = np.full(num, np.nan)
    rows = np.flatnonzero((events.kind == Kind.BOARD) & (events.rider >= 0))
    load[events.rider[rows]] = events.persons[rows] - events.a[rows]
    return load

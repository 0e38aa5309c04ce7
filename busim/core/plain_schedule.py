"""The schedule of one plan without compiled kernels: the same numbers as ``core.schedule``, by leaner Python.

NOTE: a speed trick in its own place. On noisy roads a day makes tens of thousands of schedules, half of its time: here
each slot is a few additions on local variables, and legs are looked up where they lie.
"""

from __future__ import annotations

import math

from busim.core.fleet import FleetArrays, Origin, origin_of
from busim.core.plain_legs import legs_of
from busim.core.plans import CHARGE, DROPOFF, GAIN, LEG_M, PICKUP, READY, PlanArrays
from busim.core.travel import UNREACHABLE, TravelTables

INF = math.inf
_LATER = 0.0, INF, INF, 0.0, 0.0, 0.0, 0.0  # filled backward
_Whole = list[list[int]]  # a plan's slots, as ``PlanArrays.ints`` has them
_Times = list[list[float]]  # earliest, latest, dwell and longest ride of each
_Rows = list[list[float]]  # what the schedule makes of them, READY to LEG_M


def refresh_plain(
    plans: PlanArrays, fleet: FleetArrays, bus: int, now: float, tables: TravelTables, halt_s: float
) -> None:
    """Do as ``schedule.refresh``."""
    size = int(plans.length[bus])
    ints, times = plans.ints[bus, :size].tolist(), plans.floats[bus, :size, :READY].tolist()
    actions = [slot[1] for slot in ints]
    gains, last = {}, size - 1
    if CHARGE in actions:
        last = actions.index(CHARGE)
        gains = {k: float(plans.floats[bus, k, GAIN]) for k in range(size) if actions[k] == CHARGE}
    rows = _forward(ints, times, gains, origin_of(fleet, bus, now), tables, halt_s)
    _backward(ints, times, rows)
    plans.floats[bus, :size, READY : LEG_M + 1] = rows
    fleet.last[bus] = last


def _forward(
    ints: _Whole, times: _Times, gains: dict[int, float], origin: Origin, tables: TravelTables, halt_s: float
) -> _Rows:
    """Give ready, start, depart, loads, running wait, [slacks and sums], energy and legs; see ``schedule.forward``."""
    node, now, load, wheels, energy, per_metre, per_second = (
        int(origin.node),
        float(origin.time),
        origin.load,
        origin.wheels,
        float(origin.energy),
        float(origin.per_metre),
        float(origin.per_second),
    )
    waited, rows, legs = 0.0, [], legs_of(tables)
    size, seconds_of, metres_of, most_of = legs.size, legs.seconds_at, legs.metres_at, legs.most_at
    shift, end = legs.period(now)
    for k, ((target, action, _, persons, in_chairs, _), (earliest, _, dwell, _)) in enumerate(
        zip(ints, times, strict=True)
    ):
        seconds, metres, most, ready = 0.0, 0.0, 0, now
        if target != node:
            if now >= end:
                shift, end = legs.period(now)
            pair = node * size + target
            seconds, metres, most = float(seconds_of(shift + pair)), float(metres_of(shift + pair)), most_of(pair)
            if now + seconds > end and seconds < UNREACHABLE:
                seconds, _ = legs.leg(node, target, now)
            ready = now + seconds + halt_s
        start = ready if ready >= earliest else earliest
        load += persons
        wheels += in_chairs
        waited += start - ready
        energy -= most * per_metre + (start - now) * per_second
        if action != CHARGE:
            energy -= dwell * per_second
        node, now = target, start + dwell
        rows.append(
            [ready, start, now, load, wheels, waited, 0.0, INF, INF, 0.0, 0.0, 0.0, 0.0, energy, seconds, metres]
        )
        if action == CHARGE:
            energy += gains[k]
    return rows


def _backward(ints: _Whole, times: _Times, rows: _Rows) -> None:
    """Fill slacks and the sums over pick-ups and drop-offs at or after each slot; see ``schedule.backward``."""
    slack, pickups, pickups_waited, dropoffs, dropoffs_waited = INF, 0, 0.0, 0, 0.0
    limited: list[int] = []
    for k in range(len(rows) - 1, -1, -1):
        slot, row, (_, latest, _, ride) = ints[k], rows[k], times[k]
        waited = row[5]
        spare = (latest - row[1] if latest > row[1] else 0.0) + waited
        slack = min(slack, spare)
        if slot[1] == PICKUP:
            persons = abs(slot[3]) + abs(slot[4])
            pickups += persons
            pickups_waited += persons * waited
        elif slot[1] == DROPOFF:
            persons = abs(slot[3]) + abs(slot[4])
            dropoffs += persons
            dropoffs_waited += persons * waited
            if ride < INF:
                limited.append(k)
        row[6] = slack - rows[k - 1][5] if k else slack
        row[9:13] = pickups, pickups_waited, dropoffs, dropoffs_waited
    for end in limited:
        _limit_ride(ints, rows, end, times[end][3])


def _limit_ride(ints: _Whole, rows: _Rows, end: int, longest: float) -> None:
    """Let a planned ride bind the slots between its pick-up and its drop-off."""
    rider, begin = ints[end][2], end - 1
    while ints[begin][2] != rider or ints[begin][1] != PICKUP:
        begin -= 1
    last = rows[end]
    room = longest - (last[1] - rows[begin][1])
    spare = (room if room > 0.0 else 0.0) + last[5]
    span, waited = spare - rows[begin][5], rows[begin][5]
    for k in range(begin + 1, end + 1):
        row = rows[k]
        row[7] = min(row[7], spare - waited)
        row[8] = min(row[8], span)
        waited = row[5]

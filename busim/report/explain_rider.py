"""Why it went with one rider as it did."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from busim.metrics.refusals import REASONS
from busim.model.events import NONE, Kind, Reason
from busim.model.requests import PURPOSES
from busim.report import delays
from busim.report.day import FinishedDay
from busim.report.explain_line import line_story
from busim.report.explain_moment import Moment, look, moment_facts, moment_grid, moment_of_answer, moment_sentences
from busim.report.explanation import Explanation, Grid
from busim.report.words import MEANING, at, count, later, listed, span
from busim.sim.access import WALK_DETOUR, stop_places

_FACTS = (
    "rider", "id", "request_s", "earliest_s", "latest_pickup_s", "max_ride_s", "outcome", "reason", "bus",
    "promised_pickup_s", "pickup_s", "promised_arrival_s", "dropoff_s", "wait_s", "ride_s", "direct_s", "walk_s",
    "late_pickup_s", "late_ride_s", "late_arrival_s", "left_behind", "party", "wheelchair", "purpose",
)  # fmt: skip


def explain_rider(day: FinishedDay, rider: int) -> Explanation:
    """Tell a rider's story: request, answer and why, pick-up and arrival with what delayed them."""
    ride = day.tables["rides"].row(rider)
    facts: dict[str, Any] = {name: ride[name] for name in _FACTS}
    facts["from"], facts["to"] = day.names.node(int(ride["from_node"])), day.names.node(int(ride["to_node"]))
    told, grids = _who(day, rider), list[Grid]()
    refused = day.rows(Kind.REFUSE, rider)
    if refused and ride["outcome"] == "refused":
        more, grids = _refusal(day, rider, refused[-1], facts)
        told += more
    elif day.spec.service.mode == "line":
        told += line_story(day, rider, facts)
    else:
        more, grids = _answered(day, rider, facts)
        told += more
    return Explanation(tuple(told), tuple(grids), facts)


def _who(day: FinishedDay, rider: int) -> list[str]:
    requests, ride = day.requests, day.tables["rides"].row(rider)
    riders, names = day.riders, day.names
    party = count(int(requests.party[rider]), "person") + (" with a wheelchair" if requests.wheelchair[rider] else "")
    purpose = PURPOSES[int(requests.purpose[rider])]
    told = [f"{names.rider(rider)} is rider {rider} of the tables: {party}, {purpose}."]
    asked, ready = int(requests.time_s[rider]), int(riders.earliest_s[rider])
    if riders.from_node[rider] == NONE or riders.to_node[rider] == NONE:
        return [*told, f"Asked at {at(asked)}."]
    trip = f"from {names.node(int(riders.from_node[rider]))} to {names.node(int(riders.to_node[rider]))}"
    booked = f", booked ahead for {at(int(requests.earliest_s[rider]))}" if ride["prebooked"] else ""
    walk = int(riders.walk_to_s[rider])
    walked = f", after a walk of {span(walk)}," if walk else ""
    told.append(f"Asked at {at(asked)} for a ride {trip}{booked}; could be there{walked} at {at(ready)}.")
    if day.spec.service.mode != "line" and day.hopeless[rider] == NONE:
        limits = f"a pick-up until {at(int(riders.latest_s[rider]))} and at most {span(int(riders.longest_s[rider]))}"
        told.append(f"The service's rules allow {limits} on board (direct: {span(int(riders.direct_s[rider]))}).")
    return told + _other_stops(day, rider)


def _other_stops(day: FinishedDay, rider: int) -> list[str]:
    """Tell of a rider who was sent to other stops than the nearest: where, how far, and the limits from there."""
    rows, riders, log, names = day.rows(Kind.STOPS, rider), day.riders, day.log, day.names
    if not rows:
        return []
    row = rows[-1]
    ends = (
        ("boards", int(log.node[row]), int(riders.from_node[rider]), float(log.value[row]), riders.walk_to_s[rider]),
        ("gets off", int(log.other[row]), int(riders.to_node[rider]), float(log.c[row]), riders.walk_from_s[rider]),
    )
    parts = [
        f"{verb} at {names.node(node)} (a walk of {span(walk)} instead of {span(float(before))})"
        for verb, node, nearest, walk, before in ends
        if node != nearest
    ]
    limits = f"a pick-up until {at(int(log.a[row]))} and at most {span(int(log.b[row]))} on board"
    return [f"Was sent to other stops than the nearest: {listed(parts)}; from there the rules allow {limits}."]


def _refusal(day: FinishedDay, rider: int, row: int, facts: dict[str, Any]) -> tuple[list[str], list[Grid]]:
    reason, time = Reason(day.log.a[row]), int(day.log.time[row])
    told = [f"Refused at {at(time)}; the reason on record is: {REASONS[reason]}."]
    if day.hopeless[rider] != NONE:
        more = _hopeless(day, rider, facts) or [f"That is, {MEANING[reason]}."]
        return [*told, *more], []
    playback = day.playback()
    asked = day.rows(Kind.REQUEST, rider)[-1]
    if day.log.time[asked] < time:
        first = look(playback, rider, asked + 1, int(day.log.time[asked]))
        facts["when_asked"] = moment_facts(first)
        told += ["When the rider asked:", *moment_sentences(first, day.names)[1:3], "When the answer fell:"]
    moment = moment_of_answer(day, playback, rider, row)
    return _told_moment(day, moment, told, facts)


def _told_moment(
    day: FinishedDay, moment: Moment, told: list[str], facts: dict[str, Any]
) -> tuple[list[str], list[Grid]]:
    facts["when_decided"] = moment_facts(moment)
    grids = [moment_grid(moment, day.names)] if moment.chances else []
    return [*told, *moment_sentences(moment, day.names)], grids


def _hopeless(day: FinishedDay, rider: int, facts: dict[str, Any]) -> list[str]:
    """Tell what is out of reach: the nearest stops at both ends, zones that are not served."""
    spec, requests, names = day.spec, day.requests, day.names
    zones = {"start": requests.origin_zone[rider], "end": requests.destination_zone[rider]}
    outside = [end for end, zone in zones.items() if spec.service.zones and zone not in spec.service.zones]
    told = [f"The {end} of the trip lies in {names.zone(zones[end])}, which is not served." for end in outside]
    if spec.service.mode == "door_to_door":
        return told
    stops, places = stop_places(spec, day.network), day.network.places
    if not len(stops):
        return [*told, "The area that is served has no stops."]
    points = {
        "start": (requests.origin_x_m[rider], requests.origin_y_m[rider]),
        "end": (requests.destination_x_m[rider], requests.destination_y_m[rider]),
    }
    nearest = {}
    for end, (x_m, y_m) in points.items():
        away = np.hypot(places.x_m[stops] - x_m, places.y_m[stops] - y_m) * WALK_DETOUR
        nearest[end] = int(stops[away.argmin()])
        facts[f"nearest_stop_{end}"], facts[f"walk_{end}_m"] = names.place(nearest[end]), float(away.min())
        if away.min() > spec.service.max_walk_m:
            limit = f"more than the {spec.service.max_walk_m:.0f} m that riders walk"
            stop = names.place(nearest[end])
            told.append(f"From the {end} of the trip the nearest stop, {stop}, is {away.min():.0f} m away, {limit}.")
    if not told and places.node[nearest["start"]] == places.node[nearest["end"]]:
        told.append(f"Both ends of the trip are nearest to the same stop, {names.place(nearest['start'])}.")
    return told


def _answered(day: FinishedDay, rider: int, facts: dict[str, Any]) -> tuple[list[str], list[Grid]]:
    """Tell of a rider who was not refused: answer, pick-up, arrival, or why it came to neither."""
    accepted = day.rows(Kind.ACCEPT, rider)
    gone = day.rows(Kind.ABANDON, rider) + day.rows(Kind.CANCEL, rider) + day.rows(Kind.NO_SHOW, rider)
    if not accepted:
        if not gone:
            return ["No answer came before the day ended."], []
        patience = span(int(day.log.time[gone[-1]]) - int(day.riders.earliest_s[rider]))
        told = [f"No answer came: gave up at {at(int(day.log.time[gone[-1]]))}, {patience} after being there."]
        return _told_moment(day, look(day.playback(), rider, gone[-1]), told, facts)
    log, row = day.log, accepted[0]
    buses = list(dict.fromkeys(int(log.bus[each]) for each in accepted))
    planned = float(log.value[row])
    told = [
        f"Accepted at {at(int(log.time[row]))} for bus {buses[0]}: planned pick-up {at(planned)}, "
        f"arrival promised by {at(int(log.c[row]))}."
    ]
    found = delays.shifts(day, [rider])
    ride = day.tables["rides"].row(rider)
    if not math.isnan(ride["pickup_s"]) and int(ride["bus"]) != buses[0]:
        told.append(f"A later plan gave the ride to bus {int(ride['bus'])}.")
    told += _pickup(day, rider, found, planned, gone)
    told += _arrival(day, rider, found)
    facts["delays"] = [shift._asdict() for shift in found]
    facts["pickup_delay_by_cause_s"] = delays.by_cause(delays.of(found, rider, delays.PICKUP_END))
    facts["dropoff_delay_by_cause_s"] = delays.by_cause(delays.of(found, rider, delays.DROPOFF_END))
    return told, []


def _because(found: list[delays.Shift], day: FinishedDay) -> str:
    what = delays.told(found, day.names)
    return f": {what}" if what else ""


def _pickup(
    day: FinishedDay, rider: int, found: tuple[delays.Shift, ...], planned: float, gone: list[int]
) -> list[str]:
    ride = day.tables["rides"].row(rider)
    mine = delays.of(found, rider, delays.PICKUP_END)
    if math.isnan(ride["pickup_s"]):
        if not gone:
            return ["The day ended before the pick-up."]
        kind = {Kind.ABANDON: "Gave up", Kind.CANCEL: "Cancelled"}.get(Kind(day.log.kind[gone[-1]]), "Did not show up")
        expected = planned + sum(shift.seconds for shift in mine)
        told = f"{kind} at {at(int(day.log.time[gone[-1]]))}"
        if expected > planned:
            return [
                f"{told}; the pick-up had moved to {at(expected)}, {later(expected - planned)}{_because(mine, day)}."
            ]
        return [f"{told}; the pick-up was still expected at {at(expected)}."]
    late = float(ride["pickup_s"]) - planned
    told = f"Picked up at {at(ride['pickup_s'])} after a wait of {span(ride['wait_s'])}"
    if abs(late) < 1:
        return [f"{told}, as planned."]
    kept = float(ride["late_pickup_s"])
    limit = f", {span(kept)} after the latest pick-up" if kept > 0 else ", within what was promised"
    return [f"{told}, {later(late)} than planned{limit}{_because(mine, day) if late > 0 else ''}."]


def _arrival(day: FinishedDay, rider: int, found: tuple[delays.Shift, ...]) -> list[str]:
    ride = day.tables["rides"].row(rider)
    if math.isnan(ride["dropoff_s"]):
        return [] if math.isnan(ride["pickup_s"]) else ["The day ended before the arrival."]
    told = f"Arrived at {at(ride['dropoff_s'])} after {span(ride['ride_s'])} on board"
    broken = [
        text
        for column, text in (
            ("late_ride_s", "{} more than the longest ride"),
            ("late_arrival_s", "{} after the promised arrival"),
        )
        if ride[column] > 0
        for text in [text.format(span(ride[column]))]
    ]
    mine = delays.of(found, rider, delays.DROPOFF_END)
    moved = sum(shift.seconds for shift in mine)
    if broken:
        return [f"{told}, {listed(broken)}{_because(mine, day)}."]
    if moved > 0:
        return [f"{told}, {later(moved)} than planned, within what was promised{_because(mine, day)}."]
    return [f"{told}, {later(moved)} than planned." if moved else f"{told}, as planned."]

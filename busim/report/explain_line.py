"""Why a rider of a fixed line boarded the bus he did, or none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from busim.metrics.places import line_nodes
from busim.model.events import Kind
from busim.report.day import FinishedDay
from busim.report.words import at, count, span


def line_story(day: FinishedDay, rider: int, facts: dict[str, Any]) -> list[str]:
    """Tell which buses called while the rider waited, which of them were full, and how it ended."""
    ride = day.tables["rides"].row(rider)
    ready = int(day.riders.earliest_s[rider])
    gone = day.rows(Kind.ABANDON, rider)
    end = float(ride["pickup_s"]) if not math.isnan(ride["pickup_s"]) else float(day.log.time[gone[-1] if gone else -1])
    calls = _calls(day, int(day.riders.from_node[rider]), ready, end)
    left = [int(row) for row in day.rows(Kind.LEFT_BEHIND, rider)]
    full = {(int(day.log.bus[row]), int(day.log.time[row])) for row in left}
    told, seen, standing = [], [], 0
    is_first = int(day.riders.from_node[rider]) in line_nodes(day.spec, day.network.places)[:1].tolist()
    for call in calls:
        is_full = any(bus == call["bus"] and call["arrive_s"] <= time <= call["leave_s"] for bus, time in full)
        is_mine = call["bus"] == ride["bus"] and call["arrive_s"] <= end <= call["leave_s"]
        is_mine = is_mine and not math.isnan(ride["pickup_s"])
        if is_first and not is_full and not is_mine and call["leave_s"] > end:
            standing += 1  # its doors open when it is the next to leave
            continue
        seen.append({**call, "is_full": is_full, "is_boarded": is_mine})
        if is_full:
            left_with = f"it left at {at(call['leave_s'])} with {count(int(call['on_board']), 'person')} on board"
            told.append(f"Bus {call['bus']} came at {at(call['arrive_s'])} but was full: {left_with}.")
        elif not is_mine:
            told.append(f"Bus {call['bus']} came at {at(call['arrive_s'])} but did not go to the rider's stop.")
    facts["calls"], facts["standing"] = seen, standing
    if standing:
        told.append(f"{count(standing, 'bus', 'buses')} stood there for later departures, with closed doors.")
    return [*told, *_ending(day, rider, seen, ready, end)]


def _calls(day: FinishedDay, node: int, first_s: float, last_s: float) -> list[dict[str, Any]]:
    """List the halts of buses at a node that touch a span of time, by time."""
    halts = day.tables["stops"]
    rows = np.flatnonzero((halts["node"] == node) & (halts["leave_s"] >= first_s) & (halts["arrive_s"] <= last_s))
    keep = ("bus", "arrive_s", "leave_s", "on_board", "left_behind")
    found = [{name: int(halts[name][row]) for name in keep} for row in rows.tolist()]
    return sorted(found, key=lambda call: (call["arrive_s"], call["bus"]))


def _ending(day: FinishedDay, rider: int, seen: list[dict[str, Any]], ready: int, end: float) -> list[str]:
    ride = day.tables["rides"].row(rider)
    if not math.isnan(ride["pickup_s"]):
        told = [f"Boarded bus {int(ride['bus'])} at {at(end)} after {span(ride['wait_s'])} at the stop."]
        if math.isnan(ride["dropoff_s"]):
            return [*told, "The day ended before the arrival."]
        return [*told, f"Got off at {at(ride['dropoff_s'])} after {span(ride['ride_s'])} on board."]
    full = sum(call["is_full"] for call in seen)
    waited = span(max(0.0, end - ready))
    if ride["outcome"] != "abandoned":
        return [f"Was still waiting when the day ended, after {waited}."]
    if not seen:
        return [f"Gave up at {at(end)} after {waited}: no bus called in that time{_around(day, rider, ready, end)}."]
    return [
        f"Gave up at {at(end)} after {waited}: {full} of the {count(len(seen), 'bus', 'buses')} that came were full."
    ]


def _around(day: FinishedDay, rider: int, ready: int, end: float) -> str:
    """Tell when the last bus before and the first after a span of time called."""
    halts, node = day.tables["stops"], int(day.riders.from_node[rider])
    here = halts["node"] == node
    before, after = (
        halts["leave_s"][here & (halts["leave_s"] < ready)],
        halts["arrive_s"][here & (halts["arrive_s"] > end)],
    )
    parts = [f"the bus before left at {at(before.max())}"] if len(before) else []
    parts += [f"the next one came at {at(after.min())}"] if len(after) else ["none came afterwards"]
    return f" ({', '.join(parts)})"

"""Halts of buses, what buses did when, and the headways at a line's stops."""

from __future__ import annotations

import numpy as np

from busim.metrics.stream import Stream, after_shift, is_kind
from busim.model.events import NONE, Kind
from busim.model.network import Floats, Ints
from busim.model.specs import LineSpec
from busim.model.table import Table

STATES = ("driving_riders", "driving_empty", "serving", "waiting", "idle", "queueing", "charging")
_STATE_OF_KIND = {
    Kind.BOARD: "serving",
    Kind.ALIGHT: "serving",
    Kind.SHIFT_START: "idle",
    Kind.LEAVE: "driving_empty",
    Kind.TURN: "driving_empty",
    Kind.ARRIVE: "serving",
    Kind.IDLE: "idle",
    Kind.WAIT: "waiting",
    Kind.PLUG_WAIT: "queueing",
    Kind.PLUG_IN: "charging",
    Kind.PLUG_OUT: "idle",
}


def halt_table(events: Stream, place_at: Ints, last_s: int) -> Table:
    """Tabulate the halts: from the start of the shift or an arrival to the next departure or the end of the shift."""
    opens = is_kind(events.kind, Kind.SHIFT_START, Kind.ARRIVE)
    closes = np.flatnonzero(is_kind(events.kind, Kind.LEAVE, Kind.SHIFT_END))
    start = np.flatnonzero(opens)
    halt = np.cumsum(opens) - 1
    at = np.searchsorted(closes, start)
    is_closed = at < len(closes)
    end = closes[np.minimum(at, len(closes) - 1)] if len(closes) else np.zeros(len(start), np.int64)
    is_closed &= events.bus[end] == events.bus[start] if len(closes) else False
    persons = np.maximum(events.a, 0)

    def count(kind: Kind, weight: Ints) -> Ints:
        rows = np.flatnonzero((events.kind == kind) & (halt >= 0))
        return np.bincount(halt[rows], weight[rows], minlength=len(start)).astype(np.int64)

    last = np.append(start[1:], len(events)) - 1
    return Table(
        {
            "bus": events.bus[start],
            "arrive_s": events.time[start],
            "leave_s": np.where(is_closed, events.time[end], last_s),
            "node": events.node[start],
            "place": place_at[events.node[start]],
            "boarded": count(Kind.BOARD, persons),
            "alighted": count(Kind.ALIGHT, persons),
            "left_behind": count(Kind.LEFT_BEHIND, np.ones(len(events), np.int64)),
            "on_board": events.persons[np.where(is_closed, end, last)],
        }
    )


def state_table(events: Stream, last_s: int) -> Table:
    """Tabulate what each bus did from when to when; equal neighbours are joined and empty spans left out."""
    rows = events.where(is_kind(events.kind, *_STATE_OF_KIND, Kind.SHIFT_END) & ~after_shift(events))
    code = np.full(max(Kind) + 1, NONE)
    for kind, name in _STATE_OF_KIND.items():
        code[kind] = STATES.index(name)
    state = code[rows.kind]
    state[(state == STATES.index("driving_empty")) & (rows.persons > 0)] = STATES.index("driving_riders")
    is_last = np.diff(rows.bus, append=NONE) != 0
    end = np.where(is_last, last_s, np.append(rows.time[1:], last_s))
    kept = np.flatnonzero((state != NONE) & (end > rows.time))
    bus, state, start, end = rows.bus[kept], state[kept], rows.time[kept], end[kept]
    if not len(kept):
        return Table({"bus": bus, "state": np.array(STATES)[state], "start_s": start, "end_s": end})
    first = np.flatnonzero((np.diff(bus, prepend=NONE) != 0) | (np.diff(state, prepend=NONE) != 0))
    final = np.append(first[1:], len(bus)) - 1
    return Table(
        {"bus": bus[first], "state": np.array(STATES)[state[first]], "start_s": start[first], "end_s": end[final]}
    )


def headway_table(halts: Table, nodes: Ints, line: LineSpec | None) -> Table:
    """Tabulate the headways between departures that run on to a neighbouring stop of the line.

    Stops are told apart by direction: by the stop that comes next. The last column is the scheduled headway, the
    mean one of a timetable [s].
    """
    inner = np.flatnonzero(np.diff(halts["bus"], append=NONE) == 0)
    here, after = halts["node"][inner], halts["node"][inner + 1]
    order = np.full(int(max(halts["node"].max(initial=0), nodes.max(initial=0))) + 1, NONE)
    order[nodes] = np.arange(len(nodes))
    step = order[after] - order[here]
    near = np.abs(step) == 1
    if line is not None and line.is_loop:
        near |= np.abs(step) == len(nodes) - 1
    near &= (order[here] >= 0) & (order[after] >= 0)
    rows, step = inner[near], step[near]
    leave, node = halts["leave_s"][rows], halts["node"][rows]
    onward = (step > 0) == (np.abs(step) == 1)
    by = np.lexsort((leave, onward, node))
    same = (np.diff(node[by]) == 0) & (np.diff(onward[by].astype(np.int64)) == 0)
    kept = by[1:][same]
    return Table(
        {
            "place": halts["place"][rows[kept]],
            "is_outbound": onward[kept],
            "bus": halts["bus"][rows[kept]],
            "leave_s": leave[kept],
            "headway_s": np.diff(leave[by])[same],
            "scheduled_s": np.full(len(kept), _scheduled_s(line)),
        }
    )


def _scheduled_s(line: LineSpec | None) -> float:
    if line is None:
        return float("nan")
    if line.headway_s is not None:
        return float(line.headway_s)
    gaps: Floats = np.diff(np.array(line.timetable_s, np.float64))
    return float(gaps.mean()) if len(gaps) else float("nan")

"""Legs that buses drove, and what each was for."""

from __future__ import annotations

import numpy as np

from busim.core.energy import J_PER_KWH
from busim.metrics.stream import Stream, is_kind
from busim.model.events import Action, EventLog, Kind
from busim.model.network import Ints
from busim.model.table import Column, Table

USES = ("with_riders", "line", "to_rider", "move", "to_charger", "to_depot")
_USE_OF_ACTION = {
    Action.PICKUP: "to_rider",
    Action.DROPOFF: "to_rider",  # of a rider who did not come
    Action.LINE: "line",
    Action.CHARGE: "to_charger",
    Action.MOVE: "move",
    Action.END: "to_depot",
}


def leg_ends(events: Stream) -> tuple[Ints, Ints]:
    """Pair the start and the end of each leg, as positions in ``events`` [L]; one still under way is left out."""
    rows = np.flatnonzero(is_kind(events.kind, Kind.LEAVE, Kind.TURN, Kind.ARRIVE))
    start, end = rows[:-1], rows[1:]
    paired = is_kind(events.kind[start], Kind.LEAVE, Kind.TURN) & is_kind(events.kind[end], Kind.TURN, Kind.ARRIVE)
    paired &= events.bus[start] == events.bus[end]
    return start[paired], end[paired]


def leg_table(events: Stream, log: EventLog) -> Table:
    """Tabulate the legs, bus by bus, one row per stretch between a departure or turn and the next turn or arrival."""
    start, end = leg_ends(events)
    riders = events.persons[start]
    return Table(
        {
            "leg": np.arange(len(start)),
            "bus": events.bus[start],
            "leave_s": events.time[start],
            "arrive_s": events.time[end],
            "from_node": events.node[start],
            "to_node": events.node[end],
            "target_node": events.other[start],
            "length_m": events.a[end],
            "riders": riders,
            "energy_kwh": events.value[end],
            "recuperated_kwh": np.maximum(events.c[end], 0) / J_PER_KWH,
            "use": _uses(events, log, start, end),
            "is_cut": events.kind[end] == Kind.TURN,
        }
    )


def _uses(events: Stream, log: EventLog, start: Ints, end: Ints) -> Column:
    """Tell each leg's use [L]: what follows the arrival, or else the action last planned at the node it headed for."""
    action = _planned_action(log, events.bus[start], events.other[start], events.row[start])
    use = np.full(max(Action) + 1, USES.index("move"))
    for known, name in _USE_OF_ACTION.items():
        use[known] = USES.index(name)
    code = use[action]
    after = np.where(end + 1 < len(events), events.kind[np.minimum(end + 1, len(events) - 1)], 0)
    after = np.where((events.kind[end] == Kind.ARRIVE) & (action != Action.LINE), after, 0)
    code = np.where(is_kind(after, Kind.BOARD, Kind.ALIGHT), USES.index("to_rider"), code)
    code = np.where(is_kind(after, Kind.PLUG_WAIT, Kind.PLUG_IN), USES.index("to_charger"), code)
    code = np.where(events.persons[start] > 0, USES.index("with_riders"), code)
    names: Column = np.array(USES)[code]
    return names


def _planned_action(log: EventLog, bus: Ints, node: Ints, before: Ints) -> Ints:
    """Find the last action planned for ``bus`` at ``node`` before a row of the log [L]; 0 where none was."""
    rows = np.flatnonzero((log.bus >= 0) & ((log.kind == Kind.SLOT) | ((log.kind == Kind.ACCEPT) & (log.a >= 0))))
    size = int(max(log.node.max(initial=0), log.other.max(initial=0))) + 1
    place = log.bus[rows] * size + log.node[rows]
    action = np.where(log.kind[rows] == Kind.SLOT, log.a[rows], Action.PICKUP)
    order = np.lexsort((rows, place))
    span = len(log) + 1
    key = (place * span + rows)[order]
    wanted = bus * size + node
    at = np.searchsorted(key, wanted * span + before) - 1
    if not len(rows):
        return np.zeros(len(bus), np.int64)
    found = (at >= 0) & (place[order][at] == wanted)
    planned: Ints = np.where(found, action[order][at], 0)
    return planned

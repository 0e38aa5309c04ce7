"""Where riders' delays arose: how planned pick-ups and arrivals moved from the answer until they came about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from busim.core.plans import DROPOFF, PICKUP, START
from busim.model.events import NONE, Kind
from busim.report.day import FinishedDay
from busim.report.words import Names, at, listed, span
from busim.sim.playback import Playback

PICKUP_END, DROPOFF_END = "pickup", "dropoff"
TRAFFIC, INSERTED, REMOVED, REPLANNED, STOP = "traffic", "inserted", "removed", "replanned", "stop"
CAUSES = {
    TRAFFIC: "slow traffic",
    INSERTED: "riders taken on later",
    REMOVED: "riders who left the plan",
    REPLANNED: "a new plan",
    STOP: "stops and charging",
}
LEAST_S, MOST_TOLD = 15, 4
_PLANS = (Kind.PLAN, Kind.SLOT)
_EDITS = (Kind.ACCEPT, Kind.UNPLAN, *_PLANS)


class Shift(NamedTuple):
    """A change of what was planned for a rider.

    Parameters
    ----------
    rider, end
        Whose pick-up or drop-off.
    time_s, seconds
        When it was noticed, and by how much later that end became [s].
    cause
        A key of ``CAUSES``.
    bus, other
        The bus; the rider who was put in or left, or ``NONE``.
    from_node, to_node, leave_s
        The leg under way (``TRAFFIC``), or where the bus stood in ``from_node``.
    """

    rider: int
    end: str
    time_s: int
    seconds: int
    cause: str
    bus: int
    other: int
    from_node: int
    to_node: int
    leave_s: int


class _Course:
    """Follows what is planned for some riders while a log is played."""

    def __init__(self, playback: Playback, riders: Collection[int]) -> None:
        self.playback, self.riders = playback, frozenset(riders)
        self.planned: dict[tuple[int, str], int] = {}
        self.shifts: list[Shift] = []
        self.leg: dict[int, tuple[int, int, int]] = {}

    def note(self, rider: int, end: str, when: int, time: int, cause: str, bus: int, other: int = NONE) -> None:
        """Compare an end of a rider's trip with what was planned last."""
        before = self.planned.get((rider, end))
        self.planned[rider, end] = when
        if before is not None and before != when:
            where = self.leg.get(bus, (NONE, NONE, NONE))
            self.shifts.append(Shift(rider, end, time, when - before, cause, bus, other, *where))

    def measure(self, bus: int, time: int, cause: str, other: int = NONE) -> None:
        """Read off a bus's plan what it holds for the riders."""
        plans = self.playback.world.scheduled(bus)
        size = int(plans.length[bus])
        starts = plans.floats[bus, :size, START].tolist()
        for (_, action, rider), start in zip(plans.ints[bus, :size, :3].tolist(), starts, strict=True):
            if rider in self.riders and action in (PICKUP, DROPOFF):
                self.note(rider, PICKUP_END if action == PICKUP else DROPOFF_END, int(start), time, cause, bus, other)

    def play(self, row: int) -> None:
        """Play one row, and note what it moves."""
        log = self.playback.log
        time, kind, bus, rider = int(log.time[row]), Kind(log.kind[row]), int(log.bus[row]), int(log.rider[row])
        if kind in _EDITS and not (row and log.kind[row - 1] in _PLANS and log.time[row - 1] == time):
            for moved in self.playback.follow(time):  # as the decision did before it was taken
                self.measure(moved, time, TRAFFIC)
        self.playback.move_to(row + 1)
        if bus == NONE:
            return
        if kind in (Kind.LEAVE, Kind.TURN):
            self.leg[bus] = int(log.node[row]), int(log.other[row]), time
        if kind in (Kind.BOARD, Kind.ALIGHT) and rider in self.riders:
            self.note(rider, PICKUP_END if kind == Kind.BOARD else DROPOFF_END, time, time, STOP, bus)
        if kind in _PLANS and row + 1 < len(log) and log.kind[row + 1] == Kind.SLOT and log.bus[row + 1] == bus:
            return
        self.measure(bus, time, _cause(kind), rider if kind in (Kind.ACCEPT, Kind.UNPLAN) else NONE)


def _cause(kind: Kind) -> str:
    if kind in (Kind.LEAVE, Kind.TURN, Kind.ARRIVE):
        return TRAFFIC
    if kind == Kind.ACCEPT:
        return INSERTED
    if kind == Kind.UNPLAN:
        return REMOVED
    return REPLANNED if kind in _PLANS else STOP


def shifts(day: FinishedDay, riders: Iterable[int]) -> tuple[Shift, ...]:
    """Give every change of what was planned for some riders, from the answer until it came about.

    For each rider and end they add up to the actual time less the one planned at the answer. A pick-up or arrival
    that never came about has the changes until the rider gave up.
    """
    wanted = sorted(set(riders))
    log = day.log
    rows = np.flatnonzero(np.isin(log.rider, wanted) & np.isin(log.kind, (Kind.ACCEPT, Kind.SLOT)))
    if not len(rows):
        return ()
    ends = np.flatnonzero(np.isin(log.rider, wanted))
    playback = day.playback()
    playback.move_to(int(rows[0]))
    course = _Course(playback, wanted)
    for row in range(int(rows[0]), int(ends[-1]) + 1):
        course.play(row)
    return tuple(course.shifts)


def of(found: Sequence[Shift], rider: int, end: str) -> list[Shift]:
    """Choose the changes of one end of one rider's trip."""
    return [shift for shift in found if shift.rider == rider and shift.end == end]


def by_cause(found: Iterable[Shift]) -> dict[str, int]:
    """Sum changes by cause, those that delay most first [s]."""
    sums = dict.fromkeys(CAUSES, 0)
    for shift in found:
        sums[shift.cause] += shift.seconds
    return dict(sorted(((cause, seconds) for cause, seconds in sums.items() if seconds), key=lambda item: -item[1]))


def told(found: Sequence[Shift], names: Names) -> str:
    """Tell what delayed a rider, as the end of a sentence; empty where nothing did by much."""
    sums: dict[str, int] = {}
    for shift in found:
        what = _what(shift, names)
        sums[what] = sums.get(what, 0) + shift.seconds
    gained = -sum(seconds for seconds in sums.values() if seconds < 0)
    later = sorted(((what, s) for what, s in sums.items() if s >= LEAST_S), key=lambda item: -item[1])
    parts = [f"{what} added {span(seconds)}" for what, seconds in later[:MOST_TOLD]]
    rest = sum(s for s in sums.values() if s > 0) - sum(seconds for _, seconds in later[:MOST_TOLD])
    if rest >= LEAST_S:
        parts.append(f"smaller delays {'another ' if parts else 'added '}{span(rest)}")
    if parts and gained >= LEAST_S:
        return f"{listed(parts)}, less {span(gained)} made up on the way"
    return listed(parts)


def _what(shift: Shift, names: Names) -> str:
    if shift.cause == TRAFFIC and shift.from_node != NONE:
        leg = f"from {names.node(shift.from_node)} to {names.node(shift.to_node)}"
        return f"slow traffic {leg} (left at {at(shift.leave_s)})"
    if shift.cause == INSERTED:
        return f"taking on {names.rider(shift.other)} at {at(shift.time_s)}"
    if shift.cause == REPLANNED:
        return f"a new plan for bus {shift.bus} at {at(shift.time_s)}"
    return CAUSES[shift.cause]

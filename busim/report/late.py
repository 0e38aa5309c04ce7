"""The riders of a day who were late against what they had been promised, and what delayed them."""

from __future__ import annotations

from typing import Any

import numpy as np

from busim.report import delays
from busim.report.day import FinishedDay
from busim.report.explanation import Explanation, Grid
from busim.report.words import at, count, listed, span

_LATE = {
    "late_pickup_s": (delays.PICKUP_END, "pick-up"),
    "late_ride_s": (delays.DROPOFF_END, "ride"),
    "late_arrival_s": (delays.DROPOFF_END, "arrival"),
}
MOST_SHOWN = 20


def _worst(day: FinishedDay) -> Any:
    rides = day.tables["rides"]
    late = np.nan_to_num(np.array([rides[column] for column in _LATE], np.float64))
    return np.where(np.isnan(rides["promised_pickup_s"]), 0.0, late)


def late_riders(day: FinishedDay) -> list[int]:
    """List the riders who were late at pick-up, on board or at arrival, the latest first."""
    worst = _worst(day).max(axis=0)
    order = np.lexsort((np.arange(len(worst)), -worst))
    return [rider for rider in order.tolist() if worst[rider] > 0]


def lateness(day: FinishedDay, rider: int) -> tuple[str, float]:
    """Give at which end a rider was late, and by how much [s]."""
    mine = _worst(day)[:, rider]
    column = list(_LATE)[int(mine.argmax())]
    return _LATE[column][0], float(mine.max())


def explain_late(day: FinishedDay) -> Explanation:
    """Tell who was late, and sum up by what."""
    late = late_riders(day)
    if not late:
        return Explanation(
            ("Nobody was late against what had been promised.",),
            (),
            {"late": [], "by_main_cause": dict.fromkeys(delays.CAUSES, 0)},
        )
    found = delays.shifts(day, late)
    grouped: dict[tuple[int, str], list[delays.Shift]] = {}
    for shift in found:
        grouped.setdefault((shift.rider, shift.end), []).append(shift)
    entries = [_entry(day, rider, grouped) for rider in late]
    totals = dict.fromkeys(delays.CAUSES, 0)
    for entry in entries:
        totals[entry["main_cause"]] += 1
    causes = [f"{delays.CAUSES[cause]} for {number}" for cause, number in totals.items() if number]
    told = (
        f"{count(len(late), 'rider')} {'was' if len(late) == 1 else 'were'} late against what had been promised.",
        f"What moved them most against the first plan: {listed(causes)}.",
        *_beyond(entries),
    )
    rows = tuple(_row(day, entry) for entry in entries[:MOST_SHOWN])
    header = ("rider", "bus", "planned", "came", "late", "at", "moved most by")
    shown = f"The {len(rows)} latest" if len(late) > len(rows) else "Late riders"
    grid = Grid(shown, header, rows, (1, 4))
    return Explanation(told, (grid,), {"late": entries, "by_main_cause": totals})


def _beyond(entries: list[dict[str, Any]]) -> list[str]:
    """Tell what broke the promises of those whom other riders moved most: plans keep them, roads may not."""
    moved = [entry["by_cause_s"] for entry in entries if entry["main_cause"] == delays.INSERTED]
    if not moved:
        return []
    slow = sum(causes.get(delays.TRAFFIC, 0) > 0 for causes in moved)
    return [
        "By planned times nobody is taken on who would make others late, but the time to spare is used up: "
        f"of the {len(moved)} whom riders taken on later moved most, {slow} met slow traffic on top."
    ]


def _entry(day: FinishedDay, rider: int, grouped: dict[tuple[int, str], list[delays.Shift]]) -> dict[str, Any]:
    ride = day.tables["rides"].row(rider)
    end, seconds = lateness(day, rider)
    mine = grouped.get((rider, end), [])
    causes = delays.by_cause(mine)
    came = float(ride["pickup_s" if end == delays.PICKUP_END else "dropoff_s"])
    return {
        "rider": rider,
        "id": str(ride["id"]),
        "bus": int(ride["bus"]),
        "end": end,
        "came_s": came,
        "planned_s": came - sum(shift.seconds for shift in mine),
        "late_s": seconds,
        "by_cause_s": causes,
        "main_cause": next(iter(causes), delays.STOP),
    }


def _row(day: FinishedDay, entry: dict[str, Any]) -> tuple[str, ...]:
    return (
        day.names.rider(entry["rider"]),
        str(entry["bus"]),
        at(entry["planned_s"]),
        at(entry["came_s"]),
        span(entry["late_s"]),
        "pick-up" if entry["end"] == delays.PICKUP_END else "arrival",
        f"{delays.CAUSES[entry['main_cause']]} ({span(max(0, entry['by_cause_s'].get(entry['main_cause'], 0)))})",
    )

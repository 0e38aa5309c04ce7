"""Refusals of a day: by reason and hour, by zone, and what the bus nearest to fitting lacked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from busim.metrics.refusals import REASONS, refusal_table
from busim.model.events import NONE, Kind, Reason
from busim.model.table import Column, Table
from busim.report.day import FinishedDay
from busim.report.explain_moment import Moment, chance_facts, moment_of_answer
from busim.report.explanation import Explanation, Grid
from busim.report.words import count
from busim.units import MINUTE_S

Progress = Callable[[float], None]
_LACKS: dict[Reason, tuple[str, str, float]] = {
    Reason.NO_BUS: ("late_s", "min late", MINUTE_S),
    Reason.PROMISE: ("gap_min", "min late, the rider or another", 1.0),
    Reason.SEATS: ("seats_missing", "seats", 1.0),
    Reason.RIDE_LIMIT: ("ride_too_long_s", "min too long", MINUTE_S),
    Reason.BATTERY: ("energy_missing_kwh", "kWh", 1.0),
    Reason.SHIFT: ("shift_late_s", "min after the shift", MINUTE_S),
}


def explain_refusals(day: FinishedDay, progress: Progress | None = None) -> Explanation:
    """Tabulate the refusals of a day, and what could have been had instead.

    Parameters
    ----------
    progress
        Called with the share of refusals that have been looked at, from 0 to 1.
    """
    rides = day.tables["rides"]
    refused = np.flatnonzero(rides["outcome"] == "refused").tolist()
    if not refused:
        return Explanation(("Nobody was refused.",), (), {"refusals": [], "by_hour": [], "by_zone": []})
    entries = _entries(day, refused, progress or (lambda _share: None))
    judged = Table({**rides, "reason": bindings(entries, rides.num_rows)})
    hours, told_hours = _rows(refusal_table(judged)), _rows(refusal_table(rides))
    zones = _by_zone(judged, refused)
    grids = [_cross("Refusals by hour of the earliest pick-up", "hour", [(f"{h['hour']:02d}:00", h) for h in hours])]
    grids.append(_cross("Refusals by zone of the start", "zone", [(day.names.zone(z["zone"]), z) for z in zones]))
    nearest = [entry for entry in entries if entry["nearest"] is not None]
    if nearest:
        grids.append(_lacks(nearest))
    told = [f"{len(refused)} of {count(rides.num_rows, 'request')} were refused."]
    told += _summary(entries)
    told.append(_on_record(entries))
    facts = {"refusals": entries, "by_hour": hours, "by_zone": zones, "by_hour_on_record": told_hours}
    return Explanation(tuple(told), tuple(grids), facts)


def bindings(entries: Sequence[Mapping[str, Any]], num_riders: int) -> Column:
    """Give each rider's reason as the replay found it; empty for those who were not refused [R]."""
    reasons = np.full(num_riders, "", dtype=f"<U{max(len(reason.name) for reason in Reason)}")
    for entry in entries:
        reasons[entry["rider"]] = entry["binding"]
    return reasons


def _rows(table: Table) -> list[dict[str, Any]]:
    return [table.row(i) for i in range(table.num_rows)]


def _on_record(entries: list[dict[str, Any]]) -> str:
    """Set the reasons of the replay beside those that the log holds."""
    counts = [(sum(entry["reason"] == r.name.lower() for entry in entries), REASONS[r]) for r in Reason]
    parts = [f"{what} {number}" for number, what in counts if number]
    return (
        "Reasons below are what bound most at the bus nearest to fitting, found by replaying the log. "
        f"On record, as the strategy told it at once and as tables and pictures of the run show it: {', '.join(parts)}."
    )


def _by_zone(judged: Table, refused: list[int]) -> list[dict[str, Any]]:
    rides = judged.where(np.array(refused, np.int64))
    pairs = [(str(zone), str(reason)) for zone, reason in zip(rides["from_zone"], rides["reason"], strict=True)]
    return [
        {"zone": zone, "reason": reason, "requests": pairs.count((zone, reason))} for zone, reason in sorted(set(pairs))
    ]


def _cross(title: str, name: str, rows: list[tuple[str, dict[str, Any]]]) -> Grid:
    """Set counts by row and reason, with sums."""
    reasons = [reason for reason in Reason if any(row["reason"] == reason.name.lower() for _, row in rows)]
    labels = list(dict.fromkeys(label for label, _ in rows))
    counts = {(label, row["reason"]): int(row["requests"]) for label, row in rows}
    lines = []
    for label in labels:
        mine = [counts.get((label, reason.name.lower()), 0) for reason in reasons]
        lines.append((label, *(str(n) if n else "" for n in mine), str(sum(mine))))
    sums = [sum(counts.get((label, reason.name.lower()), 0) for label in labels) for reason in reasons]
    lines.append(("all", *map(str, sums), str(sum(sums))))
    header = (name, *(REASONS[reason] for reason in reasons), "all")
    return Grid(title, header, tuple(lines), tuple(range(1, len(header))))


def _entries(day: FinishedDay, refused: list[int], progress: Progress) -> list[dict[str, Any]]:
    """Look at the moment of each refusal, in the order of the log."""
    log, playback = day.log, day.playback()
    last = {int(log.rider[row]): int(row) for row in np.flatnonzero(log.kind == Kind.REFUSE)}
    entries = []
    for i, (row, rider) in enumerate(sorted((last[rider], rider) for rider in refused)):
        reason, moment = Reason(log.a[row]), None
        if day.hopeless[rider] == NONE:
            moment = moment_of_answer(day, playback, rider, row)
        entries.append(_entry(day, rider, int(log.time[row]), reason, moment))
        progress((i + 1) / len(refused))
    return entries


def _entry(day: FinishedDay, rider: int, time: int, reason: Reason, moment: Moment | None) -> dict[str, Any]:
    best = moment.chances[0] if moment is not None and moment.chances else None
    return {
        "rider": rider,
        "id": day.names.rider(rider),
        "time_s": time,
        "reason": reason.name.lower(),
        "binding": (moment.binding if moment is not None else reason).name.lower(),
        "is_found_by_search": bool(moment.is_found) if moment is not None else False,
        "nearest": None if best is None else {**chance_facts(best), "gap_min": best.gap},
    }


def _lacks(entries: list[dict[str, Any]]) -> Grid:
    """Sum up what the bus nearest to fitting lacked, by the rule that it would have broken most."""
    rows = []
    for reason in Reason:
        mine = [entry["nearest"] for entry in entries if entry["binding"] == reason.name.lower()]
        if not mine:
            continue
        column, unit, scale = _LACKS.get(reason, ("gap_min", "", 1.0))
        values = np.array([each[column] for each in mine]) / scale
        typical = f"{np.median(values):.1f} {unit}" if unit else "nothing"
        near = sum(each["gap_min"] <= 3 for each in mine)
        example = next(entry["id"] for entry in entries if entry["nearest"] is mine[0])
        rows.append((REASONS[reason], str(len(mine)), typical, str(near), example))
    header = ("what bound", "refusals", "lacking (median)", "within 3 min", "such as")
    return Grid("What the bus nearest to fitting lacked", header, tuple(rows), (1, 3))


def _summary(entries: list[dict[str, Any]]) -> list[str]:
    told = []
    judged = [entry for entry in entries if entry["nearest"] is not None]
    fits = [entry for entry in judged if entry["nearest"]["fits"]]
    unseen = sum(not entry["is_found_by_search"] for entry in fits)
    if judged:
        near = sum(0 < entry["nearest"]["gap_min"] <= 3 for entry in judged)
        told.append(
            f"For {near} of the {len(judged)} who could be served at all, some bus was within 3 minutes of fitting "
            f"(a missing seat or kWh counts as five minutes)."
        )
    if fits:
        parts = [f"{len(fits)} {'was' if len(fits) == 1 else 'were'} refused although a bus broke no rule"]
        if unseen:
            who = "them" if unseen == len(fits) else f"{unseen} of them"
            parts.append(f"the search missed {who}, where a leg crosses into another period of travel times")
        told.append(f"{'; '.join(parts)}.")
    return told

"""A bus's day: shift, trips, charges, idle times, and why it was late."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from busim.model.events import NONE
from busim.model.network import Ints
from busim.report import delays
from busim.report.day import FinishedDay
from busim.report.explanation import Explanation, Grid
from busim.report.late import late_riders, lateness
from busim.report.words import at, count, span

_BLOCKS = {"idle": "idle", "charging": "charge", "queueing": "charge"}  # all else is part of a trip
_USES = {"to_charger": "to a charger", "to_depot": "to the depot", "move": "moved without riders", "line": "round"}
MOST_LATE = 10


def explain_bus(day: FinishedDay, bus: int) -> Explanation:
    """Tell a bus's day in sentences and as a table of trips, charges and idle times."""
    blocks = _blocks(day, bus)
    spec = day.spec.fleet.buses[bus]
    row = day.tables["buses"].row(int(np.flatnonzero(day.tables["buses"]["bus"] == bus)[0]))
    late = [rider for rider in late_riders(day) if int(day.tables["rides"]["bus"][rider]) == bus]
    facts: dict[str, Any] = {**row, "bus": bus, "blocks": blocks, "late_riders": late}
    vehicle = day.spec.fleet.vehicles[spec.vehicle].name
    told = [f"Bus {bus} ({vehicle}) was on duty from {at(spec.shift_start_s)} to {at(spec.shift_end_s)}."]
    told += _totals(day, row, blocks)
    more, facts["delays"] = _late(day, late)
    rows = tuple(_row(block) for block in blocks)
    header = ("from", "to", "what", "where", "km", "on/off", "charge")
    return Explanation((*told, *more), (Grid(f"The day of bus {bus}", header, rows, (4, 5, 6)),), facts)


def _totals(day: FinishedDay, row: dict[str, Any], blocks: list[dict[str, Any]]) -> list[str]:
    def seconds(what: str) -> float:
        return float(sum(block["end_s"] - block["start_s"] for block in blocks if block["what"] == what))

    trips = sum(block["what"] == "trip" for block in blocks)
    empty = f", {100 * row['km_empty'] / row['km']:.0f} % of it empty" if row["km"] else ""
    told = [
        f"It drove {row['km']:.0f} km{empty}, took {count(int(row['riders']), 'rider')} on in "
        f"{count(trips, 'trip')}, and stood idle for {span(seconds('idle'))}."
    ]
    own = day.tables["charges"].where(day.tables["charges"]["bus"] == row["bus"])
    charges = own.where(~own["is_overnight"])
    by_night = own.where(own["is_overnight"] & ~np.isnan(own["plug_out_s"]))
    if charges.num_rows:
        waited = float(np.nansum(charges["wait_s"]))
        queue = f", after {span(waited)} in queues" if waited else ""
        energy = float(np.nansum(charges["energy_kwh"]))
        told.append(f"It charged {count(charges.num_rows, 'time')}, {energy:.0f} kWh in all{queue}.")
    for k in range(by_night.num_rows):
        begin, end, energy = (float(by_night[name][k]) for name in ("plug_in_s", "plug_out_s", "energy_kwh"))
        told.append(f"After its shift it charged {energy:.0f} kWh at the depot, from {at(begin)} to {at(end)}.")
    course = day.tables["charge"].where(day.tables["charge"]["bus"] == row["bus"])
    share = course["share"]
    if course.num_rows and not np.isnan(share).all():
        low = int(np.nanargmin(share))
        told.append(f"Its charge was lowest at {at(float(course['time_s'][low]))}: {100 * share[low]:.0f} %.")
    return told


def _blocks(day: FinishedDay, bus: int) -> list[dict[str, Any]]:
    """Join what a bus did into trips, charges and idle times."""
    states = day.tables["states"].where(day.tables["states"]["bus"] == bus)
    rows = [states.row(i) for i in range(states.num_rows)]
    blocks = []
    for what, group in groupby(rows, lambda row: _BLOCKS.get(str(row["state"]), "trip")):
        found = list(group)
        blocks.append(_block(day, bus, what, int(found[0]["start_s"]), int(found[-1]["end_s"])))
    return blocks


def _block(day: FinishedDay, bus: int, what: str, start: int, end: int) -> dict[str, Any]:
    legs, halts = day.tables["legs"], day.tables["stops"]
    legs = legs.where((legs["bus"] == bus) & (legs["leave_s"] >= start) & (legs["leave_s"] < end))
    is_in = (halts["bus"] == bus) & (halts["arrive_s"] >= start) & (halts["arrive_s"] < end)
    here = halts.where((halts["bus"] == bus) & (halts["arrive_s"] <= start))
    node = int(here["node"][-1]) if here.num_rows else NONE
    uses = list(dict.fromkeys(str(use) for use in legs["use"]))
    return {
        "what": what,
        "start_s": start,
        "end_s": end,
        "from": day.names.node(int(legs["from_node"][0]) if legs.num_rows else node),
        "to": day.names.node(int(legs["to_node"][-1]) if legs.num_rows else node),
        "km": float(legs["length_m"].sum()) / 1000,
        "boarded": int(halts["boarded"][is_in].sum()),
        "alighted": int(halts["alighted"][is_in].sum()),
        "uses": uses,
        "charge": _charge_at(day, bus, end),
    }


def _charge_at(day: FinishedDay, bus: int, time: int) -> float:
    """Give a bus's last known share of charge at a moment."""
    course = day.tables["charge"]
    known: Ints = np.flatnonzero((course["bus"] == bus) & (course["time_s"] <= time))
    return float(course["share"][known[-1]]) if len(known) else float("nan")


def _row(block: dict[str, Any]) -> tuple[str, ...]:
    moved = block["what"] == "trip" and block["km"] > 0
    where = f"{block['from']} – {block['to']}" if moved else str(block["to"])
    what = str(block["what"])
    if what == "trip" and not block["boarded"] and not block["alighted"]:
        what = next((_USES[use] for use in block["uses"] if use in _USES), what)
    riders = f"{block['boarded']}/{block['alighted']}" if block["boarded"] or block["alighted"] else ""
    share = "" if np.isnan(block["charge"]) else f"{100 * block['charge']:.0f} %"
    km = f"{block['km']:.1f}" if block["km"] else ""
    return (at(block["start_s"]), at(block["end_s"]), what, where, km, riders, share)


def _late(day: FinishedDay, late: list[int]) -> tuple[list[str], list[dict[str, Any]]]:
    """Tell why riders of a bus were late, the latest first."""
    if not late:
        return ["Nobody on it was late."], []
    found = delays.shifts(day, late)
    told = [f"{count(len(late), 'rider')} on it {'was' if len(late) == 1 else 'were'} late:"]
    facts = []
    for rider in late:
        end, seconds = lateness(day, rider)
        mine = delays.of(found, rider, end)
        facts.append({"rider": rider, "end": end, "late_s": seconds, "by_cause_s": delays.by_cause(mine)})
        if len(facts) <= MOST_LATE:
            because = delays.told(mine, day.names)
            told.append(f"{day.names.rider(rider)}, {span(seconds)} late{f': {because}' if because else ''}.")
    if len(late) > MOST_LATE:
        told.append(f"... and {len(late) - MOST_LATE} more.")
    return told, facts

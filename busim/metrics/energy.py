"""Energy in the batteries over time, and charging sessions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from busim.metrics.energy_causes import bus_causes
from busim.metrics.stream import ENERGY_KINDS, Stream, after_shift, is_kind
from busim.model.events import NONE, Kind
from busim.model.network import Floats, Ints
from busim.model.specs import ChargerSpec, ScenarioSpec
from busim.model.table import Table


def battery_kwh(spec: ScenarioSpec) -> Floats:
    """Give the usable energy of each bus's battery [B, kWh]."""
    return np.array([spec.fleet.vehicles[bus.vehicle].battery_kwh for bus in spec.fleet.buses], np.float64)


def charge_table(events: Stream, spec: ScenarioSpec) -> Table:
    """Tabulate the energy in each battery after every event that tells of energy."""
    rows = events.of(Kind.SHIFT_START, Kind.PLUG_OUT, *ENERGY_KINDS)
    step = np.where(is_kind(rows.kind, Kind.SHIFT_START, Kind.PLUG_OUT), rows.value, -rows.value) + rows.recuperated_kwh
    energy = np.empty(len(rows))
    first = np.flatnonzero(np.diff(rows.bus, prepend=NONE) != 0)
    for low, high in itertools.pairwise([*first, len(rows)]):  # one sum per bus: no error carries over
        energy[low:high] = np.cumsum(step[low:high])
    return Table(
        {
            "bus": rows.bus,
            # An arrival's energy includes the halt's fixed part, so it holds at the end of that part.
            "time_s": rows.time + np.where(rows.kind == Kind.ARRIVE, np.maximum(rows.b, 0), 0),
            "energy_kwh": energy,
            "share": energy / battery_kwh(spec)[rows.bus],
        }
    )


def session_table(events: Stream, places: Ints, charge: Table) -> Table:
    """Tabulate the charging sessions; one that is not over at the end of the log has ``nan`` for what is not known."""
    energy_rows = events.of(Kind.SHIFT_START, Kind.PLUG_OUT, *ENERGY_KINDS)
    plug = np.flatnonzero(is_kind(energy_rows.kind, Kind.PLUG_WAIT, Kind.PLUG_IN, Kind.PLUG_OUT))
    bus, kind, time = energy_rows.bus[plug], energy_rows.kind[plug], energy_rows.time[plug]
    start = np.flatnonzero(kind == Kind.PLUG_IN)
    before, after = np.maximum(start - 1, 0), np.minimum(start + 1, len(plug) - 1)
    has_queued = (start > 0) & (kind[before] == Kind.PLUG_WAIT) & (bus[before] == bus[start])
    is_over = (kind[after] == Kind.PLUG_OUT) & (bus[after] == bus[start])
    share = charge["share"]
    site = energy_rows.other[plug][start]
    return Table(
        {
            "bus": bus[start],
            "site": site,
            "place": places[site] if len(places) else np.full(len(site), NONE),
            "wait_s": np.where(has_queued, time[start] - time[before], 0),
            "is_overnight": after_shift(energy_rows)[plug][start],
            "plug_in_s": time[start],
            "plug_out_s": np.where(is_over, time[after], np.nan),
            "energy_kwh": np.where(is_over, energy_rows.value[plug][after], np.nan),
            "charge_before": share[plug[start]],
            "charge_after": np.where(is_over, share[plug[after]], np.nan),
        }
    )


def site_table(sessions: Table, places: Ints, sites: Sequence[ChargerSpec], spec: ScenarioSpec) -> Table:
    """Tabulate the charging sites: plugs, sessions, plug time used and offered, queueing and energy."""
    num, plugs = len(places), np.array([site.plugs for site in sites], np.int64)
    site = sessions["site"]
    over = np.where(np.isnan(sessions["plug_out_s"]), spec.end_s, sessions["plug_out_s"])
    by_day = np.clip(over, spec.start_s, spec.end_s) - np.clip(sessions["plug_in_s"], spec.start_s, spec.end_s)
    busy = np.where(sessions["is_overnight"], by_day, np.maximum(over - sessions["plug_in_s"], 0))

    def total(values: Floats) -> Floats:
        return np.bincount(site, np.nan_to_num(values), minlength=num)[:num].astype(np.float64)

    return Table(
        {
            "site": np.arange(num),
            "place": places,
            "plugs": plugs,
            "power_kw": np.array([site.power_kw for site in sites], np.float64),
            "spares": np.array([site.spares for site in sites], np.int64),
            "efficiency": np.array([site.efficiency for site in sites], np.float64),
            "standby_kw": np.array([site.standby_kw for site in sites], np.float64),
            "sessions": np.bincount(site, minlength=num)[:num],
            "busy_s": total(busy),
            "offered_s": plugs * float(spec.end_s - spec.start_s),
            "wait_s": total(sessions["wait_s"].astype(np.float64)),
            "energy_kwh": total(sessions["energy_kwh"]),
        }
    )


def bus_table(events: Stream, legs: Table, charge: Table, last_s: int, spec: ScenarioSpec) -> Table:
    """Tabulate the buses: time in service, distance, riders, and the energy ledger of each."""
    num = len(spec.fleet.buses)

    def total(bus: Ints, values: Floats | Ints) -> Floats:
        return np.bincount(bus, values, minlength=num).astype(np.float64)

    start, out, used = events.of(Kind.SHIFT_START), events.of(Kind.PLUG_OUT), events.of(*ENERGY_KINDS)
    shift_start, shift_end = np.full(num, np.nan), np.full(num, np.nan)
    shift_start[start.bus] = start.time
    shift_end[start.bus] = last_s
    end = events.of(Kind.SHIFT_END)
    shift_end[end.bus] = end.time
    boarded = events.of(Kind.BOARD)
    final = np.full(num, np.nan)
    final[charge["bus"]] = charge["energy_kwh"]  # the last one of each bus stays
    vehicles = np.array([vehicle.name for vehicle in spec.fleet.vehicles])
    return Table(
        {
            "bus": np.arange(num),
            "vehicle": vehicles[[bus.vehicle for bus in spec.fleet.buses]] if num else np.zeros(0, "U1"),
            "shift_start_s": shift_start,
            "shift_end_s": shift_end,
            "service_s": shift_end - shift_start,
            "km": total(legs["bus"], legs["length_m"]) / 1000,
            "km_empty": total(legs["bus"], np.where(legs["riders"] == 0, legs["length_m"], 0)) / 1000,
            "riders": total(boarded.bus, boarded.a).astype(np.int64),
            "start_kwh": total(start.bus, start.value),
            "charged_kwh": total(out.bus, np.where(out.c == 1, 0.0, out.value)),
            **_swaps(events, num),
            "used_kwh": total(used.bus, used.value),
            "recuperated_kwh": total(used.bus, used.recuperated_kwh),
            **bus_causes(events, legs, spec),
            "end_kwh": final,
        }
    )


def _swaps(events: Stream, num: int) -> dict[str, Floats]:
    """Add up the energy in the batteries that each bus was given and left behind [B, kWh]."""
    rows = events.of(Kind.SHIFT_START, Kind.PLUG_OUT, *ENERGY_KINDS)
    at = np.flatnonzero((rows.kind == Kind.PLUG_OUT) & (rows.c == 1))
    given, left = np.zeros(num), np.zeros(num)
    for row in at.tolist():
        mine = rows.bus[: row + 1] == rows.bus[row]
        step = np.where(is_kind(rows.kind, Kind.SHIFT_START, Kind.PLUG_OUT), rows.value, -rows.value)
        after = float((step + rows.recuperated_kwh)[: row + 1][mine].sum())
        given[rows.bus[row]] += after
        left[rows.bus[row]] += after - rows.value[row]
    return {"swapped_in_kwh": given, "swapped_out_kwh": left}

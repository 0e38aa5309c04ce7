"""How two runs differ, told to people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from busim.metrics import KPIS
from busim.model.network import Floats
from busim.model.table import Table
from busim.study.diff_riders import largest
from busim.study.headline import ALWAYS, readable
from busim.study.log_compare import Parting
from busim.units import MINUTE_S, clock

_MOST_IDS = 12  # of riders in a line


def lines(
    names: tuple[str, str],
    settings: Mapping[str, tuple[Any, Any]],
    only: tuple[int, int],
    tables: Mapping[str, Table],
    parting: Parting | None,
    most: int,
) -> list[str]:
    """Tell everything; see ``Diff`` for the parameters."""
    head = [f"first:  {names[0]}", f"second: {names[1]}"]
    if parting is None:
        rest = [f"{key}: {_shown(before)} -> {_shown(after)}" for key, (before, after) in settings.items()]
        return [*head, "", *rest, "The logs are identical, byte for byte."]
    return [
        *head,
        *_section("Scenario", [f"{key}: {_shown(a)} -> {_shown(b)}" for key, (a, b) in settings.items()]),
        *_section("KPIs", _kpis(tables["kpis"])),
        *_section("Riders", [*_matched(tables["riders"], only), *_outcomes(tables)]),
        *_section("Waits", _times(tables["riders"], "wait", most)),
        *_section("Rides", _times(tables["riders"], "ride", most)),
        *_section("Buses", _buses(tables["buses"], most)),
        *_section("Events", parting.lines("first", "second", with_counts=False)),
    ]


def _section(title: str, told: list[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in told)] if told else []


def _shown(value: Any) -> str:
    return "not set" if value is None else str(value)


def _kpis(kpis: Table) -> list[str]:
    names, first, second = (kpis[column].tolist() for column in ("kpi", "first", "second"))
    values = {name: (before, after) for name, before, after in zip(names, first, second, strict=True)}
    return [
        f"{KPIS[name].label}: {_value(name, values[name][0])} -> {_value(name, values[name][1])}"
        for name in ALWAYS
        if name in values
    ]


def _value(name: str, value: float) -> str:
    return "-" if np.isnan(value) else " ".join(readable(name, value)).strip()


def _matched(riders: Table, only: tuple[int, int]) -> list[str]:
    if only == (0, 0):
        return [f"the same {riders.num_rows} in both"]
    return [f"{riders.num_rows} in both, {only[0]} only in the first, {only[1]} only in the second"]


def _outcomes(tables: Mapping[str, Table]) -> list[str]:
    riders, told = tables["riders"], []
    for row in (tables["outcomes"].row(i) for i in range(tables["outcomes"].num_rows)):
        before, after = row["first"], row["second"]
        if before == after:
            told.append(f"{before} in both: {row['riders']}")
            continue
        ids = riders["id"][(riders["outcome_first"] == before) & (riders["outcome_second"] == after)]
        listed = ", ".join(map(str, ids[:_MOST_IDS])) + (" ..." if len(ids) > _MOST_IDS else "")
        told.append(f"{before} -> {after}: {row['riders']} ({listed})")
    return told


def _times(riders: Table, name: str, most: int) -> list[str]:
    change: Floats = riders[f"{name}_change_s"]
    known = change[~np.isnan(change)]
    if not len(known) or not known.any():
        return [f"the same for all {len(known)} who were picked up in both"] if len(known) else []
    means = [riders[f"{name}_{which}_s"][~np.isnan(change)].mean() / MINUTE_S for which in ("first", "second")]
    longer, shorter = int((known > 0).sum()), int((known < 0).sum())
    told = [
        f"mean of those known in both {means[0]:.2f} -> {means[1]:.2f} min; "
        f"longer for {longer}, shorter for {shorter}, the same for {len(known) - longer - shorter}"
    ]
    for row in largest(change, most):
        before, after = (riders[f"{name}_{which}_s"][row] / MINUTE_S for which in ("first", "second"))
        asked = clock(riders["request_s"][row])
        told.append(f"{riders['id'][row]}, asked at {asked}: {before:.1f} -> {after:.1f} min ({after - before:+.1f})")
    return told


def _buses(buses: Table, most: int) -> list[str]:
    missing = [np.isnan(buses[f"km_{which}"]) for which in ("first", "second")]
    told = [
        f"only in the {which}: {', '.join(f'bus {bus}' for bus in buses['bus'][gone])}"
        for which, gone in zip(("second", "first"), missing, strict=True)
        if gone.any()
    ]
    for row in largest(buses["km_change"], most):
        km, riders, used = (_pair(buses, name, row) for name in ("km", "riders", "used_kwh"))
        charged = _pair(buses, "charged_kwh", row)
        told.append(f"bus {buses['bus'][row]}: km {km}, riders {riders}, kWh used {used}, charged {charged}")
    return told


def _pair(buses: Table, name: str, row: int) -> str:
    return f"{buses[f'{name}_first'][row]:.4g} -> {buses[f'{name}_second'][row]:.4g}"

"""Sums that must close: riders, distance, energy, boardings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from busim.metrics.riders import RiderLog
from busim.model.events import OUTCOMES, EventLog, Kind
from busim.model.specs import ScenarioSpec
from busim.model.table import Table
from busim.units import HOUR_S

Ledger = tuple[str, float, float]
_ENERGY = (
    *("bus", "start_kwh", "charged_kwh", "recuperated_kwh", "swapped_in_kwh", "used_kwh", "swapped_out_kwh"),
    "end_kwh",
)


def ledgers(tables: Mapping[str, Table], log: EventLog, spec: ScenarioSpec) -> list[Ledger]:
    """Set both sides of every ledger against each other.

    Parameters
    ----------
    tables
        As from ``busim.metrics.tables``.
    log
        The log that they were derived from.
    spec
        The scenario of the day.

    Returns
    -------
    list of (name, left, right)
        Equal up to rounding where the record is whole: counts and metres exactly, energy [kWh] to about 1e-9.
    """
    rides, buses, legs = tables["rides"], tables["buses"], tables["legs"]
    asked = np.unique(log.rider[RiderLog(log, rides.num_rows).rows(Kind.REQUEST)])
    outcomes = {outcome: int(np.sum(rides["outcome"] == outcome)) for outcome in OUTCOMES}
    moved = np.isin(log.kind, (Kind.TURN, Kind.ARRIVE))
    boarded, alighted = (int(log.a[log.kind == kind].sum()) for kind in (Kind.BOARD, Kind.ALIGHT))
    end = np.array([_last(tables["stops"], bus) for bus in range(len(spec.fleet.buses))])
    return [
        ("riders: asked = " + " + ".join(outcomes), len(asked), sum(outcomes.values())),
        ("metres: by bus = by leg", float(round(buses["km"].sum() * 1000)), float(legs["length_m"].sum())),
        ("metres: logged = by leg", float(log.a[moved].sum()), float(legs["length_m"].sum())),
        ("persons: boarded = alighted + on board at the end", boarded, alighted + int(end.sum())),
        ("persons: boarded at halts = boarded in the log", float(tables["stops"]["boarded"].sum()), boarded),
        *(
            (
                f"energy of bus {bus}: start + charged + recuperated + swapped in - used - swapped out = end",
                float(start + charged + back + swap_in - used - swap_out),
                float(left),
            )
            for bus, start, charged, back, swap_in, used, swap_out, left in zip(
                *(buses[name] for name in _ENERGY), strict=True
            )
            if not np.isnan(left)
        ),
        *_sites(tables["sites"], tables["site_power"], log, (spec.end_s - spec.start_s) / HOUR_S),
    ]


def _sites(sites: Table, power: Table, log: EventLog, hours: float) -> list[Ledger]:
    """Set what each site took at the meter, quarter by quarter, against what the log says that it gave to batteries."""
    found: list[Ledger] = []
    columns = (sites[name].tolist() for name in ("site", "efficiency", "standby_kw"))
    for site, efficiency, standby_kw in zip(*columns, strict=True):
        mine = power["site"] == site
        bought, sun, lost, idle = (
            float(power[name][mine].sum()) for name in ("wall_kwh", "solar_kwh", "losses_kwh", "standby_kwh")
        )
        given = float(log.value[(log.kind == Kind.PLUG_OUT) & (log.other == site)].sum())
        name = f"energy of site {site}: "
        found += [
            (name + "bought + panels = losses + standby + given", bought + sun, lost + idle + given),
            (name + "losses = given x (1 / efficiency - 1)", lost, given * (1 / efficiency - 1)),
            (name + "standby = its power x hours of service", idle, standby_kw * hours),
        ]
    return found


def _last(stops: Table, bus: int) -> int:
    """Count the persons on board when ``bus`` left its last halt."""
    mine = np.flatnonzero(stops["bus"] == bus)
    return int(stops["on_board"][mine[-1]]) if len(mine) else 0

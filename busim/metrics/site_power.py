"""Power at the charging sites over the day: quarter-hour means at the meter, from sessions and curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from busim.core.tariff import co2_at, price_at
from busim.metrics.session_energy import SessionEnergy
from busim.model.events import EventLog
from busim.model.network import Floats
from busim.model.specs import ChargerSpec, ScenarioSpec
from busim.model.table import Table

QUARTER_S = 900


def site_power_table(sessions: Table, log: EventLog, sites: Sequence[ChargerSpec], spec: ScenarioSpec) -> Table:
    """Tabulate each site's energy by quarter of an hour, with price and emissions of that time.

    What a battery took over a session follows its curve, under the level that the site set while its plugs shared a
    limit. A station that swaps takes power while the batteries that buses have left on its shelf are charged, be it
    after the day.

    Parameters
    ----------
    sessions
        As from ``session_table``.
    log
        For the levels of sites that share a limit.
    sites
        The charging sites [S].
    spec
        The scenario.

    Returns
    -------
    Table
        ``site``, ``start_s``, ``battery_kwh``, ``wall_kwh`` (from the grid, losses and standby included),
        ``solar_kwh`` (from the site's own panels, used first), ``losses_kwh`` (between meter and battery),
        ``standby_kwh``, ``power_kw`` (mean at the meter), ``price_per_kwh``, ``co2_kg_per_kwh``; one row per site and
        quarter hour of the day, clock quarters.
    """
    course = SessionEnergy(log, tuple(sites), spec)
    known = [row for row in map(sessions.row, range(sessions.num_rows)) if not math.isnan(row["energy_kwh"])]
    first_s = spec.start_s // QUARTER_S * QUARTER_S
    end_s = max((float(spec.end_s), *map(course.end_s, known)))
    edges = np.arange(first_s, end_s + QUARTER_S, QUARTER_S, dtype=np.float64)
    if edges[-2] >= end_s:
        edges = edges[:-1]
    battery = np.zeros((len(sites), len(edges) - 1))
    for session in known:
        battery[int(session["site"])] += np.diff(course.by(session, edges))
    start = np.tile(edges[:-1], len(sites))
    efficiency = np.array([site.efficiency for site in sites])
    standby = np.array([site.standby_kw for site in sites])
    hours = np.diff(np.clip(edges, spec.start_s, end_s)) / 3600
    served = np.diff(np.clip(edges, spec.start_s, spec.end_s)) / 3600  # standby belongs to the service day
    losses, idle = battery / efficiency[:, None] - battery, standby[:, None] * served
    drawn = battery + losses + idle
    sun = np.array([_solar_kwh(site, edges[:-1], hours) for site in sites]).reshape(drawn.shape)
    solar = np.minimum(drawn, sun)
    wall = drawn - solar
    return Table(
        {
            "site": np.repeat(np.arange(len(sites)), len(edges) - 1),
            "start_s": start,
            "battery_kwh": battery.ravel(),
            "wall_kwh": wall.ravel(),
            "solar_kwh": solar.ravel(),
            "losses_kwh": losses.ravel(),
            "standby_kwh": idle.ravel(),
            "power_kw": wall.ravel() * (3600 / QUARTER_S),
            "price_per_kwh": price_at(spec.electricity, start),
            "co2_kg_per_kwh": co2_at(spec.electricity, start),
        }
    )


def _solar_kwh(site: ChargerSpec, start_s: Floats, hours: Floats) -> Floats:
    """Give what a site's panels make in each quarter hour [T, kWh]."""
    if not site.solar_kw:
        return np.zeros(len(start_s))
    by_hour: Floats = np.array(site.solar_kw)[(start_s // 3600).astype(np.int64) % 24] * hours
    return by_hour

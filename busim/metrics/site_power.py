"""Power at the charging sites over the day: quarter-hour means at the meter, from sessions and curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from busim.core.charge_curve import Curve, capped, energy_after, make_curve
from busim.core.tariff import co2_at, price_at
from busim.model.events import EventLog, Kind
from busim.model.network import Floats
from busim.model.specs import ChargerSpec, ScenarioSpec
from busim.model.table import Table

QUARTER_S = 900
_LEAST_KW = 1e-9  # a plug that gives nothing still has a curve


def site_power_table(sessions: Table, log: EventLog, sites: Sequence[ChargerSpec], spec: ScenarioSpec) -> Table:
    """Tabulate each site's energy by quarter of an hour, with price and emissions of that time.

    What a battery took over a session follows its curve, under the level that the site set while its plugs shared a
    limit; the sum over a session is what the log says.

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
    last = np.nan_to_num(sessions["plug_out_s"], nan=spec.end_s)
    first_s = spec.start_s // QUARTER_S * QUARTER_S
    end_s = max(float(spec.end_s), float(last.max(initial=spec.end_s)))
    edges = np.arange(first_s, end_s + QUARTER_S, QUARTER_S, dtype=np.float64)
    if edges[-2] >= end_s:
        edges = edges[:-1]
    battery = np.zeros((len(sites), len(edges) - 1))
    for k in range(sessions.num_rows):
        session = sessions.row(k)
        if not math.isnan(session["energy_kwh"]):
            site = int(session["site"])
            battery[site] += np.diff(_charged(session, edges, log, sites[site], spec))
    start = np.tile(edges[:-1], len(sites))
    efficiency = np.array([site.efficiency for site in sites])
    standby = np.array([site.standby_kw for site in sites])
    hours = np.diff(np.clip(edges, spec.start_s, end_s)) / 3600
    losses, idle = battery / efficiency[:, None] - battery, standby[:, None] * hours
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


def _charged(session: dict[str, float], edges: Floats, log: EventLog, site: ChargerSpec, spec: ScenarioSpec) -> Floats:
    """Give the energy that a session has given by each moment [T, kWh]."""
    vehicle = spec.fleet.vehicles[spec.fleet.buses[int(session["bus"])].vehicle]
    curve = make_curve(vehicle.charge_points, vehicle.battery_kwh, vehicle.charge_kw, is_stepped=vehicle.is_stepped)
    curve = capped(curve, site.power_kw)
    end = float(session["plug_out_s"])
    begin = min(float(session["plug_in_s"]) + site.connect_s, end)
    mine = (log.kind == Kind.POWER) & (log.other == int(session["site"]))
    moments, levels = log.time[mine].astype(np.float64), log.value[mine]
    inside = moments[(moments > begin) & (moments < end)]
    steps = np.unique(np.concatenate(([begin, end], inside, edges[(edges > begin) & (edges < end)])))
    held = [float(session["charge_before"]) * vehicle.battery_kwh]
    for since, until in zip(steps[:-1].tolist(), steps[1:].tolist(), strict=True):
        held.append(energy_after(_limited(curve, moments, levels, since), held[-1], until - since))
    gained = np.minimum(np.array(held) - held[0], session["energy_kwh"])
    if gained[-1] > 0:
        gained *= session["energy_kwh"] / gained[-1]
    else:  # all at once, as where a battery is swapped
        steps, gained = np.array([begin - 1e-3, end]), np.array([0.0, session["energy_kwh"]])
    return np.interp(edges, steps, gained)


def _limited(curve: Curve, moments: Floats, levels: Floats, time: float) -> Curve:
    """Put the level that the site has set by some time over a curve."""
    known = int(np.searchsorted(moments, time, side="right"))
    return capped(curve, max(float(levels[known - 1]), _LEAST_KW)) if known else curve

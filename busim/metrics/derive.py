"""All tables of a day, from its log."""

from __future__ import annotations

from busim.core.travel import TravelTimes
from busim.metrics.energy import bus_table, charge_table, session_table, site_table
from busim.metrics.energy_causes import with_leg_causes
from busim.metrics.flows import edge_table
from busim.metrics.halts import halt_table, headway_table, state_table
from busim.metrics.legs import leg_table
from busim.metrics.places import line_nodes, place_at, site_places
from busim.metrics.refusals import refusal_table
from busim.metrics.riders import RiderLog
from busim.metrics.rides import ride_table
from busim.metrics.site_power import site_power_table
from busim.metrics.stream import is_kind, stream
from busim.model.charger_sites import charger_specs
from busim.model.events import EventLog, Kind
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec
from busim.model.table import Table

_BY_NIGHT = (Kind.PLAN, Kind.SLOT, Kind.DONE, Kind.PLUG_WAIT, Kind.PLUG_IN, Kind.PLUG_OUT, Kind.FREE_AT, Kind.PLUGS)


def _last_s(log: EventLog, spec: ScenarioSpec) -> int:
    """Give the end of the record; charging after the shifts does not make the day longer [s]."""
    if spec.charging.overnight == "plugs":
        times = log.time[~is_kind(log.kind, *_BY_NIGHT, Kind.POWER, Kind.LOW)]
        return int(times[-1]) if len(times) else spec.start_s
    return int(log.time[-1]) if len(log) else spec.start_s


def tables(
    log: EventLog, spec: ScenarioSpec, network: RoadNetwork, requests: RequestTable, travel: TravelTimes
) -> dict[str, Table]:
    """Derive every table from the log.

    Parameters
    ----------
    log
        Events of the day.
    spec, network, requests, travel
        What the day was run with.

    Returns
    -------
    dict
        ``rides`` (one row per request), ``refusals`` (by hour and reason), ``legs``, ``stops`` (halts of buses),
        ``headways``, ``charges`` (sessions), ``sites``, ``site_power`` (by
        quarter of an hour), ``states``, ``charge`` (energy over time), ``buses`` and ``edges``.
    """
    events = stream(log)
    last_s = _last_s(log, spec)
    nodes = line_nodes(spec, network.places)
    at = place_at(network, spec.line.stops if spec.line is not None else ())
    places = site_places(spec, network.places)
    sites = charger_specs(spec, network.places)
    legs = with_leg_causes(leg_table(events, log), spec, network, travel)
    halts = halt_table(events, at, last_s)
    charge = charge_table(events, spec)
    charges = session_table(events, places, charge)
    rides = ride_table(RiderLog(log, len(requests)), events, requests, travel, at)
    return {
        "rides": rides,
        "refusals": refusal_table(rides),
        "legs": legs,
        "stops": halts,
        "headways": headway_table(halts, nodes, spec.line),
        "charges": charges,
        "sites": site_table(charges, places, sites, spec),
        "site_power": site_power_table(charges, log, sites, spec),
        "states": state_table(events, last_s),
        "charge": charge,
        "buses": bus_table(events, legs, charge, last_s, spec),
        "edges": edge_table(legs, network.num_edges, travel),
    }

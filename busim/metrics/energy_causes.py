"""What the energy went into: rolling, air, slope and stops of legs; climate, computer and auxiliaries by the clock."""

from __future__ import annotations

import numpy as np

from busim.core.energy import traction
from busim.core.road_energy import edge_driving
from busim.core.travel import TravelTimes
from busim.metrics.flows import leg_edges
from busim.metrics.stream import ENERGY_KINDS, Stream, after_shift
from busim.model.events import Kind
from busim.model.network import Floats, RoadNetwork
from busim.model.specs import ScenarioSpec
from busim.model.table import Table

DRIVING = ("rolling_kwh", "air_kwh", "slope_kwh", "stops_kwh")
STANDING = ("climate_kwh", "computer_kwh", "auxiliaries_kwh")


def with_leg_causes(legs: Table, spec: ScenarioSpec, network: RoadNetwork, travel: TravelTimes) -> Table:
    """Add what driving took to each leg, by cause: all legs of a type of bus in one call.

    The causes add up to the leg's ``energy_kwh`` less what the bus used by the clock on the way. Without physics of
    driving (``VehicleSpec.drive``) all of it counts as rolling.
    """
    causes = {name: np.zeros(legs.num_rows) for name in DRIVING}
    leg, edge, is_last, period = leg_edges(legs, travel)
    kind_of = np.array([bus.vehicle for bus in spec.fleet.buses], np.int64)[legs["bus"]]
    for number, vehicle in enumerate(spec.fleet.vehicles):
        if vehicle.drive is None:
            mine = kind_of == number
            causes["rolling_kwh"][mine] = legs["length_m"][mine] / 1000 * vehicle.kwh_per_km
            continue
        rows = kind_of[leg] == number
        at, on = leg[rows], edge[rows]
        speed, halts = (column[period[rows], on] for column in edge_driving(travel.tables, network, vehicle))
        stops = halts + (is_last[rows] & ~legs["is_cut"][at])
        parts = traction(
            network.edge_length_m[on],
            speed * 3.6,
            stops,
            vehicle.drive,
            persons=legs["riders"][at],
            climb_m=network.edge_climb_m[on],
        )
        for name, values in zip(DRIVING, parts, strict=False):
            causes[name] += np.bincount(at, values, minlength=legs.num_rows)
    return Table({**legs, **causes})


def bus_causes(events: Stream, legs: Table, spec: ScenarioSpec) -> dict[str, Floats]:
    """Add up the energy of each bus by cause [B, kWh]; the causes add up to what it used.

    By the clock it uses energy from the start of its shift on but while it is plugged in.
    """
    num = len(spec.fleet.buses)
    totals = {name: np.bincount(legs["bus"], legs[name], minlength=num).astype(np.float64) for name in DRIVING}
    used = events.of(*ENERGY_KINDS)
    by_clock = np.bincount(used.bus, used.value, minlength=num) - sum(totals.values())
    hours = _hours(events, num)
    kinds = [spec.fleet.vehicles[bus.vehicle] for bus in spec.fleet.buses]
    computer = hours * np.array([kind.computer_kw for kind in kinds])
    other = hours * np.array([kind.standing_kw - kind.climate_kw - kind.computer_kw for kind in kinds])
    climate: Floats = np.where([kind.climate_kw > 0 for kind in kinds], by_clock - computer - other, 0.0)
    return {
        **totals,
        "climate_kwh": climate,
        "computer_kwh": computer,
        "auxiliaries_kwh": by_clock - computer - climate,
    }


def _hours(events: Stream, num: int) -> Floats:
    """Give the time by whose passing each bus used energy [B, h]."""
    rows = events.of(Kind.SHIFT_START, Kind.PLUG_OUT, *ENERGY_KINDS)
    halt = np.where(rows.kind == Kind.ARRIVE, np.maximum(rows.b, 0), 0)
    moment = rows.time + halt  # the log's own time: the halt is part of the leg
    same = rows.bus[1:] == rows.bus[:-1]
    counts = same & (rows.kind[1:] != Kind.PLUG_OUT) & ~after_shift(rows)[1:]
    seconds = np.bincount(rows.bus[1:][counts], np.diff(moment)[counts], minlength=num)
    hours: Floats = seconds / 3600
    return hours

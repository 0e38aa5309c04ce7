"""Energy along the roads of a map: of every edge for a type of bus, along a leg's path, and the most between any nodes.

Speeds are those planned for the period whose path a leg takes: noise on travel times counts as waiting on the way, not
as a faster or slower drive. The slower an edge is against its limit, the more stops lie on it (``energy.driving``).
From edge to edge the bus keeps its speed; it stops fully at the end of each leg. All passengers weigh alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from busim.core.compiled import compiled, lent
from busim.core.energy import GRAVITY, J_PER_KWH, PERSON_KG, drag_n, driving
from busim.core.travel import UNREACHABLE, TravelTables, edge_between
from busim.model.network import Floats, Ints, RoadNetwork, Small
from busim.model.specs import VehicleSpec


@lent
class RoadForces(NamedTuple):
    """What edges ask of one type of bus.

    Parameters
    ----------
    lift
        Work against weight, rolling and uphill, per kg of bus [E, J/kg]; negative where the slope drives.
    air
        Work against the air [P, E, J].
    kinetic
        Energy of motion, per kg of bus [P, E, J/kg].
    halts
        Full stops on the way that no plan holds [P, E].
    efficiency, recuperation
        From battery to wheel, and back.
    """

    lift: Floats
    air: Floats
    kinetic: Floats
    halts: Floats
    efficiency: float
    recuperation: float


class Ways(NamedTuple):
    """Energy along one leg, at each of its nodes [k, kWh]: given and taken back by the battery up to there.

    ``given`` and ``taken`` hold for a bus that stops there, ``given_on`` and ``taken_on`` for one that drives on.
    """

    given: Floats
    taken: Floats
    given_on: Floats
    taken_on: Floats


def edge_driving(tables: TravelTables, network: RoadNetwork, vehicle: VehicleSpec) -> tuple[Floats, Floats]:
    """Give speed between stops [m/s] and full stops on every edge [P, E each] for a type of bus that has physics."""
    assert vehicle.drive is not None
    top = vehicle.top_speed_kmh / 3.6
    mean = np.minimum(network.edge_length_m / tables.seconds, top)  # whole seconds: short edges look too fast
    cruise, per_metre = driving(mean, np.minimum(network.edge_speed_kmh / 3.6, top), vehicle.drive)
    return cruise, per_metre * network.edge_length_m


def road_forces(tables: TravelTables, network: RoadNetwork, vehicle: VehicleSpec) -> RoadForces:
    """Give what the edges ask of a type of bus that has ``VehicleSpec.drive``."""
    drive = vehicle.drive
    assert drive is not None
    length, (speed, halts) = network.edge_length_m.astype(np.float64), edge_driving(tables, network, vehicle)
    return RoadForces(
        lift=GRAVITY * (drive.rolling * length + network.edge_climb_m),
        air=drag_n(speed, drive) * length,
        kinetic=0.5 * drive.rotating * speed**2,
        halts=halts,
        efficiency=drive.efficiency,
        recuperation=drive.recuperation,
    )


@compiled
def along(tables: TravelTables, forces: RoadForces, nodes: Ints, period: int, mass_kg: float) -> Ways:
    """Give the energy of a leg along the nodes of a period's path, with a mass [kg]."""
    count = len(nodes)
    ways = Ways(np.empty(count), np.empty(count), np.empty(count), np.empty(count))
    write_along(tables, forces, nodes, period, mass_kg, ways)
    return ways


@compiled
def write_along(tables: TravelTables, forces: RoadForces, nodes: Ints, period: int, mass_kg: float, ways: Ways) -> None:
    """Write what ``along`` gives to arrays of the path's size."""
    given, taken, given_on, taken_on = ways
    given[0], taken[0], given_on[0], taken_on[0] = 0.0, 0.0, 0.0, 0.0
    out, back = 0.0, 0.0
    for k in range(1, len(nodes)):
        edge = edge_between(tables, period, nodes[k - 1], nodes[k])
        wheel = mass_kg * forces.lift[edge] + forces.air[period, edge]
        stop = mass_kg * forces.kinetic[period, edge]
        out += (max(wheel, 0.0) + stop * forces.halts[period, edge]) / forces.efficiency
        back += (max(-wheel, 0.0) + stop * forces.halts[period, edge]) * forces.recuperation
        given_on[k], taken_on[k] = out / J_PER_KWH, back / J_PER_KWH
        given[k] = (out + stop / forces.efficiency) / J_PER_KWH
        taken[k] = (back + stop * forces.recuperation) / J_PER_KWH


def most_metres(tables: TravelTables, network: RoadNetwork, vehicles: Sequence[VehicleSpec]) -> Small:
    """Give the most that a leg may take, as metres at each bus's average rate ``kwh_per_km`` [N, N].

    The bus may be full or empty, of any of the types, and leave in any period; it stops at the end, and gets nothing
    back on the way. What plans assume is therefore never below what the same legs take when they are driven. Edges
    are rounded up to whole metres, so that sums do not depend on their order.
    """
    most = tables.lengths.max(axis=0)
    for vehicle in vehicles:
        if vehicle.drive is None or vehicle.kwh_per_km == 0.0:
            continue
        on_edge, at_end = _edge_metres(tables, network, vehicle)
        for period in range(len(tables.times)):
            most = np.maximum(most, _path_sums(tables, period, on_edge[period], at_end[period]))
    bounded: Small = np.minimum(most, UNREACHABLE).astype(np.int32)
    return bounded


def _edge_metres(tables: TravelTables, network: RoadNetwork, vehicle: VehicleSpec) -> tuple[Ints, Ints]:
    """Give the most metres that an edge counts as, on the way and for the stop at its end [P, E]."""
    forces, drive = road_forces(tables, network, vehicle), vehicle.drive
    assert drive is not None
    unit = vehicle.kwh_per_km / 1000 * J_PER_KWH * drive.efficiency
    full = drive.mass_kg + PERSON_KG * (vehicle.seats + vehicle.standees + vehicle.wheelchair_places)
    work = [np.maximum(mass * forces.lift + forces.air, 0.0) for mass in (drive.mass_kg, full)]
    stop = full * forces.kinetic
    on_edge = np.ceil((np.maximum(*work) + stop * forces.halts) / unit).astype(np.int64)
    return on_edge, np.ceil(stop / unit).astype(np.int64)


def _path_sums(tables: TravelTables, period: int, on_edge: Ints, at_end: Ints) -> Ints:
    """Sum whole numbers of edges along every fastest path of a period, and add the last edge's own [N, N].

    Each pair knows the sum over the last ``2^i`` edges of its path and the node before them; both double per round.
    """
    before = tables.before[period]
    size = len(before)
    own = np.arange(size)
    pairs = np.repeat(own, np.diff(tables.first)) * size + tables.head
    edge_of = np.zeros(size * size, np.int64)  # by pair of neighbours
    edge_of[pairs] = tables.edge[period]
    is_last = before >= 0
    edge = edge_of.take(np.where(is_last, before, 0) * size + own)
    total = np.where(is_last, on_edge.take(edge), 0)
    end = np.where(is_last, at_end.take(edge), 0)
    start = own[:, None] * size  # of each pair's row, in the flat array: ``take`` there is far faster than two indices
    ahead, at_start = start + np.where(is_last, before, own[:, None]), start + own[:, None]
    while (ahead != at_start).any():
        total = total + total.take(ahead)
        ahead = ahead.take(ahead)
    reached = is_last | (own[:, None] == own)
    return np.where(reached, total + end, UNREACHABLE)

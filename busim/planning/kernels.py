"""From an instance to the arrays of the kernels: nodes renumbered, windows tightened, equal places put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from busim.core.route_data import RouteData
from busim.planning.instance import Floats, Instance, Ints

UNSERVED = 1e6  # stands for "must be served" in the search; far above any route's cost


@dataclass(frozen=True, eq=False)
class Compiled:
    """An instance in the kernels' numbering.

    Parameters
    ----------
    data
        The arrays.
    node
        The instance's node of each kernel node [N].
    dest_members, station_members
        Indices into the instance's destinations and stations that each kernel place stands for.
    """

    data: RouteData
    node: Ints
    dest_members: tuple[tuple[int, ...], ...]
    station_members: tuple[tuple[int, ...], ...]


def compile_instance(instance: Instance) -> Compiled:
    """Lay an instance out for the kernels.

    Parameters
    ----------
    instance
        The problem.
    """
    dests = _group(instance, instance.destination, np.zeros(len(instance.destination)))
    stations = _group(instance, instance.station, instance.rate)
    dest_node = np.array([instance.destination[group[0]] for group in dests], dtype=np.int64)
    station_node = np.array([instance.station[group[0]] for group in stations], dtype=np.int64)
    num, vehicles = instance.num_requests, instance.num_buses
    node = np.concatenate([instance.pickup, instance.dropoff, instance.origin, dest_node, station_node])
    early, late = tighten(instance)
    first_dest, first_station = 2 * num + vehicles, 2 * num + vehicles + len(dests)
    skip = np.full(num, UNSERVED) if instance.skip_cost is None else np.minimum(instance.skip_cost, UNSERVED)
    data = RouteData(
        num_requests=num,
        travel=np.ascontiguousarray(instance.travel[np.ix_(node, node)], dtype=np.float64),
        service=instance.service[node].astype(np.float64),
        early=early[node],
        late=late[node],
        load=instance.load[instance.pickup].astype(np.int64),
        max_ride=instance.max_ride + instance.service[instance.pickup],
        direct=instance.direct.astype(np.float64),
        skip_cost=skip.astype(np.float64),
        origin=np.arange(2 * num, 2 * num + vehicles, dtype=np.int64),
        capacity=instance.capacity.astype(np.int64),
        energy_start=instance.energy_start.astype(np.float64),
        battery=instance.battery.astype(np.float64),
        energy_end=(instance.end_ratio * instance.battery).astype(np.float64),
        kind=_kinds(instance),
        dest_node=np.arange(first_dest, first_station, dtype=np.int64),
        dest_count=np.array([instance.places[list(group)].sum() for group in dests], dtype=np.int64),
        station_node=np.arange(first_station, first_station + len(stations), dtype=np.int64),
        station_count=np.array([instance.visits[list(group)].sum() for group in stations], dtype=np.int64),
        rate=np.array([instance.rate[group[0]] for group in stations], dtype=np.float64),
        discharge=float(instance.discharge),
        drive_weight=float(instance.drive_weight),
        excess_weight=float(instance.excess_weight),
    )
    return Compiled(data, node, dests, stations)


def _group(instance: Instance, nodes: Ints, value: Floats) -> tuple[tuple[int, ...], ...]:
    """Put together places that nothing tells apart: same travel times, window and value."""
    groups: dict[bytes, list[int]] = {}
    for i, node in enumerate(nodes):
        facts = np.concatenate([
            instance.travel[node], instance.travel[:, node],
            [instance.early[node], instance.late[node], value[i]],
        ])  # fmt: skip
        groups.setdefault(facts.tobytes(), []).append(i)
    return tuple(tuple(group) for group in groups.values())


def _kinds(instance: Instance) -> Ints:
    """Give buses numbers so that equal ones share a number."""
    seen: dict[bytes, int] = {}
    kinds = []
    for k in range(instance.num_buses):
        node = instance.origin[k]
        facts = np.concatenate([
            instance.travel[node],
            [instance.early[node], instance.late[node], instance.capacity[k], instance.energy_start[k]],
            [instance.battery[k], instance.end_ratio[k]],
        ])  # fmt: skip
        kinds.append(seen.setdefault(facts.tobytes(), len(seen)))
    return np.array(kinds, dtype=np.int64)


def tighten(instance: Instance) -> tuple[Floats, Floats]:
    """Give windows without the parts that no feasible plan can use.

    Parameters
    ----------
    instance
        The problem.

    Returns
    -------
    early, late
        Of each node [N]; ``early > late`` where a request cannot be served at all.
    """
    early, late = instance.early.astype(np.float64), instance.late.astype(np.float64)
    up, down, travel = instance.pickup, instance.dropoff, instance.travel
    served, off = instance.service[up], instance.service[down]
    if len(up):
        start = (early[instance.origin][:, None] + travel[np.ix_(instance.origin, up)]).min(axis=0)
        end = (late[instance.destination][:, None] - travel[np.ix_(down, instance.destination)].T).max(axis=0)
        early[up] = np.maximum(early[up], start)
        late[down] = np.minimum(late[down], end - off)
    early[up] = np.maximum(early[up], early[down] - instance.max_ride - served)
    early[down] = np.maximum(early[down], early[up] + served + instance.direct)
    late[down] = np.minimum(late[down], late[up] + served + instance.max_ride)
    late[up] = np.minimum(late[up], late[down] - served - instance.direct)
    return early, late

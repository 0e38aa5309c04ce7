"""From the search's routes to a plan with nodes, times and charges."""

from __future__ import annotations

import numpy as np

from busim.core.lns_state import Routes
from busim.core.route_cost import charged_cost, plain_cost
from busim.core.route_data import INF, MAX_VISITS, Work
from busim.errors import BusimError
from busim.planning.instance import Instance, Ints
from busim.planning.kernels import Compiled
from busim.planning.schedule import Schedule, best_schedule
from busim.planning.solution import BusPlan, Solution, Stop


def to_solution(instance: Instance, compiled: Compiled, routes: Routes, work: Work) -> Solution:
    """Write routes as a plan.

    Parameters
    ----------
    instance, compiled
        The problem.
    routes
        The routes, each with its destination and visits.
    work
        Scratch space.
    """
    ends = [[m for m in group for _ in range(instance.places[m])] for group in compiled.dest_members]
    plugs = [[m for m in group for _ in range(instance.visits[m])] for group in compiled.station_members]
    plans, travel_time, excess = [], 0.0, 0.0
    for bus in range(instance.num_buses):
        sequence = _kernel_stops(compiled, routes, work, bus)
        inner = [_node(instance, compiled, stop, plugs) for stop in sequence]
        end = int(instance.destination[ends[int(routes.dest[bus])].pop(0)])
        nodes = [int(instance.origin[bus]), *inner, end]
        schedule = best_schedule(instance, bus, nodes)
        if schedule is None:
            raise BusimError(f"{instance.name}: the route of bus {bus} has no schedule")
        plans.append(_bus_plan(instance, bus, nodes, schedule))
        travel_time += float(instance.travel[nodes[:-1], nodes[1:]].sum())
        excess += schedule.excess
    left_out = np.flatnonzero(routes.owner < 0)
    skipped = 0.0
    if instance.skip_cost is not None:
        skipped = float(sum(instance.skip_cost[r] for r in left_out if not instance.must_serve[r]))
    cost = instance.drive_weight * travel_time + instance.excess_weight * excess + skipped
    unserved = tuple(int(instance.node_id[instance.pickup[r]]) for r in left_out)
    return Solution(instance.name, tuple(plans), unserved, travel_time, excess, skipped, cost)


def _kernel_stops(compiled: Compiled, routes: Routes, work: Work, bus: int) -> list[tuple[str, int]]:
    """List a route's stops in order: ``("node", kernel node)`` or ``("station", kernel station)``."""
    data, length = compiled.data, int(routes.length[bus])
    seq = routes.seq[bus]
    visits: list[tuple[int, int]] = []
    if routes.used[bus].sum() > 0:
        dest_free: Ints = np.zeros(len(data.dest_node), dtype=np.int64)
        dest_free[routes.dest[bus]] = 1
        _, _, _, count = plain_cost(data, work, seq, length, bus, dest_free)
        charged_cost(data, work, count, bus, routes.used[bus], dest_free, INF)
        visits = [
            (int(work.best_gap[i]), int(work.best_station[i])) for i in range(MAX_VISITS) if work.best_gap[i] >= 0
        ]
    stops: list[tuple[str, int]] = []
    gap, aboard = 0, 0
    for j in range(length + 1):
        if aboard == 0:
            stops.extend(("station", station) for at, station in visits if at == gap)
            gap += 1
        if j < length:
            stops.append(("node", int(seq[j])))
            aboard += 1 if seq[j] < data.num_requests else -1
    return stops


def _node(instance: Instance, compiled: Compiled, stop: tuple[str, int], plugs: list[list[int]]) -> int:
    """Give the instance's node of a stop, using up one visit of a station."""
    kind, number = stop
    if kind == "station":
        return int(instance.station[plugs[number].pop(0)])
    return int(compiled.node[number])


def _bus_plan(instance: Instance, bus: int, nodes: list[int], schedule: Schedule) -> BusPlan:
    """Write one bus's stops with arrivals, departures and energy; the bus waits before it leaves, not after."""
    rate = {int(node): float(value) for node, value in zip(instance.station, instance.rate, strict=True)}
    level = float(instance.energy_start[bus])
    stops: list[Stop] = []
    last = len(nodes) - 1
    for i, node in enumerate(nodes):
        start, spent = float(schedule.start[i]), float(schedule.charge_time[i])
        arrival = start
        if i:
            before, leg = stops[-1], float(instance.travel[nodes[i - 1], node])
            arrival = before.departure + leg
            level -= instance.discharge * leg
        start = max(start, arrival)
        charge = spent * rate.get(node, 0.0) if 0 < i < last else 0.0
        departure = start + (float(instance.service[node]) + spent if i < last else 0.0)
        stops.append(Stop(int(instance.node_id[node]), arrival, start, departure, level, charge))
        level += charge
    return BusPlan(bus, tuple(stops))

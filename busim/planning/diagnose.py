"""Which riders no bus could serve even alone, and which rule forbids it."""

from __future__ import annotations

import numpy as np

from busim.core.route_cost import plain_cost, route_cost
from busim.core.route_data import INF, RouteData, Work, make_work
from busim.errors import Problem
from busim.planning.instance import Instance
from busim.planning.kernels import compile_instance


def find_obstacles(instance: Instance) -> list[Problem]:
    """Name the riders that must be served and cannot be, each with the rule that stands in the way.

    Parameters
    ----------
    instance
        The problem.
    """
    compiled = compile_instance(instance)
    work = make_work(compiled.data)
    problems = []
    for rider in np.flatnonzero(instance.must_serve):
        reason = _obstacle(instance, compiled.data, work, int(rider))
        if reason:
            name = f"rider {instance.node_id[instance.pickup[rider]]}"
            problems.append(Problem(instance.name, f"{name} cannot be served: {reason}"))
    return problems


def _obstacle(instance: Instance, data: RouteData, work: Work, rider: int) -> str:
    """Give the rule that keeps every bus from serving one rider alone, empty if there is none."""
    direct, limit = float(data.direct[rider]), float(instance.max_ride[rider])
    down = rider + data.num_requests
    if data.load[rider] > data.capacity.max():
        return f"{data.load[rider]} places needed, the largest bus has {data.capacity.max()}"
    if direct > limit + 1e-9:
        return f"the direct ride takes {direct:.2f}, the ride limit is {limit:g}"
    if data.early[rider] > data.late[rider] + 1e-9 or data.early[down] > data.late[down] + 1e-9:
        return "the windows of pick-up and drop-off, the ride limit and the horizon leave no time for it"
    seq = np.array([rider, down], dtype=np.int64)
    used = np.zeros(len(data.station_node), dtype=np.int64)
    in_time = False
    for bus in range(len(data.origin)):
        bound, _, _, _ = plain_cost(data, work, seq, 2, bus, data.dest_count)
        in_time |= bound < INF
        cost, _ = route_cost(data, work, seq, 2, bus, data.station_count, data.dest_count, used)
        if cost < INF:
            return ""
    if in_time:
        return "no bus has or can charge the energy for it and for the least charge at the end"
    return "no bus gets from its origin to the pick-up and, after the drop-off, to a destination in time"

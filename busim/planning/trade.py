"""Every route of a plan by other buses, destinations and stations, for the set partitioning to choose from."""

from __future__ import annotations

import numpy as np

from busim.core.lns_pool import Pool, record
from busim.core.lns_state import Routes
from busim.core.route_cost import route_cost
from busim.core.route_data import INF, Ints, RouteData, Work

MOST = 2000  # combinations that are worth their time; larger fleets have many equal buses


def record_trades(data: RouteData, work: Work, pool: Pool, routes: Routes, spare: Routes) -> None:
    """Put routes into the pool as other buses would drive them, to other destinations and by other stations.

    Parameters
    ----------
    data, work
        The problem and scratch space.
    pool
        Receives the routes.
    routes
        The plan.
    spare
        Routes whose rows may be overwritten.
    """
    kinds, num_dest = np.unique(data.kind, return_index=True)[1], len(data.dest_node)
    busy = np.flatnonzero(routes.length > 0)
    choices = _station_choices(data.station_count)
    if len(kinds) * num_dest * len(busy) * len(choices) > MOST:
        return
    for bus in busy:
        length = int(routes.length[bus])
        seq = routes.seq[bus, :length].copy()
        for other in kinds:
            spare.seq[other, :length], spare.length[other] = seq, length
            for dest in range(num_dest):
                dest_free = np.zeros(num_dest, dtype=np.int64)
                dest_free[dest] = 1
                for station_free in choices:
                    used = spare.used[other]
                    cost, _ = route_cost(data, work, seq, length, int(other), station_free, dest_free, used)
                    spare.cost[other], spare.dest[other] = cost, dest
                    if cost < INF:
                        record(data, pool, spare, int(other))


def _station_choices(count: Ints) -> list[Ints]:
    """Give the ways in which stations are offered: all, all but one, one alone."""
    choices = [count]
    for s in range(len(count)):
        without, alone = count.copy(), np.zeros_like(count)
        without[s], alone[s] = 0, count[s]
        choices += [without, alone]
    return choices

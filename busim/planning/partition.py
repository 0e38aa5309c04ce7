"""The best plan that can be put together from routes met during the search: set partitioning by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, hstack, vstack

from busim.core.lns_pool import Pool
from busim.core.lns_state import Routes
from busim.core.route_data import INF, RouteData
from busim.planning.instance import Floats, Ints

MOST_COLUMNS = 4000  # routes given to the integer program, those of least reduced cost
NODE_LIMIT = 2000  # of the branch and bound, so that results do not depend on the machine
MOST_WORK = 100_000_000  # nodes x rows x columns: a node of a large program takes longer


@dataclass(frozen=True, eq=False)
class Choice:
    """Routes that make up a plan.

    Parameters
    ----------
    slots
        Slots of the pool, one per route that serves somebody.
    cost
        Their cost with those of empty routes and of requests left out.
    """

    slots: Ints
    cost: float


def choose_routes(data: RouteData, pool: Pool, bound: float, seconds: float = INF) -> Choice | None:
    """Choose routes of the pool that serve every request once, at a cost below a bound.

    Parameters
    ----------
    data
        The problem.
    pool
        The routes.
    bound
        Only plans below it are of interest.
    seconds
        Time limit of the integer program.

    Returns
    -------
    Choice or None
        None if no better plan was found.
    """
    slots = np.flatnonzero(pool.key != 0)
    if len(slots) == 0:
        return None
    matrix, lower, upper, cost = _program(data, pool, slots)
    both, limits = vstack([matrix, -matrix]).tocsr(), np.concatenate([upper, -lower])
    relaxed = linprog(cost, A_ub=both, b_ub=limits, method="highs")  # type: ignore[call-overload]  # sparse is taken
    if relaxed.status != 0 or relaxed.fun >= bound - 1e-6:
        return None
    half = len(upper)
    prices = relaxed.ineqlin.marginals[:half] - relaxed.ineqlin.marginals[half:]
    reduced = cost - matrix.T @ prices
    keep = np.flatnonzero(reduced <= bound - relaxed.fun + 1e-6)
    routes = keep[keep < len(slots)]
    if len(routes) > MOST_COLUMNS:
        routes = np.sort(routes[np.argsort(reduced[routes], kind="stable")[:MOST_COLUMNS]])
    keep = np.concatenate([routes, np.arange(len(slots), len(cost))])
    nodes = max(1, min(NODE_LIMIT, MOST_WORK // (matrix.shape[0] * len(keep))))
    options: Any = {"node_limit": nodes, "mip_rel_gap": 1e-7}
    if seconds < INF:
        options["time_limit"] = max(seconds, 0.1)
    found = milp(
        cost[keep], constraints=LinearConstraint(matrix[:, keep], lower, upper),
        integrality=np.ones(len(keep), dtype=np.int64), bounds=Bounds(0.0, np.inf), options=options,
    )  # fmt: skip
    if found.x is None or found.fun >= bound - 1e-6:
        return None
    chosen = keep[found.x > 0.5]
    return Choice(slots[chosen[chosen < len(slots)]], float(found.fun))


def _program(data: RouteData, pool: Pool, slots: Ints) -> tuple[csr_matrix, Floats, Floats, Floats]:
    """Give rows, bounds and costs: a column per route, empty bus (kind and destination), and request left out."""
    num, kinds, dests = data.num_requests, int(data.kind.max()) + 1, len(data.dest_node)
    stations = len(data.station_node)
    rows, cols = [], []
    for c, slot in enumerate(slots):
        stops = pool.seq[slot, : pool.length[slot]]
        ups = stops[stops < num]
        rows.append(np.concatenate([ups, [num + data.kind[pool.vehicle[slot]], num + kinds + pool.dest[slot]]]))
        cols.append(np.full(len(ups) + 2, c))
    size = num + kinds + dests
    ones = np.ones(sum(len(part) for part in rows))
    routes = csr_matrix((ones, (np.concatenate(rows), np.concatenate(cols))), shape=(size, len(slots)))
    used = csr_matrix(pool.used[slots].T.astype(np.float64).reshape(stations, len(slots)))
    empty, empty_cost = _empty_buses(data, kinds)
    skip = csr_matrix((np.ones(num), (np.arange(num), np.arange(num))), shape=(size + stations, num))
    idle = csr_matrix((stations, empty.shape[1]))
    matrix = hstack([vstack([routes, used]), vstack([empty, idle]), skip]).tocsr()
    count = np.bincount(data.kind, minlength=kinds).astype(np.float64)
    lower = np.concatenate([np.ones(num), count, np.zeros(dests + stations)])
    upper = np.concatenate([np.ones(num), count, data.dest_count, data.station_count]).astype(np.float64)
    return matrix, lower, upper, np.concatenate([pool.cost[slots], empty_cost, data.skip_cost])


def _empty_buses(data: RouteData, kinds: int) -> tuple[csr_matrix, Floats]:
    """Give the columns of buses that drive straight from their origin to a destination, where energy allows."""
    num, dests = data.num_requests, len(data.dest_node)
    rows: list[int] = []
    cols: list[int] = []
    cost: list[float] = []
    for kind in range(kinds):
        bus = int(np.flatnonzero(data.kind == kind)[0])
        for d in range(dests):
            leg = float(data.travel[data.origin[bus], data.dest_node[d]])
            left = data.energy_start[bus] - data.discharge * leg
            if left >= data.energy_end[bus] and data.early[data.origin[bus]] + leg <= data.late[data.dest_node[d]]:
                rows += [num + kind, num + kinds + d]
                cols += [len(cost)] * 2
                cost.append(data.drive_weight * leg)
    shape = (num + kinds + dests, len(cost))
    return csr_matrix((np.ones(len(rows)), (rows, cols)), shape=shape), np.array(cost)


def load_choice(data: RouteData, pool: Pool, choice: Choice, routes: Routes) -> None:
    """Write chosen routes into ``routes``; buses without one are left empty. The routes must then be refreshed."""
    routes.length[:] = 0
    routes.owner[:] = -1
    routes.used[:] = 0
    routes.dest[:] = -1
    routes.station_free[:] = data.station_count
    routes.dest_free[:] = data.dest_count
    idle = {kind: [int(bus) for bus in np.flatnonzero(data.kind == kind)] for kind in np.unique(data.kind)}
    for slot in choice.slots:
        bus = idle[data.kind[pool.vehicle[slot]]].pop(0)
        length = int(pool.length[slot])
        routes.seq[bus, :length] = pool.seq[slot, :length]
        routes.length[bus] = length
        ups = pool.seq[slot, :length]
        routes.owner[ups[ups < data.num_requests]] = bus
        routes.used[bus] = pool.used[slot]
        routes.dest[bus] = pool.dest[slot]
        routes.station_free[:] -= pool.used[slot]
        routes.dest_free[pool.dest[slot]] -= 1
    routes.cost[:] = INF

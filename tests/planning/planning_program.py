"""An exact mixed-integer program of a tiny e-ADARP, after equations 1-29 of Bongiovanni et al. (2019)."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from busim.planning.instance import Instance


class Model:
    """Variables and rows of the program."""

    def __init__(self):
        self.cost, self.low, self.high, self.whole = [], [], [], []
        self.rows, self.row_low, self.row_high = [], [], []

    def var(self, low, high, whole=0, cost=0.0):
        """Add a variable."""
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms, low, high):
        """Add a row."""
        self.rows.append(terms)
        self.row_low.append(low)
        self.row_high.append(high)

    def solve(self):
        """Solve it."""
        matrix = np.zeros((len(self.rows), len(self.cost)))
        for i, terms in enumerate(self.rows):
            for column, value in terms:
                matrix[i, column] += value
        return milp(
            self.cost,
            constraints=LinearConstraint(matrix, self.row_low, self.row_high),
            integrality=self.whole,
            bounds=Bounds(self.low, self.high),
            options={"mip_rel_gap": 1e-9},
        )


def optimal_cost(of: Instance) -> float | None:  # noqa: C901 - one family of equations after the other
    """Give the least cost of serving everybody, None if that cannot be done."""
    m, inf = Model(), np.inf
    buses, big = range(of.num_buses), float(of.late.max()) * 2.0 + 200.0
    ups, downs = [int(i) for i in of.pickup], [int(i) for i in of.dropoff]
    ends, stations = [int(i) for i in of.destination], [int(i) for i in of.station]
    inner = ups + downs + stations
    start = {i: m.var(of.early[i], of.late[i]) for i in inner}
    end_time = {k: m.var(0.0, inf) for k in buses}
    level = {i: m.var(0.0, float(of.battery.max())) for i in inner}
    end_level = {k: m.var(of.end_ratio[k] * of.battery[k], of.battery[k]) for k in buses}
    charge = {i: m.var(0.0, inf) for i in stations}
    load = {i: m.var(max(0, of.load[i]), of.capacity.max() + min(0, of.load[i])) for i in ups + downs}
    x = {}
    for k in buses:
        for i in [int(of.origin[k]), *inner]:
            for j in [*inner, *(("end", e) for e in ends)]:
                node = j[1] if isinstance(j, tuple) else j
                if i != j:
                    x[k, i, j] = m.var(0, 1, 1, of.drive_weight * of.travel[i, node])
    for k in buses:
        o = int(of.origin[k])
        m.row([(v, 1.0) for (b, i, _), v in x.items() if b == k and i == o], 1, 1)
        for i in inner:
            into = [(v, 1.0) for (b, _, j), v in x.items() if b == k and j == i]
            out = [(v, -1.0) for (b, j, _), v in x.items() if b == k and j == i]
            m.row(into + out, 0, 0)
        for up, down in zip(ups, downs, strict=True):
            leave = [(v, 1.0) for (b, i, _), v in x.items() if b == k and i == up]
            m.row(leave + [(v, -1.0) for (b, i, _), v in x.items() if b == k and i == down], 0, 0)
    for i in ups:
        m.row([(v, 1.0) for (_, a, _), v in x.items() if a == i], 1, 1)
    for i, limit in zip(stations, of.visits, strict=True):
        assert limit == 1
        m.row([(v, 1.0) for (_, a, _), v in x.items() if a == i], 0, 1)
    for e, places in zip(ends, of.places, strict=True):
        m.row([(v, 1.0) for (_, _, b), v in x.items() if b == ("end", e)], 0, places)
    rate = dict(zip(stations, of.rate, strict=True))
    for (k, i, j), v in x.items():
        node = j[1] if isinstance(j, tuple) else j
        leg = of.travel[i, node]
        before = [(start[i], 1.0)] + ([(charge[i], 1.0)] if i in charge else []) if i in start else []
        at = (of.early[i] if i not in start else 0.0) + of.service[i] + leg
        after = end_time[k] if isinstance(j, tuple) else start[j]
        m.row([*before, (after, -1.0), (v, big)], -inf, big - at)
        used = of.discharge * leg
        full = 2.0 * float(of.battery.max()) + used + 1.0
        held = [(level[i], 1.0)] + ([(charge[i], rate[i])] if i in charge else []) if i in level else []
        base = of.energy_start[k] if i not in level else 0.0
        target = end_level[k] if isinstance(j, tuple) else level[j]
        m.row([(target, 1.0), *((a, -b) for a, b in held), (v, full)], -inf, full + base - used)
        if j in load and i in load:
            m.row([(load[i], 1.0), (load[j], -1.0), (v, 100.0)], -inf, 100.0 - of.load[j])
        if i in load and j not in load:
            m.row([(load[i], 1.0), (v, 100.0)], -inf, 100.0)
    for k in buses:
        for e in ends:
            for (b, _, j), v in x.items():
                if b == k and j == ("end", e):
                    m.row([(end_time[k], 1.0), (v, big)], -inf, big + of.late[e])
    for i in stations:
        m.row([(level[i], 1.0), (charge[i], rate[i])], -inf, float(of.battery.min()))
    fixed = 0.0
    for r, (up, down) in enumerate(zip(ups, downs, strict=True)):
        m.row(
            [(start[down], 1.0), (start[up], -1.0)],
            of.service[up] + of.travel[up, down],
            of.max_ride[r] + of.service[up],
        )
        m.cost[start[down]] += of.excess_weight
        m.cost[start[up]] -= of.excess_weight
        fixed += of.excess_weight * (of.service[up] + of.travel[up, down])
    found = m.solve()
    return None if found.x is None else float(found.fun) - fixed

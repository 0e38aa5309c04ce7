"""Until when a bus may stay where it is, by the very schedule that would follow: slack does not know of rush hours."""

from __future__ import annotations

import math

from busim.core.compiled import compiled
from busim.core.fleet import Origin
from busim.core.plans import NODE, READY, SLACK, PlanArrays
from busim.core.schedule import forward, worst
from busim.core.travel import TravelTables, choose_path

_TRIES = 40


@compiled
def lateness_from(plans: PlanArrays, tables: TravelTables, halt: float, bus: int, node: int, leave_s: float) -> float:
    """Give by how much the worst stop of a bus's plan is late if it leaves a node at a moment [s]."""
    size = plans.length[bus]
    ints, floats = plans.ints[bus, :size], plans.floats[bus, :size].copy()
    empty = Origin(node, leave_s, 0.0, 0.0, 0.0, 0.0, 0.0)  # loads and energy make nobody late
    forward(ints, floats, size, empty, tables, halt)
    late, over, _, _ = worst(ints, floats, size)
    return float(max(late, over))


@compiled
def _by_slack(tables: TravelTables, halt: float, node: int, target: int, latest: float) -> float:
    """Give when to leave a node so as to be ready at another one by a moment [s]."""
    if target == node:
        return latest
    leave, late = latest, int(choose_path(tables, node, target, latest)[1]) + halt
    while late > 0.0:  # travel times depend on the departure; who leaves earlier arrives earlier
        leave -= late
        late = leave + int(choose_path(tables, node, target, leave)[1]) + halt - latest
    return leave


@compiled
def leave_by(plans: PlanArrays, tables: TravelTables, halt: float, bus: int, node: int) -> float:
    """Give the last moment to leave a node so that nothing planned is later than it is already [s].

    Slack takes each leg's time as planned; who leaves later may drive at rush hour, and leaves earlier for that.

    Parameters
    ----------
    plans, tables, halt
        Plans with their schedules, travel times and the fixed time of a halt.
    bus, node
        Who leaves, and where.
    """
    ints, floats, size = plans.ints[bus], plans.floats[bus], plans.length[bus]
    latest = float(floats[0, READY] + floats[0, SLACK])
    if latest == math.inf:
        return latest
    leave = _by_slack(tables, halt, node, ints[0, NODE], latest)
    late, over, _, _ = worst(ints, floats, size)
    before = max(late, over)
    for _ in range(_TRIES):
        more = lateness_from(plans, tables, halt, bus, node, leave) - before
        if more <= 0.0:
            break
        leave -= more
    return leave

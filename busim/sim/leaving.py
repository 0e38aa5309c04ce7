"""Until when a bus may stay where it is, by the very schedule that would follow: slack does not know of rush hours."""

from __future__ import annotations

from busim.core.fleet import FleetArrays, origin_of
from busim.core.plans import PlanArrays
from busim.core.schedule import forward, misses, worst
from busim.core.travel import TravelTables

_TRIES = 40


def lateness_from(
    plans: PlanArrays, fleet: FleetArrays, bus: int, node: int, leave_s: float, tables: TravelTables, halt_s: float
) -> float:
    """Give by how much the worst stop of a bus's plan is late if it leaves a node at a moment [s]."""
    size = int(plans.length[bus])
    ints, floats = plans.ints[bus, :size].copy(), plans.floats[bus, :size].copy()
    origin = origin_of(fleet, bus, leave_s)._replace(node=node, time=leave_s)
    forward(ints, floats, size, origin, tables, halt_s)
    late, over, _, _ = worst(ints, floats, size)
    return max(late, over)


def in_time(
    plans: PlanArrays, fleet: FleetArrays, bus: int, node: int, leave_s: float, tables: TravelTables, halt_s: float
) -> float:
    """Bring a departure forward until nothing planned is later than it is already [s].

    Slack takes each leg's time as planned; who leaves later may drive at rush hour.

    Parameters
    ----------
    plans, fleet, tables, halt_s
        Plans, places, travel times and the fixed time of a halt.
    bus, node
        Who leaves, and where.
    leave_s
        The last moment by slack; finite [s].
    """
    late, over, _, _ = misses(plans, bus)
    before = max(late, over)
    for _ in range(_TRIES):
        more = lateness_from(plans, fleet, bus, node, leave_s, tables, halt_s) - before
        if more <= 0.0:
            break
        leave_s -= more
    return leave_s

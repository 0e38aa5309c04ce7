"""The plans of all buses as padded arrays: what stands in a slot, and what the schedule makes of it."""

from __future__ import annotations

from typing import NamedTuple

from busim.core.compiled import lent
from busim.model.events import Action
from busim.model.network import Floats, Ints

# What stands in a slot: whole numbers.
NODE, ACTION, RIDER, PERSONS, WHEELS, SITE = range(6)
# What stands in a slot: times [s]. RIDE is the longest ride, at the drop-off of a rider not yet aboard.
EARLIEST, LATEST, DWELL, RIDE = range(4)
# What the schedule adds (see core/schedule.py).
READY, START, DEPART, LOAD, WHEEL_LOAD, WAITED, SLACK, RIDE_SLACK, SPAN_SLACK = range(4, 13)
PICKUPS, PICKUPS_WAITED, DROPOFFS, DROPOFFS_WAITED, ENERGY, LEG_S, LEG_M = range(13, 20)
# What stands in a slot of a charge: the energy that it will give at least [kWh].
GAIN = 20
NUM_INTS, NUM_FLOATS = 6, 21
# What stands in a slot in brief: its node, when the bus leaves it, and when it may be ready there at the latest [s].
BRIEF_NODE, BRIEF_DEPART, BRIEF_LATEST = range(3)

PICKUP, DROPOFF, LINE, CHARGE, MOVE, END = (int(action) for action in Action)
Whole = tuple[int, int, int, int, int, int]  # of a slot, NODE to SITE
Window = tuple[float, float, float, float]  # of a slot, EARLIEST to RIDE [s]
ACTIONS = {int(action): action for action in Action}  # to look one up costs a tenth of making it of its number


class Brief(NamedTuple):
    """Plans in brief: ``slots`` [B, L, 3], of the plans whose ``floats`` are the array ``of``."""

    of: Floats
    slots: Floats


@lent
class PlanArrays(NamedTuple):
    """What compiled kernels read: ``ints`` [B, L, 6], ``floats`` [B, L, 21] and ``length`` [B]."""

    ints: Ints
    floats: Floats
    length: Ints

"""How much energy a bus can have by when: a concave curve that charging bends and driving shifts.

Point k of a curve is (time, energy); the bus may be anywhere on the lines between, and may wait. The first point is
the earliest time at which the stop can be reached at all, the last the most energy that is of use. Charging at a
linear rate is the only source of slope, so a curve has at most one more point per charging visit.
"""

from __future__ import annotations

from busim.core.compiled import borrowing
from busim.core.route_data import EPS, Floats, Ints


@borrowing
def begin(time: Floats, energy: Floats, size: Ints, row: int, at: float, level: float) -> None:
    """Set a row to one point."""
    time[row, 0], energy[row, 0], size[row] = at, level, 1


@borrowing
def copy(time: Floats, energy: Floats, size: Ints, source: int, target: int) -> None:
    """Copy one row to another."""
    for k in range(size[source]):
        time[target, k], energy[target, k] = time[source, k], energy[source, k]
    size[target] = size[source]


@borrowing
def level_at(time: Floats, energy: Floats, size: Ints, row: int, at: float) -> float:
    """Give the most energy that can be had by a time; the curve must begin before it."""
    count = size[row]
    level: float = energy[row, count - 1]
    for k in range(1, count):
        if time[row, k] > at:
            share = (at - time[row, k - 1]) / (time[row, k] - time[row, k - 1])
            level = energy[row, k - 1] + max(share, 0.0) * (energy[row, k] - energy[row, k - 1])
            break
    return level


@borrowing
def drive(time: Floats, energy: Floats, size: Ints, row: int, duration: float, used: float) -> bool:
    """Shift a curve by a leg; False if the energy does not last."""
    for k in range(size[row]):
        time[row, k] += duration
        energy[row, k] -= used
    if energy[row, size[row] - 1] < -EPS:
        return False
    if energy[row, 0] < 0.0:
        _cut_low(time, energy, size, row)
    return True


@borrowing
def _cut_low(time: Floats, energy: Floats, size: Ints, row: int) -> None:
    """Drop what lies below zero energy."""
    count = size[row]
    first = 0
    while first < count - 1 and energy[row, first + 1] <= 0.0:
        first += 1
    if first < count - 1:
        low, high = energy[row, first], energy[row, first + 1]
        time[row, first] += (0.0 - low) / (high - low) * (time[row, first + 1] - time[row, first])
    energy[row, first] = 0.0
    _drop(time, energy, size, row, first)


@borrowing
def _drop(time: Floats, energy: Floats, size: Ints, row: int, first: int) -> None:
    """Remove the points before ``first``."""
    if first > 0:
        for k in range(first, size[row]):
            time[row, k - first], energy[row, k - first] = time[row, k], energy[row, k]
        size[row] -= first


@borrowing
def wait_until(time: Floats, energy: Floats, size: Ints, row: int, at: float) -> None:
    """Move everything before a time to that time, where the best of it counts."""
    if time[row, 0] >= at:
        return
    best = level_at(time, energy, size, row, at)
    count = size[row]
    first = count - 1
    while first > 0 and time[row, first] > at:
        first -= 1
    time[row, first], energy[row, first] = at, best
    _drop(time, energy, size, row, first)


@borrowing
def cut_late(time: Floats, energy: Floats, size: Ints, row: int, at: float) -> bool:
    """Drop what lies after a time; False if nothing is left."""
    if time[row, 0] > at + EPS:
        return False
    count = size[row]
    if time[row, count - 1] > at:
        best = level_at(time, energy, size, row, at)
        while count > 1 and time[row, count - 1] > at:
            count -= 1
        if at > time[row, count - 1] + EPS:
            time[row, count], energy[row, count] = at, best
            count += 1
        size[row] = count
    return True


@borrowing
def charge(time: Floats, energy: Floats, size: Ints, row: int, rate: float, battery: float) -> None:
    """Let the bus charge any amount up to a full battery: what rises slower than the rate is replaced by it."""
    count = size[row]
    last = 0
    while last < count - 1:
        rise = energy[row, last + 1] - energy[row, last]
        if rise <= rate * (time[row, last + 1] - time[row, last]):
            break
        last += 1
    size[row] = last + 1
    if energy[row, last] < battery - EPS:
        time[row, last + 1] = time[row, last] + (battery - energy[row, last]) / rate
        energy[row, last + 1] = battery
        size[row] = last + 2

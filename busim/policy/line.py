"""A fixed line as edits of plans: departures, and the stops of one round."""

from __future__ import annotations

import numpy as np

from busim.model.events import Action
from busim.model.network import Ints
from busim.model.orders import Stop
from busim.model.specs import LineSpec


def departures(line: LineSpec, start_s: int, end_s: int, rng: np.random.Generator) -> Ints:
    """Give the departures at the first stop [s], with noise where the line has it.

    Parameters
    ----------
    line
        Headway or timetable; with ``headway_cv > 0`` each headway is drawn from a gamma distribution of that
        coefficient of variation (Erlang headways at 1/sqrt(k), exponential at 1).
    start_s, end_s
        Hours of service.
    rng
        The stream of the line.
    """
    if line.headway_s is None:
        return np.array([t for t in sorted(line.timetable_s) if start_s <= t <= end_s], np.int64)
    count = int((end_s - start_s) // line.headway_s) + 1
    if line.headway_cv == 0.0:
        return start_s + line.headway_s * np.arange(count)
    shape = 1.0 / line.headway_cv**2
    gaps = rng.gamma(shape, line.headway_s / shape, 2 * count + 50)
    times = start_s + np.rint(np.cumsum(gaps)).astype(np.int64)
    return times[times <= end_s]


def sequence(num_stops: int, is_loop: bool) -> Ints:
    """Give the stops of one round by their index: a loop returns to the first, otherwise there and back."""
    there = np.arange(num_stops)
    back = np.array([0]) if is_loop else there[-2::-1]
    return np.concatenate((there, back))


def round_stops(nodes: Ints, is_loop: bool, departure_s: int, layover_s: int) -> tuple[Stop, ...]:
    """Give the planned stops of one round: held at the first until departure, and at the last for the layover.

    Parameters
    ----------
    nodes
        Node of each stop of the line [S].
    is_loop
        Whether the last stop is followed by the first.
    departure_s
        When the bus leaves the first stop [s].
    layover_s
        Least pause at the end [s].
    """
    order = sequence(len(nodes), is_loop)
    last = len(order) - 1
    return tuple(
        Stop(
            int(nodes[stop]),
            Action.LINE,
            site=position,
            earliest_s=departure_s if position == 0 else -np.inf,
            dwell_s=layover_s if position == last else 0.0,
        )
        for position, stop in enumerate(order.tolist())
    )

"""The riders of a day, as one table; the same for every strategy that is compared."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from busim.model.network import Bools, Floats, Ints

PURPOSES = ("commute", "student", "leisure", "factory", "feeder", "other")


@dataclass(frozen=True)
class RequestTable:
    """All requests of a day, sorted by (time_s, id).

    Parameters
    ----------
    ids
        Texts [R].
    time_s
        When the rider asks [R, s from midnight].
    earliest_s
        When the rider is ready at the origin; later than ``time_s`` only if booked ahead [R, s].
    origin_x_m, origin_y_m, destination_x_m, destination_y_m
        Ends of the trip on the map's plane [R].
    origin_node, destination_node
        Nearest bus nodes [R].
    origin_zone, destination_zone
        Names of districts, empty where none [R].
    party
        Persons, at least 1 [R].
    wheelchair
        Whether one of the party uses a wheelchair [R].
    purpose
        Index into ``PURPOSES`` [R].
    patience_s
        How long the rider waits before leaving; -1 means the scenario's patience [R].
    """

    ids: tuple[str, ...]
    time_s: Ints
    earliest_s: Ints
    origin_x_m: Floats
    origin_y_m: Floats
    destination_x_m: Floats
    destination_y_m: Floats
    origin_node: Ints
    destination_node: Ints
    origin_zone: tuple[str, ...]
    destination_zone: tuple[str, ...]
    party: Ints
    wheelchair: Bools
    purpose: Ints
    patience_s: Ints

    def __post_init__(self) -> None:
        size = len(self.ids)
        wrong = [f.name for f in fields(self) if len(getattr(self, f.name)) != size]
        if wrong:
            raise ValueError(f"columns of another length than ids ({size}): {', '.join(wrong)}")
        if np.any(np.diff(self.time_s) < 0):
            raise ValueError("requests are not sorted by time")

    def __len__(self) -> int:
        """Count the requests."""
        return len(self.ids)

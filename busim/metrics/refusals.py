"""Refusals by reason and hour."""

from __future__ import annotations

import numpy as np

from busim.model.events import Reason
from busim.model.table import Table
from busim.units import HOUR_S

REASONS = {
    Reason.NO_STOP: "no stop in reach",
    Reason.NO_BUS: "no bus in reach",
    Reason.SEATS: "no place in a bus",
    Reason.RIDE_LIMIT: "ride too long",
    Reason.BATTERY: "battery",
    Reason.PROMISE: "promise to others",
    Reason.SHIFT: "end of shift",
    Reason.NO_PATH: "no way for buses",
    Reason.STRATEGY: "the strategy's choice",
    Reason.NO_LINE: "no line there",
}  # in a few words, for tables and pictures


def refusal_table(rides: Table) -> Table:
    """Count refusals by hour of the earliest pick-up and by reason.

    The reason in ``rides`` is the one on record: what a strategy could tell at once, the first filter that no bus
    passed. Which rule the bus nearest to fitting would have broken takes a replay of the log, in which every bus is
    tried without pruning: ``busim explain RUN --refusals``.

    Parameters
    ----------
    rides
        As from ``busim.metrics.tables``.

    Returns
    -------
    Table
        ``hour`` (of the service day, may pass 24), ``reason``, ``requests`` and ``persons``; only what there is, by
        hour and then in the order of ``Reason``.
    """
    refused = rides.where(rides["outcome"] == "refused")
    names = [reason.name.lower() for reason in Reason]
    code = np.array([names.index(str(reason)) for reason in refused["reason"]], np.int64)
    key = (refused["earliest_s"] // HOUR_S).astype(np.int64) * len(names) + code
    kept, group = np.unique(key, return_inverse=True)
    return Table(
        {
            "hour": kept // len(names),
            "reason": np.array(names, dtype=np.str_)[kept % len(names)],
            "requests": np.bincount(group, minlength=len(kept)),
            "persons": np.bincount(group, refused["party"], minlength=len(kept)).astype(np.int64),
        }
    )

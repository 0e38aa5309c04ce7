"""Refusals by reason and hour."""

from __future__ import annotations

import numpy as np

from busim.model.events import Reason
from busim.model.table import Table
from busim.units import HOUR_S


def refusal_table(rides: Table) -> Table:
    """Count refusals by hour of the earliest pick-up and by the constraint that bound.

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

"""A run as reports read it."""

from __future__ import annotations

from busim.report.day import FinishedDay
from busim.study.outcome import Outcome


def day_of(made: Outcome) -> FinishedDay:
    """Give a run as reports read it."""
    return FinishedDay(made.scenario.spec, made.network, made.requests, made.travel, made.log, made.tables)

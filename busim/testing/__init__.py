"""Conformance suites for the authors of strategies: hand in a strategy, get a report case by case."""

from busim.testing.charging import check_charging as check_charging
from busim.testing.dispatch import check_dispatch as check_dispatch
from busim.testing.report import Case as Case
from busim.testing.report import ConformanceError as ConformanceError
from busim.testing.report import Report as Report

SUITES = {"charging": check_charging, "dispatch": check_dispatch}  # by kind of strategy

__all__ = ["SUITES", "Case", "ConformanceError", "Report", "check_charging", "check_dispatch"]

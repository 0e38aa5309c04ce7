"""What strategies support, in one place."""

from __future__ import annotations

from busim.model.specs import ScenarioSpec


def needs_riders_on_demand(spec: ScenarioSpec) -> str:
    """Tell that a dispatch strategy has nothing to decide on a fixed line; an empty text means that it has."""
    return "" if spec.service.mode != "line" else "a fixed line takes riders at its stops, without dispatch"

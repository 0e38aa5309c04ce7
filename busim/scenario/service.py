"""Section ``[service]``: what riders are offered."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from busim.scenario.base import Finding, PlaceId, Section


class ServiceSection(Section):
    """What riders are offered; dwell is of a minibus without payment and with one wide door."""

    mode: Literal["stop_to_stop", "door_to_door", "line"] = Field("stop_to_stop", description="Kind of service")
    zones: list[PlaceId] = Field([], description="Districts served, both ends of a ride; empty for the whole map")
    max_wait_min: float = Field(10.0, ge=1, le=60, description="Longest wait from the earliest pick-up")
    ride_factor: float = Field(1.5, ge=1, le=10, description="Longest ride as a multiple of the direct one ...")
    ride_constant_min: float = Field(5.0, ge=0, le=60, description="... or the direct one and this; the longer counts")
    patience_min: float | None = Field(
        None, ge=1, le=180, description="A rider who has waited so long leaves; not given: `max_wait_min`"
    )
    max_walk_m: float = Field(500.0, ge=0, le=3000, description="Longest walk to or from a stop, along streets")
    walk_speed_mps: float = Field(1.2, ge=0.3, le=2.5, description="Walking speed")
    meeting_points: int = Field(
        1,
        ge=1,
        le=5,
        description="Stops among which dispatch chooses at each end of a trip, the nearest ones within `max_walk_m`; "
        "1: riders always go to the nearest",
    )
    stop_s: float = Field(10.0, ge=0, le=300, description="Fixed part of a halt: doors and departure check")
    board_s: float = Field(2.2, ge=0, le=120, description="To board, per person")
    alight_s: float = Field(1.7, ge=0, le=120, description="To alight, per person")
    wheelchair_board_s: float = Field(90.0, ge=0, le=600, description="To board in a wheelchair, by automatic ramp")
    wheelchair_alight_s: float = Field(70.0, ge=0, le=600, description="To alight in a wheelchair")

    no_show_wait_s: float = Field(
        120.0, ge=0, le=1800, description="How long a bus waits for a rider who does not come, if nobody gets late"
    )

    def findings(self) -> list[Finding]:
        """Check that patience lasts as long as the wait that is offered."""
        if self.patience_min is None or self.patience_min >= self.max_wait_min:
            return []
        what = f"must be at least max_wait_min ({self.max_wait_min:g}), got {self.patience_min:g}"
        return [(("patience_min",), what, "or riders would leave before the bus they were promised")]

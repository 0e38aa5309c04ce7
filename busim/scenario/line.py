"""Section ``[line]``: a fixed line, for ``service.mode = "line"``."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field

from busim.scenario.base import Clock, Finding, PlaceId, Section
from busim.units import clock


class LineSection(Section):
    """A fixed line; read when `service.mode` is `line`."""

    name: str = Field("line", min_length=1, max_length=80, description="What reports call the line")
    stops: list[PlaceId] = Field([], description="Places in order, at least two")
    is_loop: bool = Field(False, description="Whether buses go from the last stop to the first; else there and back")
    headway_min: float = Field(10.0, ge=0.5, le=240, description="Time between departures from the first stop")
    timetable: list[Clock] = Field([], description="Departures from the first stop, instead of a headway")
    headway_cv: float = Field(0.0, ge=0, le=2, description="Coefficient of variation of departures; 0: punctual")
    layover_min: float = Field(2.0, ge=0, le=120, description="Least pause at the end of a round")

    def findings(self) -> list[Finding]:
        """Check the order of stops and departures."""
        found: list[Finding] = []
        for i, (before, after) in enumerate(pairwise(self.stops), start=1):
            if before == after:
                found.append((("stops", i), f"'{after}' stands twice in a row", "name each stop of a run once"))
        if self.is_loop and len(self.stops) > 1 and self.stops[0] == self.stops[-1]:
            what = f"the loop ends with its first stop '{self.stops[0]}'"
            found.append((("stops", len(self.stops) - 1), what, "leave it out: a loop closes by itself"))
        for i, (earlier, later) in enumerate(pairwise(self.timetable), start=1):
            if earlier >= later:
                what = f"departures must ascend, got {clock(later)} after {clock(earlier)}"
                found.append((("timetable", i), what, 'past midnight write, for example, "25:30"'))
        return found

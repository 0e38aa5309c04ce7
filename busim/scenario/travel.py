"""Section ``[travel]``: speed by hour and road class, and its noise."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from busim.errors import did_you_mean
from busim.model.network import ROAD_CLASSES
from busim.scenario.base import Clock, Finding, Section
from busim.scenario.speeds import Profile, past_midnight, profile
from busim.units import clock

Factor = Annotated[float, Field(ge=0.05, le=2)]
_CLASSES = (*ROAD_CLASSES, "default")
_WEEKEND = ("saturday", "sunday", "holiday")


class TravelSection(Section):
    """Speed by hour and road class as a share of the limit, and noise."""

    profile: Literal["auto", "weekday", "friday", "weekend", "flat"] = Field(
        "auto",
        description="Speeds by hour; `auto`: `factors` where given, else by day type; `flat`: the limit at all hours",
    )
    breaks: list[Clock] = Field([], description="Starts of the periods of `factors`, the first 00:00")
    factors: dict[str, list[Factor]] = Field(
        {},
        description="Speed factors per road class, one per period; `default` for classes not named: "
        + ", ".join(f"`{name}`" for name in _CLASSES),
    )
    bus_factor: float = Field(
        0.68,
        ge=0.1,
        le=1.5,
        description="Multiplies every speed: 0.85 for cautious automated driving x 0.8 for signals, not modelled apart",
    )
    noise_cv: float = Field(
        0.0, ge=0, le=1, description="Coefficient of variation of an edge's travel time; streets have 0.15 to 0.35"
    )
    noise_bin_min: float = Field(15.0, ge=1, le=1440, description="Time after which noise is drawn anew")

    def findings(self) -> list[Finding]:
        """Check that factors and periods belong together."""
        found: list[Finding] = []
        if self.profile != "auto":
            remedy = "leave out profile, or write breaks = []"
            return [(("breaks",), f"is not read, because profile is {self.profile}", remedy)] if self.breaks else []
        if bool(self.factors) != bool(self.breaks):
            key, remedy = (
                ("factors", "default = [1.0, 0.7]") if self.breaks else ("breaks", "breaks = [00:00:00, 07:00:00]")
            )
            return [((key,), "is missing: factors and breaks belong together", f"write, for example, {remedy}")]
        if self.breaks and self.breaks[0] != 0:
            found.append(
                (
                    ("breaks", 0),
                    f"the first period must start at 00:00, got {clock(self.breaks[0])}",
                    "write 00:00:00 first",
                )
            )
        for i, (earlier, later) in enumerate(pairwise(self.breaks), start=1):
            if earlier >= later:
                found.append(
                    (("breaks", i), f"periods must ascend, got {clock(later)} after {clock(earlier)}", "sort them")
                )
        for road, row in self.factors.items():
            if road not in _CLASSES:
                found.append((("factors", road), f"there is no road class '{road}'", did_you_mean(road, _CLASSES)))
            if len(row) != len(self.breaks):
                what = f"has {len(row)} factors for {len(self.breaks)} periods"
                found.append((("factors", road), what, "give one factor for each of travel.breaks"))
        if self.factors and "default" not in self.factors:
            found.append((("factors",), "has no row 'default', for classes that are not named", "add default = [...]"))
        return found

    def resolved(self, day_type: str, end_s: int) -> Profile:
        """Give the profile for a day type (``"weekday"``, ``"saturday"``, ...) and an end of service [s]."""
        if self.profile == "auto" and self.factors:
            return Profile(tuple(self.breaks), {road: tuple(row) for road, row in self.factors.items()})
        by_day = "weekend" if day_type in _WEEKEND else day_type
        return past_midnight(profile(by_day if self.profile == "auto" else self.profile), end_s)

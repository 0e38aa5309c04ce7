"""Section ``[scenario]``: which day is simulated."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from busim.scenario.base import Clock, Day, Finding, Section
from busim.units import HOUR_S, clock

DayType = Literal["auto", "weekday", "friday", "saturday", "sunday", "holiday"]
Temperature = Annotated[float, Field(ge=-30, le=50)]
MAX_SEED = 2**63 - 1  # what TOML can write


class DaySection(Section):
    """Which day is simulated, and its seed."""

    name: str = Field("scenario", min_length=1, max_length=80, description="What reports call this scenario")
    date: Day = Field("2026-03-18", description="The service day; decides the day type unless that is given")
    start: Clock = Field(6 * HOUR_S, description="Start of service")
    end: Clock = Field(22 * HOUR_S, description="End of service; past midnight as a text such as `25:30`")
    seed: int = Field(1, ge=0, le=MAX_SEED, description="Seed of all random numbers")
    day_type: DayType = Field(
        "auto", description="Kind of day for demand and traffic; `auto` follows the date and knows no holidays"
    )
    temperature_c: float = Field(
        20.0, ge=-30, le=50, description="Outside temperature: heating and cooling, the battery in the cold, the air"
    )
    temperature_by_hour_c: list[Temperature] = Field(
        [],
        description="Outside temperature of each of 24 hours, for heating and cooling; not given: `temperature_c` all "
        "day. For all else `temperature_c` is the mean",
    )

    def findings(self) -> list[Finding]:
        """Check the order of the hours."""
        if len(self.temperature_by_hour_c) not in (0, 24):
            what = f"has {len(self.temperature_by_hour_c)} values for 24 hours"
            return [(("temperature_by_hour_c",), what, "give one for each hour, from midnight on")]
        if self.end > self.start:
            return []
        what = f"must be later than start ({clock(self.start)}), got {clock(self.end)}"
        return [(("end",), what, 'a service day that passes midnight ends at, for example, "25:30"')]

    @property
    def kind(self) -> str:
        """The day type, from the date where it is not given."""
        return _KINDS[self.calendar.weekday()] if self.day_type == "auto" else self.day_type

    @property
    def calendar(self) -> dt.date:
        """The date as a date."""
        return dt.date.fromisoformat(self.date)


_KINDS = ("weekday", "weekday", "weekday", "weekday", "friday", "saturday", "sunday")

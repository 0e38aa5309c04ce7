"""Section ``[charging]``: when buses charge, and where."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from busim.scenario.base import Clock, Finding, PlaceId, Section, Share
from busim.scenario.strategies import StrategySection

Solar = Annotated[float, Field(ge=0, le=10_000)]


class ChargerSection(Section):
    """A charging site."""

    place: PlaceId = Field(description="Place of the map")
    plugs: int = Field(1, ge=1, le=500, description="Number of plugs")
    power_kw: float = Field(60.0, ge=1, le=1000, description="Power of each plug")
    connect_s: float = Field(120.0, ge=0, le=1800, description="Time to get into position, connect and disconnect")
    limit_kw: float | None = Field(
        None,
        ge=1,
        le=100_000,
        description="The most that all plugs give together, shared among them; not given: no limit",
    )
    efficiency: float = Field(
        0.92, ge=0.3, le=1, description="From the meter to the battery; DC 0.92, AC 0.86 (0.84 measured by ADAC)"
    )
    plug: str = Field("", max_length=30, description="Type of plug, such as gbt or ccs2; empty fits every bus")
    swap_batteries: int = Field(
        0,
        ge=0,
        le=1000,
        description="Charged batteries on the shelf of a station that swaps them within `connect_s`, each charged "
        "again at `power_kw`; 0: a site with plugs",
    )
    solar_kw: list[Solar] = Field(
        [],
        description="Power of the site's own panels in each of 24 hours, used before the grid's; what is over is lost",
    )
    standby_kw: float = Field(0.0, ge=0, le=100, description="What the site takes all day; 0.05-0.1 per cabinet")


class ChargingSection(StrategySection):
    """When buses charge, and where; further keys are parameters of the strategy."""

    strategy: str = Field("threshold", min_length=1, description="Strategy by name; `busim policies` lists them")
    reserve: Share = Field(0.1, description="Share of the battery that no bus falls below")
    margin: Share = Field(
        0.03, description="Share above the reserve that plans leave untouched, for slow traffic and queues at plugs"
    )
    queue: Literal[
        "first_come", "lowest_charge", "booked_first", "earliest_departure", "least_slack", "shortest_charge"
    ] = Field(
        "first_come",
        description="Who gets the next free plug: who came first; holds least; has booked the earlier slot; must leave "
        "first for what is planned next; has the least time to spare until then, the charge counted; is done soonest",
    )
    riders_aboard: bool = Field(
        False, description="Whether a bus may charge with riders aboard where the plug stands at a stop"
    )
    overnight: Literal["bought", "plugs"] = Field(
        "bought",
        description="What batteries are short of the morning in the evening: `bought` at the overnight price of "
        "`[electricity]`, or charged at the depot's own `plugs` from the end of a bus's shift until its next one, as "
        "sessions in the log; what is missing then is bought",
    )
    overnight_from: Clock | None = Field(
        None, description="Time before which no such charge begins, as where the night is cheap; not given: at once"
    )
    charger: list[ChargerSection] = Field(
        [], description="Sites, each with the keys of `[[charging.charger]]`; none: every charger of the map"
    )

    def findings(self) -> list[Finding]:
        """Check that no place has two sites."""
        found: list[Finding] = []
        if self.reserve + self.margin >= 1.0:
            what = f"reserve and margin leave nothing of the battery ({self.reserve:g} + {self.margin:g})"
            found.append((("margin",), what, "give shares such as 0.1 and 0.03"))
        found += [
            (("charger", i, "solar_kw"), f"has {len(site.solar_kw)} values for 24 hours", "give one for each hour")
            for i, site in enumerate(self.charger)
            if len(site.solar_kw) not in (0, 24)
        ]
        if self.overnight_from is not None and self.overnight != "plugs":
            what = "has no effect, as overnight is 'bought'"
            found.append((("overnight_from",), what, 'set charging.overnight = "plugs", or leave the time out'))
        seen: dict[str, int] = {}
        for i, site in enumerate(self.charger):
            if site.place in seen:
                what = f"'{site.place}' already has charger {seen[site.place]}"
                found.append((("charger", i, "place"), what, "give one site with all its plugs"))
            seen.setdefault(site.place, i)
        return found

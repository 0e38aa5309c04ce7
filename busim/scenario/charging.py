"""Section ``[charging]``: when buses charge, and where."""

from __future__ import annotations

from pydantic import Field

from busim.scenario.base import Finding, PlaceId, Section, Share
from busim.scenario.strategies import StrategySection


class ChargerSection(Section):
    """A charging site."""

    place: PlaceId = Field(description="Place of the map")
    plugs: int = Field(1, ge=1, le=500, description="Number of plugs")
    power_kw: float = Field(60.0, ge=1, le=1000, description="Power of each plug")
    connect_s: float = Field(120.0, ge=0, le=1800, description="Time to get into position, connect and disconnect")


class ChargingSection(StrategySection):
    """When buses charge, and where; further keys are parameters of the strategy."""

    strategy: str = Field("threshold", min_length=1, description="Strategy by name; `busim policies` lists them")
    reserve: Share = Field(0.1, description="Share of the battery that no plan may touch")
    charger: list[ChargerSection] = Field(
        [], description="Sites, each with the keys of `[[charging.charger]]`; none: every charger of the map"
    )

    def findings(self) -> list[Finding]:
        """Check that no place has two sites."""
        found: list[Finding] = []
        seen: dict[str, int] = {}
        for i, site in enumerate(self.charger):
            if site.place in seen:
                what = f"'{site.place}' already has charger {seen[site.place]}"
                found.append((("charger", i, "place"), what, "give one site with all its plugs"))
            seen.setdefault(site.place, i)
        return found

"""Section ``[demand]``: who wants to ride."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from busim.scenario.base import Finding, Section, Share


class PurposeShares(Section):
    """Share of each purpose among the riders of the model; together 1."""

    commute: Share = Field(0.18, description="Share of commuters")
    student: Share = Field(0.27, description="Share of students between campus, canteen, shops and metro")
    leisure: Share = Field(0.14, description="Share of shopping, leisure and other errands")
    factory: Share = Field(0.06, description="Share of factory shifts")
    feeder: Share = Field(0.35, description="Share of metro passengers on their first or last kilometre")

    def total(self) -> float:
        """Add the shares up."""
        return self.commute + self.student + self.leisure + self.factory + self.feeder


class DemandSection(Section):
    """Who wants to ride: from the demand model, or from a file of requests."""

    source: Literal["model", "file"] | None = Field(
        None, description="`model` or `file`; not given: `file` where one is named, else `model`"
    )
    file: str = Field("", description="CSV file of requests")
    plan: str = Field("", description="Plan of riders who booked ahead, from `busim plan`, that the day begins with")
    rides_per_day: float = Field(
        2100.0,
        ge=0,
        le=200_000,
        description="Expected requests of a whole weekday (24 h) before `scale`, when modelled",
    )
    scale: float = Field(1.0, ge=0, le=100, description="Multiplies the number of riders")
    purposes: PurposeShares = Field(PurposeShares(), description="Share of each purpose; together 1")
    pulses: bool = Field(True, description="Whether metro riders come in trainloads and students at class ends")
    wheelchair_share: Share = Field(0.003, description="Share of riders in a wheelchair")
    prebooked_share: Share = Field(0.15, description="Share of riders who book ahead")
    prebook_lead_min: float = Field(
        60.0, ge=0, le=1440, description="Mean time between booking and earliest pick-up of those who book ahead"
    )
    cancel_share: Share = Field(0.0, description="Share of riders who cancel, if they are not aboard by then")
    cancel_lead_min: float = Field(
        15.0,
        ge=0,
        le=1440,
        description="Mean time before the earliest pick-up at which they cancel, or while they wait if they ask later",
    )
    no_show_share: Share = Field(0.0, description="Share of riders who are not there when the bus comes")
    is_term: bool | None = Field(
        None,
        description="Whether universities teach; not given: by date (not mid January to February, nor July, August)",
    )

    def findings(self) -> list[Finding]:
        """Check that the shares add up, and that a file is named where one is wanted."""
        found: list[Finding] = []
        total = self.purposes.total()
        if abs(total - 1) > 1e-6:
            what = f"the shares of the purposes must add up to 1, got {total:g}"
            found.append((("purposes",), what, "those not given keep their defaults; give all five"))
        if self.cancel_share + self.no_show_share > 1:
            what = f"leaves nobody: with cancel_share they add up to {self.cancel_share + self.no_show_share:g}"
            found.append((("no_show_share",), what, "give shares such as 0.05 and 0.02"))
        if self.source == "file" and not self.file:
            found.append((("file",), "is missing: no file of requests is named", 'write file = "requests.csv"'))
        if self.source == "model" and self.file:
            found.append((("file",), "is not read, because source is model", 'leave out source, or write file = ""'))
        return found

    @property
    def is_file(self) -> bool:
        """Whether the requests are read from a file."""
        return self.source == "file" or (self.source is None and bool(self.file))

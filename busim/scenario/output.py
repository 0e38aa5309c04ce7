"""Section ``[output]``: what a run writes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from busim.scenario.base import Section


class OutputSection(Section):
    """What a run writes."""

    log_format: Literal["npz", "parquet"] = Field("npz", description="Format of the event log")
    plots: bool = Field(True, description="Whether plots are drawn")

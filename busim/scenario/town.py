"""Section ``[map]``: where the road network comes from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from busim.scenario.base import Finding, Section


class MapSection(Section):
    """Where the road network comes from: a file, or a synthetic town."""

    path: str = Field(
        "", description="GraphML file of roads; `places.csv` and `areas.geojson` are looked for beside it"
    )
    kind: Literal["graphml", "line", "ring", "grid"] | None = Field(
        None, description="`graphml`, or a synthetic town; not given: `graphml`"
    )
    size: int = Field(12, ge=2, le=2000, description="Nodes of a synthetic town; of a grid, per side")
    spacing_m: float = Field(400.0, ge=10, le=20_000, description="Distance between nodes of a synthetic town")
    speed_kmh: float = Field(40.0, ge=5, le=120, description="Speed limit of a synthetic town")

    def findings(self) -> list[Finding]:
        """Check that there is a map, of bearable size."""
        if self.is_file and not self.path:
            remedy = 'write path = "town.graphml", or kind = "ring" for a synthetic town'
            return [(("path",), "is missing: no map is named", remedy)]
        if self.path and not self.is_file:
            remedy = 'write kind = "graphml" for the file, or path = "" for the synthetic town'
            return [(("path",), f"is not read, because kind is {self.kind}", remedy)]
        if self.kind == "grid" and self.size > 60:
            return [(("size",), f"must be at most 60 for a grid, got {self.size}", "a grid has size x size nodes")]
        if self.kind == "ring" and self.size < 3:
            return [(("size",), f"must be at least 3 for a ring, got {self.size}", "two nodes make a line")]
        return []

    @property
    def is_file(self) -> bool:
        """Whether the map is read from a file."""
        return self.kind in (None, "graphml")

"""The whole scenario file as one model: its sections in order, and the JSON Schema for editors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import Field

from busim.scenario.base import Section
from busim.scenario.charging import ChargingSection
from busim.scenario.costs import CostsSection
from busim.scenario.day import DaySection
from busim.scenario.demand import DemandSection
from busim.scenario.electricity import ElectricitySection
from busim.scenario.fleet import FleetSection
from busim.scenario.line import LineSection
from busim.scenario.output import OutputSection
from busim.scenario.service import ServiceSection
from busim.scenario.strategies import DispatchSection, IdlingSection, ObjectiveSection
from busim.scenario.town import MapSection
from busim.scenario.travel import TravelSection

EXTENDS = "extends"


class Document(Section):
    """A scenario file of busim: one service day."""

    scenario: DaySection = Field(DaySection(), description="Which day is simulated")
    map: MapSection = Field(MapSection(), description="Where the road network comes from")
    fleet: FleetSection = Field(description="The buses")
    demand: DemandSection = Field(DemandSection(), description="Who wants to ride")
    service: ServiceSection = Field(ServiceSection(), description="What riders are offered")
    line: LineSection = Field(LineSection(), description="A fixed line")
    dispatch: DispatchSection = Field(DispatchSection(), description="Which bus takes which rider")
    idling: IdlingSection = Field(IdlingSection(), description="Where buses without riders wait")
    objective: ObjectiveSection = Field(ObjectiveSection(), description="What every strategy minimises")
    charging: ChargingSection = Field(ChargingSection(), description="When buses charge, and where")
    electricity: ElectricitySection = Field(ElectricitySection(), description="What electricity costs and emits")
    travel: TravelSection = Field(TravelSection(), description="Speed by hour and road class")
    costs: CostsSection = Field(CostsSection(), description="What the service costs in money")
    output: OutputSection = Field(OutputSection(), description="What a run writes")


def sections() -> dict[str, type[Section]]:
    """Give the model of each section, in the order of the file."""
    return dict(_SECTIONS)


def models(table: str, model: type[Section]) -> Iterator[tuple[str, type[Section]]]:
    """Give a section and the tables below it, by their names: ``fleet``, then ``fleet.group``."""
    yield table, model
    for name, field in model.model_fields.items():
        for annotation in (field.annotation, *get_args(field.annotation)):
            inner = as_section(annotation)
            if inner is not None:
                yield from models(f"{table}.{name}", inner)


def as_section(annotation: Any) -> type[Section] | None:
    """Give the annotation of a field if it is itself a table, else None."""
    return annotation if isinstance(annotation, type) and issubclass(annotation, Section) else None


def schema() -> dict[str, Any]:
    """Give the JSON Schema of scenario files, for editors."""
    made = Document.model_json_schema()
    text = "Another scenario file that this one changes; looked up beside this file, then among busim's own"
    made["properties"] = {EXTENDS: {"type": "string", "description": text}, **made["properties"]}
    # A file that extends another may leave out anything.
    del made["required"], made["$defs"]["FleetSection"]["required"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


_SECTIONS: dict[str, type[Section]] = {
    name: section for name, field in Document.model_fields.items() if (section := as_section(field.annotation))
}

"""A map as it was read or drawn, before it is checked for connection and becomes arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

from busim.model.network import Area, Floats


@dataclass(frozen=True)
class DraftEdge:
    """One direction of a road: node positions in the draft, not ids; ``shape_m`` [k, 2] on the plane.

    ``climb_m`` is the height of the end over the start.
    """

    start: int
    end: int
    length_m: float
    road_class: str
    speed_kmh: float
    is_bus: bool
    shape_m: Floats
    name: str = ""
    name_zh: str = ""
    source: str = ""
    confidence: str = ""
    climb_m: float = 0.0


@dataclass(frozen=True)
class DraftPlace:
    """A place that is not yet snapped to a road; ``where`` names its row in messages."""

    where: str
    id: str
    kind: str
    x_m: float
    y_m: float
    name: str = ""
    name_zh: str = ""
    zone: str = ""
    attributes: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """All of a map: nodes [N] on the plane and in degrees, edges, places and areas.

    Parameters
    ----------
    where
        What messages call the map: the file's name, or ``map``.
    """

    name: str
    where: str
    centre: tuple[float, float]
    node_id: tuple[str, ...]
    x_m: Floats
    y_m: Floats
    lon: Floats
    lat: Floats
    is_signal: tuple[bool, ...]
    edges: tuple[DraftEdge, ...]
    places: tuple[DraftPlace, ...]
    areas: tuple[Area, ...]

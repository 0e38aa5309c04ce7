"""GraphML with OSMnx's attribute names: read as text, checked, and drawn up as a draft.

Needed: ``x`` and ``y`` (longitude and latitude) of nodes, ``length`` [m] of edges, and ``highway`` or ``maxspeed``.
Used where given: ``geometry``, ``grade`` (rise by length), ``name``, ``name_en``, ``name_zh``, ``bus``, ``access``,
``speed_kph``, ``source``, ``confidence``; a node's ``highway="traffic_signals"``. All else is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import shapely

from busim.errors import InputError
from busim.model.network import Floats
from busim.model.plane import haversine_m, to_plane
from busim.network import values
from busim.network.draft import Draft, DraftEdge
from busim.network.findings import Findings
from busim.network.graphml_roads import Attributes, Roads, roads_of

_BUS = {"yes": True, "true": True, "1": True, "designated": True, "no": False, "false": False, "0": False}
_EXPORT = "save a graph of roads with osmnx.save_graphml(graph, path)"
_LEAST_OF_STRAIGHT, _SLACK_M = 0.5, 50.0
_STEEPEST = 0.4


def read(path: Path) -> Draft:
    """Read the roads of a file, without places.

    Raises
    ------
    InputError
        If it is no GraphML file, or with everything that is wrong in it.
    """
    roads = _roads(path)
    findings = Findings(path.name)
    degrees = np.array([_position(node, data, findings) for node, data in roads.nodes.items()])
    findings.check()
    low, high = degrees.min(axis=0), degrees.max(axis=0)
    centre = (round(float(low[0] + high[0]) / 2, 6), round(float(low[1] + high[1]) / 2, 6))
    x_m, y_m = to_plane(degrees[:, 0], degrees[:, 1], centre)
    position = {node: i for i, node in enumerate(roads.nodes)}
    reader = _EdgeReader(findings, tuple(roads.nodes), degrees, np.column_stack((x_m, y_m)), centre)
    edges = reader.read_all([(position[start], position[end], data) for start, end, data in roads.edges])
    findings.check()
    return Draft(
        name=str(roads.about.get("name") or path.stem),
        where=path.name,
        centre=centre,
        node_id=tuple(str(node) for node in roads.nodes),
        x_m=x_m,
        y_m=y_m,
        lon=degrees[:, 0],
        lat=degrees[:, 1],
        is_signal=tuple("traffic_signals" in str(data.get("highway", "")) for data in roads.nodes.values()),
        edges=tuple(edge for edge in edges if edge is not None),
        places=(),
        areas=(),
    )


def _roads(path: Path) -> Roads:
    try:
        root = ElementTree.fromstring(path.read_bytes())
    except FileNotFoundError:
        raise InputError.single(str(path), "there is no such file") from None
    except (OSError, ElementTree.ParseError) as error:
        raise InputError.single(path.name, f"is no GraphML file: {error}", _EXPORT) from None
    if root.tag.rpartition("}")[2] != "graphml":
        what = f"is XML of another kind: its root is <{root.tag.rpartition('}')[2]}>"
        raise InputError.single(path.name, what, _EXPORT)
    try:
        roads = roads_of(root)
    except ValueError as error:
        raise InputError.single(path.name, f"is no proper GraphML: {error}", _EXPORT) from None
    if not roads.edges:
        raise InputError.single(path.name, f"has {len(roads.nodes)} nodes and no edges", _EXPORT)
    return roads


def _position(node: str, data: Attributes, findings: Findings) -> tuple[float, float]:
    """Give longitude and latitude; a graph that OSMnx projected keeps them as ``lon`` and ``lat``."""
    found = []
    for name, kept, limit in (("x", "lon", 180.0), ("y", "lat", 90.0)):
        text = str(data.get(kept, data.get(name, "")))
        try:
            value = values.number(text)
        except ValueError as error:
            what = f"'{name}' {error}" if text else f"has no '{name}'"
            findings.add("node", node, what, "x is the longitude, y the latitude, in degrees", text or None)
            value = 0.0
        if not abs(value) <= limit:
            remedy = "x is the longitude, y the latitude; save the graph before projecting it"
            findings.add("node", node, f"'{name}' is not in degrees, up to {limit:g}", remedy, text)
            value = 0.0
        found.append(value)
    return found[0], found[1]


class _EdgeReader:
    """Reads edges one by one, and notes what is wrong with them."""

    def __init__(
        self, findings: Findings, names: Sequence[str], degrees: Floats, xy_m: Floats, centre: tuple[float, float]
    ) -> None:
        self._findings, self._names, self._degrees, self._xy_m, self._centre = findings, names, degrees, xy_m, centre

    def read_all(self, edges: Sequence[tuple[int, int, Attributes]]) -> list[DraftEdge | None]:
        """Make the drafts of edges (start, end, attributes); None where numbers are not usable."""
        start = self._degrees[[start for start, _, _ in edges]].T
        end = self._degrees[[end for _, end, _ in edges]].T
        straight = np.asarray(haversine_m(*start, *end)).tolist()
        return [self._read(*edge, straight_m) for edge, straight_m in zip(edges, straight, strict=True)]

    def _read(self, start: int, end: int, data: Attributes, straight_m: float) -> DraftEdge | None:
        edge = f"{self._names[start]} -> {self._names[end]}"
        highway = str(data.get("highway", ""))
        road_class, default = values.road_class(highway)
        if str(data.get("access", "")) == "permit":
            road_class = "campus"
        length, speed = self._length(edge, straight_m, data), self._speed(edge, data, default if highway else None)
        grade = self._grade(edge, data)
        is_bus, shape = self._bus(edge, data, highway), self._shape(edge, start, end, data)
        if length is None or speed is None:
            return None
        texts = {key: str(data.get(key, "")) for key in ("name", "name_en", "name_zh", "source", "confidence")}
        name, name_zh = values.names(texts["name"], texts["name_en"], texts["name_zh"])
        texts |= {"name": name, "name_zh": name_zh}
        named = {key: texts[key] for key in ("name", "name_zh", "source", "confidence")}
        return DraftEdge(start, end, length, road_class, speed, is_bus, shape, **named, climb_m=grade * length)

    def _length(self, edge: str, straight: float, data: Attributes) -> float | None:
        text = str(data.get("length", ""))
        if not text:
            self._findings.add("edge", edge, "has no 'length' [m]", "osmnx.distance.add_edge_lengths(graph) adds it")
            return None
        try:
            length = values.positive(text)
        except ValueError as error:
            self._findings.add("edge", edge, f"'length' {error}", "metres, such as 182.4", text)
            return None
        if length < _LEAST_OF_STRAIGHT * straight and straight - length > _SLACK_M:
            what = "'length' is far below the straight distance of its ends"
            self._findings.add("edge", edge, what, "lengths are in metres", f"{text} < {straight:.0f}")
            return None
        return length

    def _speed(self, edge: str, data: Attributes, default: float | None) -> float | None:
        for key in ("maxspeed", "speed_kph"):
            text = str(data.get(key, "")).strip()
            try:
                speed = values.speed_kmh(text) if text else None
            except ValueError as error:
                self._findings.add("edge", edge, f"'{key}' {error}", "such as 50, '30 mph' or 'CN:urban'", text)
                return None
            if speed is not None:
                return speed
        if default is None:
            self._findings.add("edge", edge, "has neither 'maxspeed' nor 'highway'", "one of them tells the speed")
        return default

    def _grade(self, edge: str, data: Attributes) -> float:
        """Give the rise by length, 0 where it is not known."""
        text = str(data.get("grade", "")).strip()
        if text in ("", "nan", "None"):
            return 0.0
        try:
            grade = values.number(text)
        except ValueError as error:
            self._findings.add("edge", edge, f"'grade' {error}", "rise by length, such as 0.03 for 3 %", text)
            return 0.0
        if abs(grade) > _STEEPEST:
            what = f"'grade' is steeper than {_STEEPEST:g}, more than any bus climbs"
            self._findings.add("edge", edge, what, "rise by length: 0.03 for 3 %", text)
            return 0.0
        return grade

    def _bus(self, edge: str, data: Attributes, highway: str) -> bool:
        text = str(data.get("bus", "")).strip().lower()
        if text and text not in _BUS:
            self._findings.add("edge", edge, "'bus' is neither yes nor no", "", text)
        return _BUS.get(text, False) if text else values.is_for_buses(highway)

    def _shape(self, edge: str, start: int, end: int, data: Attributes) -> Floats:
        """Give the polyline on the plane, in the edge's direction; straight where none is drawn in degrees."""
        straight = self._xy_m[[start, end]]
        text = str(data.get("geometry", ""))
        if not text:
            return straight
        try:
            line = shapely.from_wkt(text)
        except shapely.errors.GEOSException:
            line = None
        if not isinstance(line, shapely.LineString) or line.is_empty or not np.isfinite(line.bounds).all():
            self._findings.add("edge", edge, "'geometry' is no LINESTRING", "well-known text in degrees", text[:30])
            return straight
        degrees = shapely.get_coordinates(line)
        if np.abs(degrees).max() > 180.0:  # of a projected graph
            return straight
        shape = np.column_stack(to_plane(degrees[:, 0], degrees[:, 1], self._centre))
        is_backward = np.hypot(*(shape[0] - straight[0])) > np.hypot(*(shape[-1] - straight[0]))
        return shape[::-1].copy() if is_backward and start != end else shape

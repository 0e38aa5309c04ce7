"""Points, lengths and tables: what every step of the build shares.

A point is a pair of whole numbers, latitude and longitude in 1e-5 degrees (about 1 m), so that "two roads
share a vertex" is an exact question.
"""

from __future__ import annotations

import csv
import itertools
import math
from dataclasses import dataclass, field
from pathlib import Path

from shapely.geometry import LineString, Polygon

Point = tuple[int, int]
XY = tuple[float, float]

EARTH_RADIUS_M = 6_371_009.0  # the mean radius OSMnx uses
CENTRE_LAT, CENTRE_LON = 29.56, 106.33
M_PER_DEGREE = math.radians(1.0) * EARTH_RADIUS_M
COS_LAT = math.cos(math.radians(CENTRE_LAT))

FOLDER = Path(__file__).parent
TABLES = FOLDER / "tables"


@dataclass
class Road:
    """One row of roads.csv, or one street that was filled in."""

    road_id: str
    name_zh: str
    name_en: str
    highway: str
    level: str
    lanes: int
    speed_kmh: int
    bus: bool
    points: list[Point]
    confidence: str
    source: str
    access: str = ""

    @property
    def is_ground(self) -> bool:
        """Whether the road lies on the ground, and is no ramp."""
        return self.level == "ground" and not self.road_id.startswith("ramp_")


@dataclass
class Area:
    """One polygon of areas.csv, zones.csv or infill.csv."""

    area_id: str
    name_zh: str
    name_en: str
    kind: str
    ring: list[Point]
    confidence: str
    source: str
    row: dict[str, str] = field(default_factory=dict)

    @property
    def polygon(self) -> Polygon:
        """The polygon on the local plane [m]."""
        return Polygon([to_xy(point) for point in self.ring])


def read_table(name: str) -> list[dict[str, str]]:
    """Read one of the tables as rows of strings."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def point(lat: str | float, lon: str | float) -> Point:
    """Make a point of degrees."""
    return round(float(lat) * 1e5), round(float(lon) * 1e5)


def parse_points(text: str) -> list[Point]:
    """Read ``lat lon; lat lon; ...``."""
    return [point(*pair.split()) for pair in text.split(";")]


def to_xy(p: Point) -> XY:
    """Project a point to the local equirectangular plane [m]."""
    return (p[1] / 1e5 - CENTRE_LON) * M_PER_DEGREE * COS_LAT, (p[0] / 1e5 - CENTRE_LAT) * M_PER_DEGREE


def from_xy(x: float, y: float) -> Point:
    """Give the nearest point to a place on the local plane."""
    return point(CENTRE_LAT + y / M_PER_DEGREE, CENTRE_LON + x / (M_PER_DEGREE * COS_LAT))


def line(points: list[Point]) -> LineString:
    """Make a line on the local plane [m]."""
    return LineString([to_xy(p) for p in points])


def distance_m(a: Point, b: Point) -> float:
    """Give the great-circle distance by the haversine formula [m]."""
    lat_a, lat_b = math.radians(a[0] / 1e5), math.radians(b[0] / 1e5)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians((b[1] - a[1]) / 1e5) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(h))


def length_m(points: list[Point]) -> float:
    """Give the length of a chain of points [m]."""
    return sum(distance_m(a, b) for a, b in itertools.pairwise(points))


def insert(road: Road, vertex: Point, along_m: float) -> None:
    """Add a vertex to a road at a distance from its start [m], unless it is there already."""
    shape = line(road.points)
    done = 0.0
    for i, (a, b) in enumerate(zip(shape.coords, shape.coords[1:], strict=False)):
        done += math.dist(a, b)
        if done > along_m:
            if vertex not in road.points:
                road.points.insert(i + 1, vertex)
            return


def read_roads() -> list[Road]:
    """Read roads.csv."""
    return [
        Road(
            road_id=row["road_id"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            highway=row["class"],
            level=row["level"],
            lanes=int(row["lanes_per_direction"]),
            speed_kmh=int(row["speed_kmh"]),
            bus=row["bus_allowed"] == "yes",
            points=parse_points(row["seq_points"]),
            confidence=row["confidence"],
            source=row["source"],
            access=_access(row["road_id"], row["source"]),
        )
        for row in read_table("roads.csv")
    ]


def _access(road_id: str, source: str) -> str:
    if road_id.startswith("campus_"):
        return "permit"
    return "private" if "customs fence" in source or "no public bus" in source else ""


def read_areas(name: str, id_column: str, kind: str = "") -> list[Area]:
    """Read a table of polygons; ``kind`` stands in where the table has no such column."""
    return [
        Area(
            area_id=row[id_column],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            kind=row.get("kind") or kind,
            ring=parse_points(row["ring"]),
            confidence=row.get("confidence") or "E",
            source=row["source"],
            row=row,
        )
        for row in read_table(name)
    ]

"""The committed map of the science city, read once with plain networkx and csv."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pytest
from shapely import wkt
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union

FOLDER = Path(__file__).parents[2] / "maps" / "science_city"
M_PER_DEGREE = math.radians(1.0) * 6_371_009.0


def to_xy(lon: float, lat: float) -> tuple[float, float]:
    """Project to a plane about the middle of the map [m]."""
    return (lon - 106.33) * M_PER_DEGREE * math.cos(math.radians(29.56)), (lat - 29.56) * M_PER_DEGREE


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class City:
    """The map, its places and areas, and the tables that they are made from."""

    folder: Path
    graph: nx.MultiDiGraph
    places: list[dict[str, str]]
    areas: list[dict]

    def table(self, name):
        """Read one of the tables."""
        return read_rows(self.folder / "tables" / name)

    def at(self, row):
        """Give the place of a row of a table [m]."""
        return Point(to_xy(float(row["lon"]), float(row["lat"])))

    def node_at(self, node):
        """Give the place of a node [m]."""
        data = self.graph.nodes[node]
        return Point(to_xy(float(data["x"]), float(data["y"])))

    def line(self, u, v, data):
        """Give the course of an edge [m]."""
        if "geometry" in data:
            return LineString([to_xy(*corner) for corner in wkt.loads(data["geometry"]).coords])
        return LineString([self.node_at(u), self.node_at(v)])

    def lines(self, **wanted):
        """Unite the courses of all edges with these attributes [m]."""
        found = [
            self.line(u, v, data)
            for u, v, data in self.graph.edges(data=True)
            if data["reversed"] == "False" and all(data[name] == value for name, value in wanted.items())
        ]
        return unary_union(found)

    def polygons(self, *kinds):
        """Give the areas of some kinds by name [m]."""
        return {
            area["properties"]["area_id"]: Polygon([to_xy(*p) for p in area["geometry"]["coordinates"][0]])
            for area in self.areas
            if area["properties"]["kind"] in kinds
        }


def read_city(folder: Path) -> City:
    """Read a built map."""
    graph = nx.read_graphml(folder / "science_city.graphml", node_type=int, force_multigraph=True)
    areas = json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))["features"]
    return City(FOLDER, graph, read_rows(folder / "places.csv"), areas)


@pytest.fixture(scope="session")
def city() -> City:
    """Read the committed map."""
    return read_city(FOLDER)


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory) -> City:
    """Build the map again from the tables, into another folder."""
    out = tmp_path_factory.mktemp("rebuilt")
    command = [sys.executable, "-B", str(FOLDER / "build.py"), "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return read_city(out)

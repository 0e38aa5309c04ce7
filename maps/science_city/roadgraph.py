"""From roads to a graph: nodes where streets meet, end or serve a stop; edges both ways, with all attributes.

The attributes carry OSMnx's names, and every value is text, as OSMnx itself saves GraphML. A node's number is
its position: 6100030380 lies at 29.61000 N, 106.30380 E, so that numbers stay when other facts are corrected.
"""

from __future__ import annotations

import math
import zlib
from collections import defaultdict
from collections.abc import Iterator

import networkx as nx
from geo import Point, Road, distance_m, from_xy, insert, length_m, line, point, read_table, to_xy
from shapely.geometry import Point as ShapelyPoint

STOP_NODE_GAP_M = 60.0
JUNCTION_NAME_M = 60.0
MAIN = ("primary", "secondary")


def node_id(p: Point) -> int:
    """Give the number of a node from its position."""
    return (p[0] - 2_900_000) * 100_000 + (p[1] - 10_600_000)


def arms(roads: list[Road]) -> dict[Point, list[Road]]:
    """List the roads at each vertex, once for each arm."""
    found: dict[Point, list[Road]] = defaultdict(list)
    for road in roads:
        for a, b in zip(road.points, road.points[1:], strict=False):
            found[a].append(road)
            found[b].append(road)
    return found


def junctions(roads: list[Road]) -> set[Point]:
    """Find the vertices that must be nodes: three arms and more, ends, and where one road becomes another."""
    return {p for p, met in arms(roads).items() if len(met) != 2 or met[0] is not met[1]}


def pin(roads: list[Road], nodes: set[Point], at: Point, reach_m: float) -> Point | None:
    """Move a stop onto the nearest road that buses may use, and see that a node is near.

    Returns
    -------
    Point or None
        Where the stop stands now; None if no such road is within ``reach_m``.
    """
    here = ShapelyPoint(to_xy(at))
    away, _, road = min((line(road.points).distance(here), road.road_id, road) for road in roads if road.bus)
    if away > reach_m:
        return None
    along = line(road.points).project(here)
    target = on_road(road, along)
    if min(distance_m(target, node) for node in road.points if node in nodes) > STOP_NODE_GAP_M:
        insert(road, target, along)
        nodes.add(target)
    return target


def on_road(road: Road, along_m: float) -> Point:
    """Give the point at a distance from a road's start [m], or the vertex that is very near."""
    at = line(road.points).interpolate(along_m)
    vertex = min(road.points, key=lambda p: (math.dist(to_xy(p), (at.x, at.y)), p))
    if math.dist(to_xy(vertex), (at.x, at.y)) < 15.0:
        return vertex
    return from_xy(at.x, at.y)


def keep_sourced(roads: list[Road], nodes: set[Point]) -> None:
    """Make every point of junctions.csv that a road passes a node, whether or not streets meet there."""
    vertices = sorted({p for road in roads for p in road.points})
    for row in read_table("junctions.csv"):
        at = point(row["lat"], row["lon"])
        near = min(vertices, key=lambda p: (distance_m(p, at), p))
        if min(distance_m(node, at) for node in nodes) > JUNCTION_NAME_M >= distance_m(near, at):
            nodes.add(near)


def pieces(road: Road, nodes: set[Point]) -> Iterator[list[Point]]:
    """Cut a road at the nodes."""
    piece = [road.points[0]]
    for p in road.points[1:]:
        piece.append(p)
        if p in nodes:
            yield piece
            piece = [p]


def build(roads: list[Road], nodes: set[Point]) -> nx.MultiDiGraph[int]:
    """Make the graph, every value as text."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326",
        name="Western (Chongqing) Science City",
        created_with="busim maps/science_city/build.py",
        simplified="True",
    )
    height = Heights()
    met = arms(roads)
    for p in sorted(nodes):
        graph.add_node(node_id(p), **_node(p, met[p], height))
    _mark_known(graph, sorted(nodes))
    for road in roads:
        for piece in pieces(road, nodes):
            for chain, is_reversed in ((piece, False), (piece[::-1], True)):
                u, v = node_id(chain[0]), node_id(chain[-1])
                graph.add_edge(u, v, **_edge(road, chain, is_reversed, height))
    return graph


def _node(p: Point, met: list[Road], height: Heights) -> dict[str, str]:
    data = {"y": f"{p[0] / 1e5:.5f}", "x": f"{p[1] / 1e5:.5f}", "street_count": str(len(met))}
    ground = [road for road in met if road.is_ground]
    kinds = sorted(road.highway for road in ground if road.highway in MAIN)
    if len(ground) >= 3 and kinds.count("primary") >= 1 and len(kinds) >= 3:
        data["highway"] = "traffic_signals"
    data["elevation"] = f"{height.at(p):.1f}"
    return data


def _mark_known(graph: nx.MultiDiGraph[int], nodes: list[Point]) -> None:
    """Give the nodes of junctions.csv their names, and the control that is known."""
    for row in read_table("junctions.csv"):
        at = point(row["lat"], row["lon"])
        near = min(nodes, key=lambda p: (distance_m(p, at), p))
        if distance_m(near, at) > JUNCTION_NAME_M:
            continue
        data = graph.nodes[node_id(near)]
        if row["name_zh"]:
            data |= {"name": row["name_zh"], "name_en": row["name_en"]}
        if row["control"] == "traffic_signals":
            data["highway"] = "traffic_signals"
        elif row["control"]:
            data.pop("highway", None)


def _edge(road: Road, chain: list[Point], is_reversed: bool, height: Heights) -> dict[str, str]:
    size = length_m(chain)
    grade = (height.at(chain[-1]) - height.at(chain[0])) / size
    data = {
        "osmid": str(-zlib.crc32(road.road_id.encode())),  # below zero: not an object of OpenStreetMap
        "road_id": road.road_id,
        "highway": road.highway,
        "name": road.name_zh,
        "name_en": road.name_en,
        "length": f"{size:.2f}",
        "maxspeed": str(road.speed_kmh),
        "lanes": str(2 * road.lanes),
        "oneway": "False",
        "reversed": str(is_reversed),
        "grade": f"{grade:.4f}",
        "bus": "yes" if road.bus else "no",
        "level": road.level,
        "source": road.source,
        "confidence": road.confidence,
    }
    if road.level in ("tunnel", "elevated"):
        data["tunnel" if road.level == "tunnel" else "bridge"] = "yes"
    if road.access:
        data["access"] = road.access
    if len(chain) > 2:
        corners = ", ".join(f"{lon / 1e5:.5f} {lat / 1e5:.5f}" for lat, lon in chain)
        data["geometry"] = f"LINESTRING ({corners})"
    return data


class Heights:
    """Ground level between the points of elevation.csv, weighted by the inverse square of the distance."""

    def __init__(self) -> None:
        self.known = [(point(row["lat"], row["lon"]), float(row["elevation_m"])) for row in read_table("elevation.csv")]
        self.cache: dict[Point, float] = {}

    def at(self, p: Point) -> float:
        """Give the ground level at a point [m]."""
        if p not in self.cache:
            weights = [(1.0 / (distance_m(p, q) ** 2 + 1e4), metres) for q, metres in self.known]
            total = sum(weight for weight, _ in weights)
            self.cache[p] = sum(weight * metres for weight, metres in weights) / total
        return self.cache[p]

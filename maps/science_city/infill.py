"""Local streets that no table has: filled in as a grid, block by block, and marked as an estimate.

A block is a face of the street network on the ground. Each block inside a ring of infill.csv is cut by evenly
spaced lines along its own two directions; an end that comes near a junction is moved onto it, so that streets
go on across the next block. What runs through a campus, fence, water, park or the air base, or crosses an
expressway, is cut away, and so are the short dead ends that are left.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass

from geo import XY, Area, Point, Road, distance_m, from_xy, insert, line, to_xy
from shapely import STRtree
from shapely.geometry import LineString, Polygon
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

KEEP_OUT_M = {"campus": 15.0, "bonded_zone": 15.0, "water": 15.0, "park": 15.0, "restricted": 100.0}
BARRIER_M = 12.0  # half the width of an expressway or tunnel that no street crosses
JUNCTION_GAP_M = {"primary": 90.0, "secondary": 75.0}
OTHER_GAP_M = 75.0
MIN_DEAD_END_M = 80.0
MIN_SHARE_IN_RING = 0.6
MIN_CELL_M = 60.0
SNAP_SHARE = 0.42  # of the spacing: how far an end may be moved onto a junction


@dataclass
class Block:
    """A face of the network, and how it is to be cut."""

    polygon: Polygon
    ring: Area
    free: BaseGeometry


def forbidden(areas: list[Area], roads: list[Road]) -> BaseGeometry:
    """Unite all places where no local street may run."""
    kept_out = [area.polygon.buffer(KEEP_OUT_M[area.kind]) for area in areas if area.kind in KEEP_OUT_M]
    barriers = [
        line(road.points).buffer(BARRIER_M) for road in roads if road.level != "ground"
    ]  # slip ramps are short and end on a street, so they need no barrier of their own
    return unary_union(kept_out + barriers)


def find_blocks(roads: list[Road], rings: list[Area], closed: BaseGeometry) -> list[Block]:
    """Find the faces between streets on the ground that lie in a ring, from south-west to north-east."""
    segments = [
        LineString([to_xy(a), to_xy(b)])
        for road in roads
        if road.level == "ground"
        for a, b in zip(road.points, road.points[1:], strict=False)
    ]
    faces = sorted(polygonize(segments), key=lambda face: (round(face.centroid.y), round(face.centroid.x)))
    blocks = []
    for face in faces:
        shares = [(face.intersection(ring.polygon).area / face.area, ring) for ring in rings]
        share, ring = max(shares, key=lambda pair: pair[0])
        if share >= MIN_SHARE_IN_RING:
            blocks.append(Block(face, ring, face.difference(closed)))
    return blocks


def direction(polygon: Polygon) -> float:
    """Give the main direction of a block's sides, modulo a right angle [rad]."""
    corners = list(polygon.exterior.coords)
    east = north = 0.0
    for (x0, y0), (x1, y1) in itertools.pairwise(corners):
        angle, size = math.atan2(y1 - y0, x1 - x0), math.hypot(x1 - x0, y1 - y0)
        east += size * math.cos(4 * angle)
        north += size * math.sin(4 * angle)
    return math.atan2(north, east) / 4


def cuts(block: Block) -> list[list[LineString]]:
    """Lay evenly spaced lines across a block, one list for each of its two directions."""
    spacing = float(block.ring.row["spacing_m"])
    families = []
    for angle in (direction(block.polygon), direction(block.polygon) + math.pi / 2):
        along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        offsets = [x * across[0] + y * across[1] for x, y in block.polygon.exterior.coords]
        count = max(1, round((max(offsets) - min(offsets)) / spacing))
        step = (max(offsets) - min(offsets)) / count
        family = []
        for i in range(1, count):
            at = min(offsets) + i * step
            far = 1e5
            ruler = LineString(
                [(at * across[0] + s * far * along[0], at * across[1] + s * far * along[1]) for s in (-1, 1)]
            )
            family += [part for part in _lines(ruler.intersection(block.polygon)) if part.length > spacing / 2]
        families.append(family)
    return families


def _lines(geometry: BaseGeometry) -> list[LineString]:
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if isinstance(part, LineString) and part.length > 0]


class Streets:
    """The streets on the ground while the infill grows: where an end may join them."""

    def __init__(self, roads: list[Road]) -> None:
        self.roads = [road for road in roads if road.is_ground]

    def join(self, at: XY, spacing_m: float) -> Point | None:
        """Give the vertex at which a new street meets the nearest road, adding it to that road if needed.

        Returns
        -------
        Point or None
            None where the road may not be joined there.
        """
        here = ShapelyPoint(at)
        lines = [line(road.points) for road in self.roads]
        nearest = int(STRtree(lines).nearest(here))
        road = self.roads[nearest]
        if road.access or lines[nearest].distance(here) > 1.0:
            return None
        gap = JUNCTION_GAP_M.get(road.highway, OTHER_GAP_M)
        target = from_xy(*at)
        known = min(road.points, key=lambda vertex: (distance_m(vertex, target), vertex))
        if distance_m(known, target) <= max(gap, SNAP_SHARE * spacing_m):
            return known
        insert(road, target, lines[nearest].project(here))
        return target


def fill(roads: list[Road], areas: list[Area], rings: list[Area]) -> list[Road]:
    """Fill in the local streets.

    Parameters
    ----------
    roads
        The tables' roads; vertices are added to those that a new street meets.

    Returns
    -------
    list of Road
        The new streets, each with its own id, name, and ``source`` beginning with "estimate".
    """
    closed = forbidden(areas, roads)
    streets, chains = Streets(roads), []
    for block in find_blocks(roads, rings, closed):
        chains += [(block.ring, chain) for chain in _fill_block(block, streets)]
    kept = prune([chain for _, chain in chains], roads)
    owners = {tuple(sorted((a, b))): ring for ring, chain in chains for a, b in _pairs(chain)}
    return _as_roads(kept, owners)


def _fill_block(block: Block, streets: Streets) -> list[list[Point]]:
    """Cut one block; give chains of points that meet each other and the roads in shared points."""
    spacing = float(block.ring.row["spacing_m"])
    ends: list[list[tuple[Point, Point]]] = []
    for family in cuts(block):
        pairs: list[tuple[Point, Point]] = []
        used: set[Point] = set()
        for cut in family:
            pair = _ends(cut, block, streets, spacing)
            if pair and not used & set(pair):
                used |= set(pair)
                pairs.append(pair)
        ends.append(pairs)
    chains = []
    for mine, others in ((ends[0], ends[1]), (ends[1], ends[0])):
        for a, b in mine:
            crossings = [p for c, d in others if (p := _crossing(a, b, c, d))]
            chain = [a, *sorted(crossings, key=lambda p: distance_m(a, p)), b]
            chains += _free_parts(chain, block)
    return chains


def _ends(cut: LineString, block: Block, streets: Streets, spacing: float) -> tuple[Point, Point] | None:
    """Join both ends of a cut to the roads, unless all of it is closed."""
    if cut.intersection(block.free).length < MIN_CELL_M:
        return None
    (x0, y0), (x1, y1) = cut.coords[0], cut.coords[-1]
    ends = [
        streets.join(end, spacing) if block.free.distance(ShapelyPoint(end)) < 1.0 else from_xy(*end)
        for end in ((x0, y0), (x1, y1))
    ]
    if ends[0] is None or ends[1] is None or distance_m(ends[0], ends[1]) < MIN_CELL_M:
        return None
    return ends[0], ends[1]


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    meet = line([a, b]).intersection(line([c, d]))
    if not isinstance(meet, ShapelyPoint) or meet.is_empty:
        return None
    p = from_xy(meet.x, meet.y)
    return None if min(distance_m(p, q) for q in (a, b, c, d)) < MIN_CELL_M / 2 else p


def _free_parts(chain: list[Point], block: Block) -> list[list[Point]]:
    """Cut a chain where it leaves the free part of its block."""
    parts: list[list[Point]] = [[]]
    inside = block.free.buffer(3.0)
    for a, b in _pairs(chain):
        if inside.contains(line([a, b])):
            parts[-1] = [*(parts[-1] or [a]), b]
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _pairs(chain: list[Point]) -> list[tuple[Point, Point]]:
    return list(itertools.pairwise(chain))


def prune(chains: list[list[Point]], roads: list[Road]) -> list[list[Point]]:
    """Cut dead ends that are shorter than 80 m, and pieces that meet no road at all."""
    fixed = {p for road in roads for p in road.points}
    chains = [list(chain) for chain in chains]
    changed = True
    while changed:
        changed = False
        arms = Counter(p for chain in chains for pair in _pairs(chain) for p in pair)
        for chain in chains:
            for end, inner in ((0, 1), (-1, -2)):
                if len(chain) > 1 and arms[chain[end]] == 1 and chain[end] not in fixed:
                    del chain[end]
                    arms[chain[inner if inner < 0 else 0]] -= 1
                    changed = True
        chains = [chain for chain in chains if len(chain) > 1]
    return _reached(chains, fixed)


def _reached(chains: list[list[Point]], fixed: set[Point]) -> list[list[Point]]:
    reached, size = set(fixed), -1
    while size != len(reached):
        size = len(reached)
        for chain in chains:
            if reached & set(chain):
                reached |= set(chain)
    return [chain for chain in chains if reached & set(chain)]


def _as_roads(chains: list[list[Point]], owners: dict[tuple[Point, ...], Area]) -> list[Road]:
    counts: Counter[str] = Counter()
    made = []
    for chain in chains:
        ring = owners[tuple(sorted(chain[:2]))]
        counts[ring.area_id] += 1
        number = counts[ring.area_id]
        made.append(
            Road(
                road_id=f"infill_{ring.area_id}_{number}",
                name_zh=f"{ring.name_zh}{number}",
                name_en=f"{ring.name_en} {number}",
                highway="residential",
                level="ground",
                lanes=1,
                speed_kmh=30,
                bus=True,
                points=chain,
                confidence="E",
                source="estimate: filled in by spacing, not surveyed",
            )
        )
    return made

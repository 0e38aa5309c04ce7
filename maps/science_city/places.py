"""Places: line stops, depots and chargers, real bus stops, landmarks, and virtual stops between them.

Every stop stands on a street that buses may use, with a node within 60 m. Virtual stops are laid from the
busiest junctions down, wherever no other stop is near, so that stop-to-stop service reaches the built-up area.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from geo import Area, Point, Road, distance_m, line, point, read_table, to_xy
from roadgraph import arms, on_road, pieces, pin
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import Polygon
from shapely.ops import unary_union

WEIGHTS = ("residents", "jobs", "factory_jobs", "students", "feeder_riders")
DETAILS = ("line", "seq", "plugs", "power_kw", "capacity")
COLUMNS = (
    *("place_id", "name_zh", "name_en", "lon", "lat", "kind", "zone"),
    *DETAILS,
    *WEIGHTS,
    *("area_id", "source", "confidence"),
)
SAME_STOP_M = 120.0
STOP_REACH_M = 120.0
SITE_REACH_M = 400.0
STOP_SETBACK_M = 25.0
SAMPLE_M = 50.0
VIRTUAL_GAP_M = {"UT": 390.0, "XY": 430.0}
OTHER_VIRTUAL_GAP_M = 450.0
COUNTRY_GAP_M = 1200.0  # outside the rings of infill.csv and the areas
BUILT_UP_REACH_M = 60.0
CORNER_M = 60.0
NUMBERED = re.compile(r" at \d|\d\.\d|street \d")  # filled-in and nameless streets are told by numbers
KIND_OF_LANDMARK = {
    "university": "campus",
    "residential": "town",
    "industry": "factory",
    "commerce": "mall",
    "business_park": "park",
    "research": "park",
    "logistics": "park",
    "transport_hub": "terminal",
}
NOT_A_PLACE = ("bus_stop", "restricted")
MAP_BOX = (point(29.39, 106.22), point(29.70, 106.395))


@dataclass
class Place:
    """One row of places.csv."""

    place_id: str
    name_zh: str
    name_en: str
    at: Point
    kind: str
    source: str
    confidence: str
    zone: str = ""
    area_id: str = ""
    details: dict[str, str] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WEIGHTS, 0))

    def row(self) -> dict[str, str]:
        """Give the row of places.csv, as text."""
        return {
            **{name: getattr(self, name) for name in ("place_id", "name_zh", "name_en", "kind", "zone")},
            "lon": f"{self.at[1] / 1e5:.5f}",
            "lat": f"{self.at[0] / 1e5:.5f}",
            **{name: self.details.get(name, "") for name in DETAILS},
            **{name: str(size) for name, size in self.weights.items()},
            **{name: getattr(self, name) for name in ("area_id", "source", "confidence")},
        }


class Town:
    """Tells in which zone a point lies, and whether it is built up."""

    def __init__(self, zones: list[Area], built_up: list[Area]) -> None:
        self.polygons: list[tuple[str, Polygon]] = [(zone.area_id, zone.polygon) for zone in zones]
        self.built_up = unary_union([area.polygon for area in built_up]).buffer(BUILT_UP_REACH_M)

    def zone_of(self, at: Point) -> str:
        """Give the zone's name, or an empty text."""
        here = ShapelyPoint(to_xy(at))
        return next((zone for zone, polygon in self.polygons if polygon.covers(here)), "")

    def is_built_up(self, at: Point) -> bool:
        """Tell whether streets lie close here."""
        return bool(self.built_up.covers(ShapelyPoint(to_xy(at))))


def known_places(roads: list[Road], nodes: set[Point], town: Town) -> list[Place]:
    """Place everything that stands in a table; roads get nodes where stops and sites need them."""
    places: list[Place] = []
    for row in read_table("places.csv"):
        at = point(row["lat"], row["lon"])
        on_road = pin(roads, nodes, at, SITE_REACH_M)
        if on_road is None:
            raise SystemExit(f"places.csv {row['place_id']}: no road for buses within {SITE_REACH_M:.0f} m")
        place = _place(row, row["place_id"], on_road if row["kind"] == "stop" else at, row["kind"])
        place.details = {name: row[name] for name in DETAILS}
        places.append(place)
    rows = read_table("people.csv")
    for row in rows:
        place = _place(row, row["place_id"], point(row["lat"], row["lon"]), row["kind"])
        place.area_id = row["area_id"]
        places.append(place)
    places += _landmarks(roads, nodes, places, {row["landmark_id"] for row in rows})
    for place in places:
        place.zone = town.zone_of(place.at)
    return places


def _place(row: dict[str, str], place_id: str, at: Point, kind: str) -> Place:
    name_zh = row["name_zh"].replace("(公交站)", "").replace("(轨道)", "")
    name_en = row["name_en"].removesuffix(" stop")
    return Place(place_id, name_zh, name_en, at, kind, row["source"], row["confidence"])


def _landmarks(roads: list[Road], nodes: set[Point], known: list[Place], taken: set[str]) -> list[Place]:
    """Add landmarks inside the map, and a stop where the landmark is a real bus stop."""
    made: list[Place] = []
    for row in read_table("landmarks.csv"):
        at, kind = point(row["lat"], row["lon"]), row["kind"]
        if not all(low <= value <= high for low, value, high in zip(MAP_BOX[0], at, MAP_BOX[1], strict=True)):
            continue
        if kind not in NOT_A_PLACE and row["landmark_id"] not in taken:
            made.append(_place(row, row["landmark_id"], at, KIND_OF_LANDMARK.get(kind, kind)))
        if "stop" not in row["name_en"] and "公交" not in row["name_zh"] and kind != "bus_stop":
            continue
        near = [p for p in [*known, *made] if p.kind == "stop" and distance_m(p.at, at) < SAME_STOP_M]
        on_road = None if near else pin(roads, nodes, at, STOP_REACH_M)
        if on_road is not None:
            made.append(_place(row, f"stop_{row['landmark_id']}", on_road, "stop"))
    return made


def virtual_stops(roads: list[Road], nodes: set[Point], known: list[Place], town: Town) -> list[Place]:
    """Lay virtual stops where no stop is near: beside junctions, then along what is still too far from any.

    A stop between junctions adds a node to ``nodes``.
    """
    stops = [place.at for place in known if place.kind == "stop"]
    beside, met = _beside_nodes(roads, nodes), arms(roads)
    chosen: list[tuple[str, Point, Road]] = []
    for node in sorted(beside, key=lambda p: (-len(met[p]), p)):
        at, road = beside[node]
        if _is_lonely(at, stops, town):
            stops.append(at)
            chosen.append((town.zone_of(at), at, road))
    for road in [road for road in roads if road.bus]:
        for i in range(1, int(line(road.points).length / SAMPLE_M)):
            at = on_road(road, i * SAMPLE_M)
            if _is_lonely(at, stops, town):
                at = pin(roads, nodes, at, SAME_STOP_M) or at
                stops.append(at)
                chosen.append((town.zone_of(at), at, road))
    return _named(sorted(chosen, key=lambda item: (item[0], -item[1][0], item[1][1])), roads, known)


def _is_lonely(at: Point, stops: list[Point], town: Town) -> bool:
    zone = town.zone_of(at)
    gap = VIRTUAL_GAP_M.get(zone, OTHER_VIRTUAL_GAP_M) if town.is_built_up(at) else COUNTRY_GAP_M
    return bool(zone) and all(distance_m(at, other) >= gap for other in stops)


def _beside_nodes(roads: list[Road], nodes: set[Point]) -> dict[Point, tuple[Point, Road]]:
    """Find for each node the spot a few metres along its main street for buses."""
    rank = {"primary": 0, "secondary": 1, "tertiary": 2}
    best: dict[Point, tuple[tuple[int, str, int], Point, Road]] = {}
    for road in roads:
        if not road.bus:
            continue
        for i, piece in enumerate(pieces(road, nodes)):
            for chain in (piece, piece[::-1]):
                key = (rank.get(road.highway, 3), road.road_id, i)
                if chain[0] not in best or key < best[chain[0]][0]:
                    best[chain[0]] = (key, _along(chain), road)
    return {node: (at, road) for node, (_, at, road) in best.items()}


def _along(chain: list[Point]) -> Point:
    a, b = chain[0], chain[1]
    share = min(STOP_SETBACK_M / distance_m(a, b), 0.4)
    return round(a[0] + share * (b[0] - a[0])), round(a[1] + share * (b[1] - a[1]))


def _named(chosen: list[tuple[str, Point, Road]], roads: list[Road], known: list[Place]) -> list[Place]:
    made = []
    numbers: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for zone, at, road in chosen:
        numbers[zone] += 1
        name_en, name_zh = _corner(at, road, roads) or _beside(at, known)
        times[name_en] += 1
        again = f" ({times[name_en]})" if times[name_en] > 1 else ""
        made.append(
            Place(
                place_id=f"v_{zone.lower()}_{numbers[zone]:02d}",
                name_zh=f"{name_zh}{again}",
                name_en=f"{name_en}{again}",
                at=at,
                kind="stop",
                zone=zone,
                source="estimate: virtual stop, laid by spacing",
                confidence="E",
            )
        )
    return made


def _corner(at: Point, road: Road, roads: list[Road]) -> tuple[str, str] | None:
    """Name a stop after its street and the one that crosses there; None where no street has a name of its own."""
    here = ShapelyPoint(to_xy(at))
    near = [other for other in roads if other.bus and line(other.points).distance(here) <= CORNER_M]
    near.sort(key=lambda other: (other is not road, line(other.points).distance(here), other.road_id))
    names = {_plain(r.name_en): _plain(r.name_zh) for r in reversed(near) if not NUMBERED.search(r.name_en)}
    if not names:
        return None
    chosen = list(names.items())[::-1][:2]
    return " / ".join(en for en, _ in chosen), "/".join(zh for _, zh in chosen)


def _plain(name: str) -> str:
    return re.split(r" ?[(,，]", name)[0]


def _beside(at: Point, known: list[Place]) -> tuple[str, str]:
    """Name a stop on a street without a name after what is nearest."""
    named = [place for place in known if place.kind not in ("depot", "charger")]
    nearest = min(named, key=lambda place: (distance_m(place.at, at), place.place_id))
    return f"near {_plain(nearest.name_en).removesuffix(' stop')}", f"{_plain(nearest.name_zh)}附近"

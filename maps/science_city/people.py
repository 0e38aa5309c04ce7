"""Spread each zone's residents, jobs and students over its places, so that the sums are the zone's totals.

Every row of people.csv keeps the share ``1 - spread`` at its own place; the rest goes in equal parts to the
stops inside its area or within 200 m of it (or, without an area, within 350 m of the place). What the rows of a
zone leave of the totals in zones.csv goes in equal parts to all stops of the zone. Feeder riders stay at the
stations. Whole persons; what rounding leaves goes to the first stops.
"""

from __future__ import annotations

from geo import Area, distance_m, read_table, to_xy
from places import WEIGHTS, Place
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import Polygon

AREA_REACH_M = 200.0
PLACE_REACH_M = 350.0
NEAREST_STOPS = 2
ZONE_TOTALS = ("residents", "jobs", "students")


def spread(places: list[Place], areas: list[Area], zones: list[Area]) -> None:
    """Fill in the weights of all places."""
    by_id = {place.place_id: place for place in places}
    stops = [place for place in places if place.kind == "stop"]
    polygons = {area.area_id: area.polygon for area in areas}
    left = {zone.area_id: {name: int(zone.row[name]) for name in ZONE_TOTALS} for zone in zones}
    for row in read_table("people.csv"):
        place = by_id[row["place_id"]]
        near = _stops_near(place, stops, polygons.get(row["area_id"]))
        for name in WEIGHTS:
            size = int(row[name])
            given = round(size * float(row["spread"]))
            place.weights[name] += size - given
            _share(given, near, name)
            if name in ZONE_TOTALS:
                left[row["zone"]][name] -= size
    for zone, rest in left.items():
        if min(rest.values()) < 0:
            raise SystemExit(f"people.csv: the rows of zone {zone} exceed its totals in zones.csv: {rest}")
        for name, size in rest.items():
            _share(size, [stop for stop in stops if stop.zone == zone], name)


def _stops_near(place: Place, stops: list[Place], polygon: Polygon | None) -> list[Place]:
    own = [stop for stop in stops if stop.zone == place.zone]
    if polygon is not None:
        wide = polygon.buffer(AREA_REACH_M)
        near = [stop for stop in own if wide.contains(ShapelyPoint(to_xy(stop.at)))]
    else:
        near = [stop for stop in own if distance_m(stop.at, place.at) <= PLACE_REACH_M]
    return near or sorted(own, key=lambda stop: (distance_m(stop.at, place.at), stop.place_id))[:NEAREST_STOPS]


def _share(size: int, among: list[Place], name: str) -> None:
    each, over = divmod(size, len(among))
    for i, place in enumerate(among):
        place.weights[name] += each + (i < over)

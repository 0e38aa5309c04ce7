"""Places of the science city: stops on streets for buses, and people whose sums are the zones' totals."""

import re
from collections import Counter

from shapely.ops import unary_union

ZONES = ("UT", "CJQ", "XY", "ZJ", "JF", "HG", "BSY")
WEIGHTS = ("residents", "jobs", "factory_jobs", "students", "feeder_riders")


def stops(city):
    """Take the rows that are stops."""
    return [row for row in city.places if row["kind"] == "stop"]


def test_ids_are_unique(city):
    """Each place has its own id, a name in both languages, a source and a confidence."""
    assert max(Counter(row["place_id"] for row in city.places).values()) == 1
    for row in city.places:
        assert all(row[name] for name in ("name_zh", "name_en", "source", "confidence"))
        assert row["zone"] in (*ZONES, "")


def test_laid_stops_have_names_of_their_own(city):
    """A stop that was laid by spacing is called after its corner or what is near, never by coordinates."""
    names = [row["name_en"] for row in city.places if row["place_id"].startswith("v_")]
    assert len(set(names)) == len(names) > 100
    assert [name for name in names if re.search(r"\d\.\d|virtual", name)] == []


def test_stops_are_on_streets_for_buses_near_a_node(city):
    """A stop lies on a street that buses may use, at most 60 m from a node on it."""
    streets = city.lines(bus="yes")
    used = {n for u, v, data in city.graph.edges(data=True) if data["bus"] == "yes" for n in (u, v)}
    nodes = unary_union([city.node_at(node) for node in sorted(used)])
    for row in stops(city):
        assert streets.distance(city.at(row)) < 2, row["place_id"]
        assert nodes.distance(city.at(row)) < 61, row["place_id"]


def test_depots_and_chargers_are_near_a_node_for_buses(city):
    """Every depot, charger and terminal can be reached, and says how many vehicles it takes."""
    used = {n for u, v, data in city.graph.edges(data=True) if data["bus"] == "yes" for n in (u, v)}
    nodes = unary_union([city.node_at(node) for node in sorted(used)])
    rows = [row for row in city.places if row["kind"] in ("depot", "charger")]
    assert len(rows) == 10
    for row in rows:
        assert nodes.distance(city.at(row)) < 400, row["place_id"]
        assert int(row["capacity"] if row["kind"] == "depot" else row["plugs"]) > 0
        assert row["kind"] == "depot" or float(row["power_kw"]) > 0


def test_every_zone_has_stops(city):
    """Stop-to-stop service is possible in all seven zones."""
    count = Counter(row["zone"] for row in stops(city))
    assert all(count[zone] >= 10 for zone in ZONES)
    assert 150 <= sum(count.values()) <= 300


def test_stops_are_dense_where_people_live(city):
    """Nine in ten residents, jobs and students are counted within 300 m of a stop."""
    near = unary_union([city.at(row) for row in stops(city)])
    persons = {row["place_id"]: sum(int(row[name]) for name in WEIGHTS[:4]) for row in city.places}
    served = sum(persons[row["place_id"]] for row in city.places if near.distance(city.at(row)) <= 300)
    assert served >= 0.9 * sum(persons.values())


def test_lines_are_complete(city):
    """The stops of each line are numbered without gaps, and line 1 has its seven stops."""
    lines = {}
    for row in stops(city):
        if row["line"]:
            lines.setdefault(row["line"], []).append(int(row["seq"]))
    assert sorted(lines) == [row["line"] for row in city.table("lines.csv")]
    assert all(sorted(seq) == list(range(1, len(seq) + 1)) for seq in lines.values())
    assert len(lines["1"]) == 7


def test_persons_add_up_to_the_totals_of_the_zones(city):
    """Residents, jobs and students of all places of a zone are the zone's totals, and nobody is lost."""
    for zone in city.table("zones.csv"):
        rows = [row for row in city.places if row["zone"] == zone["zone"]]
        for name in ("residents", "jobs", "students"):
            assert sum(int(row[name]) for row in rows) == int(zone[name]), (zone["zone"], name)
    for name in ("factory_jobs", "feeder_riders"):
        listed = sum(int(row[name]) for row in city.table("people.csv"))
        assert sum(int(row[name]) for row in city.places) == listed > 0


def test_factory_jobs_are_jobs(city):
    """Jobs in shifts are a part of the jobs of a place."""
    assert all(int(row["factory_jobs"]) <= int(row["jobs"]) for row in city.places)


def test_places_lie_in_their_zone(city):
    """The zone of a place is the polygon that it lies in."""
    zones = city.polygons("zone")
    assert tuple(sorted(zones)) == tuple(sorted(ZONES))
    for row in city.places:
        if row["zone"]:
            assert zones[row["zone"]].buffer(2).contains(city.at(row)), row["place_id"]


def test_zones_do_not_overlap(city):
    """No point belongs to two zones."""
    shapes = list(city.polygons("zone").values())
    assert unary_union(shapes).area > 0.999 * sum(shape.area for shape in shapes)

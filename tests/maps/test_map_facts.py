"""The map agrees with the facts it is made from, and what is guessed keeps out of where no street can be."""

import networkx as nx
import pytest
from shapely.ops import unary_union

KEPT_FREE_M = {"campus": 10.0, "bonded_zone": 10.0, "water": 10.0, "park": 10.0, "restricted": 90.0}
ROUNDING_M = 2.0


def bus_graph(city):
    """Take the edges that buses may use."""
    edges = [(u, v, k) for u, v, k, data in city.graph.edges(keys=True, data=True) if data["bus"] == "yes"]
    return city.graph.edge_subgraph(edges)


def test_size(city):
    """The map is a few hundred nodes large."""
    assert 300 <= city.graph.number_of_nodes() <= 800


def test_buses_get_from_everywhere_to_everywhere(city):
    """All streets for buses are one strongly connected piece, and so is the whole map."""
    assert nx.is_strongly_connected(bus_graph(city))
    assert nx.is_strongly_connected(city.graph)


def test_street_count_is_the_number_of_arms(city):
    """Each arm of a node is one edge out of it."""
    for node, data in city.graph.nodes(data=True):
        assert int(data["street_count"]) == city.graph.out_degree(node)


def test_every_edge_tells_its_source_and_confidence(city):
    """Provenance stands on each edge, and what was filled in says that it is an estimate."""
    for _, _, data in city.graph.edges(data=True):
        assert data["source"]
        assert data["confidence"] in ("S", "M", "E")
        if data["road_id"].startswith("infill_"):
            assert data["confidence"] == "E"
            assert data["source"].startswith("estimate")


def test_sourced_points_are_nodes(city):
    """No sourced junction, interchange or road point is more than 60 m from a node."""
    nodes = unary_union([city.node_at(node) for node in city.graph])
    rows = [row for row in city.table("junctions.csv") if row["confidence"] == "S"]
    assert len(rows) > 60
    far = {row["junction_id"]: nodes.distance(city.at(row)) for row in rows}
    assert {name: metres for name, metres in far.items() if metres > 60} == {}


def test_sourced_junctions_have_three_arms(city):
    """Where streets are known to meet, they meet on the map."""
    meets = [node for node, data in city.graph.nodes(data=True) if int(data["street_count"]) >= 3]
    nodes = unary_union([city.node_at(node) for node in meets])
    rows = [row for row in city.table("junctions.csv") if (row["confidence"], row["kind"]) == ("S", "junction")]
    assert [row["junction_id"] for row in rows if nodes.distance(city.at(row)) > 60] == []


def test_published_lengths(city):
    """Roads are as long as published between the stated end points, to 5 %."""
    rows = city.table("lengths.csv")
    assert "gaoxin" in [row["length_id"] for row in rows]
    for row in rows:
        roads = row["road_ids"].split()
        edges = [(u, v, k) for u, v, k, d in city.graph.edges(keys=True, data=True) if d["road_id"] in roads]
        part = city.graph.edge_subgraph(edges)
        ends = []
        for which in ("from", "to"):
            end = city.at({"lon": row[f"{which}_lon"], "lat": row[f"{which}_lat"]})
            ends.append(min(part, key=lambda node, end=end: city.node_at(node).distance(end)))
            assert city.node_at(ends[-1]).distance(end) < 60, row["length_id"]
        metres = nx.shortest_path_length(
            part, *ends, weight=lambda u, v, d: min(float(x["length"]) for x in d.values())
        )
        assert metres / 1000 == pytest.approx(float(row["length_km"]), rel=0.05), row["length_id"]


def test_lengths_are_those_of_the_courses(city):
    """The length of an edge is the length of its course."""
    for u, v, data in city.graph.edges(data=True):
        assert float(data["length"]) == pytest.approx(city.line(u, v, data).length, rel=0.002, abs=0.1)


def test_landmarks_are_near_a_street_for_buses(city):
    """Nine in ten landmarks of the districts lie within 300 m of a street that buses may use."""
    streets, zones = city.lines(bus="yes"), city.polygons("zone").values()
    inside = [p for p in map(city.at, city.table("landmarks.csv")) if any(zone.contains(p) for zone in zones)]
    assert len(inside) > 100
    assert sum(streets.distance(p) <= 300 for p in inside) >= 0.9 * len(inside)


def test_infill_keeps_out_of_campuses_fences_water_and_the_air_base(city):
    """No street that was filled in runs where none can be."""
    streets = [
        (data["road_id"], city.line(u, v, data))
        for u, v, data in city.graph.edges(data=True)
        if data["road_id"].startswith("infill_") and data["reversed"] == "False"
    ]
    assert len(streets) > 100
    for kind, metres in KEPT_FREE_M.items():
        closed = unary_union(list(city.polygons(kind).values())).buffer(metres)
        # an end may lie on a street that itself runs beside the area
        inside = [name for name, line in streets if line.intersection(closed).length > ROUNDING_M + 5]
        assert inside == [], kind


def test_infill_crosses_no_expressway(city):
    """Expressways and tunnels are reached by ramps alone."""
    fast = unary_union([city.lines(level="elevated"), city.lines(level="tunnel")])
    for u, v, data in city.graph.edges(data=True):
        if data["road_id"].startswith("infill_"):
            assert not city.line(u, v, data).crosses(fast), data["road_id"]


def test_buses_stay_off_expressways(city):
    """No elevated road, tunnel or street behind a customs fence is open to buses."""
    for _, _, data in city.graph.edges(data=True):
        if data["level"] != "ground" or data.get("access") == "private" or data["highway"] in ("motorway", "trunk"):
            assert data["bus"] == "no"


def test_signals_stand_where_a_primary_road_meets_another(city):
    """A signal has a primary road and a further arm of a primary or secondary road, on the ground."""
    signals = [node for node, data in city.graph.nodes(data=True) if data.get("highway") == "traffic_signals"]
    assert len(signals) > 20
    for node in signals:
        kinds = [data["highway"] for _, _, data in city.graph.out_edges(node, data=True)]
        assert "primary" in kinds
        assert sum(kind in ("primary", "secondary") for kind in kinds) >= 3


def test_the_readme_tells_the_share_that_is_estimated(city):
    """The sizes in the map's README are those of the map."""
    told = (city.folder / "README.md").read_text(encoding="utf-8")
    edges = [data for _, _, data in city.graph.edges(data=True) if data["reversed"] == "False"]
    for title, wanted in (("all roads", ("yes", "no")), ("streets for buses", ("yes",))):
        rows = [(d["confidence"], d["road_id"], float(d["length"]) / 1000) for d in edges if d["bus"] in wanted]
        total = sum(km for _, _, km in rows)
        parts = [sum(km for letter, _, km in rows if letter == which) for which in "SME"]
        parts.append(sum(km for _, road, km in rows if road.startswith("infill_")))
        shown = " | ".join(f"{km:.1f} ({km / total:.0%})".replace("%", " %") for km in parts)
        assert f"| {title}, {total:.1f} | {shown} |" in told
    stops = sum(row["kind"] == "stop" for row in city.places)
    assert f"{city.graph.number_of_nodes()} nodes" in told
    assert f"{len(city.places)} places, {stops} of them stops" in told

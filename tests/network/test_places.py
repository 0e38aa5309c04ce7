"""Places and districts beside a map; snapping; what is near."""

import json

import numpy as np
import pytest

from busim import network
from busim.errors import InputError
from busim.model.specs import MapSpec

HEAD = "place_id,name_zh,name_en,lon,lat,kind,zone,plugs,remark\n"


@pytest.fixture
def grid():
    """Three by three nodes, 400 m apart."""
    return network.compile(MapSpec("grid", None, 3, 400.0, 40.0))


def write_zone(folder):
    """Write one district around node a."""
    ring = [[106.299, 29.59], [106.302, 29.59], [106.302, 29.61], [106.299, 29.61], [106.299, 29.59]]
    properties = {"area_id": "W", "name_en": "West", "name_zh": "西", "kind": "zone"}
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    (folder / "areas.geojson").write_text(text, encoding="utf-8")


def test_places_are_read_and_snapped(town, tmp_path):
    """Texts, numbers, zone by polygon, and the nearer end of the nearest road."""
    write_zone(tmp_path)
    rows = "s1,北站,North stop,106.3005,29.6002,stop,,,by the gate\nc1,,Charger,106.3060,29.6,charger,,4,\n"
    (tmp_path / "places.csv").write_text(HEAD + rows, encoding="utf-8")
    net = network.load_graphml(town.both("a", "b").both("b", "c").write())
    places = net.places
    assert (places.ids, places.kinds, places.zones) == (("s1", "c1"), ("stop", "charger"), ("W", ""))
    assert (places.names, places.names_zh) == (("North stop", "Charger"), ("北站", ""))
    assert places.node.tolist() == [0, 1]
    assert list(places.attributes) == ["plugs"]
    np.testing.assert_array_equal(places.attributes["plugs"], [np.nan, 4.0])
    assert (net.areas[0].name, net.areas[0].name_zh, net.areas[0].ring_m.shape) == ("West", "西", (5, 2))


def test_a_stop_goes_to_the_road_it_lies_on(town, tmp_path):
    """The nearest road counts first, then its nearer end, though another node is nearer."""
    town.node("d", "106.3020", "29.6018").both("a", "b").both("b", "d").both("b", "c")
    (tmp_path / "places.csv").write_text(HEAD + "s1,,Stop,106.3019,29.6001,stop,,,\n", encoding="utf-8")
    net = network.load_graphml(town.write())
    assert net.node_id[net.places.node[0]] == "a"


def test_nearest_nodes(grid):
    """Points go to the nearer end of their street; equally far ends to the lower number."""
    nodes = network.nearest_nodes(grid, [190.0, 210.0, 200.0, 805.0], [5.0, 5.0, 0.0, 810.0])
    assert nodes.tolist() == [0, 1, 0, 8]
    assert network.nearest_nodes(grid, [], []).tolist() == []


def test_stops_within(grid):
    """Stops in reach, nearest first; none beyond it, and no depot."""
    found = network.stops_within(grid, [0.0, 5000.0, 400.0], [0.0, 0.0, 400.0], 400.0)
    assert found.point.tolist() == [0, 0, 0, 2, 2, 2, 2, 2]
    assert found.place.tolist() == [0, 1, 3, 4, 1, 3, 5, 7]
    assert found.distance_m.tolist() == [0.0, 400.0, 400.0, 0.0, 400.0, 400.0, 400.0, 400.0]


def test_service_area(grid):
    """A district is its polygon; all of them are the town with its margin of half a block."""
    assert network.service_area(grid).area == pytest.approx(1200.0**2)
    assert network.service_area(grid, ["south_west"]).area == pytest.approx(400.0**2)
    with pytest.raises(InputError, match="did you mean 'south_west'"):
        network.service_area(grid, ["south_wets"])


def test_service_area_without_polygons(town, tmp_path):
    """Where no district is drawn, the reach of the stops counts."""
    rows = "s1,,One,106.3000,29.6,stop,old_town,,\ns2,,Two,106.3082,29.6,stop,new_town,,\n"
    (tmp_path / "places.csv").write_text(HEAD + rows, encoding="utf-8")
    net = network.load_graphml(town.both("a", "b").both("b", "c").write())
    one = network.service_area(net, ["old_town"], reach_m=100.0)
    assert one.area == pytest.approx(np.pi * 100.0**2, rel=0.01)
    assert network.service_area(net, reach_m=100.0).area == pytest.approx(2 * one.area)


def test_zones_of_points(grid):
    """Points lie in the district around them, or in none."""
    assert network.zones_of(grid.areas, [0.0, 700.0, 9000.0], [0.0, 700.0, 0.0]) == ["south_west", "north_east", ""]


def test_without_stops(town):
    """A map without places can also stay bare."""
    assert len(network.load_graphml(town.both("a", "b").write(), stops_at_nodes=False).places) == 0


def test_info(town):
    """Two-way streets count once, one-way streets fully; estimates are told."""
    town.both("a", "b", confidence="E").both("b", "c", highway="footway").edge(
        "a", "b", length="600", highway="primary"
    )
    told = network.info(network.load_graphml(town.write()))
    assert told["km_by_class"] == {"primary": 0.6, "tertiary": 0.4, "other": 0.4}
    assert told["bus_km_by_class"] == {"primary": 0.6, "tertiary": 0.4}
    assert (told["street_km"], told["bus_km"], told["estimated_share"]) == (1.4, 1.0, 0.286)
    assert told["is_strongly_connected"]
    assert told["places_by_kind"] == {"charger": 1, "depot": 1, "stop": 2}


def test_streets_join_pieces_of_one_name(town):
    """The pieces of a street make one line, drawn once for both directions."""
    net = network.load_graphml(town.both("a", "b", name="Main Road").both("b", "c", name="Main Road").write())
    (street,) = network.streets(net)
    assert street.name == "Main Road"
    assert len(street.line_m) == 3

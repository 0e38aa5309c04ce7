"""The committed map is what the tables and the script give."""

import ast

import pytest

NUMBERS = ("x", "y", "lon", "lat")


def assert_same(row, other):
    """Compare attributes exactly, coordinates to 1e-6 degrees."""
    assert row.keys() == other.keys()
    for name, value in row.items():
        if name in NUMBERS:
            assert float(value) == pytest.approx(float(other[name]), abs=1e-6)
        elif name != "geometry":
            assert value == other[name], name


def corners(data):
    """Take the numbers out of the text of a geometry."""
    inner = data.get("geometry", "()").partition("(")[2].rstrip(")")
    return [float(number) for number in inner.replace(",", " ").split()]


def test_the_same_nodes(city, rebuilt):
    """Nodes have the same numbers, places and attributes."""
    assert list(rebuilt.graph) == list(city.graph)
    for node, data in city.graph.nodes(data=True):
        assert_same(data, rebuilt.graph.nodes[node])


def test_the_same_edges(city, rebuilt):
    """Edges join the same nodes with the same attributes and course."""
    old, new = city.graph.edges(keys=True), rebuilt.graph.edges(keys=True)
    assert list(old) == list(new)
    for edge in old:
        assert_same(city.graph.edges[edge], rebuilt.graph.edges[edge])
        expected = pytest.approx(corners(city.graph.edges[edge]), abs=1e-6)
        assert corners(rebuilt.graph.edges[edge]) == expected


def test_the_same_places(city, rebuilt):
    """Places are the same, row by row."""
    assert len(city.places) == len(rebuilt.places)
    for row, other in zip(city.places, rebuilt.places, strict=True):
        assert_same(row, other)


def test_the_same_areas(city, rebuilt):
    """Areas are the same, outline by outline."""
    assert city.areas == rebuilt.areas


def test_it_holds_no_date_and_no_path_of_a_machine(city):
    """Graph attributes are what OSMnx reads, and the same on every machine."""
    attributes = {name: value for name, value in city.graph.graph.items() if "default" not in name}
    assert attributes == {
        "crs": "epsg:4326",
        "name": "Western (Chongqing) Science City",
        "created_with": "busim maps/science_city/build.py",
        "simplified": "True",
    }


def test_every_value_is_text_as_osmnx_saves_it(city):
    """OSMnx turns text into numbers itself, and fails on values that are numbers already."""
    rows = [data for _, data in city.graph.nodes(data=True)]
    rows += [data for _, _, data in city.graph.edges(data=True)]
    assert all(isinstance(value, str) for row in rows for value in row.values())
    for _, _, data in city.graph.edges(data=True):
        assert isinstance(ast.literal_eval(data["oneway"]), bool)
        assert float(data["length"]) > 0
        assert int(data["osmid"]) < 0
        assert 20 <= int(data["maxspeed"]) <= 100
        assert int(data["lanes"]) % 2 == 0

"""GraphML as OSMnx saves it, and as others do."""

import numpy as np
import pytest

from busim import network
from busim.model.network import ROAD_CLASSES


def edge(net, start, end):
    """Find the only edge between two node ids."""
    ids = net.node_id
    (found,) = [k for k in range(net.num_edges) if (ids[net.edge_from[k]], ids[net.edge_to[k]]) == (start, end)]
    return found


def test_osmnx_attributes(town):
    """Lists, units, names in two languages and attributes that nobody knows are read."""
    town.edge("a", "b", highway="['secondary', 'tertiary']", maxspeed="['50', '30']", lanes="['2', '3']",
              name="['North Road', 'Old Road']", osmid="[1, 2]", length="401.6", colour="blue")  # fmt: skip
    town.edge("b", "a", highway="living_street", name="大学城北路", name_en="Daxuecheng North Road")
    town.both("b", "c", highway="trunk_link", maxspeed="30 mph", source="survey", confidence="E")
    net = network.load_graphml(town.write())
    first, back, other = edge(net, "a", "b"), edge(net, "b", "a"), edge(net, "b", "c")
    assert net.edge_length_m[first] == 402
    assert [ROAD_CLASSES[net.edge_class[k]] for k in (first, back, other)] == ["secondary", "residential", "trunk"]
    assert net.edge_speed_kmh[[first, back, other]] == pytest.approx([40.0, 20.0, 48.28], abs=0.01)
    assert net.edge_name[first] == "North Road / Old Road"
    assert (net.edge_name[back], net.edge_name_zh[back]) == ("Daxuecheng North Road", "大学城北路")
    assert (net.edge_source[other], net.edge_confidence[other]) == ("survey", "E")


@pytest.mark.parametrize(
    ("maxspeed", "kmh"),
    [("50", 50), ("50 km/h", 50), ("walk", 6), ("CN:urban", 50), ("DE:zone:30", 30), ("DE:zone30", 30), ("none", 40),
     ("signals", 40), ("", 40), ("40;60", 50), ("20 mph", 32.19), ("RU:motorway", 120)],
)  # fmt: skip
def test_speed_limits(town, maxspeed, kmh):
    """Speed limits as OpenStreetMap writes them; where they say nothing, the class tells."""
    net = network.load_graphml(town.both("a", "b", maxspeed=maxspeed).write())
    assert net.edge_speed_kmh == pytest.approx([kmh, kmh], abs=0.01)


def test_undirected_graph_is_both_directions(town):
    """An undirected edge counts both ways, its drawn line turned round."""
    line = "LINESTRING (106.3 29.6, 106.302 29.601, 106.3041 29.6)"
    net = network.load_graphml(town.edge("a", "b", geometry=line).edge("b", "c").write("undirected"))
    assert net.num_edges == 4
    there, back = edge(net, "a", "b"), edge(net, "b", "a")
    assert net.edge_shape_m[back] == pytest.approx(net.edge_shape_m[there][::-1])
    assert net.edge_shape_m[there][0] == pytest.approx([net.x_m[0], net.y_m[0]], abs=0.01)


def test_one_way_edge_of_an_undirected_graph(town):
    """A one-way edge that knows from where to where it leads, as OSMnx notes, is driven that way alone."""
    ring = town.edge("a", "b").edge("b", "c").edge("a", "c", **{"oneway": "True", "from": "c", "to": "a"})
    net = network.load_graphml(ring.write("undirected"))
    assert net.num_edges == 5
    assert edge(net, "c", "a") is not None
    assert not ((net.edge_from == 0) & (net.edge_to == 2)).any()


def test_parallel_edges_are_kept(town):
    """Two roads between the same nodes stay two edges."""
    net = network.load_graphml(town.both("a", "b").edge("a", "b", length="900.0", maxspeed="100").write())
    twins = (net.edge_from == 0) & (net.edge_to == 1)
    assert sorted(net.edge_length_m[twins].tolist()) == [400, 900]
    assert net.edge_bus.all()


@pytest.mark.parametrize(
    ("data", "is_bus"),
    [({"highway": "footway"}, False), ({"highway": "['path', 'tertiary']"}, False), ({"highway": "motorway"}, True),
     ({"highway": "footway", "bus": "yes"}, True), ({"bus": "no"}, False), ({"highway": "no_such_class"}, True)],
)  # fmt: skip
def test_who_may_use_a_road(town, data, is_bus):
    """Buses use all but footways and the like, unless the file says it."""
    net = network.load_graphml(town.both("a", "b").both("b", "c", **data).write())
    assert net.edge_bus[edge(net, "b", "c")] == is_bus


def test_only_the_largest_connected_part_is_used(town):
    """A one-way road to nowhere stays for drawing; no bus goes there."""
    net = network.load_graphml(town.both("a", "b").edge("b", "c").write())
    assert not net.edge_bus[edge(net, "b", "c")]
    assert net.places.ids == ("stop_a", "stop_b", "depot", "charger")
    assert network.nearest_nodes(net, net.x_m[2], net.y_m[2]).tolist() == [1]


def test_short_edges_are_a_metre_long(town):
    """Lengths are whole metres, and never 0."""
    net = network.load_graphml(town.node("d", "106.300001", "29.6").both("a", "b").both("a", "d", length="0.1").write())
    assert sorted(net.edge_length_m.tolist()) == [1, 1, 400, 400]


def test_signals_and_a_projected_graph(town):
    """Signals are read; of a projected graph the kept degrees count, not its metres."""
    town.nodes.clear()
    town.node("a", "432000.0", "3274000.0", lon="106.3000", lat="29.6", highway="traffic_signals")
    town.node("b", "432400.0", "3274000.0", lon="106.3041", lat="29.6")
    shape = "LINESTRING (432000 3274000, 432400 3274000)"
    net = network.load_graphml(town.both("a", "b", geometry=shape).write())
    assert net.is_signal.tolist() == [True, False]
    assert np.hypot(*(net.edge_shape_m[0][1] - net.edge_shape_m[0][0])) == pytest.approx(396.4, abs=0.5)


def test_file_that_changed_is_read_again(town):
    """The cache looks at the bytes."""
    from busim.model.specs import MapSpec

    spec = MapSpec("graphml", town.both("a", "b").write(), 0, 0.0, 0.0)
    first = network.compile(spec)
    assert network.compile(spec) is first
    town.both("b", "c").write()
    assert network.compile(spec).num_edges == 4

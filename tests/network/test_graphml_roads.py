"""The straight way from GraphML to roads gives what networkx gives, or leaves the file to it."""

from xml.etree import ElementTree

import networkx as nx
import numpy as np
import pytest

from busim.network.graphml_roads import networkx_roads, plain_roads, roads_of
from busim.scenario.data import find

HEAD = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="d0" for="edge" attr.name="length" {}/>'
PLAIN = HEAD.format('attr.type="string"') + "<graph edgedefault='directed'>{}</graph></graphml>"
TWO = "<node id='a'/><node id='b'/>"


def random_graph(seed):
    """Make a graph with parallel edges, loops, empty and odd values, in no particular order."""
    rng = np.random.default_rng(seed)
    graph = nx.MultiDiGraph(name="Überall", crs="epsg:4326")
    for node in rng.permutation(9):
        graph.add_node(f"n{node}", x=str(node), **({"highway": "traffic_signals"} if node % 3 else {}))
    for start, end in rng.integers(0, 9, (40, 2)):
        extra = {"name": "大学城路 <1> & 2"} if start > end else {"grade": 0.5}
        graph.add_edge(f"n{start}", f"n{end}", length=str(rng.integers(1, 900)), **extra)
    return graph


def without_id(roads):
    """Give edges without the number that networkx notes as an attribute."""
    return [(start, end, {k: v for k, v in data.items() if k != "id"}) for start, end, data in roads.edges]


def same(root):
    """Compare both ways, with the order of everything."""
    plain, other = plain_roads(root), networkx_roads(root)
    assert plain is not None
    assert list(plain.nodes.items()) == list(other.nodes.items())
    assert plain.edges == without_id(other)
    assert plain.about.items() <= other.about.items()
    return plain


@pytest.mark.parametrize("seed", range(20))
def test_what_networkx_writes_is_read_the_same(seed, tmp_path):
    """Nodes, parallel edges and attributes come in the order of networkx."""
    path = tmp_path / "graph.graphml"
    nx.write_graphml(random_graph(seed), path)
    assert len(same(ElementTree.parse(path).getroot()).edges) == 40


def test_the_science_city_is_plain():
    """The map that comes with busim is read without networkx, to the same roads."""
    found = same(ElementTree.parse(find("maps/science_city/science_city.graphml", ())).getroot())
    assert found.about["name"] == "Western (Chongqing) Science City"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.format(TWO).replace("directed", "undirected"),
        PLAIN.format(TWO + "<node id='a'/>"),
        PLAIN.format("<edge source='a' target='b'/>" + TWO),
        PLAIN.format(TWO + "<edge source='a' target='b' directed='true'/>"),
        PLAIN.format("<node id='a'><port name='north'/></node><node id='b'/>"),
        PLAIN.format("<node id='a'><graph edgedefault='directed'/></node>"),
        PLAIN.format(TWO + "<edge source='a' target='b'><data key='d9'>1</data></edge>"),
        PLAIN.format(TWO + "<hyperedge/>"),
        PLAIN.format(TWO).replace(' xmlns="http://graphml.graphdrawing.org/xmlns"', ""),
        PLAIN.format(TWO).replace("</graphml>", "<graph edgedefault='directed'/></graphml>"),
        HEAD.format("><default>5</default></key").replace("/>", ">") + "<graph edgedefault='directed'/></graphml>",
    ],
)
def test_anything_else_is_left_to_networkx(text):
    """Whatever networkx treats in a way of its own is not read as plain."""
    assert plain_roads(ElementTree.fromstring(text)) is None


def test_an_attribute_without_text_is_empty():
    """As networkx has it."""
    body = TWO + "<edge source='a' target='b'><data key='d0'/></edge>"
    assert same(ElementTree.fromstring(PLAIN.format(body))).edges == [("a", "b", {"length": ""})]


def test_improper_graphml_is_told():
    """What networkx finds wrong is the message."""
    body = TWO + "<edge source='a' target='b'><data key='d9'>1</data></edge>"
    with pytest.raises(ValueError, match="no key d9"):
        roads_of(ElementTree.fromstring(PLAIN.format(body)))

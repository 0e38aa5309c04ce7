"""The roads of a GraphML file as texts, in the order of a networkx graph.

NOTE: loading networkx takes longer than reading the science city. What OSMnx and networkx themselves write, a directed
graph whose nodes and edges hold nothing but ``data``, is therefore taken straight from the XML tree; all other GraphML
(undirected graphs, defaults, ports, nested graphs, other name spaces) is read by networkx. Both ways give the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree import ElementTree

if TYPE_CHECKING:
    import networkx as nx

Attributes = dict[str, Any]
_SPACE = "{http://graphml.graphdrawing.org/xmlns}"
_DATA, _NODE, _EDGE = _SPACE + "data", _SPACE + "node", _SPACE + "edge"


class Roads(NamedTuple):
    """Nodes with their attributes, edges (start, end, attributes), and the attributes of the whole."""

    nodes: dict[str, Attributes]
    edges: list[tuple[str, str, Attributes]]
    about: Attributes


def roads_of(root: ElementTree.Element) -> Roads:
    """Take the roads out of a file's tree; of an undirected graph both directions, unless an edge is one-way.

    Raises
    ------
    ValueError
        If it is no proper GraphML.
    """
    return plain_roads(root) or networkx_roads(root)


def plain_roads(root: ElementTree.Element) -> Roads | None:
    """Take the roads out of a plain file's tree; None if it is not plain."""
    names = {key.get("id"): key.get("attr.name") for key in root.findall(f"{_SPACE}key")}
    graphs = root.findall(f"{_SPACE}graph")
    if len(graphs) != 1 or graphs[0].get("edgedefault") != "directed" or root.find(f"{_SPACE}key/*") is not None:
        return None
    nodes: dict[str, Attributes] = {}
    leading: dict[str, dict[str, list[Attributes]]] = {}  # by start and end, as networkx keeps and lists edges
    about: Attributes = {}
    for each in graphs[0]:
        values = _values([each] if each.tag == _DATA else each, names)
        name, start, end = each.get("id"), each.get("source"), each.get("target")
        if values is None:
            return None
        if each.tag == _DATA:
            about |= values
        elif each.tag == _NODE and name is not None and name not in nodes:
            nodes[name], leading[name] = values, {}
        elif each.tag == _EDGE and start in nodes and end in nodes and each.get("directed") is None:
            leading[start].setdefault(end, []).append(values)
        else:
            return None
    edges = [(start, end, data) for start, ends in leading.items() for end, all_ in ends.items() for data in all_]
    return Roads(nodes, edges, about)


def _values(elements: Any, names: dict[str | None, str | None]) -> Attributes | None:
    """Read ``data`` elements; None if there are others, or one is not declared."""
    values: Attributes = {}
    for each in elements:
        name = names.get(each.get("key"))
        if each.tag != _DATA or name is None or len(each):
            return None
        values[name] = each.text or ""
    return values


def networkx_roads(root: ElementTree.Element) -> Roads:
    """Let networkx read a tree that is parsed already, for parsing takes longest.

    Raises
    ------
    ValueError
        If it is no proper GraphML.
    """
    import networkx as nx  # noqa: PLC0415  (slow to import)

    try:
        graph = _graph(root)
    except (nx.NetworkXError, KeyError, ValueError) as error:
        raise ValueError(str(error)) from None
    directed: nx.MultiDiGraph[str] = nx.MultiDiGraph(graph)  # an undirected road becomes both directions ...
    if not graph.is_directed():  # ... unless it is one-way: OSMnx notes from where to where
        backward = [
            (start, end, key)
            for start, end, key, data in directed.edges(keys=True, data=True)
            if str(data.get("oneway")).lower() in ("true", "yes", "1") and str(data.get("from", start)) != start
        ]
        directed.remove_edges_from(backward)
    return Roads({node: directed.nodes[node] for node in directed}, list(directed.edges(data=True)), directed.graph)


def _graph(root: ElementTree.Element) -> nx.MultiGraph[str]:
    import networkx as nx  # noqa: PLC0415
    from networkx.readwrite.graphml import GraphMLReader  # noqa: PLC0415

    for key in root.findall("{*}key"):
        key.set("attr.type", "string")  # values are checked later, where a bad one can be named
    reader = GraphMLReader(node_type=str, force_multigraph=True)
    graph = root.find(f"{{{reader.NS_GRAPHML}}}graph")
    if graph is None:  # a file without name space, which networkx repairs in the text
        text = ElementTree.tostring(root, "unicode")
        return nx.MultiGraph(nx.parse_graphml(text, node_type=str, force_multigraph=True))
    keys, defaults = reader.find_graphml_keys(root)  # type: ignore[no-untyped-call]
    made: nx.MultiGraph[str] = reader.make_graph(graph, keys, defaults)  # type: ignore[no-untyped-call]
    return made

"""Maps go to OSMnx and come from it."""

from pathlib import Path

import numpy as np
import pytest

from busim import load, network, run

osmnx = pytest.importorskip("osmnx", reason="OSMnx is not installed (pip install 'busim[osm]')")
SCIENCE_CITY = Path(__file__).parents[2] / "maps" / "science_city" / "science_city.graphml"

pytestmark = pytest.mark.filterwarnings("default")  # what other packages warn of is not ours to fail on


@pytest.fixture
def town():
    """Make a square of streets as OSMnx gives them: some one-way, lists for merged values, one of them drawn."""
    import networkx as nx
    import shapely

    made = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for node, (lon, lat) in {1: (106.30, 29.60), 2: (106.31, 29.60), 3: (106.31, 29.61), 4: (106.30, 29.61)}.items():
        made.add_node(node, x=lon, y=lat, street_count=2)
    bend = shapely.LineString([(106.31, 29.60), (106.312, 29.605), (106.31, 29.61)])
    for way in ((1, 2), (2, 1)):
        made.add_edge(*way, osmid=12, highway="primary", maxspeed=["50", "60"], name=["A", "B"], oneway=False)
    made.add_edge(2, 3, osmid=[23, 24], highway=["residential", "tertiary"], oneway=True, geometry=bend)
    for way in ((3, 4), (4, 3)):
        made.add_edge(*way, osmid=34, highway="secondary", oneway=False, lanes=["2", "3"])
    made.add_edge(4, 1, osmid=41, highway="residential", maxspeed="30 mph", oneway=True)
    nx.set_edge_attributes(made, False, "reversed")
    return osmnx.distance.add_edge_lengths(made)


def lines(roads):
    """List the edges as pairs of node names."""
    return sorted((roads.node_id[a], roads.node_id[b]) for a, b in zip(roads.edge_from, roads.edge_to, strict=True))


def test_osmnx_opens_the_science_city():
    """OSMnx loads the shipped map: same nodes, edges and lengths, with geometry, and finds its own fastest way."""
    graph = osmnx.load_graphml(SCIENCE_CITY)
    ours = network.load_graphml(SCIENCE_CITY)
    assert graph.number_of_nodes() == ours.num_nodes
    assert graph.number_of_edges() == len(ours.edge_from)
    nodes, edges = osmnx.graph_to_gdfs(graph)
    assert edges.geometry.notna().all()
    assert edges["length"].sum() == pytest.approx(ours.edge_length_m.sum(), rel=1e-3)
    timed = osmnx.add_edge_travel_times(osmnx.add_edge_speeds(graph))
    assert len(osmnx.shortest_path(timed, nodes.index[0], nodes.index[50], weight="travel_time")) > 2


def test_busim_opens_what_osmnx_saves(town, tmp_path):
    """Nodes, directions and lengths of a saved graph are read as they are, and a day runs on it."""
    path = tmp_path / "town.graphml"
    osmnx.save_graphml(town, path)
    roads = network.load_graphml(path)
    assert lines(roads) == sorted((str(a), str(b)) for a, b in town.edges())
    given = sorted(data["length"] for _, _, data in town.edges(data=True))
    np.testing.assert_allclose(np.sort(roads.edge_length_m), given, atol=0.5)
    (tmp_path / "day.toml").write_text(
        'extends = "quick.toml"\n[map]\nkind = "graphml"\npath = "town.graphml"\n[fleet]\nsize = 2\n', encoding="utf-8"
    )
    assert run(load(tmp_path / "day.toml")).kpis["served"] > 0


def test_one_way_streets_stay_so_in_undirected_graphs(town, tmp_path):
    """``osmnx.convert.to_undirected`` keeps from where to where a one-way street leads: so do we."""
    path = tmp_path / "town.graphml"
    osmnx.save_graphml(osmnx.convert.to_undirected(town), path)
    assert lines(network.load_graphml(path)) == sorted((str(a), str(b)) for a, b in town.edges())

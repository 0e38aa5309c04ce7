"""Travel-time matrices and paths against networkx, on random graphs with one-way streets and parallel edges."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
import worlds

from busim.core import travel
from busim.model.specs import TravelSpec


def random_network(rng, nodes=12, edges=40):
    """Draw a graph: one-way streets, parallel edges, loops, edges that buses may not use."""
    base = worlds.town("line", nodes)
    return replace(
        base,
        edge_from=rng.integers(0, nodes, edges),
        edge_to=rng.integers(0, nodes, edges),
        edge_length_m=rng.integers(1, 2000, edges),
        edge_class=rng.integers(0, 8, edges),
        edge_speed_kmh=rng.choice([20.0, 30.0, 50.0, 80.0], edges),
        edge_bus=rng.random(edges) < 0.9,
    )


def as_networkx(network, seconds):
    """Give the same graph to networkx, of parallel edges all."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.num_nodes))
    for edge in np.flatnonzero(network.edge_bus).tolist():
        weight = int(seconds[edge]) * 10**7 + int(network.edge_length_m[edge])
        graph.add_edge(int(network.edge_from[edge]), int(network.edge_to[edge]), weight=weight)
    return graph


@pytest.mark.parametrize("seed", range(12))
def test_matrices_equal_networkx(seed):
    """Times are the shortest, lengths those of the shortest among the fastest paths; what is not reached is told."""
    rng = np.random.default_rng([11, seed])
    network = random_network(rng)
    seconds = rng.integers(1, 30, network.num_edges)
    got = travel.build_static(network, seconds)
    weights = dict(nx.all_pairs_dijkstra_path_length(as_networkx(network, seconds)))
    for i in range(network.num_nodes):
        for j in range(network.num_nodes):
            if j not in weights[i]:
                assert got.times[0, i, j] == got.lengths[0, i, j] == travel.UNREACHABLE
                continue
            time, length = divmod(weights[i][j], 10**7)
            assert (got.times[0, i, j], got.lengths[0, i, j]) == (time, length)


@pytest.mark.parametrize("seed", range(6))
def test_paths_are_made_of_edges_that_add_up(seed):
    """Every path joins up from start to end, uses bus edges alone, and its sums are the matrices' entries."""
    rng = np.random.default_rng([12, seed])
    network = random_network(rng, edges=60)
    seconds = rng.integers(1, 30, network.num_edges)
    got = travel.build_static(network, seconds)
    for i in range(network.num_nodes):
        for j in np.flatnonzero(got.times[0, i] < travel.UNREACHABLE).tolist():
            path = got.path(i, j, 0.0)
            nodes = [i, *network.edge_to[path].tolist()]
            assert nodes[-1] == j
            assert network.edge_from[path].tolist() == nodes[:-1] == got.nodes(i, j, 0.0).tolist()[:-1]
            assert network.edge_bus[path].all()
            assert seconds[path].sum() == got.times[0, i, j]
            assert network.edge_length_m[path].sum() == got.lengths[0, i, j]


def test_of_parallel_edges_the_fastest_counts():
    """Two roads between the same nodes are not summed: the faster one is taken, and its length."""
    network = worlds.town("line", 2)
    network = replace(
        network,
        edge_from=np.array([0, 0, 1]),
        edge_to=np.array([1, 1, 0]),
        edge_length_m=np.array([900, 400, 400]),
        edge_bus=np.ones(3, bool),
    )
    got = travel.build_static(network, np.array([30, 45, 45]))
    assert got.times[0].tolist() == [[0, 30], [45, 0]]
    assert got.lengths[0].tolist() == [[0, 900], [400, 0]]
    assert got.path(0, 1, 0.0) == [0]


def test_edge_times_follow_limit_factor_and_top_speed():
    """500 m at 36 km/h take 50 s; half the speed 100 s; a top speed of 18 km/h too; an edge takes a second at least."""
    network = worlds.town("line", 2)
    spec = TravelSpec((0, 3600), {"default": (1.0, 0.5)}, 1.0, 0.0, 300)
    assert travel.edge_seconds(network, spec, 100.0, 0).tolist() == [50, 50]
    assert travel.edge_seconds(network, spec, 100.0, 1).tolist() == [100, 100]
    assert travel.edge_seconds(network, spec, 18.0, 0).tolist() == [100, 100]
    assert travel.edge_seconds(network, replace(spec, bus_factor=0.8), 100.0, 0).tolist() == [62, 62]
    short = replace(network, edge_length_m=np.array([1, 1]))
    assert travel.edge_seconds(short, spec, 100.0, 0).tolist() == [1, 1]


def test_only_periods_of_the_service_hours_are_compiled():
    """Periods before and after the day are left out, and each moment finds its own."""
    network = worlds.town("line", 3)
    spec = TravelSpec((0, 3600, 7200, 36000), {"default": (1.0, 0.5, 0.25, 0.1)}, 1.0, 0.0, 300)
    got = travel.build(network, spec, 36.0, (3600, 9000))
    assert got.times[:, 0, 1].tolist() == [100, 200]
    assert [got.period(t) for t in (0, 3600, 7199, 7200, 99999)] == [0, 0, 0, 1, 1]
    assert got.direct_s(np.array([0, 0]), np.array([2, 2]), np.array([7199, 7200])).tolist() == [200, 400]

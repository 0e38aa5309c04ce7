"""Synthetic towns have the shape that one works out by hand."""

import numpy as np
import pytest

from busim import network
from busim.model.specs import MapSpec


def town(kind, size, spacing_m=400.0, speed_kmh=36.0):
    """Compile a town."""
    return network.compile(MapSpec(kind, None, size, spacing_m, speed_kmh))


def test_line():
    """Four nodes in a row have three streets in both directions."""
    line = town("line", 4)
    assert line.x_m.tolist() == [0.0, 400.0, 800.0, 1200.0]
    assert line.y_m.tolist() == [0.0] * 4
    assert sorted(zip(line.edge_from.tolist(), line.edge_to.tolist(), strict=True)) == [
        (0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)
    ]  # fmt: skip
    assert line.edge_length_m.tolist() == [400] * 6
    assert line.edge_speed_kmh.tolist() == [36.0] * 6
    assert line.edge_bus.all()


def test_ring_goes_round():
    """The ring's last node leads to the first, and the arc has the spacing's length."""
    ring = town("ring", 8)
    assert ring.num_edges == 16
    assert (7, 0) in set(zip(ring.edge_from.tolist(), ring.edge_to.tolist(), strict=True))
    assert np.hypot(ring.x_m, ring.y_m) == pytest.approx(8 * 400 / (2 * np.pi))
    drawn = [np.hypot(*np.diff(shape, axis=0).T).sum() for shape in ring.edge_shape_m]
    assert drawn == pytest.approx([400.0] * 16, rel=0.005)
    for k, shape in enumerate(ring.edge_shape_m):
        start, end = ring.edge_from[k], ring.edge_to[k]
        assert shape[[0, -1]] == pytest.approx(np.array([[ring.x_m[i], ring.y_m[i]] for i in (start, end)]))


def test_grid():
    """A grid of 3 x 3 has 12 streets; node 4 is the middle with four neighbours."""
    grid = town("grid", 3, 250.0)
    assert (grid.num_nodes, grid.num_edges) == (9, 24)
    assert sorted(grid.edge_to[grid.edge_from == 4].tolist()) == [1, 3, 5, 7]
    assert (grid.x_m[5], grid.y_m[5]) == (500.0, 250.0)


def test_places_of_a_town():
    """Every node has a stop, the depot is at node 0, the charger with 2 plugs in the middle."""
    line = town("line", 4)
    assert line.places.ids == ("stop_0", "stop_1", "stop_2", "stop_3", "depot", "charger")
    assert line.places.node.tolist() == [0, 1, 2, 3, 0, 2]
    assert line.places.zones == ("west", "west", "east", "east", "west", "east")
    assert line.places.attributes["plugs"][line.places.index["charger"]] == 2
    assert np.isnan(line.places.attributes["plugs"][0])


@pytest.mark.parametrize("kind", ["line", "ring", "grid"])
@pytest.mark.parametrize("size", [3, 6, 7])
def test_every_stop_lies_in_a_zone(kind, size):
    """Zones cover the whole town."""
    assert all(town(kind, size).places.zones)


def test_compile_gives_the_same_object_again():
    """A map is made once."""
    assert town("grid", 4) is town("grid", 4)


def test_fingerprint_tells_maps_apart():
    """Speed, length and size are part of the fingerprint; nothing else is."""
    first = town("grid", 4).fingerprint
    assert len({first, town("grid", 4, 401.0).fingerprint, town("grid", 4, speed_kmh=37.0).fingerprint}) == 3
    for number in range(12):  # push the first one out of the cache
        town("line", 3 + number)
    assert town("grid", 4).fingerprint == first

"""The neutral workload: limits as the file has them, results counted from the log alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from busim.errors import InputError
from busim.model.events import EventLog, Kind
from busim.study import workload_make
from busim.study.bench import bench, results
from busim.study.workload import read_workload

FILES = {
    "node.csv": "node_id,x,y\n10,0,0\n20,300,0\n30,600,0\n",
    "edge.csv": "edge_id,from,to,length,speed,travel_time,road\n"
    "0,10,20,300,10,30.4,local\n1,20,10,300,10,30.4,local\n2,20,30,300,10,29.6,local\n3,30,20,300,10,29.6,local\n",
    "fleet.csv": "vehicle_id,node,capacity\n0,10,8\n",
    "request.csv": "request_id,time,origin,destination,earliest_pickup,latest_pickup,direct_time,direct_dist,max_ride,"
    "latest_dropoff,pax\n0,100,20,30,100,700.9,29.6,300,344.4,1045.3,1\n1,100.0,10,30,100,700,60.0,600,390,1090,2\n",
}


@pytest.fixture
def folder(tmp_path):
    """Give a town of three nodes in a row, one bus, two riders."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_limits_are_rounded_down_and_edges_to_whole_seconds(folder):
    """The riders carry the file's own limits; an edge of 29.6 s takes 30 s."""
    workload = read_workload(folder, "insertion")
    assert workload.riders.latest_s.tolist() == [700, 700]
    assert workload.riders.longest_s.tolist() == [344, 390]
    assert workload.riders.persons.tolist() == [1, 2]
    assert workload.travel.times[0].tolist() == [[0, 30, 60], [30, 0, 30], [60, 30, 0]]
    assert workload.spec.fleet.buses[0].depot == "node_10"


def test_a_day_by_hand(folder):
    """The bus takes both riders along: one boards at once, the other on the way; both ride directly."""
    found = bench(folder)
    assert found["served"] == 2
    assert found["mean_wait_s"] == 15.0  # 0 s and 30 s
    assert found["mean_ride_over_direct"] == pytest.approx((60 / 60 + 30 / 29.6) / 2)
    assert found["vehicle_km"] == 0.6
    assert found["over_limit"] == 0


def test_riders_over_a_limit_are_counted(folder):
    """The count sees a pick-up that is too late, a ride that is too long, and a rider who never gets off."""
    workload = read_workload(folder, "insertion")

    def count(*rows):
        return results(workload, EventLog.from_rows([(*row, -1, -1, -1, -1, -1, 0.0) for row in rows]))["over_limit"]

    assert count((700, Kind.BOARD, 0, 0), (1044, Kind.ALIGHT, 0, 0)) == 0
    assert count((701, Kind.BOARD, 0, 0), (740, Kind.ALIGHT, 0, 0)) == 1
    assert count((700, Kind.BOARD, 0, 0), (1045, Kind.ALIGHT, 0, 0)) == 1
    assert count((99, Kind.BOARD, 0, 0), (140, Kind.ALIGHT, 0, 0)) == 1
    assert count((200, Kind.BOARD, 0, 0), (200, Kind.BOARD, 0, 1)) == 2


def test_the_first_riders_alone(folder):
    """A workload can be cut to its first riders, for warming up."""
    assert len(read_workload(folder, "insertion").first(1)) == 1


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("node.csv", None, "node.csv: cannot be read"),
        ("edge.csv", ("length", "metres"), "lacks the columns length"),
        ("edge.csv", ("30.4", "nan"), r"edge.csv line 2: travel_time must be a number, got 'nan'"),
        ("edge.csv", ("30.4", "-3"), "travel_time must be at least 0"),
        ("edge.csv", ("3,30,20", "3,30,99"), "line 5: to: node.csv has no node 99"),
        ("edge.csv", ("2,20,30", "2,10,20"), "some destinations cannot be reached"),
        ("fleet.csv", ("0,10,8", "0,10,8.5"), "capacity must be a whole number"),
        ("request.csv", ("100.0,10", "-5,10"), "time must be at least 0"),
        ("request.csv", (FILES["request.csv"].split("\n", 1)[1], ""), "has no rows"),
    ],
)
def test_broken_workloads_are_told(folder, name, change, told):
    """Each break is told with file and line."""
    if change is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text((folder / name).read_text().replace(*change))
    with pytest.raises(InputError, match=told):
        read_workload(folder, "insertion")


def test_made_towns_are_connected_and_have_one_way_streets():
    """One can drive from everywhere to everywhere, though some streets are one-way."""
    town = workload_make.make_town(workload_make.SIZES["T"], np.random.default_rng(3))
    graph = csr_array((np.ones(len(town.start)), (town.start, town.end)), shape=(100, 100))
    assert connected_components(graph, connection="strong")[0] == 1
    both = set(zip(town.start.tolist(), town.end.tolist(), strict=True))
    assert any((end, start) not in both for start, end in both)
    assert (town.seconds > 0).all()


def test_made_requests_have_the_limits_of_the_format(tmp_path):
    """Direct times are shortest paths; windows and longest rides follow the rule."""
    workload_make.write("T", 4, tmp_path / "t")
    workload = read_workload(tmp_path / "t", "insertion")
    assert len(workload.requests) == 60
    assert np.allclose(workload.longest_s, 1.5 * workload.direct_s + 300, atol=0.01)
    assert np.array_equal(workload.latest_s, workload.earliest_s + 600)
    assert np.all(np.abs(workload.riders.direct_s - workload.direct_s) <= 0.5 * 40)
    assert np.all(workload.requests.time_s < 2 * 3600)


def test_a_taken_folder_is_not_overwritten(tmp_path):
    """A workload is not written over something else."""
    (tmp_path / "x").write_text("")
    with pytest.raises(InputError, match="exists already"):
        workload_make.write("T", 1, tmp_path)


def test_sizes_are_those_of_the_format():
    """T, S, M and L have the nodes, buses and requests that peers were measured with."""
    sizes = {name: (size.rows * size.cols, size.buses, size.requests) for name, size in workload_make.SIZES.items()}
    assert sizes["S"] == (400, 20, 1000)
    assert sizes["M"] == (1024, 100, 10_000)
    assert sizes["L"] == (4032, 500, 50_000)
    assert replace(workload_make.SIZES["T"], buses=1).buses == 1

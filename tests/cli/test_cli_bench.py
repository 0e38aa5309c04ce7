"""``busim bench`` and ``busim profile``."""

import json

KEYS = {"cpu_s", "served", "mean_wait_s", "mean_ride_over_direct", "vehicle_km", "over_limit"}


def test_bench_makes_and_runs_a_workload(busim, in_folder):
    """A workload that busim makes runs within its limits; two folders give two rows."""
    for name, seed in (("one", 1), ("two", 2)):
        assert busim("bench", "--make", "T", name, "--seed", seed).exit_code == 0
    found = busim.json("bench", "one")
    assert set(found) > KEYS
    assert found["over_limit"] == 0
    assert 0 < found["served"] <= found["requests"] == 60
    assert len(busim.json("bench", "one", "two")) == 2
    assert "cpu_s" in busim("bench", "one").stdout


def test_the_same_seed_makes_the_same_workload(busim, in_folder):
    """Same size and seed, same bytes; another seed, other riders."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        busim("bench", "--make", "T", name, "--seed", seed)
    files = {name: [path.read_bytes() for path in sorted((in_folder / name).iterdir())] for name in "abc"}
    assert files["a"] == files["b"] != files["c"]
    assert json.loads((in_folder / "a" / "meta.json").read_text())["name"] == "T"


def test_nearest_serves_fewer(busim, in_folder):
    """The baseline without pooling serves no more riders than insertion."""
    busim("bench", "--make", "T", "town")
    served = {name: busim.json("bench", "town", "--strategy", name)["served"] for name in ("insertion", "nearest")}
    assert served["nearest"] <= served["insertion"]


def test_bench_tells_every_broken_row(busim, in_folder):
    """Broken rows are told together, with file and line."""
    busim("bench", "--make", "T", "town")
    requests = in_folder / "town" / "request.csv"
    lines = requests.read_text().splitlines()
    lines[1] = lines[1].replace(",", ",x", 1)
    lines[2] = lines[2].rsplit(",", 1)[0] + ",0.5"
    requests.write_text("\n".join(lines))
    message = busim.fails("bench", "town")
    assert "request.csv line 2: time must be a number" in message
    assert "request.csv line 3: pax must be a whole number" in message
    fleet = in_folder / "town" / "fleet.csv"
    fleet.write_text("vehicle_id,node,capacity\n0,999,8\n1,5,0\n")
    requests.write_text("\n".join([lines[0], *lines[3:]]))
    message = busim.fails("bench", "town")
    assert "node.csv has no node 999" in message
    assert "capacity must be at least 1" in message


def test_profile_accounts_for_the_time(busim):
    """The parts sum to the profiled time, and ten functions are named."""
    found = busim.json("profile", "quick.toml")
    assert {"dispatch", "travel", "kernel", "record", "metrics"} <= set(found["parts_s"])
    assert len(found["hottest"]) == 10
    assert sum(found["parts_s"].values()) <= 1.1 * found["profiled_s"] + 0.05

"""The independent checker over the logs of the shipped scenarios, and the same bytes in every process."""

import os
import subprocess
import sys
from pathlib import Path

import checker
import numpy as np
import pytest
import shipped_days

from busim import sim
from busim.model.fleet import FleetState
from busim.sim.state import State

TESTS = Path(__file__).parent.parent


@pytest.mark.parametrize("name", shipped_days.DAYS)
def test_the_checker_finds_nothing(name):
    """Windows, ride limits, promises, capacity, continuity, energy and plugs hold, and the log replays."""
    spec, network, requests = shipped_days.day(name)
    result = sim.build(spec, network, requests).run()
    inspector = checker.Checker(spec, network, requests)
    assert inspector.check(result.log) == []
    outcomes = inspector.outcomes()
    assert sum(outcomes.values()) == len(requests)
    assert outcomes.get("served", 0) >= 5
    depots = np.array([network.places.node[network.places.index[bus.depot]] for bus in spec.fleet.buses])
    energy = np.array([b.start_charge * spec.fleet.vehicles[b.vehicle].battery_kwh for b in spec.fleet.buses])
    again = State(FleetState.parked(depots, energy), result.riders)
    again.replay(result.log)
    assert again.differences(result.state) == []


def hashes(hash_seed, kernel):
    """Run the days in a process of its own; give kernel and hashes."""
    environment = {
        **os.environ,
        "PYTHONHASHSEED": str(hash_seed),
        "BUSIM_KERNEL": kernel,
        "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)]),
    }
    script = [sys.executable, str(TESTS / "properties" / "day_hashes.py")]
    run = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
    told, *lines = run.stdout.splitlines()
    return told, dict(line.split("\t", 1) for line in lines)


def test_logs_are_byte_identical_in_every_process():
    """Another order of hashing changes nothing in a log."""
    first = hashes(1, "numpy")
    assert first[0] == "numpy"
    assert len(first[1]) == 7
    assert hashes(2, "numpy") == first


@pytest.mark.slow
def test_logs_do_not_tell_the_kernel():
    """Compiled kernels write the same bytes as plain ones."""
    pytest.importorskip("numba", reason="numba is not installed: there is one kernel only")
    assert hashes(2, "numba") == ("numba", hashes(1, "numpy")[1])

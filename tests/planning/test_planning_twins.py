"""Compiled and plain kernels, two processes, one plan."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json
from busim.core.compiled import KERNEL
from busim.planning import Settings, generate, plan
settings = Settings(seconds=None, iterations=25, steps_per_request=1, seed=3)
found = [plan(generate(5, 2, gamma, seed), settings) for gamma, seed in ((0.1, 1), (0.92, 2))]
print(json.dumps([KERNEL, [result.solution.to_dict() for result in found]]))
"""


def planned_elsewhere(kernel: str, hash_seed: int = 0):
    """Plan in a fresh process with the kernel asked for."""
    env = {**os.environ, "BUSIM_KERNEL": kernel, "PYTHONHASHSEED": str(hash_seed)}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_two_processes_give_the_same_plan():
    """Plans do not depend on the process."""
    assert planned_elsewhere("numpy", 1) == planned_elsewhere("numpy", 2)


@pytest.mark.slow
def test_twins_give_the_same_plan_to_the_last_digit():
    """Compiled kernels lead to the same plans as plain ones."""
    pytest.importorskip("numba", reason="numba is not installed: there is one kernel only")
    assert planned_elsewhere("numba") == ["numba", planned_elsewhere("numpy")[1]]

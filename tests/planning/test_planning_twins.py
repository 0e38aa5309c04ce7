"""Compiled and plain kernels, two processes, one plan."""

import json
import os
import subprocess
import sys
from pathlib import Path

from busim.core.compiled import KERNEL

SCRIPT = """
import json
from busim.core.compiled import KERNEL
from busim.planning import Settings, generate, plan
settings = Settings(seconds=None, iterations=25, steps_per_request=1, seed=3)
found = [plan(generate(5, 2, gamma, seed), settings) for gamma, seed in ((0.1, 1), (0.92, 2))]
print(json.dumps([KERNEL, [result.solution.to_dict() for result in found]]))
"""


def planned_elsewhere(kernel: str):
    """Plan in a fresh process with the kernel asked for."""
    env = {**os.environ, "BUSIM_KERNEL": kernel}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_twins_give_the_same_plan_to_the_last_digit():
    """Two processes agree, one of them without numba; where numba is missing this is determinism across processes."""
    plain, other = planned_elsewhere("numpy"), planned_elsewhere("numba")
    assert plain[0] == "numpy"
    assert other[0] == KERNEL or os.environ.get("BUSIM_KERNEL") == "numpy"
    assert plain[1] == other[1]

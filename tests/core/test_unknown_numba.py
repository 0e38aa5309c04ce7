"""A version of numba that cannot be extended: plain kernels, and one sentence that says so."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("numba", reason="numba is not installed: there is one kernel only")

LOST = "import sys; sys.modules['busim.core.lending'] = None; from busim.core import compiled; print(compiled.KERNEL)"


def test_numba_that_cannot_be_extended_is_told_and_left_out():
    """Where our extension of numba cannot be loaded, kernels run as plain Python after a warning."""
    env = {name: value for name, value in os.environ.items() if name != "BUSIM_KERNEL"}
    done = subprocess.run([sys.executable, "-c", LOST], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "numpy"
    assert "is not one that busim can use" in done.stderr
    assert "Traceback" not in done.stderr

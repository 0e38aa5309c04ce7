"""Fixtures of the static planner's tests."""

from pathlib import Path

import pytest
from planning_worlds import EADARP

from busim.planning import Instance, read_instance


@pytest.fixture
def tiny_file(tmp_path) -> Path:
    """Two riders, two buses, two stations, in the e-ADARP format."""
    path = tmp_path / "tiny-0.5.txt"
    path.write_text(EADARP)
    return path


@pytest.fixture
def tiny(tiny_file) -> Instance:
    """Give the problem of `tiny_file`."""
    return read_instance(tiny_file)

"""Shared fixtures; the builders stand in ``worlds``, the independent checker of logs in ``checker``."""

import os

# Compiling the kernels takes longer than all tests together. So they run on the plain twins, as without numba; the slow
# tests that compare the twins start processes of their own. ``BUSIM_KERNEL=numba pytest`` runs everything compiled.
os.environ.setdefault("BUSIM_KERNEL", "numpy")

import pytest
import worlds


@pytest.fixture
def line_town():
    """Eight stops in a row, 500 m and 50 s apart; the depot at node 0, a charger at node 4."""
    return worlds.town("line", 8)


@pytest.fixture
def ring_town():
    """Eight stops on a ring, 500 m and 50 s apart."""
    return worlds.town("ring", 8)


@pytest.fixture
def grid_town():
    """Five by five stops, 500 m and 50 s apart."""
    return worlds.town("grid", 5)

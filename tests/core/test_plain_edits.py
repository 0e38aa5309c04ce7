"""Edits of plans as bytes against the kernels that are compiled."""

import numpy as np

from busim.core import plans as kernels
from busim.core.compiled import plain
from busim.core.plain_edits import PlainEdits
from busim.core.plans import GAIN, PlanArrays, Plans


def test_plain_edits_are_those_of_the_kernels(monkeypatch):
    """After any edit every number of every slot is the same, of what the schedule made of it too."""
    for name in ("_open", "_insert"):  # as they are called by each other
        monkeypatch.setattr(kernels, name, plain(getattr(kernels, name)))
    rng = np.random.default_rng(20261126)
    mine = Plans(3, slots=12).arrays
    mine.floats[:] = rng.uniform(0, 100, mine.floats.shape)
    other = PlanArrays(*(array.copy() for array in mine))
    edits = PlainEdits(*mine, GAIN)
    for k in range(400):
        bus = int(rng.integers(3))
        size = int(mine.length[bus])
        p, q = sorted(rng.integers(0, size + 1, 2).tolist())
        pick, drop = map(tuple, rng.integers(-1, 99, (2, 6)).tolist())
        window, limits = map(tuple, rng.uniform(0, 9, (2, 4)).tolist())
        if size > 0 and (k % 3 == 0 or size > 10):
            edits.remove(bus, min(p, size - 1))
            plain(kernels._remove)(other, bus, min(p, size - 1))
        elif k % 3 == 1:
            edits.insert_ride(bus, p, q, pick, window, drop, limits)
            plain(kernels._insert_ride)(other, bus, p, q, pick, window, drop, limits)
        else:
            edits.insert(bus, p, pick, window, 5.5)
            plain(kernels._insert)(other, bus, p, pick, window, 5.5)
        for array, expected in zip(mine, other, strict=True):
            np.testing.assert_array_equal(array, expected)

"""Print a hash of candidates, bounds, exact costs and best places of random cases; run with and without a compiler."""

from __future__ import annotations

import hashlib

import insertion_reference as ref
import numpy as np

from busim.core.compiled import KERNEL
from busim.core.search import best_insertion, best_per_bus


def digest(count: int = 150) -> str:
    """Hash what the kernel of this process finds, to the last bit; weights are no round numbers."""
    rng, found = np.random.default_rng([7, 7]), hashlib.sha256()
    for _ in range(count):
        case = ref.random_case(rng)
        rider = ref.random_rider(rng, case, tight=False)
        fleet, plans, costs = ref.as_arrays(case)
        weights = costs.weights._replace(wait=float(rng.uniform(1, 2)), ride=float(rng.uniform(0, 1)))
        costs = costs._replace(weights=weights)
        for b, bus in enumerate(case.buses):
            found.update(plans.floats[b, : len(bus.plan)].tobytes())
        arguments = fleet, plans.arrays, rider, case.now, case.travel.tables, costs
        best = best_insertion(*arguments)
        places, each = best_per_bus(*arguments)
        found.update(np.array(best[:3], np.int64).tobytes() + np.array(best[3], np.float64).tobytes())
        found.update(places.astype(np.int64).tobytes() + each.tobytes())
    return found.hexdigest()


if __name__ == "__main__":
    print(KERNEL, digest())  # noqa: T201

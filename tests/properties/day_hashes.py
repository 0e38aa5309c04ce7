"""Print a line per small day: its name, the hash of its log, its number of events; run in several processes."""

from __future__ import annotations

import shipped_days

from busim import sim
from busim.core.compiled import KERNEL

NAMES = (
    "quick",
    "quick, nearest",
    "quick, noise",
    "quick, small batteries",
    "quick, line",
    "town, rush hour",
    "town, meeting points",
)

if __name__ == "__main__":
    print(KERNEL)  # noqa: T201
    for name in NAMES:
        spec, network, requests = shipped_days.day(name)
        log = sim.build(spec, network, requests).run().log
        print(name, log.sha256(), len(log), sep="\t")  # noqa: T201

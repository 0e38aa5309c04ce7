"""Running a neutral workload, and counting what came of it from the log alone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from busim import sim
from busim.core.compiled import KERNEL
from busim.errors import InputError
from busim.model.events import EventLog, Kind
from busim.model.network import Floats
from busim.policy.registry import PolicyRegistry
from busim.study.workload import Workload, read_workload

WARM_UP = 40  # riders; kernels are compiled, or their compiled code loaded, before the clock runs


def bench(folder: Path, strategy: str = "insertion") -> dict[str, Any]:
    """Run a workload and tell how it went.

    Parameters
    ----------
    folder
        With node.csv, edge.csv, fleet.csv and request.csv.
    strategy
        Dispatch strategy by name.

    Returns
    -------
    dict
        ``workload``, ``strategy``, ``kernel``, ``requests``, ``cpu_s`` (the simulation alone: imports, loading,
        shortest paths between all nodes and compiling are left out), ``served``, ``mean_wait_s``,
        ``mean_ride_over_direct``, ``vehicle_km``, ``over_limit``.

    Raises
    ------
    InputError
        If the files are not a workload, or there is no such strategy.
    """
    wrong = PolicyRegistry().check("dispatch", strategy, {})
    if wrong:
        raise InputError.single("--strategy", wrong[0][1], wrong[0][2])
    workload = read_workload(folder, strategy)
    _simulate(workload, min(WARM_UP, len(workload.riders)))
    start = time.process_time()
    log = _simulate(workload, len(workload.riders))
    cpu_s = time.process_time() - start
    told = {"workload": folder.name, "strategy": strategy, "kernel": KERNEL, "requests": len(workload.riders)}
    return {**told, "cpu_s": round(cpu_s, 3), **results(workload, log)}


def _simulate(workload: Workload, count: int) -> EventLog:
    riders = workload.riders
    if count < len(riders):
        riders = workload.first(count)
        riders.latest_s[-1] = riders.earliest_s[-1] - 1  # nobody can take the last one: refusing is compiled as well
    return sim.build(workload.spec, workload.network, workload.requests, workload.travel, riders).run().log


def results(workload: Workload, log: EventLog) -> dict[str, Any]:
    """Count from the events of boarding, alighting and arrival alone, against the file's own limits."""
    board, alight = (_times(log, kind, len(workload.riders)) for kind in (Kind.BOARD, Kind.ALIGHT))
    wait, ride = board - workload.earliest_s, alight - board
    served = ~np.isnan(alight)
    over = (board > workload.latest_s) | (ride > workload.longest_s) | (wait < 0) | (~np.isnan(board) & ~served)
    metres = log.a[(log.kind == Kind.ARRIVE) | (log.kind == Kind.TURN)].sum()
    return {
        "served": int(served.sum()),
        "mean_wait_s": _mean(wait[served]),
        "mean_ride_over_direct": _mean(ride[served] / workload.direct_s[served]),
        "vehicle_km": float(metres) / 1000,
        "over_limit": int(over.sum()),
    }


def _times(log: EventLog, kind: Kind, count: int) -> Floats:
    times = np.full(count, np.nan)
    rows = log.kind == kind
    times[log.rider[rows]] = log.time[rows]
    return times


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")

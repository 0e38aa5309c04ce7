"""How much work small fixed days take, counted and not clocked: events, decisions, candidates, exact costs."""

from collections import Counter

import pytest

from busim import sim
from busim.model.events import Kind
from busim.study.workload import read_workload
from busim.study.workload_make import Size, write_size

SIZE = Size(12, 12, 6, 150, 1, 1500.0)


@pytest.fixture
def town(tmp_path):
    """Give a function that builds a day of 6 buses and 150 riders for a strategy."""
    write_size("fixed", SIZE, 1, tmp_path / "town")

    def build(strategy):
        workload = read_workload(tmp_path / "town", strategy)
        day = sim.build(workload.spec, workload.network, workload.requests, workload.travel, workload.riders)
        return workload, day

    return build


def counts(log):
    """Count a day's events by kind, those that cost time."""
    found = Counter(log.kind.tolist())
    kinds = (Kind.ACCEPT, Kind.REFUSE, Kind.LEAVE, Kind.ARRIVE, Kind.TURN, Kind.BOARD, Kind.ALIGHT)
    return {kind.name: found[kind] for kind in kinds}

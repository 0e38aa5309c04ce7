"""Where the time of a run goes: by part of the program, and the hottest functions."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from busim.scenario import Scenario, with_seed
from busim.study.phases import Phases
from busim.study.running import simulate

PARTS = ("dispatch", "travel", "kernel", "record", "metrics", "simulation", "events", "preparation", "other")
# The first entry whose text stands in a function's file name counts.
_PART_OF = (
    ("busim/policy/", "dispatch"),
    ("busim/core/view", "dispatch"),
    ("busim/core/travel", "travel"),
    ("busim/sim/traffic", "travel"),
    ("busim/core/plans", "record"),
    ("busim/core/", "kernel"),
    ("busim/sim/world", "record"),
    ("busim/sim/state", "record"),
    ("busim/model/events", "record"),
    ("busim/metrics/", "metrics"),
    ("busim/sim/", "simulation"),
    ("simpy/", "events"),
    ("busim/network/", "preparation"),
    ("busim/demand/", "preparation"),
    ("busim/scenario/", "preparation"),
)
NUM_HOTTEST = 10
_Key = tuple[str, int, str]


@dataclass(frozen=True)
class Hot:
    """A function: calls, CPU seconds in itself and with all that it called."""

    name: str
    calls: int
    own_s: float
    total_s: float


@dataclass(frozen=True)
class Profile:
    """Where the time went.

    Parameters
    ----------
    plain_s, profiled_s
        CPU seconds of a run without and with the profiler: the profiler makes short functions look dearer.
    phases_s
        CPU seconds of each phase of the plain run.
    parts_s
        CPU seconds under the profiler by part of the program; what a library does counts for its caller.
    hottest
        Functions with the most time in themselves.
    """

    plain_s: float
    profiled_s: float
    phases_s: Mapping[str, float]
    parts_s: Mapping[str, float]
    hottest: tuple[Hot, ...]

    def shares(self) -> list[tuple[str, float, float]]:
        """Give part, seconds and share of the whole."""
        whole = sum(self.parts_s.values()) or 1.0
        return [(part, seconds, seconds / whole) for part, seconds in self.parts_s.items()]

    def document(self) -> dict[str, Any]:
        """Give all as plain data."""
        return asdict(self)


def profile(scenario: Scenario, *, seed: int | None = None) -> Profile:
    """Run a scenario twice, first as it is, so that caches are warm, then under the profiler.

    Raises
    ------
    InputError
        If the scenario cannot be run.
    """
    chosen = scenario if seed is None else with_seed(scenario, seed)
    simulate(chosen, Phases())
    phases = Phases()
    plain_s = _cpu_of(chosen, phases)
    profiler = cProfile.Profile(time.process_time)
    profiler.enable()
    try:
        profiled_s = _cpu_of(chosen, Phases())
    finally:
        profiler.disable()
    stats: dict[_Key, tuple[int, int, float, float, dict[_Key, tuple[int, int, float, float]]]]
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    hottest = sorted(stats.items(), key=lambda item: (-item[1][2], item[0]))[:NUM_HOTTEST]
    hot = tuple(Hot(_name(key), row[1], round(row[2], 4), round(row[3], 4)) for key, row in hottest)
    return Profile(round(plain_s, 3), round(profiled_s, 3), phases.cpu_s, _by_part(stats), hot)


def _cpu_of(scenario: Scenario, phases: Phases) -> float:
    start = time.process_time()
    simulate(scenario, phases)
    return time.process_time() - start


def _by_part(stats: Mapping[_Key, Any]) -> dict[str, float]:
    """Sum own times by part; a function of a library counts for the parts of those who call it."""
    sums = dict.fromkeys(PARTS, 0.0)
    for key, (_, _, own_s, _, callers) in stats.items():
        part = _part(key)
        if part is not None:
            sums[part] += own_s
            continue
        by_caller = {caller: row[2] for caller, row in callers.items()}
        for caller, seconds in by_caller.items():
            sums[_part(caller) or "other"] += seconds
        sums["other"] += max(0.0, own_s - sum(by_caller.values()))
    return {part: round(seconds, 4) for part, seconds in sums.items()}


def _part(key: _Key) -> str | None:
    file = Path(key[0]).as_posix()
    return next((part for text, part in _PART_OF if text in file), None)


def _name(key: _Key) -> str:
    file, line, function = key
    if file == "~":
        return function
    path = Path(file)
    return f"{'/'.join(path.parts[-2:])}:{line} {function}"

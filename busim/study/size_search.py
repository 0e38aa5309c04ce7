"""The search for the smallest candidate that meets all targets: bisection, with a sequential test at every step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from busim.model.network import Floats
from busim.study.size_decision import Decision, decide

Kpis: TypeAlias = Mapping[str, float]
Evaluate: TypeAlias = Callable[[int, Sequence[int]], Sequence[Kpis]]  # candidate, seeds -> KPIs per seed
Watch: TypeAlias = Callable[[int, int, int], None]  # candidate, its runs, all runs

FOUND, NONE_MEETS, OUT_OF_RUNS, INTERRUPTED = "found", "none", "out_of_runs", "interrupted"


@dataclass(frozen=True)
class Target:
    """What is asked of the mean of a KPI over days.

    Parameters
    ----------
    kpi
        Its name.
    is_most
        Whether ``value`` is the most allowed; otherwise the least.
    value, margin
        In the KPI's unit; within ``margin`` of ``value`` either decision is right.
    text
        As people read it.
    """

    kpi: str
    is_most: bool
    value: float
    margin: float
    text: str

    def slack(self, value: float) -> float:
        """Tell how much there is to spare; negative where the target is missed."""
        return self.value - value if self.is_most else value - self.value


@dataclass(frozen=True)
class Rules:
    """How sure the answer has to be, and what it may take.

    Parameters
    ----------
    confidence
        Chance that the answer is right, up to the margins.
    first
        Days of each candidate before anything is decided.
    max_runs
        Of all candidates together.
    seeds
        Gives the seed of the n-th day: the same for every candidate.
    batch
        Runs that are asked for at a time; no result depends on it.
    """

    confidence: float = 0.9
    first: int = 8
    max_runs: int = 400
    seeds: Callable[[int], int] = int
    batch: int = 1


@dataclass
class Tried:
    """A candidate that was looked at.

    Parameters
    ----------
    value
        Of the key.
    runs
        Those that the decision counts, per seed in order.
    is_met
        Per target; None where it is open.
    """

    value: int
    runs: list[Kpis]
    is_met: tuple[bool | None, ...]

    @property
    def verdict(self) -> bool | None:
        """Whether all targets are met, one is missed, or it is open."""
        if False in self.is_met:
            return False
        return True if all(self.is_met) else None

    def values(self, kpi: str) -> Floats:
        """Give a KPI per day [n]."""
        return np.array([run[kpi] for run in self.runs], np.float64)


class Search:
    """Bisection over candidates in ascending order; its state can be read at any time, also after an interrupt.

    It takes for granted that more never serves worse. Of its ``steps`` tests, and the targets within each, every one
    gets an equal share of the chance of error (Bonferroni), so that all are right with the confidence asked for.

    Parameters
    ----------
    evaluate
        Gives the KPIs of a candidate for some seeds.
    candidates
        Ascending.
    targets
        All are to be met.
    rules
        Confidence and budget.
    """

    def __init__(
        self, evaluate: Evaluate, candidates: Sequence[int], targets: Sequence[Target], rules: Rules | None = None
    ) -> None:
        self.evaluate, self.candidates, self.targets = evaluate, tuple(candidates), tuple(targets)
        self.rules = rules or Rules()
        self.tried: dict[int, Tried] = {}
        self.low, self.high = -1, len(self.candidates)  # the last that fails, the first that meets
        self.status = INTERRUPTED  # until it has ended
        self._asked: dict[int, list[Kpis]] = {}

    @property
    def steps(self) -> int:
        """Count the tests that bisection may need."""
        return math.ceil(math.log2(len(self.candidates) + 1))

    @property
    def error(self) -> float:
        """Give the chance of error of a single test of a single target."""
        return (1 - self.rules.confidence) / (self.steps * len(self.targets))

    @property
    def answer(self) -> int | None:
        """Give the smallest candidate that meets all targets, once it is known."""
        return self.candidates[self.high] if self.status == FOUND else None

    @property
    def total_runs(self) -> int:
        """Count the runs that decisions rest on."""
        return sum(len(each.runs) for each in self.tried.values())

    def go(self, watch: Watch | None = None) -> None:
        """Search until it is decided, or no runs are left."""
        while self.high - self.low > 1:
            middle = (self.low + self.high) // 2
            verdict = self._test(self.candidates[middle], watch)
            if verdict is None:
                self.status = OUT_OF_RUNS
                return
            self.low, self.high = (self.low, middle) if verdict else (middle, self.high)
        self.status = FOUND if self.high < len(self.candidates) else NONE_MEETS

    def _test(self, value: int, watch: Watch | None) -> bool | None:
        tried = self.tried.setdefault(value, Tried(value, [], (None,) * len(self.targets)))
        verdict = tried.verdict
        while verdict is None:
            room = self.rules.max_runs - self.total_runs
            if room <= 0:
                return None
            wanted = max(self.rules.first - len(tried.runs), 1)
            for run in self._next(value, len(tried.runs), min(wanted, room)):
                tried.runs.append(run)
                tried.is_met = self._judge(tried)
                verdict = tried.verdict
                if verdict is not None:
                    break
            if watch is not None:
                watch(value, len(tried.runs), self.total_runs)
        return verdict

    def _judge(self, tried: Tried) -> tuple[bool | None, ...]:
        """Decide each target; one that was decided stays so, as its days are the first ones of the same row."""
        return tuple(self._decide(target, tried).is_met for target in self.targets)

    def _decide(self, target: Target, tried: Tried) -> Decision:
        slack = [target.slack(run[target.kpi]) for run in tried.runs]
        return decide(slack, target.margin, self.error, self.rules.first)

    def _next(self, value: int, start: int, count: int) -> list[Kpis]:
        """Give the next runs of a candidate; those of a batch that are not needed at once are kept."""
        known = self._asked.setdefault(value, [])
        while len(known) < start + count:
            ask = max(start + count - len(known), self.rules.batch)
            known += self.evaluate(value, [self.rules.seeds(n) for n in range(len(known), len(known) + ask)])
        return known[start : start + count]


def one_by_one(evaluate: Callable[[int, int], Kpis]) -> Evaluate:
    """Make a function of one candidate and one seed fit for a search."""
    return lambda value, seeds: [evaluate(value, seed) for seed in seeds]

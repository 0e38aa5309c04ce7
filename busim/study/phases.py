"""CPU seconds by phase of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, float], None]


def silent(_phase: str, _share: float) -> None:
    """Report to nobody."""


class Phases:
    """Measures phases one after the other, and reports each to whoever watches.

    Parameters
    ----------
    progress
        Called with the phase's name and its share done, from 0 to 1.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress = progress or silent
        self.cpu_s: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Measure one phase [CPU seconds of this process]."""
        self.progress(name, 0.0)
        start = time.process_time()
        try:
            yield
        finally:
            self.cpu_s[name] = self.cpu_s.get(name, 0.0) + time.process_time() - start
        self.progress(name, 1.0)

    def add(self, name: str, cpu_s: float) -> None:
        """Add what another process took for a phase [CPU seconds]."""
        self.cpu_s[name] = self.cpu_s.get(name, 0.0) + cpu_s

"""SimPy's environment with a time that is read at no cost."""

from __future__ import annotations

from functools import partial

import simpy


class Clock(simpy.Environment):
    """The environment; its time is in whole seconds from midnight.

    NOTE: a day reads the time some thirty times for each rider, and SimPy's own property calls a function each time.
    """

    __slots__ = ("_now",)
    now: int

    def __init__(self, start_s: int) -> None:
        super().__init__(start_s)
        self.timeout = partial(simpy.Timeout, self)  # type: ignore[method-assign]  # bound once, as SimPy does for its own class alone


Clock.now = Clock._now  # type: ignore[misc, assignment]  # the slot in which SimPy keeps it

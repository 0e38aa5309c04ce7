"""The pictures of a run, shared out among processes that load matplotlib while the day is still being simulated.

NOTE: this is a trick for speed. Loading matplotlib and drawing one picture after the other takes a fourth of the time
of a day in the science city; where there is a second core, most of that is gone. Every picture is drawn by the same
function from the same data as without, and has the same bytes. ``pictures.draw_all`` is the plain way: for short days,
on a single core, in notebooks and studies, and for what is left where a process has come to an end.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from busim.study.drawer import Drawer, GoneError
from busim.study.folder import telling_where
from busim.study.outcome import Outcome

MOST = 2  # a third takes 110 MB for less than half a second
FEWEST_RIDERS = 1000  # a shorter day is simulated before a process has loaded matplotlib
_LOST = "a process that drew pictures has come to an end; drawing goes on without it"


class Drawers:
    """Processes that draw the pictures of one day, while this object's context is open; each has a thread that waits.

    Parameters
    ----------
    are_wanted
        Whether there may be any.
    """

    def __init__(self, are_wanted: bool = True) -> None:
        cores = num_cores() if are_wanted and sys.executable and not hasattr(sys, "frozen") else 1
        self._most = min(MOST, cores) if cores > 1 else 0
        self._loading = threading.Semaphore(max(1, cores - 1))  # the day itself needs a core
        self._lock = threading.Lock()
        self._drawers: list[Drawer] = []
        self._threads: list[threading.Thread] = []
        self._is_over = False
        self._begun = threading.Event()
        self._day, self._folder = b"", Path()
        self._names: tuple[str, ...] = ()
        self._todo: deque[str] = deque()
        self._told: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()

    @property
    def cpu_s(self) -> float:
        """What the processes have taken so far [CPU seconds]."""
        return sum(drawer.cpu_s for drawer in self._drawers)

    def start(self, num_riders: int) -> None:
        """Start the processes, if a day with so many riders is long enough."""
        if num_riders >= FEWEST_RIDERS:
            for _ in range(self._most):
                thread = threading.Thread(target=self._serve, daemon=True)
                thread.start()
                self._threads.append(thread)  # not before: an interrupt between would leave one that cannot be joined

    def begin(self, made: Outcome, folder: Path) -> None:
        """Begin to draw into a folder; returns at once, so that other files can be written meanwhile."""
        if self._threads:
            folder.mkdir(parents=True, exist_ok=True)
            parts = (dict(made.tables), dict(made.kpis), made.scenario.spec, made.network, made.costs_in_hindsight)
            self._day, self._folder = pickle.dumps(parts, pickle.HIGHEST_PROTOCOL), folder
            self._begun.set()

    def finish(self, made: Outcome, folder: Path, progress: Callable[[float], None]) -> list[Path]:
        """Wait for what was begun, and draw here what is left; gives the files in the order in which they are shown.

        Parameters
        ----------
        made, folder
            As given to ``begin``.
        progress
            Called with the share that is done.

        Raises
        ------
        InputError
            If the folder cannot be written.
        """
        with telling_where(folder):
            drawn = set(self._drawn(progress))
        if drawn and drawn == set(self._names):
            return [folder / f"{name}.png" for name in self._names]
        from busim.study.pictures import draw_all  # noqa: PLC0415  (matplotlib is slow to import)

        if self._drawers:
            warnings.warn(_LOST, stacklevel=2)
        files = draw_all(made, folder, [name for name in self._names if name not in drawn], progress)
        return [folder / f"{name}.png" for name in self._names] or files

    def _drawn(self, progress: Callable[[float], None]) -> Iterator[str]:
        """Give names of pictures as they come, until there are no more; raises what was raised in a process."""
        at_work, count = len(self._threads), 0
        while at_work and (count == 0 or count < len(self._names)):
            told = self._told.get()
            if isinstance(told, BaseException):
                raise told
            if told is None:
                at_work -= 1
            else:
                count += 1
                progress(count / len(self._names))
                yield told

    def _serve(self) -> None:
        """Start one process, and have it draw picture after picture once the day is over."""
        try:
            with self._loading:
                drawer = self._new()
                if drawer is not None:
                    drawer.ask(pickle.dumps(None))
            self._begun.wait()
            if drawer is not None and not self._is_over:
                self._draw(drawer)
        except GoneError:
            pass
        except BaseException as error:  # raised again in the thread that waits
            self._told.put(error)
        self._told.put(None)

    def _new(self) -> Drawer | None:
        """Start a process; None if it is too late, or none can be had: the plain way is left."""
        with self._lock, suppress(OSError):
            if not self._is_over:
                self._drawers.append(Drawer())
                return self._drawers[-1]
        return None

    def _draw(self, drawer: Drawer) -> None:
        names = drawer.ask(self._day)
        with self._lock:
            if not self._names:
                self._names, self._todo = names, deque(names)
        while name := self._next():
            drawer.ask(pickle.dumps((name, str(self._folder / f"{name}.png"))))
            self._told.put(name)

    def _next(self) -> str | None:
        with self._lock:
            return self._todo.popleft() if self._todo else None

    def __enter__(self) -> Drawers:
        """Give the object itself; ``start`` starts the processes."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes, in whatever way the run has ended."""
        with self._lock:
            self._is_over = True
            for drawer in self._drawers:
                drawer.stop()
        self._begun.set()
        for thread in self._threads:
            thread.join()
        for drawer in self._drawers:
            drawer.close()


def num_cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""Many runs at once: in this process, on all cores by joblib, or on a Dask cluster; the results are the same."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeAlias

from busim.errors import InputError
from busim.study.dask_engine import on_dask
from busim.study.tasks import Done, Task, perform

TRIES = 3  # in a row without a single result
Engine: TypeAlias = Callable[[Sequence[Task]], Iterator[Done]]
Watch: TypeAlias = Callable[[int, int], None]


def engine_of(jobs: int | None = None, dask: str | None = None) -> Engine:
    """Choose where runs are done.

    Parameters
    ----------
    jobs
        Worker processes; 1 runs in this process, None takes all cores.
    dask
        Address of a Dask scheduler, which then decides.

    Raises
    ------
    InputError
        If the number makes no sense, or Dask is not installed.
    """
    if dask is not None:
        return on_dask(dask)
    if jobs is not None and jobs < 1:
        raise InputError.single("--jobs", f"must be at least 1, got {jobs}", "leave it out for all cores")
    return serially if jobs == 1 else lambda tasks: on_cores(tasks, jobs or -1)


def batch_for(jobs: int | None = None, dask: str | None = None) -> int:
    """Tell how many runs to ask for at a time where the next ones depend on them."""
    workers = jobs or os.cpu_count() or 1
    return 1 if jobs == 1 and dask is None else 2 * workers


def serially(tasks: Sequence[Task]) -> Iterator[Done]:
    """Do one run after the other in this process."""
    for index, task in enumerate(tasks):
        yield perform(index, task)


def on_cores(tasks: Sequence[Task], jobs: int) -> Iterator[Done]:
    """Do runs in worker processes, each on one core, in the order in which they come back; who dies is replaced.

    Raises
    ------
    InputError
        If workers die again and again without a result.
    """
    left = dict(enumerate(tasks))
    failures = 0
    while left:
        try:
            for done in _in_processes(list(left.items()), jobs):
                del left[done.index]
                failures = 0
                yield done
        except BrokenProcessPool:
            failures += 1
            if failures == TRIES:
                what = f"worker processes died {TRIES} times in a row, with {len(left)} runs to do"
                raise InputError.single("--jobs", what, "is there enough memory? try fewer --jobs") from None


def _in_processes(tasks: list[tuple[int, Task]], jobs: int) -> Iterator[Done]:
    import joblib  # noqa: PLC0415  (not needed for a single run)

    with joblib.parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1):
        parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1)
    with warnings.catch_warnings():  # that tasks are given up when a run cannot be written is told by the error itself
        warnings.filterwarnings("ignore", "[0-9]+ tasks which were still being processed", UserWarning)
        with _interrupts_wait():
            done = parallel(joblib.delayed(perform)(index, task) for index, task in tasks)  # starts the workers
        yield from done


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Keep Ctrl-C for later, and for good from processes that are started meanwhile: who started them ends them.

    A terminal tells all processes, and a worker that is still importing would answer with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415  (not there on Windows)

    from joblib.externals.loky.backend import resource_tracker as of_joblib  # noqa: PLC0415  (slow to import)

    for tracker in (resource_tracker, of_joblib):
        tracker.ensure_running()  # or it is started with the workers, and lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def run_tasks(tasks: Sequence[Task], engine: Engine, watch: Watch | None = None) -> Iterator[Done]:
    """Do all tasks, and tell whoever watches how many are done of how many.

    Raises
    ------
    InputError
        At the first failure that would meet the other runs as well, such as a full disk.
    """
    total = len(tasks)
    if watch is not None:
        watch(0, total)
    for count, done in enumerate(engine(tasks), 1):
        if done.is_fatal:
            raise InputError.single("runs", done.error)
        if watch is not None:
            watch(count, total)
        yield done

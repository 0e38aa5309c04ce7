"""Runs on the user's own Dask cluster; busim brings no engine of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from busim._version import __version__
from busim.errors import InputError
from busim.study.tasks import Done, Task, perform

_IN_FLIGHT = 4  # tasks per thread of the cluster: enough that none waits, few enough that nothing piles up
_TIMEOUT = "15s"


def on_dask(address: str) -> Callable[[Sequence[Task]], Iterator[Done]]:
    """Make an engine of a Dask scheduler.

    Parameters
    ----------
    address
        Such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    InputError
        If Dask is not installed.
    """
    if find_spec("distributed") is None:
        raise InputError.single("--dask", "dask.distributed is not installed", "install busim[dask]")
    return lambda tasks: _run(address, tasks)


def _run(address: str, tasks: Sequence[Task]) -> Iterator[Done]:
    with _client(address) as client:
        _check_versions(client)
        yield from _results(client, tasks)


def _client(address: str) -> Any:
    distributed: Any = import_module("distributed")  # optional
    try:
        return distributed.Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        remedy = "give the address that `dask scheduler` prints, such as tcp://10.0.0.5:8786"
        raise InputError.single("--dask", f"no scheduler answers at '{address}': {error}", remedy) from None


def version_here() -> str:
    """Tell busim's version where this runs."""
    return __version__


def _check_versions(client: Any) -> None:
    found = client.run(version_here)
    if not found:
        raise InputError.single("--dask", "the cluster has no workers", "start some: dask worker ADDRESS")
    other = sorted({version for version in found.values() if version != __version__})
    if other:
        what = f"workers have busim {', '.join(other)}, this is {__version__}"
        raise InputError.single("--dask", what, "install the same version everywhere")


def _results(client: Any, tasks: Sequence[Task]) -> Iterator[Done]:
    distributed: Any = import_module("distributed")

    def submit(numbered: tuple[int, Task]) -> Any:
        return client.submit(perform, *numbered, pure=False)

    waiting = iter(enumerate(tasks))
    room = _IN_FLIGHT * max(1, sum(client.nthreads().values()))
    pending = distributed.as_completed([submit(each) for each in itertools.islice(waiting, room)], loop=client.loop)
    for future in pending:
        try:
            done: Done = future.result()
        except distributed.KilledWorker as error:
            what = f"workers of the cluster died again and again: {error}"
            raise InputError.single("--dask", what, "is there enough memory?") from None
        future.release()
        for each in itertools.islice(waiting, 1):
            pending.add(submit(each))
        yield done

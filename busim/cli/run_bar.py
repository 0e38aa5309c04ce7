"""Progress over many runs, with the remaining time: on stderr, and only where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from busim.cli.progress import tell_compiling

_FORMAT = "{n_fmt} of {total_fmt} runs |{bar:40}| {elapsed}, {remaining} to go"


@contextmanager
def run_bar() -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that shows runs done and runs in all, or None where nobody watches."""
    tell_compiling()
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=1, bar_format=_FORMAT, leave=False, file=sys.stderr) as shown:

        def progress(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)
            shown.refresh()

        yield progress

"""The progress bar: on stderr, and only where that is a terminal; and what comes before it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_COMPILING = (
    "Compiling the inner loops with numba, once: about a minute, then the run. "
    "Later runs start at once; BUSIM_KERNEL=numpy does without."
)
_BEGUN = "{desc:<12}{percentage:3.0f}% |{bar:40}| {elapsed}"
_FORMAT = _BEGUN + ", {remaining} to go"


def tell_compiling() -> None:
    """Say on stderr why nothing moves for a while, where kernels have yet to be compiled."""
    from busim.core.compiled import compiles_first

    if compiles_first():
        click.echo(_COMPILING, err=True)


@contextmanager
def bar(begins: str = "") -> Iterator[Callable[[str, float], None] | None]:
    """Give a function that shows a phase and its share done, or None where nobody watches.

    Parameters
    ----------
    begins
        A phase to show at once; before kernels are looked for, which can take a second itself.
    """
    if not begins:
        tell_compiling()
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=1.0, bar_format=_BEGUN, leave=False, file=sys.stderr) as shown:

        def progress(phase: str, share: float) -> None:
            shown.bar_format = _FORMAT if 0.0 < share < 1.0 else _BEGUN
            if share == 0.0:
                shown.reset()
                shown.set_description_str(phase)
            shown.update(share - shown.n)

        if begins:
            progress(begins, 0.0)
        yield progress


def aside(text: str) -> None:
    """Print on stdout, with the bar taken away meanwhile."""
    if "tqdm" not in sys.modules:
        click.echo(text)
        return
    from tqdm import tqdm

    with tqdm.external_write_mode():
        click.echo(text)

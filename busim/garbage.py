"""How often Python looks for cycles of references, which no simulation makes on purpose."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# NOTE: after so many new objects, not after 700. Libraries and the log stay in memory until the end anyway; to go
# through them again and again was a tenth of ``busim run`` and of a large day; after 100 000, still a percent of it.
RARELY = 500_000


def look_rarely() -> None:
    """Look for cycles rarely from now on."""
    gc.set_threshold(RARELY, *gc.get_threshold()[1:])


@contextmanager
def looked_for_rarely() -> Iterator[None]:
    """Look for cycles rarely for a while."""
    kept = gc.get_threshold()
    look_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*kept)

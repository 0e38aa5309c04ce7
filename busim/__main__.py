"""Entry of ``busim`` and ``python -m busim``."""

from __future__ import annotations

import gc
import gc
import signal
import sys
from types import FrameType

TERMINATED = 128 + signal.SIGTERM
_OBJECTS = 50_000  # made between two searches for garbage

# NOTE: cycles of references are looked for after so many new objects, not after 700. Libraries and the log stay in
# memory until the end anyway; to go through them again and again was a tenth of ``busim run``.
RARELY = 100_000


def main() -> None:
    """Run the program on the command line's arguments."""
    signal.signal(signal.SIGTERM, _stop)
    # NOTE: modules, maps and logs are hundreds of thousands of objects that stay. Looking through them again and again,
    # and once more at the end, takes a third of a second of a run.
    gc.set_threshold(_OBJECTS)
    gc.set_threshold(RARELY)
    try:
        from busim.cli.app import program  # noqa: PLC0415  (an interrupt may come while click is being loaded)

        program(prog_name="busim")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """End as an exception does, so that what is half-written is removed."""
    sys.exit(TERMINATED)


if __name__ == "__main__":
    main()

"""Entry of ``busim`` and ``python -m busim``."""

from __future__ import annotations

import gc
import signal
import sys
from types import FrameType

TERMINATED = 128 + signal.SIGTERM

# NOTE: cycles of references are looked for after so many new objects, not after 700. Libraries and the log stay in
# memory until the end anyway; to go through them again and again was a tenth of ``busim run``.
RARELY = 100_000


def main() -> None:
    """Run the program on the command line's arguments."""
    signal.signal(signal.SIGTERM, _stop)
    gc.set_threshold(RARELY)
    try:
        from busim.cli.app import program  # noqa: PLC0415  (an interrupt may come while click is being loaded)

        program(prog_name="busim")
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # or all of it would be gone through once more at the end, for a quarter of a second


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """End as an exception does, so that what is half-written is removed."""
    sys.exit(TERMINATED)


if __name__ == "__main__":
    main()

"""Entry of ``busim`` and ``python -m busim``."""

from __future__ import annotations

import gc
import signal
import sys
from types import FrameType

from busim.garbage import look_rarely

TERMINATED = 128 + signal.SIGTERM


def main() -> None:
    """Run the program on the command line's arguments."""
    signal.signal(signal.SIGTERM, _stop)
    look_rarely()
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

"""Entry of ``busim`` and ``python -m busim``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program on the command line's arguments."""
    try:
        from busim.cli.app import program  # noqa: PLC0415  (an interrupt may come while click is being loaded)

        program(prog_name="busim")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

"""busim: a simulated day of connected autonomous electric minibuses.

The public names are listed in one table and loaded on first use, so that ``import busim`` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from busim._version import __version__

if TYPE_CHECKING:
    from busim.errors import BusimError as BusimError
    from busim.errors import InputError as InputError
    from busim.scenario import Scenario as Scenario
    from busim.study import Run as Run
    from busim.study import load as load
    from busim.study import open_run as open_run
    from busim.study import run as run
    from busim.study.compare import compare as compare
    from busim.study.diff import diff as diff
    from busim.study.size import size as size
    from busim.study.sweep import sweep as sweep
    from busim.study.verify import verify as verify

_PUBLIC = {
    "BusimError": "busim.errors",
    "InputError": "busim.errors",
    "Scenario": "busim.scenario",
    "Run": "busim.study",
    "load": "busim.study",
    "open_run": "busim.study",
    "run": "busim.study",
    "compare": "busim.study.compare",
    "diff": "busim.study.diff",
    "size": "busim.study.size",
    "sweep": "busim.study.sweep",
    "verify": "busim.study.verify",
}
__all__ = ["__version__", *_PUBLIC]  # noqa: PLE0604  (the table's names are texts)


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use (PEP 562)."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'busim' has no attribute '{name}'")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)

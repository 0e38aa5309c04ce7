"""One switch between compiled and plain kernels: numba where installed and wanted, else Python as written."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def _load() -> Any:  # noqa: ANN401 - numba has no types, and may not be there
    """Give the numba module, or None if it is missing or ``BUSIM_KERNEL=numpy`` asks for plain kernels."""
    if os.environ.get("BUSIM_KERNEL", "").lower() == "numpy":
        return None
    try:
        import numba  # noqa: PLC0415 - optional, and slow to import
    except ImportError:
        return None
    return numba


_numba = _load()
KERNEL = "numpy" if _numba is None else "numba"  # which twin runs in this process


def compiled(function: F) -> F:
    """Compile a kernel with numba if that is installed and wanted; otherwise give it back unchanged.

    Floating point is left strict (no ``fastmath``), so that both twins give the same bits. The plain function
    stays reachable as ``function.py_func`` when compiled.

    Parameters
    ----------
    function
        A function of numbers, tuples and arrays alone, in the subset of Python that numba compiles.
    """
    if _numba is None:
        return function
    kernel: F = _numba.njit(cache=True, fastmath=False)(function)
    return kernel


def plain(function: F) -> F:
    """Give the uncompiled twin of a kernel, for tests that compare the two."""
    twin: F = getattr(function, "py_func", function)
    return twin

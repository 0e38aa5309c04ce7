"""One switch between compiled and plain kernels: numba where installed and wanted, else Python as written."""

from __future__ import annotations

import hashlib
import importlib
import os
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def _load() -> tuple[Any, Any, Any]:
    """Give numba and our extensions of it, or nothing where numba is missing, unwanted or too new to be extended."""
    if os.environ.get("BUSIM_KERNEL", "").lower() == "numpy":
        return None, None, None
    try:
        import numba  # noqa: PLC0415 - optional, and slow to import
    except ImportError:
        return None, None, None
    try:
        return numba, *(importlib.import_module(f"busim.core.{name}") for name in ("lending", "hints"))
    except (ImportError, AttributeError) as error:
        what = f"numba {numba.__version__} is not one that busim can use ({error}): its kernels run as plain Python"
        warnings.warn(what, RuntimeWarning, stacklevel=2)
        return None, None, None


def _cache_folder() -> str:
    """Name the folder of compiled kernels after their sources.

    A cached kernel holds the kernels that it calls; numba renews it when its own file changes, but not theirs.
    """
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for source in sorted(package.glob("core/*.py")):
        digest.update(source.read_bytes())
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return str(Path(base) / "busim" / f"kernels-{digest.hexdigest()[:16]}")


def _no_hint(array: Any, i: int, j: int, k: int) -> None:
    """Do without ``hints.prefetch``."""


_numba, _lending, _hints = _load()
_CACHE = "" if _numba is None else _cache_folder()
prefetch: Callable[..., None] = _no_hint if _numba is None else _hints.prefetch
KERNEL = "numpy" if _numba is None else "numba"  # which twin runs in this process


def compiles_first() -> bool:
    """Tell whether kernels have yet to be compiled, which takes a minute; once done, they are kept on disk."""
    return _numba is not None and not Path(_CACHE).is_dir()


def _kept(function: F, **options: bool) -> F:
    """Compile a kernel that is kept in our own folder."""
    before, _numba.config.CACHE_DIR = _numba.config.CACHE_DIR, _CACHE
    kernel: F = _numba.njit(cache=True, fastmath=False, **options)(function)
    _numba.config.CACHE_DIR = before
    return kernel


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
    return _kept(function)


def borrowing(function: F) -> F:
    """Compile a kernel that allocates no array, as ``compiled`` does but without counting references.

    Numba counts a reference, 5 ns and back, whenever an array is taken out of a tuple. With problems that are tuples
    of a hundred arrays, that was half of the time. Kernels that it calls and that do allocate have to be compiled
    before, by a call of their own.
    """
    if _numba is None:
        return function
    return _kept(function, _nrt=False)


def lent(kind: type[T]) -> type[T]:
    """Let kernels have a class of tuples of arrays through one pointer; see ``lending``.

    Kernels may read their fields and change what stands in their arrays, but neither make such a tuple nor give one of
    its arrays back.
    """
    if _numba is not None:
        _lending.lend(kind)
    return kind


class Fixed:
    """First arguments of kernels, which are then called with the rest alone, by position.

    Numba looks up the type of every array in every argument at every call: some 20 us for fleet, plans and travel
    times, more than most kernels take. Fixed arguments do not change their types, so the entry point is looked up
    once, and called directly. What is ``lent`` is handed over as an address.

    Parameters
    ----------
    values
        The very objects, whose arrays may change their values but are not replaced.
    """

    def __init__(self, *values: Any) -> None:
        self._values, self._kept = values, list[Any]()
        if _numba is not None:
            offered = [_lending.offered(value, self._kept) for value in values]
            self._kinds, self._given = tuple(kind for kind, _ in offered), [given for _, given in offered]

    def bind(self, kernel: Callable[..., Any], example: tuple[Any, ...]) -> Callable[..., Any]:
        """Bind a kernel to them.

        Parameters
        ----------
        kernel
            From ``compiled``.
        example
            The rest of its arguments, once, for their types. Later calls must hand the same types: a float where an
            ``int`` stood is cut.
        """
        if _numba is None:
            return partial(kernel, *self._values)
        key = kernel, self._kinds, _lending.likeness(example)
        if key not in _entries:
            _entries[key] = kernel.compile((*self._kinds, *map(_numba.typeof, example)))  # type: ignore[attr-defined]
        bound = partial(_entries[key], *self._given)
        vars(bound)["kept"] = self._kept  # what stands at the addresses lives as long as the kernel that has them
        return bound


_entries: dict[Any, Any] = {}  # of kernels, by the types of their arguments: numba takes 50 us to find one


def bind(kernel: Callable[..., Any], fixed: tuple[Any, ...], example: tuple[Any, ...]) -> Callable[..., Any]:
    """Bind one kernel to its first arguments: see ``Fixed``."""
    return Fixed(*fixed).bind(kernel, example)


def plain(function: F) -> F:
    """Give the uncompiled twin of a kernel, for tests that compare the two."""
    twin: F = getattr(function, "py_func", function)
    return twin

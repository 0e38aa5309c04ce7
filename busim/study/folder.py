"""Run folders are written beside their place and renamed when complete: nothing half-written has the asked name."""

from __future__ import annotations

import itertools
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from busim.errors import InputError

PARTIAL = ".partial"


class Draft:
    """A run folder that is being written.

    Parameters
    ----------
    place
        The name that it will have.
    is_default
        Whether another name may be taken, with a number behind it, if this one is in use by then.
    path
        Where it is written: beside ``place``.
    """

    def __init__(self, place: Path, is_default: bool, path: Path) -> None:
        self.place, self.is_default, self.path = place, is_default, path

    def finish(self) -> Path:
        """Rename the folder to its place, and give that.

        Raises
        ------
        InputError
            If something stands there by now.
        """
        place = free_name(self.place) if self.is_default else self.place
        with suppress(OSError):
            place.rmdir()  # an empty folder of that name is taken over
        try:
            self.path.rename(place)
        except OSError as error:
            raise InputError.single(str(place), f"cannot be made: {error.strerror}", "choose another --out") from None
        return place

    def finish_partial(self) -> Path:
        """Rename the folder to ``<name>.partial``, in place of an earlier one, and give that."""
        place = self.place.with_name(self.place.name + PARTIAL)
        shutil.rmtree(place, ignore_errors=True)
        return self.path.rename(place)


@contextmanager
def draft(place: Path, *, is_default: bool = False) -> Iterator[Draft]:
    """Open a folder to write in; it is removed unless ``finish`` or ``finish_partial`` was called.

    Raises
    ------
    InputError
        If the place is taken, or nothing can be written there.
    """
    place = place if place.name not in ("", "..") else place.resolve()
    if not is_default:
        check_free(place)
    made = _first_missing(place.parent)
    path = place.with_name(f"{place.name}.tmp-{os.getpid()}-{secrets.token_hex(3)}")
    try:  # from before the folder is made: an interrupt may come at once
        with telling_where(place):
            path.mkdir(parents=True)
        with telling_where(path):
            yield Draft(place, is_default, path)
    finally:
        shutil.rmtree(path, ignore_errors=True)
        _remove_empty(place.parent, made)


@contextmanager
def telling_where(path: Path) -> Iterator[None]:
    """Turn a full disk, a missing right or a lost folder into an ``InputError``."""
    try:
        yield
    except OSError as error:
        if error.strerror is None:
            raise
        name = error.filename or path
        raise InputError.single(str(name), f"cannot be written: {error.strerror}", "choose another --out") from error


def check_free(place: Path) -> None:
    """Make sure that a run folder can get this name.

    Raises
    ------
    InputError
        If a file or a folder that is not empty stands there.
    """
    if place.is_dir() and not any(place.iterdir()):
        return
    if place.exists() or place.is_symlink():
        raise InputError.single(str(place), "exists already", "choose another --out, or remove it")


def free_name(place: Path) -> Path:
    """Give the name itself, or the first of ``name-2``, ``name-3``, ... that is free."""
    numbered = (place.with_name(f"{place.name}-{n}") for n in itertools.count(2))
    return next(path for path in itertools.chain([place], numbered) if not path.exists())


def _first_missing(folder: Path) -> Path | None:
    """Give the topmost folder that will have to be made, if any."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    return missing[-1] if missing else None


def _remove_empty(folder: Path, made: Path | None) -> None:
    """Remove the folders that were made on the way and stayed empty."""
    while made is not None and (folder == made or made in folder.parents):
        with suppress(OSError):
            folder.rmdir()
        folder = folder.parent

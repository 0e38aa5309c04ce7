"""The folder of a sweep: one run folder per scenario and seed, found again by what it ran."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from busim.errors import InputError
from busim.metrics import KPIS
from busim.scenario import Scenario, with_seed
from busim.study.folder import telling_where
from busim.study.manifest import read_manifest
from busim.study.store import read_kpis

RUNS = "runs"
_LETTERS = 16  # of a fingerprint: 64 bits
_TRIAL_BYTES = 65536  # less than the smallest run; a block at the end of a full disk is found to be missing


def cell_name(scenario: Scenario) -> str:
    """Name a scenario by what it says, whatever its seed."""
    return with_seed(scenario, 0).fingerprint[:_LETTERS]


def run_folder(out: Path, cell: str, seed: int) -> Path:
    """Give the place of one run."""
    return out / RUNS / f"{cell}-{seed}"


def kept_kpis(folder: Path, fingerprint: str) -> dict[str, float] | None:
    """Give the KPIs of a complete run folder of this fingerprint, or None where there is none."""
    if not folder.is_dir():
        return None
    try:
        manifest, kpis = read_manifest(folder), read_kpis(folder)
    except InputError:
        return None
    is_it = manifest["fingerprint"] == fingerprint and "error" not in manifest and set(KPIS) <= set(kpis)
    return kpis if is_it else None


def check_writable(folder: Path) -> None:
    """Make sure, before anything runs, that something can be written into a folder, or into what it will stand in.

    Raises
    ------
    InputError
        If not: a file stands there, a right is missing, the disk is full.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".busim-") as file:
            file.write(bytes(_TRIAL_BYTES))
    except OSError as error:
        what = f"cannot be written: {error.strerror}" if there == folder else f"cannot be made: {error.strerror}"
        at = "" if there == folder else f" ({there})"
        raise InputError.single(str(folder), what + at, "choose another --out") from error


@contextmanager
def study_folder(out: Path, part: str = "") -> Iterator[Path]:
    """Open a sweep's folder for one process at a time; drafts that a killed one has left are removed.

    Parameters
    ----------
    out
        Made where it is missing.
    part
        Of shards that fill the folder side by side each has its own name.

    Raises
    ------
    InputError
        If it cannot be written, or another process is at work there.
    """
    with telling_where(out):
        (out / RUNS).mkdir(parents=True, exist_ok=True)
        lock = os.open(out / f".lock{part}", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(lock, out)
        yield out
    finally:
        os.close(lock)


def _lock(file: int, out: Path) -> None:
    """Hold the file until it is closed; the system does so too when the process is killed."""
    try:
        import fcntl  # noqa: PLC0415  (not on Windows, where two sweeps in one folder are not noticed)
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        what = "another sweep is at work in this folder"
        raise InputError.single(str(out), what, "wait for it, or choose another --out") from None
    except OSError:
        return  # a file system without locks


def remove_drafts(folders: Iterable[Path]) -> None:
    """Remove what a killed process has half-written of some runs that stand side by side."""
    names = {folder.name: folder.parent for folder in folders}
    for parent in sorted(set(names.values())):
        for path in sorted(parent.glob("*.tmp-*")):
            if path.name.partition(".tmp-")[0] in names:
                shutil.rmtree(path, ignore_errors=True)

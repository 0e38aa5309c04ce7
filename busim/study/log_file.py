"""The event log as a file: npz, whose bytes depend on nothing but the log, or Parquet where pyarrow is installed."""

from __future__ import annotations

import importlib.util
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from busim.errors import InputError
from busim.model.events import EventLog

NAMES = {"npz": "events.npz", "parquet": "events.parquet"}
COLUMNS = tuple(column.name for column in fields(EventLog))


def check_format(log_format: str) -> None:
    """Make sure that a format can be written, before anything runs.

    Raises
    ------
    InputError
        If pyarrow is missing.
    """
    if log_format == "parquet" and importlib.util.find_spec("pyarrow") is None:
        what = "Parquet needs the package pyarrow, which is not installed"
        raise InputError.single("output.log_format", what, 'install busim[parquet], or choose log_format = "npz"')


def write_log(log: EventLog, folder: Path, log_format: str) -> Path:
    """Write the log into a folder; gives the file."""
    path = folder / NAMES[log_format]
    columns = {name: getattr(log, name) for name in COLUMNS}
    if log_format == "parquet":
        import pyarrow as pa  # noqa: PLC0415  (optional)
        from pyarrow import parquet  # noqa: PLC0415

        parquet.write_table(pa.table(columns), path, compression="zstd")
        return path
    np.savez_compressed(path, **columns)  # every entry carries the zip format's earliest date
    return path


def read_log(folder: Path) -> EventLog:
    """Read the log of a run folder.

    Raises
    ------
    InputError
        If there is none, or it is broken.
    """
    path = next((folder / name for name in NAMES.values() if (folder / name).is_file()), None)
    if path is None:
        raise InputError.single(str(folder), "holds no event log", f"expected {' or '.join(NAMES.values())}")
    try:
        columns = _read_parquet(path) if path.suffix == ".parquet" else _read_npz(path)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise InputError.single(str(path), f"is not a readable event log: {error}", "run the scenario again") from None
    return EventLog(**columns)


def _read_npz(path: Path) -> dict[str, Any]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:  # closed even if it is no archive
        return {name: archive[name] for name in COLUMNS}


def _read_parquet(path: Path) -> dict[str, Any]:
    check_format("parquet")
    from pyarrow import parquet  # noqa: PLC0415  (optional)

    table = parquet.read_table(path)
    return {name: table.column(name).to_numpy() for name in COLUMNS}

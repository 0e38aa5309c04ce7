"""Reading an instance of either format, told apart by the header."""

from __future__ import annotations

from pathlib import Path

from busim.errors import InputError
from busim.planning.instance import Instance
from busim.planning.read_darp import read_darp
from busim.planning.read_eadarp import read_eadarp
from busim.planning.rows import Rows


def read_instance(path: Path, visits: int | None = None) -> Instance:
    """Read an e-ADARP file (seven numbers in the header) or a DARP file (five).

    Parameters
    ----------
    path
        The file.
    visits
        Visits that each charging station admits; what the file says if not given.

    Raises
    ------
    InputError
        If the file is of another kind, or with file and row of everything that is wrong.
    """
    width = len(Rows(path).peek())
    if width == 7:
        return read_eadarp(path, visits)
    if width == 5:
        return read_darp(path)
    raise InputError.single(
        f"{path}:1",
        f"the header has {width} values",
        "an e-ADARP file begins with 7 numbers, a DARP file with 5",
    )

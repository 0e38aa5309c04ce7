"""A table: named numpy columns of one length."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


class Table(Mapping[str, Column]):
    """Named columns of one length; text columns are object or str arrays, missing numbers are ``nan``.

    Parameters
    ----------
    columns
        Arrays by name, each [n].

    Raises
    ------
    ValueError
        If the columns differ in length; all that do are named.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = {name: np.asarray(column) for name, column in columns.items()}
        lengths = {name: len(column) for name, column in self._columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns differ in length: {lengths}")
        self._length = next(iter(lengths.values()), 0)

    def __getitem__(self, name: str) -> Column:
        """Give one column."""
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        """Go over the columns' names."""
        return iter(self._columns)

    def __len__(self) -> int:
        """Count the columns, as a mapping does; ``num_rows`` counts rows."""
        return len(self._columns)

    @property
    def num_rows(self) -> int:
        """Count the rows."""
        return self._length

    def where(self, mask: Column) -> Table:
        """Keep the rows where ``mask`` [n] holds, or those of an index array."""
        return Table({name: column[mask] for name, column in self._columns.items()})

    def row(self, index: int) -> dict[str, Any]:
        """Give one row as a dictionary."""
        return {name: column[index] for name, column in self._columns.items()}

    def to_pandas(self) -> Any:
        """Give a pandas DataFrame.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        import pandas as pd  # noqa: PLC0415  (optional)

        return pd.DataFrame(self._columns)

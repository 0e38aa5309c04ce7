"""Tables as CSV: what is written is read back exactly, types and missing numbers included."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from busim.errors import InputError, Problem
from busim.model.table import Column, Table

INT, FLOAT, BOOL, TEXT = "int", "float", "bool", "text"
_TYPES: dict[str, Any] = {INT: np.int64, FLOAT: np.float64, BOOL: np.bool_, TEXT: object}


def kinds_of(table: Table) -> dict[str, str]:
    """Name the type of each column: ``int``, ``float``, ``bool`` or ``text``."""
    return {name: _kind(column) for name, column in table.items()}


def _kind(column: Column) -> str:
    return {"i": INT, "u": INT, "f": FLOAT, "b": BOOL}.get(column.dtype.kind, TEXT)


def write_csv(table: Table, path: Path) -> None:
    """Write a table; ``nan`` becomes an empty field, truth ``true`` or ``false``."""
    columns = [_fields(column) for column in table.values()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*columns, strict=True))


def _fields(column: Column) -> list[Any]:
    """Give what is written for each value; whole numbers and texts are written as they are."""
    kind, values = _kind(column), column.tolist()
    if kind == FLOAT:
        return ["" if text == "nan" else text.removesuffix(".0") for text in map(repr, values)]
    return ["true" if value else "false" for value in values] if kind == BOOL else values


def read_csv(path: Path, kinds: Mapping[str, str]) -> Table:
    """Read a table whose columns and their types are known.

    Raises
    ------
    InputError
        If columns are missing or a field cannot be read; all bad columns are named.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    header = rows[0] if rows else []
    problems = [Problem(path.name, f"column '{name}' is missing") for name in kinds if name not in header]
    uneven = next((i for i, row in enumerate(rows) if len(row) != len(header)), None)
    if uneven is not None:
        problems.append(Problem(f"{path.name} line {uneven + 1}", f"must have {len(header)} fields"))
    if problems:
        raise InputError(problems)
    fields = dict(zip(header, zip(*rows[1:], strict=True), strict=True)) if len(rows) > 1 else {}
    return Table({name: _column(path, name, fields.get(name, ()), kind) for name, kind in kinds.items()})


def _column(path: Path, name: str, fields: tuple[str, ...], kind: str) -> Column:
    values: list[Any] = list(fields)
    try:
        if kind == FLOAT:
            values = [float(field or "nan") for field in fields]
        elif kind == INT:
            values = [int(field) for field in fields]
        elif kind == BOOL:
            values = [{"true": True, "false": False}[field] for field in fields]
    except (ValueError, KeyError) as error:
        what = f"column '{name}' holds something that is not {kind}: {error}"
        raise InputError.single(path.name, what, "the file was changed since it was written") from None
    return np.array(values, _TYPES[kind])

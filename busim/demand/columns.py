"""A file of requests as rows of text: columns known, rows whole, nothing converted yet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from busim.demand.findings import Finding, error_of
from busim.errors import InputError, Problem, did_you_mean

ENDS = ("origin", "destination")
END_COLUMNS = tuple(f"{end}{part}" for end in ENDS for part in ("", "_lon", "_lat", "_x_m", "_y_m"))
COLUMNS = (
    "id",
    "time",
    "booking_time",
    "earliest",
    *END_COLUMNS,
    "party",
    "wheelchair",
    "purpose",
    "patience_min",
)
OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Row:
    """One line of the file: its number (the header is line 1) and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Give a cell, empty if the file has no such column."""
        return self.cells.get(column, "")


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a file of requests; blank lines, column order and a byte order mark do not matter.

    Raises
    ------
    InputError
        If the file cannot be read as CSV with the columns of requests, or with every row of another width.
    """
    lines = _lines(path)
    if not lines:
        raise InputError.single(path.name, "is empty", "the first line names the columns: id, time, ...")
    header = [name.strip().lower() for name in lines[0][1]]
    _check_header(path.name, header)
    remedy = "one cell for each column; texts that hold commas stand in quotation marks"
    findings = [
        Finding(line, "", f"has {len(cells)} cells, the header has {len(header)}", remedy)
        for line, cells in lines[1:]
        if len(cells) != len(header)
    ]
    if findings:
        raise error_of(path.name, findings)
    if len(lines) == 1:
        raise InputError.single(path.name, "has no rows: nobody asks for a ride", "one row per request")
    return [Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=True))) for line, cells in lines[1:]]


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """List the lines that are not blank, with their numbers."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError.single(path.name, f"cannot be read: {reason}", "check demand.file") from None
    except UnicodeDecodeError:
        raise InputError.single(path.name, "is not in UTF-8", "save it as 'CSV UTF-8'") from None
    except csv.Error as error:
        raise InputError.single(path.name, f"is no CSV file: {error}", "check the quotation marks") from None


def _check_header(file: str, header: list[str]) -> None:
    if not "".join(header).isprintable() and "\t" not in header[0]:
        raise InputError.single(file, "is no CSV file: its first line is not text", "save the table as 'CSV UTF-8'")
    for delimiter, name in OTHER_DELIMITERS.items():
        if len(header) == 1 and delimiter in header[0]:
            raise InputError.single(f"{file} row 1", f"columns are separated by {name}", "separate them by commas")
    told = list(_strange(header))
    if "time" not in header:
        told.append(("column 'time' is missing", "when the rider asks, such as 07:45:00"))
    for end in ENDS:
        told += _missing(end, header)
    if told:
        raise InputError(Problem(f"{file} row 1", what, remedy) for what, remedy in told)


def _strange(header: list[str]) -> Iterator[tuple[str, str]]:
    for k, name in enumerate(header):
        if not name:
            yield f"column {k + 1} has no name", "name it, or leave it out"
        elif name not in COLUMNS:
            yield f"'{name}' is no column of requests", did_you_mean(name, COLUMNS)
        elif name in header[:k]:
            yield f"column '{name}' stands there twice", "keep one of them"


def _missing(end: str, header: list[str]) -> Iterator[tuple[str, str]]:
    pairs = [(f"{end}_lon", f"{end}_lat"), (f"{end}_x_m", f"{end}_y_m")]
    if end not in header and not any(set(pair) & set(header) for pair in pairs):
        remedy = f"{end} (a place or node of the map), or {end}_lon and {end}_lat, or {end}_x_m and {end}_y_m"
        yield f"a column for the {end} is missing", remedy
    for pair in pairs:
        for one, other in (pair, pair[::-1]):
            if one in header and other not in header:
                yield f"column '{one}' needs '{other}'", "give both"

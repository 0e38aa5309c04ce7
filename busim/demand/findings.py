"""What is wrong with the rows of a file, told in the file's order; a fault that many rows share is one problem."""

from __future__ import annotations

from typing import NamedTuple

from busim.errors import InputError, Problem

_NAMED = 5


class Finding(NamedTuple):
    """One fault: its row (the header is row 1), its column, what is wrong, and what would be right."""

    row: int
    column: str
    what: str
    remedy: str


def error_of(file: str, findings: list[Finding]) -> InputError:
    """Tell findings together, those of the first rows first."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for row, column, what, remedy in sorted(findings, key=lambda finding: finding.row):
        rows.setdefault((column, what, remedy), []).append(row)
    return InputError(
        Problem(f"{file} {_rows(numbers)}" + (f", {column}" if column else ""), what, remedy)
        for (column, what, remedy), numbers in rows.items()
    )


def _rows(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    more = len(numbers) - _NAMED
    return f"rows {', '.join(map(str, numbers[:_NAMED]))}" + (f" and {more} more" if more > 0 else "")

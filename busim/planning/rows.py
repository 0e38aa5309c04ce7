"""Rows of numbers of a text file, with a record of all that is wrong with them."""

from __future__ import annotations

import math
from pathlib import Path

from busim.errors import InputError, Problem


class Rows:
    """The non-blank lines of a file, read one after the other.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        If the file cannot be read as text.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not a text file"
            raise InputError.single(str(path), f"cannot be read: {reason}") from error
        self._lines = [(i, line.split()) for i, line in enumerate(text.splitlines(), start=1) if line.strip()]
        self._next = 0

    def __len__(self) -> int:
        """Count the rows that are left."""
        return len(self._lines) - self._next

    @property
    def number(self) -> int:
        """Line number of the row last taken."""
        return self._lines[self._next - 1][0] if self._next else 1

    def peek(self) -> list[str]:
        """Give the words of the next row without taking it, none at the end."""
        return self._lines[self._next][1] if len(self) else []

    def wrong(self, what: str, remedy: str = "") -> None:
        """Record a problem of the row last taken."""
        self.problems.append(Problem(f"{self.path}:{self.number}", what, remedy))

    def stop(self, what: str, remedy: str = "") -> InputError:
        """Make the error that tells this problem and all recorded before."""
        self.wrong(what, remedy)
        return InputError(self.problems)

    def take(self, meaning: str, count: int | None = None) -> list[float]:
        """Take the next row as numbers.

        Parameters
        ----------
        meaning
            What the row holds, for messages.
        count
            How many numbers it must have.

        Raises
        ------
        InputError
            If no row is left. What is wrong within the row is recorded, and nan stands for it.
        """
        if not len(self):
            raise self.stop(f"the file ends where {meaning} should follow")
        words = self._lines[self._next][1]
        self._next += 1
        if count is not None and len(words) != count:
            self.wrong(f"{meaning}: {len(words)} values, expected {count}")
            words = (words + ["nan"] * count)[:count]
            return [_number(word) for word in words]
        values = [_number(word) for word in words]
        bad = [word for word, value in zip(words, values, strict=True) if not math.isfinite(value)]
        if bad:
            self.wrong(f"{meaning}: '{bad[0]}' is not a number")
        return values

    def take_whole(self, meaning: str, count: int | None = None) -> list[int]:
        """Take the next row as whole numbers; 0 stands for what is none, which is recorded."""
        values = self.take(meaning, count)
        broken = [value for value in values if math.isfinite(value) and value != int(value)]
        if broken:
            self.wrong(f"{meaning}: {broken[0]:g} is not a whole number")
        return [int(value) if math.isfinite(value) else 0 for value in values]


def _number(word: str) -> float:
    """Read a number, nan if it is none."""
    try:
        return float(word)
    except ValueError:
        return math.nan

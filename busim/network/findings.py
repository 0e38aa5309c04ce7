"""What is wrong with a map's file, gathered by kind: a thousand edges without a length are one problem."""

from __future__ import annotations

from busim.errors import InputError, Problem

_NAMED = 5


class Findings:
    """Collects problems of one file, to be told together.

    Parameters
    ----------
    file
        Its name in messages.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._elements: dict[tuple[str, str, str], list[str]] = {}

    def add(self, kind: str, element: str, what: str, remedy: str = "", value: object = None) -> None:
        """Note that an element of some kind (``"edge"``, ``"row"``) has a problem; equal ones are told as one."""
        shown = element if value is None else f"{element} ({value!r})"
        self._elements.setdefault((kind, what, remedy), []).append(shown)

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self._elements)

    def problems(self) -> list[Problem]:
        """Give one problem for each thing that is wrong, with the elements' names."""
        made = []
        for (kind, what, remedy), elements in self._elements.items():
            more = f" and {len(elements) - _NAMED} more" if len(elements) > _NAMED else ""
            plural = "s" if len(elements) > 1 else ""
            where = f"{self.file} {kind}{plural} {', '.join(elements[:_NAMED])}{more}" if kind else self.file
            made.append(Problem(where, what, remedy))
        return made

    def check(self) -> None:
        """Raise what was found.

        Raises
        ------
        InputError
            If there is anything.
        """
        if self:
            raise InputError(self.problems())

"""What can go wrong with what a user hands in, and how it is told: all at once, with place and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from busim.units import clock

EXIT_OK, EXIT_FAULT, EXIT_INPUT, EXIT_INTERRUPTED = 0, 1, 2, 130
MAX_SHOWN = 15  # a message stays within one screen


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in what the user gave.

    Parameters
    ----------
    where
        File, and where it can be told the line, row, key or element: ``day.toml:12 fleet.size``.
    what
        What is wrong, with the value that was found.
    remedy
        What would be right, or the nearest known name.
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Give the problem as one or two lines."""
        return f"{self.where}: {self.what}" + (f"\n    {self.remedy}" if self.remedy else "")


class BusimError(Exception):
    """The base of every error that busim raises on purpose."""

    exit_code = EXIT_FAULT


class InputError(BusimError):
    """Bad input: every problem that was found, told together.

    Parameters
    ----------
    problems
        At least one.
    """

    exit_code = EXIT_INPUT

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)  # as given, so that the error can be copied between processes

    @classmethod
    def single(cls, where: str, what: str, remedy: str = "") -> InputError:
        """Make an error of one problem."""
        return cls([Problem(where, what, remedy)])

    def __str__(self) -> str:
        """Tell all problems, at most a screen of them."""
        shown = [str(problem) for problem in self.problems[:MAX_SHOWN]]
        left = len(self.problems) - len(shown)
        count = f"{len(self.problems)} problems" if len(self.problems) != 1 else "1 problem"
        return "\n".join([f"{count} in the input:", *shown, *([f"... and {left} more"] if left else [])])


class StrategyError(BusimError):
    """A strategy raised, or returned an order that cannot be carried out.

    Parameters
    ----------
    strategy
        Its name.
    time_s
        The moment of the decision [s from midnight].
    what
        What is wrong with it, naming the order.
    """

    exit_code = EXIT_INPUT

    def __init__(self, strategy: str, time_s: float, what: str) -> None:
        super().__init__(strategy, time_s, what)  # as given, so that the error can be copied between processes
        self.strategy, self.time_s, self.what = strategy, time_s, what

    def __str__(self) -> str:
        """Tell who, when and what."""
        return f"strategy '{self.strategy}' at {clock(self.time_s)}: {self.what}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest of the known names, or list them.

    Returns
    -------
    str
        ``did you mean 'x'?`` if one is near, else ``known: a, b, c``.
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return "known: " + ", ".join(names[:20]) + (" ..." if len(names) > 20 else "") if names else "none are known"

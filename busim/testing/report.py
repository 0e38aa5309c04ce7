"""What a conformance suite gives back: one line per case, and under those that failed what was wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from busim.errors import EXIT_INPUT, BusimError

MAX_SHOWN = 5  # problems told per case


class ConformanceError(BusimError):
    """A strategy does not keep the rules; the text is the whole report."""

    exit_code = EXIT_INPUT


@dataclass(frozen=True)
class Case:
    """One case of a suite.

    Parameters
    ----------
    name
        Such as ``"promises kept"``.
    about
        What was tried, in a few words.
    problems
        What was wrong; none if the case was passed.
    """

    name: str
    about: str
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether nothing was wrong."""
        return not self.problems

    def __str__(self) -> str:
        """Give one line, and one for each problem."""
        shown = [f"        {problem}" for problem in self.problems[:MAX_SHOWN]]
        left = len(self.problems) - len(shown)
        more = [f"        ... and {left} more"] if left else []
        return "\n".join([f"{'ok  ' if self.passed else 'FAIL'}  {self.name}: {self.about}", *shown, *more])


@dataclass(frozen=True)
class Report:
    """All cases of a suite that one strategy went through.

    Parameters
    ----------
    kind, strategy
        Such as ``"dispatch"`` and ``"insertion"``.
    cases
        In the order in which they were tried.
    """

    kind: str
    strategy: str
    cases: tuple[Case, ...]

    @property
    def passed(self) -> bool:
        """Tell whether every case was passed."""
        return all(case.passed for case in self.cases)

    @property
    def failed(self) -> tuple[str, ...]:
        """Name the cases that were not passed."""
        return tuple(case.name for case in self.cases if not case.passed)

    def require(self) -> Report:
        """Give the report itself, for one line in a test.

        Raises
        ------
        ConformanceError
            If a case was not passed.
        """
        if not self.passed:
            raise ConformanceError(str(self))
        return self

    def to_dict(self) -> dict[str, Any]:
        """Give plain values, for JSON."""
        cases = [
            {"name": c.name, "about": c.about, "passed": c.passed, "problems": list(c.problems)} for c in self.cases
        ]
        return {"kind": self.kind, "strategy": self.strategy, "passed": self.passed, "cases": cases}

    def __str__(self) -> str:
        """Give the verdict, then the cases."""
        count = len(self.cases) - len(self.failed)
        verdict = f"{self.strategy} ({self.kind}): {count} of {len(self.cases)} cases passed"
        return "\n".join([verdict, *(f"  {line}" for case in self.cases for line in str(case).split("\n"))])


def suite(kind: str, strategy: object, name: str | None, form: Case, rest: Callable[[Any], tuple[Case, ...]]) -> Report:
    """Report on a strategy, or on its class made with its defaults: the cases follow only where its form is right.

    Parameters
    ----------
    kind, form, rest
        Of the suite; what was found of the strategy's form; what tries the other cases on an object that is formed so.
    strategy, name
        As given to the suite; by default it is called after its class.
    """
    told = name or (strategy if isinstance(strategy, type) else type(strategy)).__name__
    if not form.passed:
        return Report(kind, told, (form,))
    return Report(kind, told, (form, *rest(strategy() if isinstance(strategy, type) else strategy)))

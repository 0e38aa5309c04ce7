"""What all sections of a scenario file have in common: strict models, and the types of their values."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from busim.units import clock, parse_clock

KeyPath: TypeAlias = tuple[str | int, ...]
Finding: TypeAlias = tuple[KeyPath, str, str]  # key path below the section, what is wrong, remedy


class Wrong(ValueError):  # noqa: N818  (never leaves the package: it becomes a Problem)
    """A value that a validator turns down.

    Parameters
    ----------
    what
        What is wrong, as the end of a sentence that begins with the key.
    remedy
        What would be right.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


class Section(BaseModel):
    """A table of a scenario file: no unknown keys, no silent conversions, no nan."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    def findings(self) -> list[Finding]:
        """Tell what is wrong between keys that are each right by themselves."""
        return []


def seconds_of_day(value: Any) -> int:
    """Read a time of day as seconds from midnight."""
    if not isinstance(value, str):
        raise Wrong(f"must be a time of day, got {show(value)}", 'write 06:30:00, or "06:30", or "25:30" past midnight')
    try:
        return parse_clock(value)
    except ValueError as error:
        raise Wrong(str(error).split(";")[0], 'write 06:30:00, or "06:30", or "25:30" past midnight') from None


def _day(value: Any) -> str:
    remedy = "write year-month-day, such as 2026-03-18"
    if not isinstance(value, str):
        raise Wrong(f"must be a date, got {show(value)}", remedy)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise Wrong(f"'{value}' is not a date", remedy) from None


def show(value: Any) -> str:
    """Show a value as a user would have written it, cut to 60 characters."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        text = f'the text "{value}"'
    elif isinstance(value, dict):
        text = f"a table with {', '.join(map(str, value)) or 'no keys'}"
    elif isinstance(value, list):
        text = f"the list {value}"
    else:
        text = str(value)
    return printable(text, 60)


def printable(text: str, limit: int) -> str:
    """Make a text fit to be shown on one line: no control characters, cut at a limit."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= limit else line[: limit - 4] + " ..."


def dotted(path: KeyPath) -> str:
    """Write a key path with dots."""
    return printable(".".join(str(part) for part in path), 80)


_CLOCK_SCHEMA = {"type": "string", "description": "a time of day: 06:30:00, or a text such as 25:30 past midnight"}
Clock = Annotated[int, BeforeValidator(seconds_of_day), PlainSerializer(clock), WithJsonSchema(_CLOCK_SCHEMA)]
Day = Annotated[str, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Share = Annotated[float, Field(ge=0, le=1)]
PlaceId = Annotated[str, Field(min_length=1)]

"""Reading TOML: every way in which a file cannot be read becomes a problem with a place and a remedy."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

from busim.errors import InputError, Problem, did_you_mean
from busim.scenario.data import exists, scenario_names

_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_GENERAL = 'a scenario is lines of key = value below [section]; texts stand in quotes: name = "Monday"'
_ADVICE = (
    (re.compile(r"^\s*\{"), "a scenario is TOML, not JSON: [section], and below it key = value"),
    (re.compile(r"^[^=\[#]+$"), _GENERAL),
    (re.compile(r"=\s*\d{1,2}:\d\d(?!:)"), 'times of day are written 06:30:00, or "06:30" in quotes'),
    (re.compile(r"=\s*(True|False|yes|no|on|off)\b"), "write true or false"),
    (re.compile(r"=\s*(None|null|nil)\b"), "leave the line out to use the default"),
    (re.compile(r"=\s*-?\d+,\d"), "write decimals with a point: 0.5"),
    (re.compile(r"=\s*\.\d"), "write 0 before the decimal point: 0.5"),
    (re.compile(r"=\s*0\d"), "numbers do not begin with 0"),
    (re.compile(r"=\s*-?\d[\d.]*\s*[A-Za-z%]"), "units stand in the key, not in the value: max_wait_min = 10"),
    (re.compile(r"=\s*\d{4}-\d\d"), "there is no such date; write year-month-day, such as 2026-03-18"),
    (re.compile(r"=\s*$"), "give a value after the equals sign"),
    (re.compile(r"""=\s*(?:"[^"]*|'[^']*)$"""), "close the quotes"),
    (re.compile(r"=\s*[^\W\d]"), 'texts stand in quotes: name = "Monday"'),
    (re.compile(r"^\s*\["), "a section is written [fleet], one of several tables [[fleet.group]]"),
)


def read_text(path: Path, name: str) -> str:
    """Read a file of UTF-8 text.

    Raises
    ------
    InputError
        If there is no such file, it cannot be read, or is not UTF-8.
    """
    if exists(path) and path.is_dir():
        inside = sorted(item.name for item in path.glob("*.toml"))
        remedy = "name a file in it: " + ", ".join(inside[:10]) if inside else "name a scenario file, ending in .toml"
        raise InputError.single(name, "is a folder, not a scenario file", remedy)
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise InputError.single(name, "there is no such file", _near(path)) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what = f"is not UTF-8 text (byte {error.object[error.start]:#04x})"
        raise InputError.single(f"{name}:{line}", what, "save the file with encoding UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError.single(name, f"cannot be read: {reason}", "check the name and its permissions") from None


def _near(path: Path) -> str:
    beside = [item.name for item in path.parent.glob("*.toml")] if exists(path.parent) else []
    return did_you_mean(path.name, [*beside, *scenario_names()])


def parse(text: str, name: str) -> dict[str, Any]:
    """Parse TOML; dates and times become texts, so that the result is plain.

    Raises
    ------
    InputError
        If the text is not TOML, or says nothing.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_syntax_problem(str(error), text, name)]) from None
    except (ValueError, RecursionError) as error:
        what = "is nested too deep" if isinstance(error, RecursionError) else "has a number with too many digits"
        raise InputError.single(name, what, _GENERAL) from None
    if not document:
        remedy = 'write at least [map] and [fleet], or extends = "science_city.toml"'
        raise InputError.single(name, "the file is empty" if not text.strip() else "the file sets nothing", remedy)
    plain: dict[str, Any] = to_plain(document)
    return plain


def to_plain(value: Any) -> Any:
    """Turn dates and times inside into texts."""
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _syntax_problem(message: str, text: str, name: str) -> Problem:
    lines = text.split("\n")
    match = _PLACE.search(message)
    number = int(match.group(1)) if match and match.group(1) else len(lines)
    line = lines[number - 1] if number <= len(lines) else ""
    reason = _PLACE.sub("", message)
    reason = reason[:1].lower() + reason[1:]
    remedy = next((advice for pattern, advice in _ADVICE if pattern.search(line)), _GENERAL)
    if "nclosed array" in reason:
        remedy = "close the list with ]"
    elif reason.startswith("cannot"):
        remedy = "this key or section stands twice, or both as a value and as a section: keep one"
    shown = line.strip()
    what = f"is not valid TOML: {reason}" + (f", in: {shown[:60]}" if shown else "")
    return Problem(f"{name}:{number}", what, remedy)

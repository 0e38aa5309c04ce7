"""How OSMnx and OpenStreetMap write values: lists as text, units, words for speeds, classes of roads."""

from __future__ import annotations

import ast
import math
import re
from functools import lru_cache

MPH_KMH = 1.609344
KNOT_KMH = 1.852

# Default limits, for roads without one: GB 51038-2015 and Chinese practice in towns; walking streets lower.
CLASS_OF_HIGHWAY: dict[str, tuple[str, float]] = {
    "motorway": ("motorway", 100.0),
    "motorway_link": ("motorway", 60.0),
    "trunk": ("trunk", 80.0),
    "trunk_link": ("trunk", 50.0),
    "primary": ("primary", 60.0),
    "primary_link": ("primary", 40.0),
    "secondary": ("secondary", 50.0),
    "secondary_link": ("secondary", 40.0),
    "tertiary": ("tertiary", 40.0),
    "tertiary_link": ("tertiary", 30.0),
    "unclassified": ("residential", 30.0),
    "residential": ("residential", 30.0),
    "living_street": ("residential", 20.0),
    "campus": ("campus", 20.0),
    "service": ("other", 20.0),
    "busway": ("other", 40.0),
    "bus_guideway": ("other", 40.0),
    "road": ("other", 30.0),
}
OTHER_CLASS = ("other", 20.0)
WITHOUT_BUSES = frozenset(
    {
        "footway",
        "cycleway",
        "path",
        "steps",
        "pedestrian",
        "bridleway",
        "corridor",
        "track",
        "platform",
        "elevator",
        "construction",
        "proposed",
        "abandoned",
        "razed",
        "raceway",
    }
)

_UNIT_KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": MPH_KMH, "knots": KNOT_KMH}
_WORD_KMH = {"walk": 6.0, "living_street": 20.0, "urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 120.0}
_NO_NUMBER = frozenset(("none", "signals", "variable", "unposted", "unknown"))
_NUMBER = re.compile(r"^([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|nan|inf(?:inity)?))\s*([a-z/]*)$", re.IGNORECASE)
_COUNTRY = re.compile(r"^[A-Za-z]{2}(?:-[A-Za-z]+)?:(?:zone:?)?(\w+)$")

_remembered = lru_cache(maxsize=4096)  # a map says the same of most of its edges


def parts(text: str) -> list[str]:
    """Split what may be a list: ``"['a', 'b']"`` as OSMnx saves it, or ``"a;b"`` as OpenStreetMap has it."""
    text = text.strip()
    if text.startswith("["):
        try:
            found = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            return [text]
        return [str(part).strip() for part in found] if isinstance(found, list) else [text]
    return [part.strip() for part in re.split(r"[;|]", text) if part.strip()]


def number(text: str) -> float:
    """Read one number.

    Raises
    ------
    ValueError
        If the text is none; the message says so.
    """
    try:
        return float(text)
    except ValueError:
        raise ValueError("is no number") from None


def positive(text: str) -> float:
    """Read a number above zero.

    Raises
    ------
    ValueError
        If it is none; the message says what it is.
    """
    value = number(text)
    if not math.isfinite(value) or value <= 0:
        raise ValueError("must be a positive, finite number")
    return value


@_remembered
def speed_kmh(text: str) -> float | None:
    """Read a speed limit, the mean of several (as OSMnx takes it); None where the text leaves it open.

    Raises
    ------
    ValueError
        If it is no speed, or not above zero.
    """
    found = [_one_speed(part) for part in parts(text)]
    known = [speed for speed in found if speed is not None]
    return sum(known) / len(known) if known else None


def _one_speed(text: str) -> float | None:
    match = _NUMBER.match(text)
    if match:
        unit = match.group(2).lower()
        if unit not in _UNIT_KMH:
            raise ValueError("has a unit that is not known")
        return positive(match.group(1)) * _UNIT_KMH[unit]
    word = text.lower()
    country = _COUNTRY.match(text)
    if country:
        word = country.group(1).lower()
        if word.isdigit():
            return positive(word)
    if word in _NO_NUMBER:
        return None
    if word in _WORD_KMH:
        return _WORD_KMH[word]
    raise ValueError("is no speed")


@_remembered
def road_class(highway: str) -> tuple[str, float]:
    """Give the class of a road and its default speed [km/h]; of several classes the first that is known."""
    known = [CLASS_OF_HIGHWAY[part] for part in parts(highway) if part in CLASS_OF_HIGHWAY]
    return known[0] if known else OTHER_CLASS


@_remembered
def is_for_buses(highway: str) -> bool:
    """Tell whether roads of a class are wide enough, unless the file says otherwise."""
    return not any(part in WITHOUT_BUSES for part in parts(highway))


@_remembered
def names(plain: str, english: str, chinese: str) -> tuple[str, str]:
    """Give a Latin and a Chinese name out of what a file has; ``plain`` is in whatever language."""
    plain, english, chinese = (" / ".join(parts(text)) for text in (plain, english, chinese))
    is_chinese = any("\u2e80" <= letter <= "\u9fff" for letter in plain)
    return english or plain, chinese or (plain if is_chinese else "")

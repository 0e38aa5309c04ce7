"""Finding the rider or the bus that somebody asks about."""

from __future__ import annotations

import difflib

from busim.errors import InputError, did_you_mean
from busim.report.day import FinishedDay


def find_rider(day: FinishedDay, name: str) -> int:
    """Find a rider by the id of the request, or else by number as in the tables.

    Raises
    ------
    InputError
        If there is none.
    """
    ids, text = day.requests.ids, name.strip()
    if text in ids:
        return ids.index(text)
    if text.isascii() and text.isdigit():
        if int(text) < len(ids):
            return int(text)
        known = f"riders are 0 to {len(ids) - 1}" if ids else "this day has none"
        raise InputError.single("--rider", f"there is no rider {text}", known)
    near = difflib.get_close_matches(text, ids, n=3, cutoff=0.5)
    span = f"; ids are such as '{ids[0]}', numbers 0 to {len(ids) - 1}" if ids else ""
    hint = f"did you mean {' or '.join(repr(each) for each in near)}?" if near else did_you_mean(text, ids[:5])
    raise InputError.single("--rider", f"there is no request '{name}'", hint + span)


def find_bus(day: FinishedDay, name: str) -> int:
    """Find a bus by its number.

    Raises
    ------
    InputError
        If there is none.
    """
    size, text = len(day.spec.fleet.buses), name.strip().lower().removeprefix("bus").strip()
    if text.isascii() and text.isdigit() and int(text) < size:
        return int(text)
    raise InputError.single("--bus", f"there is no bus '{name}'", f"buses are 0 to {size - 1}")

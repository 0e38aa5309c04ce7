"""A look back in a run folder: ``hindsight.json`` and ``tables/hindsight.csv``, read back as they were written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from busim.errors import InputError
from busim.study.manifest import read_json, write_json
from busim.study.table_csv import FLOAT, INT, TEXT, read_csv, write_csv

if TYPE_CHECKING:
    from busim.study.hindsight import Hindsight

FILE, STOPS = "hindsight.json", "tables/hindsight.csv"
_KINDS = {
    **dict.fromkeys(("bus", "node", "ready_s", "start_s", "depart_s", "metres", "on_board"), INT),
    **dict.fromkeys(("action", "rider"), TEXT),
    "energy_kwh": FLOAT,
}


def write_hindsight(found: Hindsight, folder: Path) -> None:
    """Write a look back into its run's folder."""
    write_json(folder / FILE, found.document())
    write_csv(found.stops, folder / STOPS)


def read_hindsight(folder: Path) -> Hindsight | None:
    """Read the look back of a run folder; None if it has none.

    Raises
    ------
    InputError
        If it is broken or incomplete.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    from busim.study.hindsight import Hindsight  # noqa: PLC0415  (slow to import, and most runs hold none)

    document = read_json(path)
    try:
        facts = [(str(f["name"]), str(f["unit"]), _number(f["live"]), _number(f["plan"])) for f in document["facts"]]
        found = Hindsight(
            strategy=str(document["strategy"]),
            live=_parts(document["live"]),
            plan=_parts(document["plan"]),
            facts=facts,
            stops=read_csv(folder / STOPS, _KINDS),
            steps=int(document["steps"]),
            planned_steps=int(document["planned_steps"]),
            trace=tuple((int(step), float(cost)) for step, cost in document["trace"]),
            is_better=bool(document["is_better"]),
        )
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise InputError.single(str(folder / STOPS), what, "is the folder a complete run?") from None
    except (KeyError, TypeError, ValueError) as error:
        what = f"is not what `busim run --hindsight` writes: {type(error).__name__}: {error}"
        raise InputError.single(str(path), what, "run the scenario again, with --hindsight") from None
    if found.live.keys() != found.plan.keys():
        raise InputError.single(str(path), "the parts of 'live' and 'plan' differ", "run the scenario again")
    return found


def _parts(costs: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(cost) for name, cost in costs.items() if name != "cost"}


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)

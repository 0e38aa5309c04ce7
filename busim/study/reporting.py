"""From a run to its web page."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from busim.report.page import Heading, page
from busim.study.finished import day_of
from busim.study.folder import telling_where
from busim.study.headline import headline
from busim.study.outcome import Outcome

FILE = "report.html"
_OVERVIEW = "day"  # the picture that holds what the page shows anyway


def write_report(made: Outcome, path: Path, pictures: Sequence[Path] | None = None) -> Path:
    """Write the web page of a run; gives its path.

    Parameters
    ----------
    made
        The run.
    path
        The file to write.
    pictures
        The files of the run's pictures, in the order in which they are shown; without them they are drawn anew.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    if pictures is None:
        with tempfile.TemporaryDirectory() as folder:
            return write_report(made, path, _drawn(made, Path(folder)))
    images = {file.stem: file.read_bytes() for file in pictures if file.stem != _OVERVIEW}
    text = page(day_of(made), _heading(made), made.kpis, images)
    with telling_where(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path


def _drawn(made: Outcome, folder: Path) -> list[Path]:
    from busim.study.pictures import draw_all  # noqa: PLC0415  (matplotlib is slow to import)

    return draw_all(made, folder)


def _heading(made: Outcome) -> Heading:
    spec, manifest = made.scenario.spec, made.manifest
    facts: Mapping[str, Any] = {
        "Date": spec.date,
        "Buses": len(spec.fleet.buses),
        "Service": spec.service.mode.replace("_", " "),
        **({} if spec.service.mode == "line" else {"Dispatch": spec.dispatch.strategy}),
        "Charging": spec.charging.strategy,
        "Map": made.network.name,
        "Seed": spec.seed,
        "Fingerprint": manifest["fingerprint"][:12],
        "busim": manifest["versions"]["busim"],
    }
    told = tuple((name, str(value)) for name, value in facts.items())
    return Heading(made.scenario.name, told, headline(made.kpis, spec))

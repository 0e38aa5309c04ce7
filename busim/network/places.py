"""places.csv beside a map: its named points, each row checked."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from busim.errors import InputError, did_you_mean
from busim.model.network import Area
from busim.model.plane import to_plane
from busim.network import values
from busim.network.draft import DraftPlace
from busim.network.findings import Findings
from busim.network.zones import ZONE_KIND, zones_of

PLACE_KINDS = (
    "stop",
    "depot",
    "charger",
    "terminal",
    "metro_station",
    "metro_planned",
    "campus",
    "park",
    "factory",
    "town",
    "mall",
    "hospital",
    "government",
    "school",
    "lake",
    "landmark",
    "other",
)
NEEDED = ("place_id", "lon", "lat", "kind")
TEXTS = ("place_id", "name", "name_zh", "name_en", "lon", "lat", "kind", "zone", "area_id", "source", "confidence")
NUMBERS = ("residents", "jobs", "factory_jobs", "students", "feeder_riders", "plugs", "power_kw", "capacity")

Centre = tuple[float, float]
Row = dict[str, str]


@dataclass(frozen=True)
class _Site:
    """Where rows are put: the plane's centre and the districts that are drawn."""

    centre: Centre
    areas: tuple[Area, ...]


def read_places(path: Path, centre: Centre, areas: tuple[Area, ...]) -> tuple[DraftPlace, ...]:
    """Read the places of a map; a place without a zone belongs to the one that it lies in.

    Raises
    ------
    InputError
        With every row that is wrong.
    """
    findings = Findings(path.name)
    rows, columns = _rows(path)
    numeric = [name for name in columns if name in NUMBERS or (name not in TEXTS and _is_numeric(rows, name))]
    site, seen = _Site(centre, areas), dict[str, int]()
    places = []
    for line, row in rows:
        name = row.get("place_id", "")
        if name in seen:
            findings.add("row", str(line), f"place '{name}' was given in row {seen[name]} already", "ids are unique")
        seen.setdefault(name, line)
        places.append(_place(f"{path.name} row {line}", str(line), row, numeric, site, findings))
    findings.check()
    return tuple(place for place in places if place is not None)


def _rows(path: Path) -> tuple[list[tuple[int, Row]], list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in reader]
            columns = [name for name in reader.fieldnames or [] if name]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError.single(path.name, f"is no CSV file in UTF-8: {error}") from None
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        what = f"has no column {', '.join(missing)}"
        raise InputError.single(path.name, what, f"needed: {', '.join(NEEDED)}; there are: {', '.join(columns[:12])}")
    return rows, columns


def _is_numeric(rows: list[tuple[int, Row]], name: str) -> bool:
    try:
        return all(math.isfinite(float(row[name])) for _, row in rows if row.get(name))
    except ValueError:
        return False


def _place(where: str, line: str, row: Row, numeric: list[str], site: _Site, findings: Findings) -> DraftPlace | None:
    if not row["place_id"]:
        findings.add("row", line, "has no place_id")
    if row["kind"] not in PLACE_KINDS:
        what = f"'{row['kind']}' is no kind of place"
        findings.add("row", line, what, did_you_mean(row["kind"], PLACE_KINDS))
    degrees = [_degrees(row, name, limit, line, findings) for name, limit in (("lon", 180.0), ("lat", 90.0))]
    numbers = {name: _number(row, name, line, findings) for name in numeric if row.get(name)}
    zones = [area.id for area in site.areas if area.kind == ZONE_KIND]
    zone = row.get("zone", "")
    if zone and zones and zone not in zones:
        findings.add("row", line, f"'{zone}' is no zone of areas.geojson", did_you_mean(zone, zones))
    lon, lat = degrees
    if lon is None or lat is None:
        return None
    x_m, y_m = (float(metres) for metres in to_plane(lon, lat, site.centre))
    name, name_zh = values.names(row.get("name", ""), row.get("name_en", ""), row.get("name_zh", ""))
    zone = zone or zones_of(site.areas, x_m, y_m)[0]
    return DraftPlace(where, row["place_id"], row["kind"], x_m, y_m, name, name_zh, zone, numbers)


def _degrees(row: Row, name: str, limit: float, line: str, findings: Findings) -> float | None:
    try:
        value = values.number(row[name])
    except ValueError as error:
        findings.add("row", line, f"'{name}' {error}", "degrees (WGS-84)", row[name])
        return None
    if not abs(value) <= limit:
        findings.add("row", line, f"'{name}' is not in degrees, up to {limit:g}", "", row[name])
        return None
    return value


def _number(row: Row, name: str, line: str, findings: Findings) -> float:
    try:
        value = values.number(row[name])
    except ValueError as error:
        findings.add("row", line, f"'{name}' {error}", "leave the cell empty if it is not known", row[name])
        return 0.0
    if not math.isfinite(value) or (name in NUMBERS and value < 0):
        findings.add("row", line, f"'{name}' must be a finite number, 0 or more", "", row[name])
    return value

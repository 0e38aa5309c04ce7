"""areas.geojson beside a map: polygons of districts, campuses, water, for drawing and for service areas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from busim.errors import InputError, did_you_mean
from busim.model.network import Area, Floats
from busim.model.plane import to_plane
from busim.network import values
from busim.network.findings import Findings
from busim.network.zones import ZONE_KIND

AREA_KINDS = (
    ZONE_KIND,
    "campus",
    "park",
    "water",
    "residential",
    "industrial",
    "bonded_zone",
    "restricted",
    "infill",
    "other",
)
OUTER_RING = 0


def read_areas(path: Path, centre: tuple[float, float]) -> tuple[Area, ...]:
    """Read the polygons of a map; of several parts or rings the outer ones count.

    Raises
    ------
    InputError
        If it is no GeoJSON, or with every polygon that is wrong.
    """
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        items = [(dict(item["properties"] or {}), dict(item["geometry"])) for item in features]
    except (ValueError, KeyError, TypeError) as error:
        what = f"is no GeoJSON collection of features: {type(error).__name__}: {error}"
        raise InputError.single(path.name, what) from None
    findings = Findings(path.name)
    areas, seen = [], set()
    for k, (properties, geometry) in enumerate(items):
        name = str(properties.get("area_id") or properties.get("id") or "")
        if not name or name in seen:
            findings.add("feature", str(k), "has an area_id that was given already" if name else "has no area_id")
        seen.add(name)
        kind = str(properties.get("kind", ""))
        if kind not in AREA_KINDS:
            what = f"'{kind}' is no kind of area"
            findings.add("feature", name or str(k), what, did_you_mean(kind, AREA_KINDS))
        label = values.names(*(str(properties.get(key) or "") for key in ("name", "name_en", "name_zh")))
        for ring in _rings(geometry, name or str(k), findings):
            ring_m = np.column_stack(to_plane(ring[:, 0], ring[:, 1], centre))
            areas.append(Area(name, label[0] or name, label[1], kind, ring_m))
    findings.check()
    return tuple(areas)


def _rings(geometry: dict[str, Any], name: str, findings: Findings) -> list[Floats]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    try:
        polygons: list[Any] = {"Polygon": [coordinates], "MultiPolygon": coordinates}[str(kind)] or []
        rings = [np.array(polygon[OUTER_RING], np.float64)[:, :2] for polygon in polygons]
        if rings and all(len(r) >= 4 and np.isfinite(r).all() and np.abs(r).max() <= 180 for r in rings):
            return rings
    except (KeyError, ValueError, TypeError, IndexError):
        pass
    findings.add("feature", name, "its geometry is no polygon in degrees", "Polygon or MultiPolygon, 4 points or more")
    return []

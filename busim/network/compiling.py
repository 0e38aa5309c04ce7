"""The ways to a road network: from a scenario's map section, and from a file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from busim.errors import InputError, did_you_mean
from busim.model.network import RoadNetwork
from busim.model.specs import MapSpec
from busim.network import graphml, towns
from busim.network.areas import read_areas
from busim.network.assemble import assemble
from busim.network.draft import Draft, DraftPlace
from busim.network.places import read_places

KINDS = ("graphml", *towns.KINDS)
PLACES_FILE, AREAS_FILE = "places.csv", "areas.geojson"
_KEPT = 8
_made: dict[tuple[object, ...], RoadNetwork] = {}


def compile(spec: MapSpec) -> RoadNetwork:  # noqa: A001  (the verb of the field; used as network.compile)
    """Make the network that a scenario asks for; the same object again for the same map.

    Raises
    ------
    InputError
        If the map cannot be used, with all that is wrong with it.
    """
    if spec.kind not in KINDS:
        raise InputError.single("map.kind", f"'{spec.kind}' is no kind of map", did_you_mean(spec.kind, KINDS))
    if spec.kind != "graphml":
        town = (spec.kind, spec.size, spec.spacing_m, spec.speed_kmh)
        return _recall(town) or _keep(town, assemble(towns.draw(*town)))
    if spec.path is None:
        raise InputError.single("map.path", "is missing: a map of kind 'graphml' is a file")
    key = (str(spec.path.absolute()), _file_hash(spec.path))
    return _recall(key) or _keep(key, load_graphml(spec.path))


def load_graphml(path: str | Path, *, stops_at_nodes: bool = True) -> RoadNetwork:
    """Read a road network, with ``places.csv`` and ``areas.geojson`` where they stand beside it.

    Parameters
    ----------
    path
        GraphML with OSMnx's attribute names.
    stops_at_nodes
        Without places.csv: put a stop at every usable node (``stop_<node id>``), and ``depot`` and ``charger``
        (4 plugs of 60 kW) in the middle of the map.

    Raises
    ------
    InputError
        With everything that is wrong in one of the files.
    """
    path = Path(path)
    draft = graphml.read(path)
    if (path.parent / AREAS_FILE).is_file():
        draft = replace(draft, areas=read_areas(path.parent / AREAS_FILE, draft.centre))
    if (path.parent / PLACES_FILE).is_file():
        return assemble(replace(draft, places=read_places(path.parent / PLACES_FILE, draft.centre, draft.areas)))
    bare = assemble(draft)
    return assemble(replace(draft, places=_regular(bare, draft))) if stops_at_nodes else bare


def _regular(bare: RoadNetwork, draft: Draft) -> tuple[DraftPlace, ...]:
    """Invent places for a map that has none."""
    used = np.unique(bare.edge_from[bare.edge_bus])
    x_m, y_m = bare.x_m[used], bare.y_m[used]
    middle = used[np.argmin(np.hypot(x_m - x_m.mean(), y_m - y_m.mean()))]
    rows = [("stop", f"stop_{draft.node_id[k]}", k) for k in used]
    rows += [("depot", "depot", middle), ("charger", "charger", middle)]
    return tuple(
        DraftPlace(
            where=f"{draft.where} place {name}",
            id=name,
            kind=kind,
            x_m=float(bare.x_m[k]),
            y_m=float(bare.y_m[k]),
            name=name.replace("_", " ").capitalize(),
            attributes={"plugs": 4.0, "power_kw": 60.0} if kind == "charger" else {},
        )
        for kind, name, k in rows
    )


def _file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    for file in (path, path.parent / PLACES_FILE, path.parent / AREAS_FILE):
        digest.update(file.read_bytes() if file.is_file() else b"none")
        digest.update(b"\n--\n")
    return digest.hexdigest()


def _recall(key: tuple[object, ...]) -> RoadNetwork | None:
    return _made.get(key)


def _keep(key: tuple[object, ...], network: RoadNetwork) -> RoadNetwork:
    _made[key] = network
    if len(_made) > _KEPT:
        del _made[next(iter(_made))]
    return network

"""Build the map of the Western (Chongqing) Science City from the tables beside this file.

``python maps/science_city/build.py [--out DIR]`` reads tables/*.csv and writes science_city.graphml,
places.csv and areas.geojson. The same tables give the same files. README.md tells where the facts come from,
what is estimated, and how to correct one.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path

import infill
import networkx as nx
import people
import places
import roadgraph
from geo import FOLDER, Area, read_areas, read_roads

BUILT_UP_KINDS = ("campus", "industrial", "residential")


def make() -> tuple[nx.MultiDiGraph[int], list[places.Place], list[Area]]:
    """Build the graph, the places and the areas."""
    roads = read_roads()
    areas = read_areas("areas.csv", "area_id")
    zones = read_areas("zones.csv", "zone", "zone")
    rings = read_areas("infill.csv", "infill_id", "infill")
    town = places.Town(zones, [*rings, *(area for area in areas if area.kind in BUILT_UP_KINDS)])
    roads += infill.fill(roads, areas, rings)
    nodes = roadgraph.junctions(roads)
    roadgraph.keep_sourced(roads, nodes)
    known = places.known_places(roads, nodes, town)
    everything = known + places.virtual_stops(roads, nodes, known, town)
    graph = roadgraph.build(roads, nodes)
    people.spread(everything, areas, zones)
    return graph, everything, [*zones, *areas]


def write_places(path: Path, rows: list[places.Place]) -> None:
    """Write places.csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, places.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(place.row() for place in rows)


def write_areas(path: Path, areas: list[Area]) -> None:
    """Write areas.geojson, one feature to a line."""
    features = []
    for area in areas:
        ring = [[lon / 1e5, lat / 1e5] for lat, lon in area.ring]
        names = ("area_id", "name_zh", "name_en", "kind", "confidence", "source")
        feature = {
            "type": "Feature",
            "properties": {name: getattr(area, name) for name in names},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        features.append(json.dumps(feature, ensure_ascii=False))
    text = '{"type": "FeatureCollection", "name": "science_city", "features": [\n'
    path.write_text(text + ",\n".join(features) + "\n]}\n", encoding="utf-8")


def summary(graph: nx.MultiDiGraph[int], rows: list[places.Place]) -> str:
    """Tell the size of the map in a few lines."""
    edges = [data for _, _, data in graph.edges(data=True) if data["reversed"] == "False"]
    total = sum(float(data["length"]) for data in edges) / 1000
    guessed = sum(float(data["length"]) for data in edges if data["confidence"] == "E") / 1000
    bus = sum(float(data["length"]) for data in edges if data["bus"] == "yes") / 1000
    stops = sum(place.kind == "stop" for place in rows)
    return (
        f"{graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges, {total:.1f} km of road "
        f"({bus:.1f} km for buses, {guessed / total:.0%} estimated), {len(rows)} places, {stops} stops"
    )


def main() -> None:
    """Build the map and write it to a folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to (default: beside this file)")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    graph, rows, areas = make()
    nx.write_graphml(graph, out / "science_city.graphml", named_key_ids=True)
    write_places(out / "places.csv", rows)
    write_areas(out / "areas.geojson", areas)
    print(summary(graph, rows))


if __name__ == "__main__":
    main()

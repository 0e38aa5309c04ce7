"""Files of the classic dial-a-ride problem (Cordeau 2006; Ropke, Cordeau & Laporte 2007)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from busim.errors import InputError
from busim.planning.instance import Instance
from busim.planning.nodes import NodeRow, check_pairs, take_node
from busim.planning.rows import Rows

HEADER = "header (buses, nodes, route duration, capacity, ride time)"


def read_darp(path: Path) -> Instance:
    """Read a DARP file: Euclidean, least distance, the depot first and sometimes again last.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        With file and row of everything that is wrong.
    """
    rows = Rows(path)
    buses, stated, duration, capacity, max_ride = rows.take(HEADER, 5)
    if rows.problems or buses < 1 or int(buses) != buses or not duration > 0.0 or capacity < 1 or not max_ride > 0.0:
        raise rows.stop("the header does not name a number of buses, duration, capacity and ride time above 0")
    nodes = []
    while len(rows) and len(rows.problems) <= 20:
        nodes.append(take_node(rows))
    stops = _riders(rows, nodes, int(stated))
    num = len(stops) // 2
    horizon = min([duration, *(node.late for node in nodes if node.load == 0)])
    check_pairs(rows, stops[:num], stops[num:], horizon)
    if rows.problems:
        raise InputError(rows.problems)
    return _assemble(path.stem, [nodes[0], *stops], int(buses), int(capacity), max_ride, horizon)


def _riders(rows: Rows, nodes: list[NodeRow], stated: int) -> list[NodeRow]:
    """Give the rows of riders, pick-ups first: those with a load, whatever the header says."""
    if not nodes or nodes[0].load != 0:
        raise rows.stop("the first node must be the depot, with load 0")
    stops = [node for node in nodes if node.load != 0]
    extra = [node for node in nodes[1:] if node.load == 0]
    if len(extra) > 1 or (
        extra and (extra[0] is not nodes[-1] or (extra[0].x, extra[0].y) != (nodes[0].x, nodes[0].y))
    ):
        rows.wrong("a node other than the depot has load 0")
    if len(stops) % 2 or not stops:
        raise rows.stop(f"{len(stops)} rows with a load", "each rider needs a pick-up and a drop-off")
    if stated not in (len(stops), len(stops) // 2):
        rows.wrong(f"{len(stops)} rows with a load", f"the header says {stated}, neither riders nor nodes")
    if [node.ident for node in stops] != list(range(1, len(stops) + 1)):
        rows.wrong(f"nodes are not numbered 1 to {len(stops)} in order")
    return stops


def _assemble(name: str, nodes: list[NodeRow], buses: int, capacity: int, max_ride: float, horizon: float) -> Instance:
    """Make the instance: buses without a battery, one depot."""
    num = (len(nodes) - 1) // 2
    position = np.array([(node.x, node.y) for node in nodes])
    gap = position[:, None, :] - position[None, :, :]
    late = np.minimum([node.late for node in nodes], horizon)
    late[0] = horizon
    return Instance(
        name=name,
        node_id=np.array([node.ident for node in nodes]),
        position=position,
        travel=np.hypot(gap[..., 0], gap[..., 1]),
        service=np.array([0.0, *(node.service for node in nodes[1:])]),
        early=np.array([node.early for node in nodes]),
        late=late,
        load=np.array([node.load for node in nodes]),
        pickup=np.arange(1, num + 1),
        dropoff=np.arange(num + 1, 2 * num + 1),
        max_ride=np.full(num, max_ride),
        origin=np.zeros(buses, dtype=np.int64),
        capacity=np.full(buses, capacity),
        energy_start=np.zeros(buses),
        battery=np.zeros(buses),
        end_ratio=np.zeros(buses),
        destination=np.zeros(1, dtype=np.int64),
        places=np.full(1, buses),
    )

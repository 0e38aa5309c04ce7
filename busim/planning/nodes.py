"""Node rows of instance files: what they hold and what can be wrong with one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from busim.errors import Problem
from busim.planning.rows import Rows


@dataclass(frozen=True)
class NodeRow:
    """One node: ``id x y service load earliest latest``."""

    ident: int
    x: float
    y: float
    service: float
    load: int
    early: float
    late: float
    line: int


def take_node(rows: Rows) -> NodeRow:
    """Take a node row, recording what is wrong with it."""
    values = rows.take("node (id x y service load earliest latest)", 7)
    if all(math.isfinite(value) for value in values):
        ident, _, _, service, load, early, late = values
        if ident != int(ident) or load != int(load):
            rows.wrong(f"node {ident:g}: id and load must be whole numbers")
        if service < 0.0:
            rows.wrong(f"node {ident:g}: service time {service:g} is negative")
        if early < 0.0 or late < early:
            rows.wrong(
                f"node {ident:g}: window {early:g} to {late:g}", "earliest must be at least 0 and at most latest"
            )
    whole = [int(value) if math.isfinite(value) else 0 for value in values]
    return NodeRow(whole[0], values[1], values[2], values[3], whole[4], values[5], values[6], rows.number)


def check_pairs(rows: Rows, pickups: list[NodeRow], dropoffs: list[NodeRow], latest: float) -> None:
    """Record pairs whose loads or windows cannot belong together."""
    for up, down in zip(pickups, dropoffs, strict=True):
        if up.load < 0 or up.load != -down.load or (up.load == 0 and up.ident):
            rows.problems.append(
                _pair_problem(rows, up, down, f"loads {up.load} and {down.load}", "one must undo the other")
            )
        if min(down.late, latest) < up.early:
            rows.problems.append(
                _pair_problem(rows, up, down, "the drop-off must be over before the pick-up can begin")
            )


def _pair_problem(rows: Rows, up: NodeRow, down: NodeRow, what: str, remedy: str = "") -> Problem:
    return Problem(f"{rows.path}:{down.line}", f"nodes {up.ident} and {down.ident}: {what}", remedy)

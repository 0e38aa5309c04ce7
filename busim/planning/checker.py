"""An independent check of a plan against its problem: nothing here is shared with the search or its schedule."""

from __future__ import annotations

from dataclasses import dataclass

from busim.planning.instance import Instance
from busim.planning.solution import BusPlan, Solution

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Parameters
    ----------
    faults
        One sentence each; none for a plan that holds.
    cost
        The objective as computed anew from the stops.
    """

    faults: tuple[str, ...]
    cost: float

    @property
    def is_valid(self) -> bool:
        """Whether the plan holds."""
        return not self.faults


class _Check:
    """Walks through a plan and collects faults."""

    def __init__(self, instance: Instance) -> None:
        self.of = instance
        self.index = {int(ident): i for i, ident in enumerate(instance.node_id)}
        self.faults: list[str] = []
        self.start: dict[int, float] = {}
        self.leave: dict[int, float] = {}
        self.carrier: dict[int, int] = {}
        self.times_visited: dict[int, int] = {}
        self.driven = 0.0

    def expect(self, holds: bool, text: str) -> None:
        if not holds:
            self.faults.append(text)

    def bus(self, plan: BusPlan) -> None:
        """Check one bus by itself."""
        of, who = self.of, f"bus {plan.bus}"
        nodes = [self.index.get(stop.node, -1) for stop in plan.stops]
        if not 0 <= plan.bus < of.num_buses or -1 in nodes or len(nodes) < 2:
            self.faults.append(f"{who}: unknown bus or node, or no stops")
            return
        self.expect(nodes[0] == of.origin[plan.bus], f"{who}: does not start from its origin")
        self.expect(nodes[-1] in of.destination, f"{who}: does not end at a destination")
        self._times(plan, nodes, who)
        self._energy(plan, nodes, who)
        self._riders(plan, nodes, who)

    def _times(self, plan: BusPlan, nodes: list[int], who: str) -> None:
        of, last = self.of, len(nodes) - 1
        for i, (stop, node) in enumerate(zip(plan.stops, nodes, strict=True)):
            here = f"{who}, node {stop.node}"
            if i:
                before, leg = plan.stops[i - 1], float(of.travel[nodes[i - 1], node])
                self.driven += leg
                self.expect(
                    abs(stop.arrival - before.departure - leg) <= TOLERANCE,
                    f"{here}: arrival is not departure plus travel time",
                )
            self.expect(stop.start >= stop.arrival - TOLERANCE, f"{here}: service starts before arrival")
            early, late = float(of.early[node]), float(of.late[node])
            self.expect(
                early - TOLERANCE <= stop.start <= late + TOLERANCE,
                f"{here}: starts at {stop.start:.6f}, window {early:g} to {late:g}",
            )
            busy = float(of.service[node]) if i < last else 0.0
            if node in of.station and 0 < i < last:
                busy += stop.charge / float(of.rate[list(of.station).index(node)])
            self.expect(stop.departure >= stop.start + busy - TOLERANCE, f"{here}: leaves before it is done")

    def _energy(self, plan: BusPlan, nodes: list[int], who: str) -> None:
        of, level = self.of, float(self.of.energy_start[plan.bus])
        full = float(of.battery[plan.bus])
        for i, (stop, node) in enumerate(zip(plan.stops, nodes, strict=True)):
            here = f"{who}, node {stop.node}"
            if i:
                level -= of.discharge * float(of.travel[nodes[i - 1], node])
            self.expect(abs(level - stop.energy) <= TOLERANCE, f"{here}: energy is {level:.6f}, not {stop.energy:.6f}")
            self.expect(level >= -TOLERANCE, f"{here}: the battery is empty")
            self.expect(stop.charge >= -TOLERANCE, f"{here}: charges less than nothing")
            at_station = node in of.station and 0 < i < len(nodes) - 1
            self.expect(at_station or abs(stop.charge) <= TOLERANCE, f"{here}: charges where there is no station")
            level += stop.charge
            self.expect(level <= full + TOLERANCE, f"{here}: more energy than the battery holds")
        least = float(of.end_ratio[plan.bus]) * full
        self.expect(level >= least - TOLERANCE, f"{who}: ends with {level:.6f}, at least {least:.6f} is asked")

    def _riders(self, plan: BusPlan, nodes: list[int], who: str) -> None:
        of, aboard, load = self.of, set[int](), 0
        ups = {int(node): r for r, node in enumerate(of.pickup)}
        downs = {int(node): r for r, node in enumerate(of.dropoff)}
        for stop, node in zip(plan.stops[1:-1], nodes[1:-1], strict=True):
            here = f"{who}, node {stop.node}"
            load += int(of.load[node])
            if node in ups:
                rider = ups[node]
                self.expect(rider not in self.carrier, f"{here}: picked up twice")
                aboard.add(rider)
                self.carrier[rider] = plan.bus
                self.leave[rider] = stop.start + float(of.service[node])
            elif node in downs:
                rider = downs[node]
                self.expect(rider in aboard, f"{here}: let off without having been picked up")
                aboard.discard(rider)
                self.start[rider] = stop.start
            elif node in of.station:
                self.expect(not aboard, f"{here}: charges with riders aboard")
                self.times_visited[node] = self.times_visited.get(node, 0) + 1
            else:
                self.faults.append(f"{here}: neither a rider's node nor a station")
            self.expect(
                load <= int(of.capacity[plan.bus]), f"{here}: {load} places taken, the bus has {of.capacity[plan.bus]}"
            )
        self.expect(not aboard, f"{who}: ends with riders aboard")

    def fleet(self, solution: Solution) -> float:
        """Check what concerns several buses; give the objective."""
        of = self.of
        buses = sorted(plan.bus for plan in solution.buses)
        self.expect(buses == list(range(of.num_buses)), "not every bus has exactly one plan")
        ends = [self.index.get(plan.stops[-1].node, -1) for plan in solution.buses if plan.stops]
        for node, places in zip(of.destination, of.places, strict=True):
            self.expect(ends.count(int(node)) <= int(places), f"node {of.node_id[node]}: more buses end there than may")
        for node, visits in zip(of.station, of.visits, strict=True):
            times = self.times_visited.get(int(node), 0)
            self.expect(times <= int(visits), f"station {of.node_id[node]}: visited {times} times, at most {visits}")
        excess, skipped = 0.0, 0.0
        left_out = {self.index.get(node, -1) for node in solution.unserved}
        for rider, (up, down) in enumerate(zip(of.pickup, of.dropoff, strict=True)):
            name = f"rider {of.node_id[up]}"
            if rider not in self.start:
                self.expect(int(up) in left_out, f"{name}: neither served nor named as left out")
                self.expect(not of.must_serve[rider], f"{name}: must be served and is not")
                skipped += float(of.skip_cost[rider]) if of.skip_cost is not None and not of.must_serve[rider] else 0.0
                continue
            self.expect(int(up) not in left_out, f"{name}: served, yet named as left out")
            if rider not in self.leave:  # set down without having been picked up: told where it happens
                continue
            ride = self.start[rider] - self.leave[rider]
            self.expect(
                ride <= float(of.max_ride[rider]) + TOLERANCE,
                f"{name}: rides {ride:.6f}, at most {of.max_ride[rider]:g}",
            )
            excess += ride - float(of.travel[up, down])
        cost = of.drive_weight * self.driven + of.excess_weight * excess + skipped
        for text, told, found in (
            ("travel time", solution.travel_time, self.driven),
            ("excess ride time", solution.excess_ride_time, excess),
            ("skip cost", solution.skip_cost, skipped),
            ("cost", solution.cost, cost),
        ):
            self.expect(
                abs(told - found) <= TOLERANCE * max(1.0, len(self.start)), f"{text} is {found:.6f}, not {told:.6f}"
            )
        return cost


def check(instance: Instance, solution: Solution) -> Verdict:
    """Check windows, ride times, loads, energy, stations, destinations and the objective of a plan to 1e-6.

    Parameters
    ----------
    instance
        The problem.
    solution
        The plan.
    """
    walk = _Check(instance)
    for plan in solution.buses:
        walk.bus(plan)
    cost = walk.fleet(solution)
    return Verdict(tuple(walk.faults), cost)

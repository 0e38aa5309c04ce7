"""A fixed line in operation: which departure a bus runs next, and who boards at its stops."""

from __future__ import annotations

import math
from bisect import bisect_left
from itertools import pairwise

import numpy as np

from busim.core.fleet import origin_at
from busim.core.insertion import charger_kwh
from busim.model.events import NONE, Kind
from busim.model.network import Ints
from busim.model.riders import Status
from busim.model.specs import LineSpec
from busim.policy.line import round_stops, sequence
from busim.sim.bus import Steps
from busim.sim.world import World

_DOORS_S = 300  # before a departure the bus opens
_LATEST = 0.25  # weight of the latest round in what riders are foreseen to take


class LineService:
    """Runs one line with all buses: each bus without work takes the next departure that nobody has.

    Parameters
    ----------
    world
        The world.
    line
        The line.
    nodes
        Node of each stop [S].
    departures_s
        Departures at the first stop, ascending [s].
    """

    def __init__(self, world: World, line: LineSpec, nodes: Ints, departures_s: Ints) -> None:
        self.world, self.line, self.nodes = world, line, nodes
        self.departures = departures_s.tolist()
        self.order = sequence(len(nodes), line.is_loop).tolist()
        self.waiting: dict[int, list[int]] = {int(node): [] for node in nodes}
        self._next = 0
        self._index = {int(node): i for i, node in enumerate(nodes)}
        path = [int(nodes[stop]) for stop in self.order]
        times = world.travel.times[:, path[:-1], path[1:]].sum(axis=1) + world.halt_s * (len(path) - 1)
        self._rounds_s = (times + line.layover_s).tolist()  # by the period in which a round begins
        self._round_m = sum(float(world.travel.most[a, b]) for a, b in pairwise(path))
        self._dwelt_s: dict[int, float] = {}  # by bus: what riders have taken of its round so far
        self._dwell_s = 0.0  # what they took of late

    def arrive(self, rider: int) -> None:
        """Let a rider join the queue at a stop, unless the rider has given up on the way."""
        if self.world.state.status[rider] == Status.OPEN:
            self.waiting[int(self.world.state.riders.from_node[rider])].append(rider)

    def round_s(self, time: float) -> int:
        """Give how long a round takes that begins at some time [s].

        By planned travel times, halts and layover, and by what riders took to get on and off in the latest rounds.
        """
        return int(self._rounds_s[self.world.travel.period(time)] + self._dwell_s)

    def leave(self, rider: int) -> None:
        """Let a rider leave the queue."""
        queue = self.waiting[int(self.world.state.riders.from_node[rider])]
        if rider in queue:
            queue.remove(rider)

    def next_round(self, bus: int) -> None:
        """Plan a bus's next round: the first departure that it can make; departures missed by far do not run.

        Whether it ends within the shift is judged by ``round_s``: a last round with far more riders than the rounds
        before it may come home late by that much.
        """
        world, there = self.world, self._there(bus)
        self._next = self._coming(there)
        departure = self.departures[self._next] if self._next < len(self.departures) else math.inf
        if max(departure, there) + self.round_s(there) <= self._last_end(bus) and self.lasts(bus):
            self._next += 1
        elif world.state.fleet.load[bus] + world.state.fleet.wheels[bus]:
            departure = world.now  # riders who stayed aboard past the loop's end still get where they want
        else:
            return
        world.record_tail(bus, 0, round_stops(self.nodes, self.line.is_loop, int(departure), self.line.layover_s))
        world.reschedule(bus)

    def _there(self, bus: int) -> int:
        """Give when a bus can be at the first stop [s]."""
        world = self.world
        return world.now + world.travel.leg_time(int(world.positions.arrays.node[bus]), int(self.nodes[0]), world.now)

    def _coming(self, there: float) -> int:
        """Give the first departure that nobody has and that is not missed by far at some time."""
        patience, coming = (self.line.headway_s or 600) / 2, self._next
        while coming < len(self.departures) and self.departures[coming] + patience < there:
            coming += 1
        return coming

    def round_kwh(self, bus: int) -> float:
        """Give what a bus's next round takes of its battery [kWh].

        With the way to the first stop, the wait for its departure, a tenth more of time than foreseen, and from the
        last stop the way home or to a plug, whichever takes more.
        """
        world, arrays, there = self.world, self.world.positions.arrays, self._there(bus)
        coming = self._coming(there)
        begin = max(there, self.departures[coming]) if coming < len(self.departures) else there
        metres = self._round_m + float(world.travel.most[int(arrays.node[bus]), int(self.nodes[0])])
        seconds = begin - world.now + 1.1 * self.round_s(begin)
        last, depot = int(self.nodes[self.order[-1]]), world.depot_node[bus]
        home = float(world.travel.most[last, depot] * arrays.per_metre[bus])
        home += float(world.travel.times[:, last, depot].max() * arrays.per_second[bus])
        origin = origin_at(arrays, bus, float(world.now))
        onward = max(home, charger_kwh(last, begin + self.round_s(begin), origin, world.costs))
        return float(metres * arrays.per_metre[bus] + seconds * arrays.per_second[bus]) + onward

    def lasts(self, bus: int) -> bool:
        """Tell whether the battery carries another round, and from its end home or to a plug, above the reserve."""
        arrays = self.world.positions.arrays
        held = origin_at(arrays, bus, float(self.world.now)).energy
        return bool(held >= arrays.reserve[bus] + self.round_kwh(bus))

    def _last_end(self, bus: int) -> int:
        """Give the moment by which a bus's last round must end, so that it is home by the end of its shift [s]."""
        world, last = self.world, int(self.nodes[self.order[-1]])
        end, depot = world.bus(bus).shift_end_s, world.depot_node[bus]
        if not world.spec.fleet.return_to_depot or depot == last:
            return end
        return end - world.travel.leg_time(last, depot, end) - world.halt_s

    def serve(self, bus: int, stop: int, leave_s: float) -> Steps:
        """Let riders off, then on as far as they fit; hold until the time of departure, still boarding.

        Where several buses stand at the first stop, the one that leaves next has its doors open.
        """
        world, node = self.world, int(self.nodes[self.order[stop]])
        if stop == 0:
            self._dwelt_s[bus] = 0.0
        yield from self._alight(bus, node)
        opens_s = self._opens(leave_s) if stop == 0 else world.now
        if opens_s <= world.now:
            yield from self._board(bus, stop, node)
        if leave_s > world.now:
            world.record(Kind.WAIT, bus, node=node, a=int(leave_s), value=world.energy_used(bus))
            if opens_s > world.now:
                yield world.env.timeout(opens_s - world.now)
                yield from self._board(bus, stop, node)
            yield world.env.timeout(max(0, int(leave_s) - world.now))
            yield from self._board(bus, stop, node)
        for rider in self.waiting[node]:
            if self._wants(rider, bus, stop):
                world.record(Kind.LEFT_BEHIND, bus, rider, node)
        if stop == len(self.order) - 1:
            self._dwell_s += _LATEST * (self._dwelt_s.get(bus, 0.0) - self._dwell_s)

    def _opens(self, leave_s: float) -> int:
        """Give when riders may board for a departure: once the one before has left, but not long ahead [s]."""
        before = bisect_left(self.departures, leave_s)
        return max(int(leave_s) - _DOORS_S, self.departures[before - 1] if before else 0)

    def _alight(self, bus: int, node: int) -> Steps:
        state, riders = self.world.state, self.world.state.riders
        aboard = np.flatnonzero((state.bus_of == bus) & (state.status == Status.ABOARD)).tolist()
        for rider in aboard:
            if riders.to_node[rider] == node:
                yield from self._step(Kind.ALIGHT, bus, rider, node, float(riders.alight_s[rider]))

    def _board(self, bus: int, stop: int, node: int) -> Steps:
        """Board whoever fits, in the order of arrival; those who come meanwhile board too."""
        state, riders, arrays = self.world.state, self.world.state.riders, self.world.positions.arrays
        queue = self.waiting[node]
        while True:
            seats = int(arrays.seats[bus] - state.fleet.load[bus])
            wheels = int(arrays.wheel_places[bus] - state.fleet.wheels[bus])
            fitting = (
                r
                for r in queue
                if riders.persons[r] <= seats and riders.wheels[r] <= wheels and self._wants(r, bus, stop)
            )
            rider = next(fitting, NONE)
            if rider == NONE:
                return
            queue.remove(rider)
            yield from self._step(Kind.BOARD, bus, rider, node, float(riders.board_s[rider]))

    def _step(self, kind: Kind, bus: int, rider: int, node: int, dwell_s: float) -> Steps:
        riders = self.world.state.riders
        persons = int(riders.persons[rider] + riders.wheels[rider])
        self.world.record(kind, bus, rider, node, a=persons, b=int(dwell_s))
        if dwell_s > 0:
            self._dwelt_s[bus] = self._dwelt_s.get(bus, 0.0) + int(dwell_s)
            yield self.world.env.timeout(int(dwell_s))

    def _wants(self, rider: int, bus: int, stop: int) -> bool:
        """Tell whether the bus, at a position of its round, still comes to the rider's stop.

        On a loop a rider may ride on past the end, if the bus has time for another round.
        """
        end = self._index[int(self.world.state.riders.to_node[rider])]
        ahead = self.order[stop + 1 :]
        if self.line.is_loop:
            left = self._last_end(bus) - self.world.now
            return end in ahead or left >= 2 * self.round_s(self.world.now)
        turn = len(self.nodes) - 1
        return end in (self.order[stop + 1 : turn + 1] if stop < turn else ahead)

"""An independent checker of event logs: it knows scenario, map and requests, and nothing of the kernels.

``check`` walks a log once and lists every breach: of windows, ride limits and promises, of capacity, of a bus's
continuity in space and time, of shifts, batteries and plugs, and of the order of a rider's events.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import networkx as nx
import numpy as np

from busim.model.charger_sites import STOP_KINDS
from busim.model.events import NONE, Action, EventLog, Kind
from busim.model.network import ROAD_CLASSES, RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec

COLUMNS = ("time", "kind", "bus", "rider", "node", "other", "a", "b", "c", "value")
ENDS = {
    Kind.ALIGHT: "served",
    Kind.REFUSE: "refused",
    Kind.ABANDON: "abandoned",
    Kind.CANCEL: "cancelled",
    Kind.NO_SHOW: "no_show",
}
USES_ENERGY = {Kind.LEAVE, Kind.TURN, Kind.ARRIVE, Kind.IDLE, Kind.WAIT, Kind.PLUG_WAIT, Kind.PLUG_IN, Kind.SHIFT_END}


@dataclass
class Row:
    """One event."""

    time: int
    kind: int
    bus: int
    rider: int
    node: int
    other: int
    a: int
    b: int
    c: int
    value: float


@dataclass
class Rider:
    """What is known of one rider."""

    state: str = "unknown"
    asked: Row | None = None
    accepted: Row | None = None
    boarded: Row | None = None
    bus: int = NONE


@dataclass
class Bus:
    """What is known of one bus."""

    state: str = "off"  # off, standing, driving, queueing, charging, home
    node: int = NONE
    target: int = NONE
    since: int = 0  # when it left the last node
    busy_until: int = 0
    energy: float = 0.0
    energy_at: int = 0  # up to when energy is accounted
    metres: int = 0
    used: float = 0.0
    charged: float = 0.0
    aboard: set[int] = field(default_factory=set)
    site: int = NONE
    waits_for: int = NONE  # a rider who does not come
    plugged_at: int = 0
    is_over: bool = False  # its shift; it may charge overnight, and uses nothing else
    doors: int = 0  # time for boarding and alighting, all day


class Roads:
    """Bounds on time and length between nodes, straight from the edges, by networkx.

    ``fastest`` is a lower bound over all periods; it is the exact time where the day has one period.
    """

    def __init__(self, spec: ScenarioSpec, network: RoadNetwork) -> None:
        top = min(vehicle.top_speed_kmh for vehicle in spec.fleet.vehicles)
        self.is_one_period = len(spec.travel.breaks_s) == 1
        self.by_time, self.by_length = nx.DiGraph(), nx.DiGraph()
        for edge in np.flatnonzero(network.edge_bus).tolist():
            factors = spec.travel.factors
            own = factors.get(ROAD_CLASSES[network.edge_class[edge]], factors.get("default", (1.0,)))
            length = int(network.edge_length_m[edge])
            speeds = [min(top, network.edge_speed_kmh[edge] * f * spec.travel.bus_factor) for f in own]
            seconds = min(max(1, round(length / speed * 3.6)) for speed in speeds)
            for graph, weight in ((self.by_time, seconds), (self.by_length, length)):
                ends = int(network.edge_from[edge]), int(network.edge_to[edge])
                if not graph.has_edge(*ends) or graph.edges[ends]["weight"] > weight:
                    graph.add_edge(*ends, weight=weight)
        self.fastest = cache(lambda a, b: nx.dijkstra_path_length(self.by_time, a, b))
        self.shortest = cache(lambda a, b: nx.dijkstra_path_length(self.by_length, a, b))


class Checker:
    """Walks a log and collects what is wrong.

    Parameters
    ----------
    spec, network, requests
        The run's inputs.
    """

    def __init__(self, spec: ScenarioSpec, network: RoadNetwork, requests: RequestTable) -> None:
        self.spec, self.network, self.requests = spec, network, requests
        self.roads = Roads(spec, network)
        self.is_punctual = spec.travel.noise_cv == 0.0
        self.is_line = spec.service.mode == "line"
        places = network.places
        self.depots = [int(places.node[places.index[bus.depot]]) for bus in spec.fleet.buses]
        self.stops = set(places.node[[kind in STOP_KINDS for kind in places.kinds]].tolist())
        self.buses = [Bus(node=depot) for depot in self.depots]
        self.riders = [Rider() for _ in range(len(requests))]
        self.plugged: Counter[int] = Counter()
        self.queue: dict[int, list[int]] = {}
        self.found: list[str] = []

    def check(self, log: EventLog) -> list[str]:
        """List all breaches of a whole day."""
        last = 0
        for values in zip(*(getattr(log, name).tolist() for name in COLUMNS), strict=True):
            row = Row(*values)
            self.must(row.time >= last, row, "goes back in time")
            last = row.time
            self.step(row)
        for number, bus in enumerate(self.buses):
            if not bus.is_over and self.is_punctual:
                self.found.append(f"bus {number} never ended its shift")
        return self.found

    def must(self, holds: bool, row: Row, what: str) -> None:
        """Note a breach unless it holds."""
        if not holds:
            self.found.append(f"{row.time} {Kind(row.kind).name} bus {row.bus} rider {row.rider}: {what}")

    def must_stand(self, row: Row, bus: Bus) -> None:
        """Note a breach unless the bus stands where the event says."""
        holds = bus.state == "standing" and bus.node == row.node
        self.must(holds, row, f"but the bus is {bus.state} at {bus.node}")

    def step(self, row: Row) -> None:
        """Check one event against what is known, then take note of it."""
        if row.kind == Kind.SLOT and row.a == Action.PICKUP:
            self.riders[row.rider].bus = row.bus  # a new tail may move a rider to another bus
        if row.kind in (Kind.PLAN, Kind.SLOT, Kind.DONE, Kind.UNPLAN, Kind.POWER, Kind.LOW, Kind.PLUGS):
            return
        if row.kind == Kind.STOPS:
            self.stops_event(row)
            return
        if row.kind in (Kind.REQUEST, Kind.ACCEPT, Kind.REFUSE, Kind.ABANDON, Kind.CANCEL):
            self.rider_event(row)
            return
        bus = self.buses[row.bus]
        if row.kind in USES_ENERGY:
            self.energy_event(row, bus)
        if row.kind in (Kind.BOARD, Kind.ALIGHT, Kind.NO_SHOW):
            (self.no_show_event if row.kind == Kind.NO_SHOW else self.door_event)(row, bus)
        elif row.kind in (Kind.LEAVE, Kind.TURN, Kind.ARRIVE):
            self.drive_event(row, bus)
        elif row.kind in (Kind.PLUG_WAIT, Kind.PLUG_IN, Kind.PLUG_OUT):
            self.plug_event(row, bus)
        elif row.kind in (Kind.SHIFT_START, Kind.SHIFT_END):
            self.shift_event(row, bus)
        elif row.kind in (Kind.IDLE, Kind.WAIT):
            self.pause_event(row, bus)
        elif row.kind == Kind.LEFT_BEHIND:
            fits = self.has_room(row.bus, row.rider)
            self.must(not fits, row, "left behind although there was room")

    def pause_event(self, row: Row, bus: Bus) -> None:
        """Check that a bus has nothing to do, or waits, where it stands; and for whom, as long as it may."""
        self.give_up_queue(row, bus)
        self.must_stand(row, bus)
        self.must(row.time >= bus.busy_until, row, "in the middle of boarding")
        if row.kind == Kind.WAIT and row.rider != NONE:
            waits = row.a - row.time
            self.must(0 <= waits <= self.spec.service.no_show_wait_s, row, f"waits {waits} s in vain")
            bus.busy_until, bus.waits_for = row.a, row.rider

    # Riders

    def rider_event(self, row: Row) -> None:
        """Check asking and being answered."""
        rider = self.riders[row.rider]
        wanted = {
            Kind.REQUEST: ("unknown",),
            Kind.ACCEPT: ("open",),
            Kind.REFUSE: ("open",),
            Kind.ABANDON: ("open", "planned"),
            Kind.CANCEL: ("open", "planned"),
        }[Kind(row.kind)]
        self.must(rider.state in wanted, row, f"the rider is {rider.state}")
        if row.kind == Kind.REQUEST:
            self.must(row.time == self.requests.time_s[row.rider], row, "asked at another time than in the requests")
            rider.state, rider.asked = "open", row
        elif row.kind == Kind.ACCEPT:
            self.must(row.value <= rider.asked.a, row, f"planned for {row.value}, after the latest {rider.asked.a}")
            told = rider.asked.node, rider.asked.other
            self.must((row.node, row.other) == told, row, f"taken from {row.node} to {row.other}, not {told}")
            rider.state, rider.accepted, rider.bus = "planned", row, row.bus
        else:
            rider.state = ENDS[Kind(row.kind)]
            if self.is_punctual and not self.is_line and row.kind == Kind.ABANDON:
                self.must(rider.accepted is None, row, "a promise was not kept although nothing was late")

    def stops_event(self, row: Row) -> None:
        """Check that a rider is sent only to stops that he can walk to, of those that the service lets him choose."""
        rider, who, service = self.riders[row.rider], row.rider, self.spec.service
        self.must(rider.state == "open", row, f"the rider is {rider.state}")
        self.must(not self.requests.wheelchair[who], row, "in a wheelchair, and not met at the nearest stop")
        self.must(row.node != row.other, row, "from and to the same stop")
        table = self.requests
        ends = (
            (row.node, int(row.value), table.origin_x_m[who], table.origin_y_m[who]),
            (row.other, row.c, table.destination_x_m[who], table.destination_y_m[who]),
        )
        for node, walk_s, x_m, y_m in ends:
            self.must(walk_s in self.walks(node, x_m, y_m), row, f"no stop at {node} is {walk_s} s of walking away")
        ready = max(int(table.earliest_s[who]), int(table.time_s[who])) + int(row.value)
        latest = ready + service.max_wait_s
        self.must(row.a == latest, row, f"the latest pick-up should be {latest}")
        if self.roads.is_one_period:
            direct = self.roads.fastest(row.node, row.other)
            longest = max(int(direct * service.ride_factor), direct + service.ride_constant_s)
            self.must(row.b == longest, row, f"the longest ride should be {longest} s")
        rider.asked = row

    def walks(self, node: int, x_m: float, y_m: float) -> set[int]:
        """Give the seconds of walking to each stop at a node that is among the nearest ones in reach."""
        places, service, stops = self.network.places, self.spec.service, []
        for k, kind in enumerate(places.kinds):
            if kind in ("stop", "terminal", "metro_station") and (
                not service.zones or places.zones[k] in service.zones
            ):
                metres = 1.3 * float(np.hypot(places.x_m[k] - x_m, places.y_m[k] - y_m))
                if metres <= service.max_walk_m:
                    stops.append((metres, int(places.node[k])))
        near = [stop for stop in stops if len({n for m, n in stops if m < stop[0]}) < service.meeting_points]
        return {round(metres / service.walk_speed_mps) for metres, at in near if at == node}

    def ready_s(self, who: int) -> int:
        """Give when a rider can be at the stop that he was last told: he walks when he has asked, or when told."""
        asked = self.riders[who].asked
        return max(int(self.requests.earliest_s[who]), asked.time) + int(asked.value)

    def no_show_event(self, row: Row, bus: Bus) -> None:
        """Check that a bus stood where it had agreed to, at the right time, and waited to the end."""
        rider = self.riders[row.rider]
        self.must(rider.state == "planned", row, f"the rider is {rider.state}")
        self.must_stand(row, bus)
        self.must(bus.waits_for == row.rider and row.time == bus.busy_until, row, "without having waited")
        self.must(row.node == rider.accepted.node, row, "at another node than agreed")
        self.must(row.time >= self.ready_s(row.rider), row, "before the window")
        rider.state, bus.waits_for = "no_show", NONE

    def sizes(self, riders: set[int]) -> tuple[int, int]:
        """Count seats and wheelchair places that riders take."""
        wheels = sum(bool(self.requests.wheelchair[r]) for r in riders)
        return sum(int(self.requests.party[r]) for r in riders) - wheels, wheels

    def has_room(self, number: int, rider: int) -> bool:
        """Tell whether a rider fits in now."""
        vehicle = self.spec.fleet.vehicles[self.spec.fleet.buses[number].vehicle]
        persons, wheels = self.sizes(self.buses[number].aboard | {rider})
        return persons <= vehicle.seats + vehicle.standees and wheels <= vehicle.wheelchair_places

    def door_event(self, row: Row, bus: Bus) -> None:
        """Check boarding and alighting: place, time, room, limits."""
        rider = self.riders[row.rider]
        self.give_up_queue(row, bus)
        self.must_stand(row, bus)
        self.must(row.time >= bus.busy_until, row, "the doors are still busy with someone else")
        bus.busy_until = row.time + row.b
        bus.doors += row.b
        self.must(row.a == self.requests.party[row.rider], row, f"{row.a} persons of a party")
        if row.kind == Kind.BOARD:
            self.board(row, bus, rider)
        else:
            self.alight(row, bus, rider)

    def board(self, row: Row, bus: Bus, rider: Rider) -> None:
        """Check one boarding."""
        self.must(rider.state == ("open" if self.is_line else "planned"), row, f"the rider is {rider.state}")
        self.must(self.has_room(row.bus, row.rider), row, "there is no room")
        bus.aboard.add(row.rider)
        earliest = self.ready_s(row.rider)
        self.must(row.time >= earliest, row, f"before the rider is at the stop at {earliest}")
        if not self.is_line:
            self.must(rider.bus == row.bus, row, f"the rider was given to bus {rider.bus}")
            self.must(row.node == rider.accepted.node, row, "at another node than agreed")
            if self.is_punctual:
                self.must(row.time <= rider.asked.a, row, f"after the latest pick-up {rider.asked.a}")
        else:
            self.must(row.node == rider.asked.node, row, "at another node than agreed")
        rider.state, rider.boarded, rider.bus = "aboard", row, row.bus

    def alight(self, row: Row, bus: Bus, rider: Rider) -> None:
        """Check one alighting."""
        self.must(rider.state == "aboard" and row.rider in bus.aboard, row, f"the rider is {rider.state}")
        bus.aboard.discard(row.rider)
        goal = rider.asked.other if self.is_line else rider.accepted.other
        self.must(row.node == goal, row, f"the rider wants to node {goal}")
        if self.is_punctual and not self.is_line:
            ride = row.time - rider.boarded.time
            self.must(ride <= rider.asked.b, row, f"rode {ride} s, longer than {rider.asked.b} s")
            self.must(row.time <= rider.accepted.c, row, f"after the promised arrival {rider.accepted.c}")
        rider.state = "served"

    # Buses

    def drive_event(self, row: Row, bus: Bus) -> None:
        """Check one leg, or the part of it until a turn."""
        if row.kind == Kind.LEAVE:
            self.give_up_queue(row, bus)
            self.must_stand(row, bus)
            self.must(row.time >= bus.busy_until, row, "in the middle of boarding")
            bus.state, bus.since, bus.target = "driving", row.time, row.other
            return
        self.must(bus.state == "driving", row, f"but the bus is {bus.state}")
        halt = row.b if row.kind == Kind.ARRIVE else 0
        if row.kind == Kind.ARRIVE and halt:
            self.must(row.node == bus.target, row, f"served a halt at {row.node}, on the way to {bus.target}")
        seconds, fastest = row.time - bus.since - halt, self.roads.fastest(bus.node, row.node)
        if self.is_punctual:
            self.must(seconds >= fastest, row, f"{seconds} s for a way of {fastest} s from {bus.node}")
            exact = seconds == fastest or not self.roads.is_one_period
            self.must(exact, row, f"{seconds} s for a way of {fastest} s from {bus.node}")
        shortest = self.roads.shortest(bus.node, row.node)
        self.must(row.a >= shortest, row, f"{row.a} m for a way of {shortest} m from {bus.node}")
        bus.metres += row.a
        bus.node, bus.since = row.node, row.time
        if row.kind == Kind.TURN:
            bus.target = row.other
        else:
            bus.state = "standing"

    def energy_event(self, row: Row, bus: Bus) -> None:
        """Account energy from distance and time, and compare with what the event says."""
        vehicle = self.spec.fleet.vehicles[self.spec.fleet.buses[row.bus].vehicle]
        metres = row.a if row.kind in (Kind.TURN, Kind.ARRIVE) else 0
        by_clock = 0.0 if bus.is_over else (row.time - bus.energy_at) / 3600 * vehicle.standing_kw
        back = row.c / 3.6e6 if row.kind in (Kind.TURN, Kind.ARRIVE) else 0.0
        if vehicle.drive is None or not metres:
            expected = metres / 1000 * vehicle.kwh_per_km + by_clock
            self.must(abs(row.value - expected) < 1e-9 and back == 0.0, row, f"used {row.value}, expected {expected}")
        else:  # what physics makes of a leg is worked out in tests/sim/test_sim_energy.py
            self.must(row.value >= by_clock - 1e-12, row, f"used {row.value} kWh, of which {by_clock} by the clock")
            self.must(0.0 <= back < metres / 1000, row, f"got back {back} kWh in {metres} m")
        bus.energy_at = row.time
        bus.energy += back - row.value
        bus.used += row.value - back
        if self.is_punctual:
            self.must(bus.energy >= -1e-9, row, f"the battery holds {bus.energy:.3f} kWh")

    def plug_event(self, row: Row, bus: Bus) -> None:
        """Check one step of charging: nobody aboard but where allowed, a free plug, the bus's turn, power."""
        is_allowed = self.spec.charging.riders_aboard and row.node in self.stops
        self.must(not bus.aboard or is_allowed, row, f"riders {sorted(bus.aboard)} are aboard")
        self.must(not bus.is_over or self.spec.charging.overnight == "plugs", row, "its shift is over")
        self.must(bus.node == row.node, row, f"the bus is at {bus.node}")
        came_from = {
            Kind.PLUG_WAIT: "home" if bus.is_over else "standing",
            Kind.PLUG_IN: "queueing",
            Kind.PLUG_OUT: "charging",
        }[Kind(row.kind)]
        self.must(bus.state == came_from, row, f"the bus is {bus.state}")
        site = self.site(row.other)
        if row.kind == Kind.PLUG_WAIT:
            bus.state, bus.site = "queueing", row.other
            self.queue.setdefault(row.other, []).append(row.bus)
        elif row.kind == Kind.PLUG_IN:
            first = min(self.queue[row.other], key=lambda b: self.buses[b].is_over)  # in service before parked
            is_own = self.buses[first].is_over == bus.is_over and self.spec.charging.queue != "first_come"
            self.must(first == row.bus or is_own, row, f"bus {first} was there first")
            self.queue[row.other].remove(row.bus)
            self.plugged[row.other] += 1
            self.must(self.plugged[row.other] <= site[0], row, f"{self.plugged[row.other]} buses at {site[0]} plugs")
            bus.state, bus.plugged_at = "charging", row.time
        else:
            self.plugged[row.other] -= 1
            vehicle = self.spec.fleet.vehicles[self.spec.fleet.buses[row.bus].vehicle]
            most = min(site[1], vehicle.charge_kw) * (row.time - bus.plugged_at) / 3600
            self.must(-1e-9 <= row.value <= most + 1e-9, row, f"{row.value} kWh where {most} are possible")
            bus.energy, bus.charged = bus.energy + row.value, bus.charged + row.value
            self.must(bus.energy <= vehicle.battery_kwh + 1e-9, row, f"{bus.energy} kWh in the battery")
            bus.state, bus.energy_at = "home" if bus.is_over else "standing", row.time

    def give_up_queue(self, row: Row, bus: Bus) -> None:
        """Let a bus go that did not get its turn at the plugs in time."""
        if bus.state == "queueing":
            self.queue[bus.site].remove(row.bus)
            bus.state = "standing"

    def site(self, number: int) -> tuple[int, float]:
        """Give plugs and power [kW] of a charging site."""
        if self.spec.charging.sites:
            return self.spec.charging.sites[number].plugs, self.spec.charging.sites[number].power_kw
        places = self.network.places
        chosen = [i for i, kind in enumerate(places.kinds) if kind == "charger"][number]
        plugs, power = (places.attributes[name][chosen] for name in ("plugs", "power_kw"))
        return int(np.nan_to_num(plugs, nan=1)), float(np.nan_to_num(power, nan=60.0))

    def shift_event(self, row: Row, bus: Bus) -> None:
        """Check the ends of a shift."""
        spec = self.spec.fleet.buses[row.bus]
        self.must(row.node == bus.node, row, f"the bus is at {bus.node}")
        self.give_up_queue(row, bus)
        if row.kind == Kind.SHIFT_START:
            self.must(bus.state == "off" and row.time >= spec.shift_start_s, row, f"the bus is {bus.state}")
            bus.state, bus.energy, bus.energy_at, bus.busy_until = "standing", row.value, row.time, row.time
            return
        self.must(bus.state == "standing", row, f"the bus is {bus.state}")
        self.must(not bus.aboard, row, f"riders {sorted(bus.aboard)} are aboard")
        if self.spec.fleet.return_to_depot:
            self.must(bus.node == self.depots[row.bus], row, f"not at the depot but at {bus.node}")
        if self.is_punctual and self.spec.fleet.return_to_depot:
            allowed = bus.doors if self.is_line else 0  # rounds are planned without riders
            self.must(row.time <= spec.shift_end_s + allowed, row, f"after the end of the shift {spec.shift_end_s}")
        bus.state, bus.is_over = "home", True

    def outcomes(self) -> dict[str, int]:
        """Count riders by outcome; whoever asked and has no end is in progress."""
        ends = set(ENDS.values())
        states = Counter(r.state if r.state in ends else "in_progress" for r in self.riders if r.state != "unknown")
        return dict(states)


def check(log: EventLog, spec: ScenarioSpec, network: RoadNetwork, requests: RequestTable) -> list[str]:
    """List every breach in a log; empty where all is well."""
    return Checker(spec, network, requests).check(log)

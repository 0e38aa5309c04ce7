"""A plain, slow twin of insertion: every stop list is walked step by step; nothing here comes from the kernels.

Also random small cases of fleets whose plans keep all limits, built by this same reference.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field, replace

import numpy as np
import worlds

from busim.core.fleet import FleetArrays
from busim.core.insertion import Costs, Rider, Weights
from busim.core.live_plans import Plans
from busim.core.schedule import refresh
from busim.model.events import NONE, Action
from busim.model.orders import Stop

INF = math.inf


@dataclass
class Bus:
    """One bus of a case: where and when it can next turn, what it carries, its plan closed by ``END``."""

    node: int
    time: float
    load: int
    wheels: int
    energy: float
    seats: int
    wheel_places: int
    reserve: float
    per_metre: float
    per_second: float
    plan: list[Stop] = field(default_factory=list)
    takes_riders: bool = True


@dataclass
class Case:
    """A fleet, the time, travel times between nodes as plain lists, and what insertions share."""

    buses: list[Bus]
    now: float
    seconds: list[list[int]]
    metres: list[list[int]]
    halt: float
    weights: Weights
    to_charger_m: list[float]
    to_charger_s: list[float]
    plug_free: list[float]
    travel: object


@dataclass
class Walk:
    """What happens along a list of stops: starts of service, loads, energies, legs."""

    starts: list[float]
    loads: list[int]
    wheels: list[int]
    energies: list[float]
    seconds: list[float]
    metres: list[float]


def walk(case: Case, bus: Bus, stops: list[Stop]) -> Walk:
    """Drive a list of stops from where the bus can next turn, as early as possible."""
    node, now, energy = bus.node, bus.time, bus.energy
    if case.now > now:  # the bus stands, and uses energy
        energy -= (case.now - now) * bus.per_second
        now = case.now
    load, wheels = bus.load, bus.wheels
    done = Walk([], [], [], [], [], [])
    for stop in stops:
        seconds, metres, halt = 0, 0, 0.0
        if stop.node != node:
            seconds, metres, halt = case.seconds[node][stop.node], case.metres[node][stop.node], case.halt
        arrived = now + seconds + halt
        start = arrived if arrived >= stop.earliest_s else stop.earliest_s
        leave = start + stop.dwell_s
        spent = start if stop.action == Action.CHARGE else leave  # at the plug a bus uses nothing of its own
        energy = energy - metres * bus.per_metre - (spent - now) * bus.per_second
        load, wheels = load + stop.persons, wheels + stop.wheels
        for column, value in zip(vars(done).values(), (start, load, wheels, energy, seconds, metres), strict=True):
            column.append(value)
        energy += stop.gain_kwh
        node, now = stop.node, leave
    return done


def with_rider(plan: list[Stop], rider: Rider, p: int, q: int) -> list[Stop]:
    """Give the plan with a new rider's stops before slots ``p`` and ``q``."""
    pick = Stop(
        rider.origin, Action.PICKUP, -2, rider.persons, rider.wheels, NONE, rider.earliest, rider.latest, rider.board
    )
    drop = Stop(
        rider.destination,
        Action.DROPOFF,
        -2,
        -rider.persons,
        -rider.wheels,
        NONE,
        -INF,
        INF,
        rider.alight,
        rider.longest,
    )
    return [*plan[:p], pick, *plan[p:q], drop, *plan[q:]]


def rides(stops: list[Stop], starts: list[float]) -> dict[int, float]:
    """Give the ride of every rider whose pick-up and drop-off both stand in the list."""
    picked = {stop.rider: start for stop, start in zip(stops, starts, strict=True) if stop.action == Action.PICKUP}
    return {
        stop.rider: start - picked[stop.rider]
        for stop, start in zip(stops, starts, strict=True)
        if stop.action == Action.DROPOFF and stop.rider in picked
    }


def breaks_a_rule(case: Case, bus: Bus, rider: Rider, stops: list[Stop], old: Walk, new: Walk) -> bool:
    """Tell whether a plan with a new rider breaks what anyone was told, or does not fit the bus."""
    mine = [k for k, stop in enumerate(stops) if stop.rider == -2]
    kept = [k for k in range(len(stops)) if k not in mine]
    # capacity from the new rider's pick-up until the drop-off
    ridden = range(mine[0], mine[1])
    if any(new.loads[k] > bus.seats or (rider.wheels and new.wheels[k] > bus.wheel_places) for k in ridden):
        return True
    # windows: nobody gets later than the window allows, or than he is already
    if any(new.starts[k] > max(stops[k].latest_s, old.starts[was]) for was, k in enumerate(kept)):
        return True
    if new.starts[mine[0]] > rider.latest:
        return True
    # rides, likewise
    was, becomes = rides(bus.plan, old.starts), rides(stops, new.starts)
    limits = {stop.rider: stop.ride_s for stop in stops if stop.action == Action.DROPOFF}
    if any(length > max(limits[who], was.get(who, 0.0)) for who, length in becomes.items()):
        return True
    # battery: the reserve at every stop; from riders' stops a plug stays in reach as well, and the wait for it
    for k in range(mine[0], len(stops)):
        needed = bus.reserve
        if stops[k].action in (Action.PICKUP, Action.DROPOFF):
            node = stops[k].node
            there = new.starts[k] + stops[k].dwell_s + case.to_charger_s[node]
            waited = max(there, case.plug_free[node]) - there
            needed += case.to_charger_m[node] * bus.per_metre + (case.to_charger_s[node] + waited) * bus.per_second
        if new.energies[k] < needed:
            return True
    return False


def driven(walked: Walk, stops: list[Stop]) -> tuple[float, float]:
    """Sum seconds and metres of a list of stops, without the way home."""
    counted = [k for k, stop in enumerate(stops) if stop.action != Action.END]
    return sum(walked.seconds[k] for k in counted), sum(walked.metres[k] for k in counted)


def cost(case: Case, bus: Bus, rider: Rider, p: int, q: int) -> float:
    """Give the added cost of a rider at two positions, or infinity where a rule is broken."""
    stops = with_rider(bus.plan, rider, p, q)
    old, new = walk(case, bus, bus.plan), walk(case, bus, stops)
    if breaks_a_rule(case, bus, rider, stops, old, new):
        return INF
    drive, metres = (a - b for a, b in zip(driven(new, stops), driven(old, bus.plan), strict=True))
    persons = rider.persons + rider.wheels
    board, alight = (new.starts[k] for k, stop in enumerate(stops) if stop.rider == -2)
    wait, ride = persons * (board - rider.earliest), persons * (alight - board)
    delays = [new.starts[k] for k, stop in enumerate(stops) if stop.rider != -2]
    for stop, before, after in zip(bus.plan, old.starts, delays, strict=True):
        size, delay = abs(stop.persons) + abs(stop.wheels), after - before
        if stop.action == Action.PICKUP:
            wait, ride = wait + size * delay, ride - size * delay
        elif stop.action == Action.DROPOFF:
            ride += size * delay
    w = case.weights
    return w.wait * wait + w.ride * ride + w.drive * drive + w.distance * metres


def places(bus: Bus) -> list[tuple[int, int]]:
    """List all pairs of positions that a bus offers."""
    if not bus.takes_riders:
        return []
    charge = next((k for k, stop in enumerate(bus.plan) if stop.action == Action.CHARGE), None)
    last = len(bus.plan) - 1 if charge is None else charge
    return list(itertools.combinations_with_replacement(range(last + 1), 2))


def all_costs(case: Case, rider: Rider) -> dict[tuple[int, int, int], float]:
    """Give the cost of every feasible insertion by (bus, p, q)."""
    found = {(b, p, q): cost(case, bus, rider, p, q) for b, bus in enumerate(case.buses) for p, q in places(bus)}
    return {place: value for place, value in found.items() if value < INF}


# Random cases


def random_rider(rng: np.random.Generator, case: Case, *, tight: bool) -> Rider:
    """Draw a rider; one in four is booked ahead, one in ten uses a wheelchair."""
    size = len(case.seconds)
    origin, destination = rng.choice(size, 2, replace=False).tolist()
    earliest = case.now + (int(rng.integers(100, 900)) if rng.random() < 0.25 else 0)
    direct = case.seconds[origin][destination]
    wheels = int(rng.random() < 0.1)
    longest = max(int(direct * rng.choice([1.0, 1.2, 1.5, 2.0])), direct + int(rng.choice([0, 30, 120, 400])))
    return Rider(
        origin,
        destination,
        float(earliest),
        float(earliest + rng.integers(50, 300 if tight else 900)),
        float(longest),
        int(rng.integers(0 if wheels else 1, 4)),
        wheels,
        float(rng.integers(0, 30)),
        float(rng.integers(0, 30)),
    )


def random_case(rng: np.random.Generator, max_buses: int = 3, max_riders: int = 4) -> Case:
    """Draw a small fleet with plans that keep all their limits; a few buses then become late."""
    network = worlds.town("grid", 3) if rng.random() < 0.5 else worlds.town("ring", 7)
    travel = worlds.static_travel(network, rng.integers(20, 120, network.num_edges).tolist())
    halt = float(rng.choice([0, 10]))
    wait = float(rng.choice([1.0, 1.3]))
    weights = Weights(
        wait, wait * float(rng.choice([0.0, 0.5, 1.0])), float(rng.choice([0.0, 0.7])), float(rng.choice([0.0, 0.1]))
    )
    sites = rng.choice(network.num_nodes, 2, replace=False)
    case = Case(
        [],
        1000.0,
        travel.times[0].tolist(),
        travel.lengths[0].tolist(),
        halt,
        weights,
        travel.lengths[0][:, sites].min(axis=1).astype(float).tolist(),
        travel.times[0][:, sites].min(axis=1).astype(float).tolist(),
        [1000.0 + float(rng.choice([0.0, 1000.0, 4000.0]))] * network.num_nodes,
        travel,
    )
    case.buses = [_random_bus(rng, case, sites, max_riders) for _ in range(int(rng.integers(1, max_buses + 1)))]
    return case


def _random_bus(rng: np.random.Generator, case: Case, sites: np.ndarray, max_riders: int) -> Bus:
    size = len(case.seconds)
    has_battery = rng.random() < 0.5
    bus = Bus(
        node=int(rng.integers(size)),
        time=case.now + float(rng.integers(-200, 60)),
        load=0,
        wheels=0,
        energy=float(rng.uniform(2, 12)) if has_battery else INF,
        seats=int(rng.integers(3, 8)),
        wheel_places=int(rng.integers(0, 2)),
        reserve=1.0 if has_battery else 0.0,
        per_metre=0.001 if has_battery else 0.0,
        per_second=0.0005 if has_battery else 0.0,
        takes_riders=rng.random() < 0.9,
    )
    shift_end = case.now + float(rng.integers(1000, 6000))
    bus.plan = [Stop(int(rng.integers(size)), Action.END, latest_s=shift_end if rng.random() < 0.7 else INF)]
    if rng.random() < 0.2:
        site = int(rng.integers(2))
        gain = float(rng.uniform(0.0, 4.0))
        bus.plan.insert(0, Stop(int(sites[site]), Action.CHARGE, site=site, dwell_s=300.0, gain_kwh=gain))
    elif rng.random() < 0.2:
        bus.plan.insert(0, Stop(int(rng.integers(size)), Action.MOVE))
    for number in range(int(rng.integers(0, max_riders + 1))):
        _plan_rider(rng, case, bus, number)
    _board_some(rng, case, bus)
    if rng.random() < 0.1:  # traffic: the bus is late with what it has promised
        bus.time = case.now + float(rng.integers(50, 400))
    return bus


def _plan_rider(rng: np.random.Generator, case: Case, bus: Bus, number: int) -> None:
    rider = random_rider(rng, case, tight=False)
    takes, bus.takes_riders = bus.takes_riders, True
    found = [place for place in places(bus) if cost(case, bus, rider, *place) < INF]
    bus.takes_riders = takes
    if found:
        p, q = found[int(rng.integers(len(found)))]
        name = 100 + number
        bus.plan = [
            stop._replace(rider=name) if stop.rider == -2 else stop for stop in with_rider(bus.plan, rider, p, q)
        ]


def _board_some(rng: np.random.Generator, case: Case, bus: Bus) -> None:
    """Carry out the first pick-ups: these riders are aboard, and their ride limit is a window."""
    for _ in range(int(rng.integers(0, 3))):
        if bus.plan[0].action != Action.PICKUP:
            return
        pick = bus.plan[0]
        started = walk(case, bus, bus.plan).starts[0]
        bus.plan.pop(0)
        bus.node, bus.time = pick.node, max(case.now, case.now + float(rng.integers(0, 20)))
        bus.load, bus.wheels = bus.load + pick.persons, bus.wheels + pick.wheels
        shift = bus.time - started - pick.dwell_s  # as if the boarding had just been done
        for k, stop in enumerate(bus.plan):
            if stop.rider == pick.rider:
                bus.plan[k] = stop._replace(latest_s=started + shift + stop.ride_s, ride_s=INF)


# The same case as the kernels take it


def as_arrays(case: Case, slots: int = 2) -> tuple[FleetArrays, Plans, Costs]:
    """Give fleet, scheduled plans and costs as arrays."""
    buses = case.buses

    def column(name: str, kind: type) -> np.ndarray:
        return np.array([getattr(bus, name) for bus in buses], kind)

    plans = Plans(len(buses), slots)
    for b, bus in enumerate(buses):
        for k, stop in enumerate(bus.plan):
            plans.insert(b, k, stop)
    fleet = FleetArrays(
        column("node", np.int64),
        column("time", np.float64),
        column("energy", np.float64),
        column("load", np.int64),
        column("wheels", np.int64),
        column("seats", np.int64),
        column("wheel_places", np.int64),
        np.zeros(len(buses), np.int64),
        column("per_metre", np.float64),
        column("per_second", np.float64),
        column("reserve", np.float64),
    )
    for b, bus in enumerate(buses):
        refresh(plans.arrays, fleet, b, case.now, case.travel.tables, case.halt)
        if not bus.takes_riders:
            fleet.last[b] = -1
    ways = (np.array(case.to_charger_m), np.array(case.to_charger_s), np.array(case.plug_free))
    return fleet, plans, Costs(case.weights, case.halt, *ways)


def without(case: Case, bus: int) -> Case:
    """Give the case with one bus alone."""
    return replace(case, buses=[case.buses[bus]])

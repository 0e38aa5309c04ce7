"""The assembly of a run: parts built, wired, run; everything else takes its parts as arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from busim.core.charger_ways import ChargerWays
from busim.core.insertion import Costs, Weights
from busim.core.road_energy import most_metres
from busim.core.travel import TravelTimes
from busim.core.travel import build as build_travel
from busim.core.view import Chargers
from busim.errors import InputError, Problem, did_you_mean
from busim.garbage import looked_for_rarely
from busim.model.charger_sites import STOP_KINDS, charger_specs
from busim.model.duties import Duties
from busim.model.events import NONE, EventLog
from busim.model.fleet import FleetState
from busim.model.network import Ints, RoadNetwork
from busim.model.requests import RequestTable
from busim.model.riders import Riders
from busim.model.specs import ScenarioSpec
from busim.policy.idling_zones import PROFILE
from busim.policy.line import departures
from busim.policy.protocols import Dispatcher, IdleStrategy
from busim.policy.registry import make_dispatcher, make_idle
from busim.rng import Streams
from busim.sim.access import riders as make_riders
from busim.sim.bus import BusProcess, Steps
from busim.sim.clock import Clock
from busim.sim.control import Control
from busim.sim.driving import Driving
from busim.sim.duties import DutyBook
from busim.sim.energy_checks import energy_problems
from busim.sim.forecasts import profile
from busim.sim.line import LineService
from busim.sim.plugs import Plugs, sites
from busim.sim.positions import Positions
from busim.sim.state import State
from busim.sim.traffic import Traffic
from busim.sim.withdrawals import draw
from busim.sim.world import World

NIGHT_STEP_S = 900
GRACE_S = 7200  # buses that are late may still come home
Progress = Callable[[int], None]


@dataclass(frozen=True)
class SimResult:
    """What a simulated day leaves: the log, the final state, and the inputs that later steps need."""

    log: EventLog
    state: State
    riders: Riders
    travel: TravelTimes


class Simulation:
    """A day ready to run.

    Parameters
    ----------
    world
        The world with its environment.
    control
        The control centre.
    riders
        The riders.
    """

    def __init__(self, world: World, control: Control, platform: LineService | None) -> None:
        self.world, self.control = world, control
        buses = range(len(world.depot_node))
        self.buses = [BusProcess(world, b, control, control.plugs, platform or _NoLine()) for b in buses]
        control.start(self.buses)

    def run(self, progress: Progress | None = None) -> SimResult:
        """Run until every bus is home.

        Parameters
        ----------
        progress
            Called now and then with the simulated time [s].
        """
        world = self.world
        if progress is not None:
            world.env.process(self._report(progress))
        last = max((bus.shift_end_s for bus in world.spec.fleet.buses), default=world.spec.end_s) + GRACE_S
        over = world.env.timeout(max(0, last - world.now))
        everyone = world.env.all_of([bus.process for bus in self.buses])
        with looked_for_rarely():
            world.env.run(until=everyone | over if self.buses else over)
            self._run_night()
        return SimResult(EventLog.from_rows(world.rows), world.state, world.state.riders, world.travel)

    def _run_night(self) -> None:
        """Let buses that charge after their shift do so until the morning."""
        world, night = self.world, self.control.night
        while night.buses and world.now <= night.until():
            world.env.run(until=min(world.now + NIGHT_STEP_S, night.until() + 1))  # what happens then included

    def _report(self, progress: Progress) -> Steps:
        while True:
            progress(self.world.now)
            yield self.world.env.timeout(300)


class _NoLine:
    """Stands where a scenario has no line."""

    def serve(self, bus: int, stop: int, leave_s: float) -> Steps:
        """Serve nobody."""
        raise ValueError(f"bus {bus} has a line stop {stop} at {leave_s} s, but the scenario has no line")


def check_names(spec: ScenarioSpec, network: RoadNetwork) -> None:
    """Check the places and zones that a scenario names against its map.

    Raises
    ------
    InputError
        With every name that the map does not have.
    """
    index, zones = network.places.index, sorted(set(network.places.zones) - {""})
    named = [("fleet.depots", bus.depot) for bus in spec.fleet.buses]
    named += [("line.stops", stop) for stop in (spec.line.stops if spec.line else ())]
    named += [("charging.charger", site.place) for site in spec.charging.sites]
    problems = [
        Problem(key, f"the map '{network.name}' has no place '{name}'", did_you_mean(name, index))
        for key, name in dict.fromkeys(named)
        if name not in index
    ]
    problems += [
        Problem("service.zones", f"the map '{network.name}' has no zone '{zone}'", did_you_mean(zone, zones))
        for zone in spec.service.zones
        if zone not in zones
    ]
    if problems:
        raise InputError(problems)


def _ways(travel: TravelTimes, chargers: Chargers) -> ChargerWays:
    slowest = travel.times[:, :, chargers.node].max(axis=0).astype(np.float64)
    fits = np.unique(chargers.fits, axis=0)
    return ChargerWays(slowest, travel.most[:, chargers.node].astype(np.float64), fits)


def _costs(spec: ScenarioSpec, ways: ChargerWays) -> Costs:
    objective = spec.objective
    weights = Weights(objective.wait, objective.ride, objective.drive, objective.distance)
    return Costs(weights, float(spec.service.stop_s), ways.to_charger_m, ways.to_charger_s, ways.plug_free)


@dataclass(frozen=True)
class Given:
    """Strategies handed in ready-made, in place of those that the scenario names."""

    dispatch: Dispatcher | None = None
    charging: IdleStrategy | None = None
    idling: IdleStrategy | None = None


def _strategies(spec: ScenarioSpec, given: Given) -> tuple[Dispatcher, IdleStrategy, IdleStrategy]:
    """Make the strategies and ask each whether it supports the scenario."""
    dispatcher = given.dispatch or make_dispatcher(spec.dispatch)
    charging = spec.charging
    idle = [
        given.charging or make_idle("charging", type(spec.dispatch)(charging.strategy, charging.parameters)),
        given.idling or make_idle("idling", spec.idling),
    ]
    problems = [
        Problem(f"{kind}.strategy", f"'{chosen.strategy}' does not fit this scenario: {what}")
        for kind, chosen, strategy in (("charging", charging, idle[0]), ("idling", spec.idling, idle[1]))
        if (what := strategy.unsupported(spec))
    ]
    if spec.service.mode != "line" and (what := dispatcher.unsupported(spec)):
        problems.append(Problem("dispatch.strategy", f"'{spec.dispatch.strategy}' does not fit this scenario: {what}"))
    if problems:
        raise InputError(problems)
    return dispatcher, idle[0], idle[1]


def make_world(spec: ScenarioSpec, network: RoadNetwork, travel: TravelTimes, riders: Riders) -> tuple[World, Chargers]:
    """Make the world of a day before its first event, and its charging sites; nothing runs in it yet.

    Parameters
    ----------
    spec, network
        The scenario, whose names are checked, and its map.
    travel, riders
        Travel times; riders with their limits.
    """
    places, streams = network.places, Streams(spec.seed)
    chargers = charger_specs(spec, network.places)
    charger_nodes = [int(places.node[places.index[site.place]]) for site in chargers]
    depots = np.array([places.node[places.index[bus.depot]] for bus in spec.fleet.buses], np.int64)
    vehicles = [spec.fleet.vehicles[bus.vehicle] for bus in spec.fleet.buses]
    energy = np.array([b.start_charge * v.battery_kwh for b, v in zip(spec.fleet.buses, vehicles, strict=True)])
    kinds = spec.fleet.vehicles
    travel = travel.with_most(kinds, lambda: most_metres(travel.tables, network, kinds))
    stops = set(places.node[[kind in STOP_KINDS for kind in places.kinds]].tolist())
    is_stop, aboard = [node in stops for node in charger_nodes], spec.charging.riders_aboard
    charging = sites(charger_nodes, chargers, vehicles, is_stop, riders_aboard=aboard)
    ways = _ways(travel, charging)
    world = World(
        Clock(spec.start_s),
        spec,
        State(FleetState.parked(depots, energy), riders),
        travel,
        Positions(
            spec.fleet,
            spec.charging.reserve + spec.charging.margin,
            travel,
            Traffic(travel, spec.travel, (spec.start_s, spec.end_s), streams),
            Driving(vehicles, travel, network),
        ),
        _costs(spec, ways),
        depots.tolist(),
        ways,
    )
    return world, charging


def build(
    spec: ScenarioSpec,
    network: RoadNetwork,
    requests: RequestTable,
    travel: TravelTimes | None = None,
    riders: Riders | None = None,
    given: Given | None = None,
    duties: Duties | None = None,
) -> Simulation:
    """Build a day: world, processes, strategies.

    Parameters
    ----------
    spec
        The scenario.
    network
        Its map.
    requests
        Its riders, not used where ``riders`` is given.
    travel
        Travel times, where they are compiled already.
    riders
        Riders with their limits, where they do not follow from the service's rules.
    given
        Strategies that are objects already, such as those under test.
    duties
        What buses have to do from the start of their shifts.

    Raises
    ------
    InputError
        If the scenario names what the map does not have, a strategy does not support it, or the duties do not fit.
    """
    check_names(spec, network)
    dispatcher, charging, idling = _strategies(spec, given or Given())
    top_speed = min(vehicle.top_speed_kmh for vehicle in spec.fleet.vehicles)
    if travel is None:
        travel = build_travel(network, spec.travel, top_speed, (spec.start_s, spec.end_s))
    reasons: Ints = np.full(len(riders), NONE) if riders is not None else np.zeros(0, np.int64)
    if riders is None:
        riders, reasons = make_riders(spec, network, requests, travel)
    streams, places = Streams(spec.seed), network.places
    world, chargers = make_world(spec, network, travel, riders)
    world.withdrawals = draw(spec, riders, streams["withdrawals"])
    problems = energy_problems(spec, network, world.travel, chargers)
    if problems:
        raise InputError(problems)
    plugs = Plugs(world, chargers, charger_specs(spec, places))
    line = None
    if spec.service.mode == "line" and spec.line is not None:
        nodes = np.array([places.node[places.index[stop]] for stop in spec.line.stops], np.int64)
        line = LineService(world, spec.line, nodes, departures(spec.line, spec.start_s, spec.end_s, streams["line"]))
    book = DutyBook(world, chargers, duties or {}, reasons)
    control = Control(world, plugs, dispatcher, charging, idling, line, reasons, streams["policy"], book)
    seen = control.first_view
    seen.node_x_m, seen.node_y_m = network.x_m, network.y_m
    if getattr(idling, "forecast", "") == PROFILE:
        seen.forecast = profile(spec, network, travel)
    return Simulation(world, control, line)

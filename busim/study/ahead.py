"""Planning the riders who booked ahead before the day begins: yesterday's bookings, tomorrow's duties."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from busim import network as networks
from busim import sim
from busim.core.travel import TravelTimes
from busim.errors import BusimError, InputError
from busim.model.charger_sites import charger_specs
from busim.model.duties import Duties, Duty
from busim.model.events import NONE, Action
from busim.model.network import RoadNetwork
from busim.model.requests import RequestTable
from busim.model.specs import ScenarioSpec
from busim.planning.day_plan import DaySettings, plan_day
from busim.rng import Streams
from busim.scenario import Scenario
from busim.sim import access
from busim.sim.plugs import Plugs
from busim.sim.traffic import Traffic
from busim.study.ahead_charges import planned_charges
from busim.study.duties_file import duties_document
from busim.study.hindsight_check import BusPlan, Outlook, evaluate
from busim.study.hindsight_data import day_data, live_routes, to_visits
from busim.study.hindsight_live import ALIGHT, BOARD, CHARGE, BusDay, LiveDay, Offers, Visit
from busim.study.outcome import riders_of, travel_times
from busim.study.phases import Progress


@dataclass(frozen=True, repr=False)
class AheadPlan:
    """The riders who booked ahead, planned.

    Parameters
    ----------
    spec, requests
        The scenario and its riders.
    duties
        What each bus has to do.
    outlook
        What the plan comes to on planned travel times.
    left
        Riders who booked ahead and are left to the day, by id.
    steps
        Of the search.
    """

    spec: ScenarioSpec
    requests: RequestTable = field(repr=False)
    duties: Duties
    outlook: Outlook = field(repr=False)
    left: Sequence[str]
    steps: int

    @property
    def num_planned(self) -> int:
        """Count the riders planned."""
        return int(self.outlook.is_served.sum())

    def document(self) -> dict[str, Any]:
        """Give it as plain data, as in its file."""
        times: dict[tuple[int, int], int] = {}
        count: dict[int, int] = {}
        for stop in self.outlook.stops:
            place = count.get(stop.bus, 0)
            times[stop.bus, place], count[stop.bus] = stop.start_s, place + 1
        document = duties_document(self.spec, self.requests, self.duties, times)
        return document | {"left": list(self.left), "cost": self.outlook.parts, "km": self.outlook.metres / 1000}

    def write(self, path: Path) -> None:
        """Write the plan file."""
        path.write_text(json.dumps(self.document(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def __repr__(self) -> str:
        """Tell it in one line."""
        return f"<AheadPlan: {self.num_planned} riders on {len(self.duties)} buses, {len(self.left)} left>"

    def _repr_html_(self) -> str:
        """Show it in a notebook."""
        return f"<p>{html.escape(repr(self))}</p>"


def plan_ahead(
    scenario: Scenario, settings: DaySettings | None = None, *, progress: Progress | None = None
) -> AheadPlan:
    """Plan the riders of a scenario who booked ahead, on planned travel times.

    Windows, ride limits, capacity and shifts hold, and the battery lasts with the charges that are planned (see
    ``ahead_charges``). Who does not fit, or is not worth his price, is left to the day's dispatch.

    Parameters
    ----------
    scenario
        From ``load``.
    settings
        How long to search.
    progress
        Called with the phase's name and its share done.

    Raises
    ------
    InputError
        If a line runs, or nobody has booked ahead.
    """
    spec = scenario.spec
    if spec.service.mode == "line":
        raise InputError.single("plan", "a fixed line has nothing to plan: its buses go the same way whoever rides")
    network = networks.compile(spec.map)
    requests, travel = riders_of(spec, network), travel_times(spec, network)
    day = _day(spec, network, requests, travel)
    if not day.offers.is_open.any():
        what = "nobody who can be served has booked ahead"
        raise InputError.single("plan", what, "raise demand.prebooked_share, or give requests with earlier bookings")
    world = sim.simulation.make_world(spec, network, travel, access.riders(spec, network, requests, travel)[0])[0]
    data, who = day_data(day)
    reserve = world.positions.arrays.reserve
    data = data._replace(to_charger_m=world.costs.to_charger_m, to_charger_s=world.costs.to_charger_s, floor=reserve)
    watch = None if progress is None else lambda share: progress("plan", share)
    found = plan_day(data, live_routes(day, who), settings or DaySettings(seed=spec.seed), watch)
    plan = to_visits(day, who, found.routes)
    outlook = evaluate(day, plan)
    if outlook.faults:
        raise BusimError(f"the plan did not pass its check: {'; '.join(outlook.faults[:5])}")
    left = np.flatnonzero((requests.earliest_s > requests.time_s) & ~outlook.is_served)
    return AheadPlan(spec, requests, _duties(day, plan), outlook, [requests.ids[k] for k in left.tolist()], found.steps)


def _day(spec: ScenarioSpec, network: RoadNetwork, requests: RequestTable, travel: TravelTimes) -> LiveDay:
    """Lay out the day before it begins: who booked ahead, and charges where buses will need them."""
    riders, reasons = access.riders(spec, network, requests, travel)
    world, chargers = sim.simulation.make_world(spec, network, travel, riders)
    charges = planned_charges(
        spec, travel, world.depot_node, Plugs(world, chargers, charger_specs(spec, network.places))
    )
    halt = float(spec.service.stop_s)
    buses = []
    for bus, shift in enumerate(spec.fleet.buses):
        visits = [Visit(CHARGE, k, c.node, -1.0, halt) for k, c in enumerate(charges) if c.bus == bus]
        buses.append(BusDay(tuple(visits), -1.0, shift.shift_end_s, np.inf))
    offers = Offers(
        riders.from_node, riders.to_node, riders.earliest_s.astype(np.float64), riders.latest_s.astype(np.float64),
        riders.longest_s.astype(np.float64), (riders.walk_to_s + riders.walk_from_s).astype(np.float64),
        riders.board_s, riders.alight_s, riders.persons, riders.wheels, np.zeros(len(riders)),
        (requests.earliest_s > requests.time_s) & (reasons == NONE),
    )  # fmt: skip
    calm = Traffic(travel, replace(spec.travel, noise_cv=0.0), (spec.start_s, spec.end_s), Streams(spec.seed))
    return LiveDay(spec, calm, np.array(world.depot_node, np.int64), offers, tuple(buses), tuple(charges))


def _duties(day: LiveDay, plan: Sequence[BusPlan]) -> Duties:
    """Give a plan as duties."""
    return {bus: tuple(_duty(day, visit) for visit in own.visits) for bus, own in enumerate(plan) if own.visits}


def _duty(day: LiveDay, visit: Visit) -> Duty:
    if visit.action == CHARGE:
        charge = day.charges[visit.ref]
        seconds = charge.plug_out_s - charge.plug_in_s
        return Duty(Action.CHARGE, NONE, charge.site, charge.plug_in_s, seconds, charge.gain_kwh)
    return Duty({BOARD: Action.PICKUP, ALIGHT: Action.DROPOFF}[visit.action], visit.ref)

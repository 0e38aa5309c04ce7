"""A finished day as a plan: which bus went where, from the log alone, and what its riders were offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from busim.metrics.day import Day
from busim.model.events import NONE, EventLog, Kind
from busim.model.network import Bools, Floats, Ints
from busim.model.specs import ScenarioSpec
from busim.rng import Streams
from busim.sim import access
from busim.sim.traffic import Traffic
from busim.study.outcome import Outcome

PASS, BOARD, ALIGHT, CHARGE = "pass", "board", "alight", "charge"


class Visit(NamedTuple):
    """One stop of a bus.

    Parameters
    ----------
    action
        ``"board"``, ``"alight"``, ``"charge"`` or ``"pass"``: there without any of these, as when its course changed.
    ref
        The rider, or the number of the charge; ``NONE`` for none.
    node
        Where.
    leave_s
        Earliest departure towards it [s]; -1 for as soon as the bus is free.
    halt_s
        Fixed time of the halt there [s].
    """

    action: str
    ref: int
    node: int
    leave_s: float
    halt_s: float


class Charge(NamedTuple):
    """A charge as it was: bus, site, node, when plugged in and out [s], energy gained and held afterwards [kWh]."""

    bus: int
    site: int
    node: int
    plug_in_s: int
    plug_out_s: int
    gain_kwh: float
    full_kwh: float


class BusDay(NamedTuple):
    """What a bus did: its visits, when it left for home (-1 if it was there), when it got there, least energy [kWh].

    The energy is that of ``hindsight_check.measured``, before which it is not known.
    """

    visits: tuple[Visit, ...]
    leave_home_s: float
    home_s: int
    least_kwh: float = -np.inf


class Offers(NamedTuple):
    """What each rider was offered: nodes, window, longest ride, walk, dwells, places; and how late he was [R].

    ``is_open`` tells whom a plan may carry or not: who was served, refused or gave up.
    """

    from_node: Ints
    to_node: Ints
    earliest_s: Floats
    latest_s: Floats
    longest_s: Floats
    walk_s: Floats
    board_s: Floats
    alight_s: Floats
    persons: Ints
    wheels: Ints
    late_s: Floats
    is_open: Bools

    @property
    def party(self) -> Ints:
        """Persons of each rider, wheelchairs included [R]."""
        return self.persons + self.wheels


@dataclass(frozen=True, eq=False)
class LiveDay:
    """A day that is over.

    Parameters
    ----------
    spec
        Its scenario.
    traffic
        The roads as they were.
    depot
        Node of each bus's depot [B].
    offers
        What riders were offered.
    buses
        What the buses did.
    charges
        All charges.
    """

    spec: ScenarioSpec
    traffic: Traffic
    depot: Ints
    offers: Offers
    buses: tuple[BusDay, ...]
    charges: tuple[Charge, ...]


def live_day(made: Outcome) -> LiveDay:
    """Read a finished day back.

    Parameters
    ----------
    made
        The run.
    """
    spec, places = made.scenario.spec, made.network.places
    traffic = Traffic(made.travel, spec.travel, (spec.start_s, spec.end_s), Streams(spec.seed))
    depot = np.array([places.node[places.index[bus.depot]] for bus in spec.fleet.buses], np.int64)
    charges: list[Charge] = []
    offers = _offers(made)
    carried = offers.is_open & (made.tables["rides"]["outcome"] == "served")
    buses = tuple(_bus_day(made.log, spec, bus, carried, charges) for bus in range(len(depot)))
    return LiveDay(spec, traffic, depot, offers, buses, tuple(charges))


def _offers(made: Outcome) -> Offers:
    spec, rides = made.scenario.spec, made.tables["rides"]
    riders, reasons = access.riders(spec, made.network, made.requests, made.travel)
    was_aboard = ~np.isnan(rides["pickup_s"])
    latest = np.where(np.isnan(rides["latest_pickup_s"]), riders.latest_s, rides["latest_pickup_s"])
    longest = np.where(np.isnan(rides["max_ride_s"]), riders.longest_s, rides["max_ride_s"])
    outcome = rides["outcome"]
    return Offers(
        np.where(was_aboard, rides["from_node"], riders.from_node),
        np.where(was_aboard, rides["to_node"], riders.to_node),
        np.where(was_aboard, rides["earliest_s"], riders.earliest_s).astype(np.float64),
        latest.astype(np.float64),
        longest.astype(np.float64),
        np.where(was_aboard, rides["walk_s"], riders.walk_to_s + riders.walk_from_s).astype(np.float64),
        riders.board_s,
        riders.alight_s,
        riders.persons,
        riders.wheels,
        Day(made.tables, spec).late_s,
        np.isin(outcome, ("served", "refused", "abandoned")) & (reasons == NONE),
    )


def _bus_day(log: EventLog, spec: ScenarioSpec, bus: int, carried: Bools, charges: list[Charge]) -> BusDay:
    """Follow one bus through the log; its charges are appended."""
    rows = np.flatnonzero(log.bus == bus)
    rows = rows[: 1 + int(np.argmax(np.append(log.kind[rows], Kind.SHIFT_END) == Kind.SHIFT_END))]
    visits: list[Visit] = []
    here: Visit | None = None  # where the bus has come to without having done anything yet
    left, home, plugged = -1.0, spec.end_s, 0
    columns = (log.time, log.kind, log.rider, log.node, log.other, log.b, log.value)
    for time, kind, rider, node, other, b, value in zip(*(c[rows].tolist() for c in columns), strict=True):
        if kind in (Kind.BOARD, Kind.ALIGHT) and carried[rider]:
            at = here or Visit(PASS, NONE, node, -1.0, float(spec.service.stop_s))
            visits += _passing(at, spec)
            visits.append(Visit(BOARD if kind == Kind.BOARD else ALIGHT, rider, node, _leave(at, spec), at.halt_s))
            here = None
        elif kind in (Kind.LEAVE, Kind.SHIFT_END):
            if kind == Kind.SHIFT_END and here is not None and here.halt_s == spec.service.stop_s:
                return BusDay(tuple(visits), here.leave_s, time)
            visits += [here] if here is not None else []
            here, left, home = None, float(time), time
        elif kind == Kind.TURN:
            visits.append(Visit(PASS, NONE, node, left, 0.0))
            left = float(time)
        elif kind == Kind.ARRIVE:
            here = Visit(PASS, NONE, node, left, float(max(b, 0)))
        elif kind == Kind.PLUG_IN:
            plugged = time
        elif kind == Kind.PLUG_OUT:
            at = here or Visit(PASS, NONE, node, -1.0, float(spec.service.stop_s))
            visits += _passing(at, spec)
            visits.append(Visit(CHARGE, len(charges), node, _leave(at, spec), at.halt_s))
            charges.append(Charge(bus, other, node, plugged, time, value, np.inf))
            here = None
    return BusDay(tuple(visits), -1.0, home)


def _passing(at: Visit, spec: ScenarioSpec) -> list[Visit]:
    """Give the arrival as a visit of its own where its halt is not that of a stop."""
    return [at] if at.leave_s >= 0 and at.halt_s != spec.service.stop_s else []


def _leave(at: Visit, spec: ScenarioSpec) -> float:
    return at.leave_s if at.halt_s == spec.service.stop_s else -1.0


def parts_of(tables: Mapping[str, object], spec: ScenarioSpec) -> dict[str, float]:
    """Split the generalised cost of a day by what it is for; the sum is the KPI ``cost``."""
    day = Day(tables, spec)  # type: ignore[arg-type]
    rides, weights = day.rides, spec.objective
    return {
        "wait": weights.wait * float(np.nansum(rides["wait_s"] * rides["party"])),
        "ride": weights.ride * float(np.nansum(rides["ride_s"] * rides["party"])),
        "walk": weights.walk * float(np.nansum((rides["walk_s"] * rides["party"])[day.is_served])),
        "lateness": weights.late * float((day.late_s * rides["party"]).sum()),
        "driving": weights.drive * day.state_s("driving_riders", "driving_empty"),
        "distance": weights.distance * day.metres,
        "refusal": weights.refusal * int(rides["party"][np.isin(rides["outcome"], ("refused", "abandoned"))].sum()),
    }

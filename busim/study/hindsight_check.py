"""What a plan for a finished day comes to, driven leg by leg on that day's roads; shares no code with the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from busim.model.network import Bools, Floats
from busim.study.hindsight_live import ALIGHT, BOARD, CHARGE, PASS, LiveDay, Visit

SLIP_KWH = 1e-5  # rounding of sums


class BusPlan(NamedTuple):
    """A bus's visits, and when it leaves for home at the earliest (-1 for at once)."""

    visits: tuple[Visit, ...]
    leave_home_s: float


class StopTime(NamedTuple):
    """One stop as it would have been: arrival with the halt, start and end of service [s], persons, energy [kWh].

    ``held_kwh`` is the energy before a charge, and elsewhere the same as ``energy_kwh``.
    """

    bus: int
    action: str
    ref: int
    node: int
    ready_s: int
    start_s: int
    depart_s: int
    metres: int
    on_board: int
    energy_kwh: float
    held_kwh: float


@dataclass
class _Rider:
    boarded_s: float = np.nan
    alighted_s: float = np.nan
    bus: int = -1


@dataclass
class Outlook:
    """What a plan comes to.

    Parameters
    ----------
    parts
        Generalised cost by what it is for, of the riders that the plan is free to carry or not.
    faults
        What it breaks; empty for a plan that holds.
    stops
        All stops with their times.
    boarded_s, alighted_s
        Of each rider, ``nan`` if not carried [R].
    metres
        Driven.
    """

    parts: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    stops: list[StopTime] = field(default_factory=list)
    boarded_s: Floats = field(default_factory=lambda: np.zeros(0))
    alighted_s: Floats = field(default_factory=lambda: np.zeros(0))
    metres: int = 0

    @property
    def is_served(self) -> Bools:
        """Tell who is carried [R]."""
        served: Bools = ~np.isnan(self.alighted_s)
        return served

    @property
    def cost(self) -> float:
        """Sum of the parts."""
        return sum(self.parts.values())


def evaluate(day: LiveDay, plan: Sequence[BusPlan]) -> Outlook:
    """Drive a plan and weigh it.

    Parameters
    ----------
    day
        The day with its roads and offers.
    plan
        Of each bus.
    """
    out = Outlook()
    riders = [_Rider() for _ in range(len(day.offers.is_open))]
    seconds = sum(_drive(day, bus, own, riders, out) for bus, own in enumerate(plan))
    planned = [visit.ref for own in plan for visit in own.visits if visit.action == CHARGE]
    if sorted(planned) != list(range(len(day.charges))):
        out.faults.append("not every charge of the day stands in the plan once")
    out.boarded_s = np.array([rider.boarded_s for rider in riders])
    out.alighted_s = np.array([rider.alighted_s for rider in riders])
    _weigh(day, out, seconds)
    return out


def measured(day: LiveDay) -> LiveDay:
    """Measure what the buses' own plans left in their batteries, by use per kilometre and second.

    No plan may go lower than they did (or than the reserve), nor leave a charge with more: so the plan's use is
    measured as theirs is, whatever driving really took.
    """
    own = [BusPlan(bus.visits, bus.leave_home_s) for bus in day.buses]
    stops = evaluate(day, own).stops
    full = {stop.ref: stop.energy_kwh for stop in stops if stop.action == CHARGE}
    least = {bus: min((stop.held_kwh for stop in stops if stop.bus == bus), default=np.inf) for bus in range(len(own))}
    return replace(
        day,
        buses=tuple(bus._replace(least_kwh=least[k]) for k, bus in enumerate(day.buses)),
        charges=tuple(charge._replace(full_kwh=full[k]) for k, charge in enumerate(day.charges)),
    )


def _drive(day: LiveDay, bus: int, own: BusPlan, riders: list[_Rider], out: Outlook) -> int:
    """Drive one bus through its day; gives the seconds that it drives."""
    spec, vehicle = day.spec.fleet.buses[bus], day.spec.fleet.vehicles[day.spec.fleet.buses[bus].vehicle]
    node, now = int(day.depot[bus]), max(spec.shift_start_s, day.spec.start_s)
    energy, driving, aboard = spec.start_charge * vehicle.battery_kwh, 0, [0, 0]
    least = min(day.spec.charging.reserve * vehicle.battery_kwh, day.buses[bus].least_kwh) - SLIP_KWH
    home = int(day.depot[bus]) if day.spec.fleet.return_to_depot else None
    ends = [*own.visits] + (
        [] if home is None else [Visit("home", -1, home, own.leave_home_s, day.spec.service.stop_s)]
    )
    for visit in ends:
        ready, metres, hour = now, 0, vehicle.standing_kw / 3600
        if visit.node != node:
            leave = int(max(now, visit.leave_s))
            _, times, lengths = day.traffic.drive(node, visit.node, leave)
            driving, metres = driving + int(times[-1]) - leave, int(lengths[-1])
            ready = int(times[-1]) + int(visit.halt_s)
        start, depart = _serve(day, bus, visit, ready, riders, aboard, out)
        energy -= metres / 1000 * vehicle.kwh_per_km + (start - now) * hour
        energy -= (depart - start) * hour if visit.action != CHARGE else 0.0
        held = energy
        if visit.action == CHARGE:
            charge = day.charges[visit.ref]
            energy = min(held + charge.gain_kwh, max(charge.full_kwh, held))
        if held < least:
            out.faults.append(f"bus {bus} is down to {held:.2f} kWh at {depart} s")
        if aboard[0] > vehicle.seats + vehicle.standees or aboard[1] > vehicle.wheelchair_places:
            out.faults.append(f"bus {bus} carries {aboard[0]} persons and {aboard[1]} wheelchairs at {depart} s")
        out.stops.append(
            StopTime(bus, visit.action, visit.ref, visit.node, ready, start, depart, metres, sum(aboard), energy, held)
        )
        out.metres += metres
        node, now = visit.node, depart
    if any(aboard):
        out.faults.append(f"bus {bus} ends its day with riders aboard")
    if now > max(spec.shift_end_s, day.buses[bus].home_s):
        out.faults.append(f"bus {bus} comes home at {now} s, after its shift")
    return driving


def _serve(
    day: LiveDay, bus: int, visit: Visit, ready: int, riders: list[_Rider], aboard: list[int], out: Outlook
) -> tuple[int, int]:
    """Serve a visit; gives start and end of service."""
    offers, ref = day.offers, visit.ref
    if visit.action == CHARGE:
        charge = day.charges[ref]
        if charge.bus != bus or charge.node != visit.node or ready > charge.plug_in_s or any(aboard):
            out.faults.append(f"bus {bus} cannot charge at {charge.plug_in_s} s as it did")
        return charge.plug_in_s, charge.plug_out_s
    if visit.action not in (BOARD, ALIGHT):
        return ready, ready
    rider = riders[ref]
    sign = 1 if visit.action == BOARD else -1
    aboard[0] += sign * int(offers.persons[ref])
    aboard[1] += sign * int(offers.wheels[ref])
    if visit.action == BOARD:
        start = max(ready, int(offers.earliest_s[ref]))
        if rider.bus >= 0 or not offers.is_open[ref] or visit.node != offers.from_node[ref]:
            out.faults.append(f"rider {ref} cannot board bus {bus} at node {visit.node}")
        rider.boarded_s, rider.bus = start, bus
        return start, start + int(offers.board_s[ref])
    if rider.bus != bus or not np.isnan(rider.alighted_s) or visit.node != offers.to_node[ref]:
        out.faults.append(f"rider {ref} cannot leave bus {bus} at node {visit.node}")
    rider.alighted_s = ready
    return ready, ready + int(offers.alight_s[ref])


def _weigh(day: LiveDay, out: Outlook, seconds: int) -> None:
    """Fill in the parts of the cost, and the riders' faults."""
    offers, weights = day.offers, day.spec.objective
    served = out.is_served & offers.is_open
    ride = out.alighted_s - out.boarded_s
    late_up, late_ride = out.boarded_s - offers.latest_s, ride - offers.longest_s
    late_down = out.alighted_s - offers.latest_s - offers.longest_s
    late = np.fmax.reduce([late_up, late_ride, late_down, np.zeros(len(ride))]) * served
    for rider in np.flatnonzero(late > offers.late_s + 1e-6).tolist():
        out.faults.append(f"rider {rider} would be {late[rider]:.0f} s late, more than on the day itself")
    out.parts = {
        "wait": weights.wait * float(((out.boarded_s - offers.earliest_s) * offers.party)[served].sum()),
        "ride": weights.ride * float((ride * offers.party)[served].sum()),
        "walk": weights.walk * float((offers.walk_s * offers.party)[served].sum()),
        "lateness": weights.late * float((late * offers.party).sum()),
        "driving": weights.drive * seconds,
        "distance": weights.distance * out.metres,
        "refusal": weights.refusal * int(offers.party[offers.is_open & ~served].sum()),
    }


__all__ = ["PASS", "BusPlan", "Outlook", "StopTime", "evaluate"]

"""The moment of a decision: what every bus could have done for a rider, told in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from busim.core.chances import Chance, chances
from busim.core.insertion import Rider
from busim.core.meeting import Way, best_way, ways
from busim.core.view import View
from busim.core.worth import refusal_price
from busim.model.events import NONE, Reason
from busim.model.fleet import Mode
from busim.model.network import Floats
from busim.report.day import FinishedDay
from busim.report.explanation import Grid
from busim.report.words import MEANING, Names, at, count, listed, span
from busim.sim.playback import Playback, decision_row

MOST_SHOWN = 8


@dataclass(frozen=True)
class Moment:
    """What all buses could have done for a rider at one moment.

    Parameters
    ----------
    time_s
        When [s].
    rider
        The rider as the kernels take it.
    chances
        Of the buses that take riders, the nearest to fitting first.
    at_plug, off_duty
        The other buses.
    is_found
        Whether the search that live strategies use would have found a place.
    price
        What turning the rider away costs in the objective (``inf`` where it has no price).
    battery_kwh
        Of each bus [B].
    max_places
        Seats of the largest bus, and most wheelchair places of one.
    ways
        By bus the pair of stops with which it comes nearest to fitting.
    """

    time_s: int
    rider: Rider
    chances: tuple[Chance, ...]
    at_plug: tuple[int, ...]
    off_duty: tuple[int, ...]
    is_found: bool
    price: float
    battery_kwh: Floats
    max_places: tuple[int, int]
    ways: Mapping[int, Way]

    @property
    def binding(self) -> Reason:
        """The constraint that bound: what the bus nearest to fitting breaks most."""
        seats, wheels = self.max_places
        if self.rider.persons > seats or self.rider.wheels > wheels:
            return Reason.SEATS
        if not self.chances:
            return Reason.NO_BUS
        reason = self.chances[0].reason
        return Reason.STRATEGY if reason == NONE else Reason(reason)


def look(playback: Playback, rider: int, row: int, now: int | None = None) -> Moment:
    """Play the log up to before a row, and try a rider in every bus.

    Parameters
    ----------
    playback
        Standing at or before the row.
    rider, row
        Whom, and when.
    now
        The time there [s]; that of the row if ``None``.
    """
    playback.move_to(row)
    view = playback.view(now)
    return judge(view, rider, playback.world.state.fleet.mode.tolist())


def judge(view: View, rider: int, modes: list[int]) -> Moment:
    """Try a rider in every bus of a view; ``modes`` tells what each bus is doing."""
    row, fleet = view.rider(rider), view.fleet
    found, chosen = _over_all_stops(view, rider)
    away = np.flatnonzero(fleet.last < 0).tolist()
    plug = tuple(bus for bus in away if modes[bus] != Mode.OFF)
    return Moment(
        view.now,
        row,
        found,
        plug,
        tuple(bus for bus in away if bus not in plug),
        best_way(view, rider)[1].bus != NONE,
        refusal_price(row, max(view.now, row.earliest), view.travel, view.objective),
        view.battery_kwh,
        (int(fleet.seats.max(initial=0)), int(fleet.wheel_places.max(initial=0))),
        chosen,
    )


def _over_all_stops(view: View, rider: int) -> tuple[tuple[Chance, ...], dict[int, Way]]:
    """Give each bus's best chance over all stops that the rider could have been sent to, and which these are."""
    best: dict[int, tuple[Chance, Way]] = {}
    for way in ways(view, rider):
        for chance in chances(view.fleet, view.plans, way.rider, view.now, view.travel.tables, view.costs):
            now = chance._replace(cost=chance.cost + way.extra)
            before = best.get(chance.bus)
            if before is None or (now.gap, now.cost) < (before[0].gap, before[0].cost):
                best[chance.bus] = now, way
    found = sorted((chance for chance, _ in best.values()), key=lambda chance: (chance.gap, chance.cost, chance.bus))
    return tuple(found), {bus: way for bus, (_, way) in best.items()}


def against(chance: Chance, battery_kwh: float, names: Names) -> str:
    """Tell what stands against a chance; empty if nothing does."""
    parts = []
    if chance.late_s:
        parts.append(f"{span(chance.late_s)} after the latest pick-up")
    if chance.others_s:
        parts.append(f"{names.rider(chance.other)} would be {span(chance.others_s)} late")
    if chance.over_s:
        parts.append(f"the ride {span(chance.over_s)} too long")
    if chance.seats:
        parts.append(f"{count(round(chance.seats), 'seat')} too few")
    if chance.wheel_places:
        parts.append("no free wheelchair place")
    if chance.home_s:
        parts.append(f"back {span(chance.home_s)} after the end of its shift")
    if chance.energy_kwh:
        share = f"{100 * max(0.0, chance.energy_low_kwh) / battery_kwh:.0f} %"
        parts.append(f"charge down to {share}, {chance.energy_kwh:.1f} kWh short of the reserve and the way to a plug")
    return ", ".join(parts)


def chance_sentence(chance: Chance, moment: Moment, names: Names) -> str:
    """Tell a chance in one sentence."""
    if chance.boarded_s >= 1 << 29:
        return f"Bus {chance.bus} has no way there."
    come = f"Bus {chance.bus} could have come{_where(chance, moment, names)} at {at(chance.boarded_s)}"
    what = against(chance, float(moment.battery_kwh[chance.bus]), names)
    if not what:
        return f"{come} and arrived at {at(chance.alighted_s)}, at a cost of {chance.cost:.0f}."
    return f"{come}: {what}."


def _where(chance: Chance, moment: Moment, names: Names) -> str:
    """Name the stops where they are not the nearest."""
    way = moment.ways[chance.bus]
    if way.row == NONE:
        return ""
    return f" to {names.node(way.rider.origin)}, for a ride to {names.node(way.rider.destination)},"


def fleet_sentence(moment: Moment) -> str:
    """Tell how many buses could take riders."""
    size = len(moment.battery_kwh)
    parts = [f"{len(moment.chances)} of {count(size, 'bus', 'buses')} could take riders"]
    if moment.at_plug:
        parts.append(f"{len(moment.at_plug)} could not be had at a charger")
    if moment.off_duty:
        parts.append(f"{len(moment.off_duty)} {'was' if len(moment.off_duty) == 1 else 'were'} off duty")
    return f"At {at(moment.time_s)} {listed(parts)}."


def moment_sentences(moment: Moment, names: Names) -> list[str]:
    """Tell what bound, and the nearest alternatives."""
    told = [fleet_sentence(moment)]
    binding = moment.binding
    if binding == Reason.SEATS and moment.rider.persons > moment.max_places[0]:
        return [*told, f"The party of {moment.rider.persons} is larger than any bus ({moment.max_places[0]} places)."]
    if not moment.chances:
        return told
    if binding == Reason.SEATS and moment.rider.wheels > moment.max_places[1]:
        return [*told, f"No bus has places for {count(moment.rider.wheels, 'wheelchair')}."]
    if binding != Reason.STRATEGY:
        told.append(f"What bound most at the bus nearest to fitting: {MEANING[binding]}.")
    fitting = [chance for chance in moment.chances if chance.reason == NONE]
    if fitting:
        what = f"{count(len(fitting), 'bus', 'buses')} could have taken the rider without breaking a rule."
        told += [what, _preference(fitting[0], moment)]
    told += [chance_sentence(chance, moment, names) for chance in moment.chances[:3]]
    return told


def _preference(best: Chance, moment: Moment) -> str:
    """Tell why a strategy may have left a possible insertion alone."""
    if not moment.is_found:
        return (
            "The search did not see it: it first takes the travel times of the period in which each leg begins, and "
            "here a leg crosses into another period."
        )
    if best.cost > moment.price:
        return f"The least cost, {best.cost:.0f}, is above the price of a refusal, {moment.price:.0f}."
    return "The strategy preferred another use of its buses in that decision."


def moment_grid(moment: Moment, names: Names, most: int = MOST_SHOWN) -> Grid:
    """Tabulate the buses nearest to fitting."""
    rows = tuple(
        (
            str(chance.bus),
            at(chance.boarded_s),
            at(chance.alighted_s),
            "-" if chance.boarded_s >= 1 << 29 else f"{chance.cost:.0f}",
            against(chance, float(moment.battery_kwh[chance.bus]), names) or "nothing",
        )
        for chance in moment.chances[:most]
    )
    title = f"The {count(len(rows), 'bus', 'buses')} nearest to fitting at {at(moment.time_s)}"
    return Grid(title, ("bus", "pick-up", "arrival", "cost", "what stands against it"), rows, (0, 3))


def moment_facts(moment: Moment) -> dict[str, Any]:
    """Give a moment as data, with every bus."""
    return {
        "time_s": moment.time_s,
        "binding": moment.binding.name.lower(),
        "refusal_price": moment.price,
        "buses_at_charger": list(moment.at_plug),
        "buses_off_duty": list(moment.off_duty),
        "alternatives": [chance_facts(chance) for chance in moment.chances],
    }


def chance_facts(chance: Chance) -> dict[str, Any]:
    """Give a chance as data."""
    return {
        "bus": chance.bus,
        "fits": chance.reason == NONE,
        "reason": "" if chance.reason == NONE else Reason(chance.reason).name.lower(),
        "pickup_s": chance.boarded_s,
        "dropoff_s": chance.alighted_s,
        "earliest_pickup_s": chance.at_once_s,
        "cost": chance.cost,
        "late_s": chance.late_s,
        "ride_too_long_s": chance.over_s,
        "seats_missing": chance.seats,
        "wheelchair_places_missing": chance.wheel_places,
        "other_late_s": chance.others_s,
        "other_rider": None if chance.other == NONE else chance.other,
        "shift_late_s": chance.home_s,
        "energy_missing_kwh": chance.energy_kwh,
        "energy_low_kwh": chance.energy_low_kwh if math.isfinite(chance.energy_low_kwh) else None,
    }


def moment_of_answer(day: FinishedDay, playback: Playback, rider: int, row: int) -> Moment:
    """Look at the moment before the decision that a rider's answer, a row of the log, belongs to."""
    return look(playback, rider, decision_row(day.log, row), int(day.log.time[row]))

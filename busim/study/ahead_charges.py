"""Charges planned before the day: each bus goes when a usual day would have used up its battery, at a booked plug."""

from __future__ import annotations

from collections.abc import Sequence

from busim.core.travel import TravelTimes
from busim.model.specs import ScenarioSpec
from busim.sim.plugs import Plugs
from busim.study.hindsight_live import Charge

UNTIL = 0.9  # share of the battery to leave with
LOW, HIGH = 0.35, 0.65  # shares at which buses go: not all at the same time
USUAL_KMH = 8.0  # kilometres per hour in service, rests included, that a usual day takes
LAST_S = 5400  # who would come back to work for less than this does not charge any more
STEP_S = 600


def planned_charges(spec: ScenarioSpec, travel: TravelTimes, depots: Sequence[int], plugs: Plugs) -> list[Charge]:
    """Plan charges for all buses, at the site nearest to their depots that has a plug; none without a strategy.

    Parameters
    ----------
    spec, travel
        The scenario; travel times.
    depots
        Node of each bus's depot [B].
    plugs
        The charging sites.
    """
    charges: list[Charge] = []
    if spec.charging.strategy == "none" or not len(plugs.chargers.node):
        return charges
    for bus, shift in enumerate(spec.fleet.buses):
        vehicle, size = spec.fleet.vehicles[shift.vehicle], len(spec.fleet.buses)
        per_s = (vehicle.standing_kw + USUAL_KMH * vehicle.kwh_per_km) / 3600
        first = LOW + (HIGH - LOW) * ((bus * 7) % size) / size
        now, held, goes_at = shift.shift_start_s, shift.start_charge * vehicle.battery_kwh, first
        while per_s > 0.0:
            now += max(0, int((held - goes_at * vehicle.battery_kwh) / per_s))
            at = min(held, goes_at * vehicle.battery_kwh)
            found = _book(bus, now, at, shift.shift_end_s - LAST_S, travel, depots[bus], plugs, charges)
            if found is None:
                break
            charges.append(found)
            now, held, goes_at = found.plug_out_s, found.full_kwh, LOW
    return charges


def _book(
    bus: int,
    wanted_s: int,
    held: float,
    last_s: int,
    travel: TravelTimes,
    depot: int,
    plugs: Plugs,
    taken: list[Charge],
) -> Charge | None:
    """Find the first free plug from a time on, at the nearest site of those that have one; None if it is too late."""
    chargers = plugs.chargers
    full = UNTIL * plugs.world.vehicle(bus).battery_kwh
    sites = sorted(range(len(chargers.node)), key=lambda s: int(travel.times[0, depot, chargers.node[s]]))
    start = wanted_s
    while start < last_s and held < full:
        for site in sites[:4]:
            end = start + plugs.seconds(bus, site, held, UNTIL)
            beside = sum(c.site == site and c.plug_in_s < end and c.plug_out_s > start for c in taken)
            if end <= last_s and beside < chargers.plugs[site]:
                return Charge(bus, site, int(chargers.node[site]), start, end, full - held, full)
        start += STEP_S
    return None

"""What a strategy may know when it decides: arrays of fleet, plans and riders, travel times, objective, memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from busim.core.bound_search import Search
from busim.core.charge_curve import Curve, capped, make_curve, swap_curve
from busim.core.fleet import FleetArrays
from busim.core.forecast import Forecast
from busim.core.insertion import Costs, Rider
from busim.core.plain_rows import Living
from busim.core.plans import Brief, PlanArrays
from busim.core.travel import TravelTimes
from busim.model.energy_specs import ElectricitySpec
from busim.model.network import Bools, Floats, Ints
from busim.model.riders import Riders
from busim.model.specs import ObjectiveSpec


@dataclass(frozen=True)
class Chargers:
    """The charging sites.

    Parameters
    ----------
    node
        Where [S].
    plugs, power_kw, connect_s
        Of each site [S].
    taken
        Plugs in use and buses queueing now [S].
    limit_kw
        The most that all plugs of a site give together [S]; they share it.
    fits
        Whether a bus fits the plugs of a site [B, S].
    is_swap
        Whether a site swaps batteries, all within ``connect_s`` [S].
    at_stop
        Whether a site stands at a stop [S].
    allows_riders
        Whether buses may charge there with riders aboard: at stops, where the scenario says so [S].
    ready_s
        From when on a site has a charged battery to swap, past or 0 where it has one [S, s].
    bus_site, bus_until
        Site at which a bus is plugged in or queues, or ``NONE``, and until when it is expected to be there [B].
    """

    node: Ints
    plugs: Ints
    power_kw: Floats
    connect_s: Ints
    taken: Ints
    limit_kw: Floats
    bus_site: Ints
    bus_until: Ints
    fits: Bools
    is_swap: Bools
    at_stop: Bools
    allows_riders: Bools
    ready_s: Ints


@dataclass(slots=True)
class View:
    """The control centre's knowledge at one moment; every array is read-only, and nothing may be changed.

    Parameters
    ----------
    now
        The moment [s].
    fleet, plans
        Where buses can next change course, their loads and limits [B]; their plans with slacks [B, L].
    riders
        The riders' table [R]; rows of riders who have not asked yet are not for strategies to read.
    open
        Riders who have asked and stand in no plan, in the order in which they asked [k].
    travel, costs, objective
        Travel times; what insertions share; the scenario's weights.
    chargers
        Charging sites.
    battery_kwh, charge_kw
        Of each bus [B].
    memory
        What the strategy returned last time.
    curves
        Charging curve of each bus's battery [B].
    electricity
        Prices by time of day.
    node_x_m, node_y_m
        Where the nodes lie on the map's plane [N].
    forecast
        Riders expected from the scenario's profile, where a strategy asks for it.
    brief
        The plans in brief, where these are the plans that live: for searches.
    """

    now: int
    fleet: FleetArrays
    plans: PlanArrays
    riders: Riders
    open: Ints
    travel: TravelTimes
    costs: Costs
    objective: ObjectiveSpec
    chargers: Chargers
    battery_kwh: Floats
    charge_kw: Floats
    memory: Mapping[str, Any] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    electricity: ElectricitySpec = field(default_factory=ElectricitySpec)
    node_x_m: Floats = field(default_factory=lambda: np.zeros(0))
    node_y_m: Floats = field(default_factory=lambda: np.zeros(0))
    forecast: Forecast | None = None
    brief: Brief | None = None
    _search: Search | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def search(self) -> Search:
        """Searches for insertions among the plans as they are."""
        return self._search_among(self.plans)

    def _search_among(self, plans: PlanArrays, living: Living | None = None) -> Search:
        found = self._search
        if found is None or found.plans is not plans or found.fleet is not self.fleet:
            known = None
            if self.brief is not None and self.brief.of is plans.floats:
                known = self.brief.slots
            else:  # plans that are made up: nothing is known of them
                living = None
            found = self._search = Search(self.fleet, plans, self.travel.tables, self.costs, known, living)
        return found

    def scheduled(self, bus: int) -> PlanArrays:  # noqa: ARG002  (others than that of the bus need not stand)
        """Give ``plans`` to those who read the schedule of one bus alone: on noisy roads that is cheaper."""
        return self.plans

    @property
    def idle(self) -> Ints:
        """Buses that stand free, with nothing planned but the end of the shift [m]."""
        fleet = self.fleet
        return np.flatnonzero((self.plans.length == 1) & (fleet.last >= 0) & (fleet.time <= self.now))

    def rider(self, rider: int) -> Rider:
        """Give a rider as the kernels take it; no pick-up is planned before now."""
        riders = self.riders
        earliest = riders.earliest_s.item(rider)
        return Rider(
            riders.from_node.item(rider),
            riders.to_node.item(rider),
            float(earliest if earliest > self.now else self.now),
            float(riders.latest_s.item(rider)),
            float(riders.longest_s.item(rider)),
            riders.persons.item(rider),
            riders.wheels.item(rider),
            float(riders.board_s.item(rider)),
            float(riders.alight_s.item(rider)),
        )

    def curve(self, bus: int, site: int) -> Curve:
        """Give the charging curve that a bus can count on at a site, however many others charge there."""
        chargers = self.chargers
        if chargers.is_swap[site]:
            return swap_curve(float(self.battery_kwh[bus]))
        sure_kw = min(float(chargers.power_kw[site]), float(chargers.limit_kw[site] / chargers.plugs[site]))
        if self.curves:
            return capped(self.curves[bus], sure_kw)
        return make_curve((), float(self.battery_kwh[bus]), min(sure_kw, float(self.charge_kw[bus])))

    def energy_now(self, bus: int) -> float:
        """Give the energy that a bus has left, where it can next change course [kWh]."""
        fleet = self.fleet
        waited = self.now - fleet.time.item(bus)
        energy: float = fleet.energy.item(bus) - max(0.0, waited) * fleet.per_second.item(bus)
        return energy

    def charge(self, bus: int) -> float:
        """Give that energy as a share of the battery."""
        size = float(self.battery_kwh.item(bus))
        return self.energy_now(bus) / size if math.isfinite(size) else 1.0

"""The world of a run: the state, its one mutator, and the schedules that follow from it."""

from __future__ import annotations

import math

import numpy as np
import simpy

from busim.core.insertion import Costs, origin_of
from busim.core.plans import ACTION, CHARGE, LATEST, LOAD, NODE, RIDE, RIDER, START, WHEEL_LOAD
from busim.core.schedule import refresh
from busim.core.travel import TravelTimes
from busim.model.events import NONE, Action, Kind
from busim.model.orders import Stop
from busim.model.specs import BusSpec, ScenarioSpec, VehicleSpec
from busim.sim.positions import Positions
from busim.sim.state import State


class World:
    """State, clock and log; ``record`` is the only way in which the state changes.

    Parameters
    ----------
    env
        The SimPy environment; its clock counts whole seconds from midnight.
    spec
        The scenario.
    state
        Fleet, plans, riders.
    travel, positions, costs
        Planned times; where buses can next change course; what insertions share.
    depot_node
        Node of each bus's depot [B].
    """

    def __init__(
        self,
        env: simpy.Environment,
        spec: ScenarioSpec,
        state: State,
        travel: TravelTimes,
        positions: Positions,
        costs: Costs,
        depot_node: list[int],
    ) -> None:
        self.env, self.spec, self.state = env, spec, state
        self.travel, self.positions, self.costs, self.depot_node = travel, positions, costs, depot_node
        self.rows: list[tuple[float, ...]] = []
        self.halt_s = int(costs.halt)
        self._rounded_at = [0] * len(depot_node)  # up to when a bus's energy is accounted
        positions.share(state.fleet.load, state.fleet.wheels)

    @property
    def now(self) -> int:
        """The moment [s from midnight]."""
        return int(self.env.now)

    def record(
        self,
        kind: Kind,
        bus: int = NONE,
        rider: int = NONE,
        node: int = NONE,
        other: int = NONE,
        a: int = NONE,
        b: int = NONE,
        c: int = NONE,
        value: float = 0.0,
    ) -> None:
        """Apply an event to the state and append it to the log; see ``Kind`` for the columns."""
        row = (int(self.env.now), int(kind), bus, rider, node, other, a, b, c, value)
        self.rows.append(row)
        self.state.apply(*row)

    def bus(self, bus: int) -> BusSpec:
        """Give a bus's spec."""
        return self.spec.fleet.buses[bus]

    def vehicle(self, bus: int) -> VehicleSpec:
        """Give a bus's type."""
        return self.spec.fleet.vehicles[self.spec.fleet.buses[bus].vehicle]

    def energy_used(self, bus: int, metres: int = 0) -> float:
        """Account the energy since the last call for this bus: driving by distance, the rest by time [kWh]."""
        vehicle, since = self.vehicle(bus), self._rounded_at[bus]
        self._rounded_at[bus] = self.now
        return metres / 1000 * vehicle.kwh_per_km + (self.now - since) / 3600 * vehicle.standing_kw

    def start_account(self, bus: int) -> None:
        """Begin to account a bus's energy now."""
        self._rounded_at[bus] = self.now

    def end_stop(self, bus: int) -> Stop:
        """Give the stop that closes a bus's plan: its depot by the end of the shift."""
        shift_end = self.bus(bus).shift_end_s
        latest = float(shift_end) if self.spec.fleet.return_to_depot else math.inf
        return Stop(self.depot_node[bus], Action.END, latest_s=latest)

    def record_tail(self, bus: int, keep: int, stops: tuple[Stop, ...]) -> None:
        """Log a new tail of a plan, closed by the end of the shift."""
        self.record(Kind.PLAN, bus, a=keep)
        for stop in (*stops, self.end_stop(bus)):
            earliest = NONE if math.isinf(stop.earliest_s) else int(stop.earliest_s)
            latest = NONE if math.isinf(stop.latest_s) else int(stop.latest_s)
            self.record(
                Kind.SLOT,
                bus,
                stop.rider,
                stop.node,
                stop.site,
                int(stop.action),
                earliest,
                latest,
                stop.dwell_s,
            )

    def reschedule(self, bus: int) -> None:
        """Compute a bus's schedule and slack anew from where it can next change course."""
        plans = self.state.plans
        self.positions.advance(self.env.now)
        origin = origin_of(self.positions.arrays, bus, float(self.env.now))
        refresh(plans, bus, origin, self.travel.tables, self.costs.halt)
        size = int(plans.length[bus])
        actions = plans.ints[bus, :size, ACTION]
        charges = np.flatnonzero(actions == CHARGE)
        self.positions.arrays.last[bus] = int(charges[0]) if len(charges) else size - 1

    def withdraw(self, bus: int) -> None:
        """Take a bus out of dispatch: it cannot say when it will be free."""
        self.positions.arrays.last[bus] = -1

    def first_node(self, bus: int) -> int:
        """Give the node of a bus's next stop; a bus in service always has one."""
        return int(self.state.plans.ints[bus, 0, NODE])

    def lateness(self, bus: int) -> float:
        """Give by how much the worst stop of a bus's plan is late [s]; 0 where all is in time."""
        floats = self.state.plans.floats[bus, : self.state.plans.length[bus]]
        return max(0.0, float((floats[:, START] - floats[:, LATEST]).max()))

    def broken(self, bus: int, late_before: float) -> str:
        """Tell what a bus's plan breaks, or nothing: windows (beyond what was late already), rides, capacity."""
        plans, arrays = self.state.plans, self.positions.arrays
        size = int(plans.length[bus])
        floats, ints = plans.floats[bus, :size], plans.ints[bus, :size]
        late = floats[:, START] - floats[:, LATEST]
        if late.max() > late_before:
            k = int(late.argmax())
            return f"slot {k} (node {ints[k, NODE]}) would be {late[k]:.0f} s late"
        load, wheels = floats[:, LOAD].max(), floats[:, WHEEL_LOAD].max()
        if load > arrays.seats[bus] or wheels > arrays.wheel_places[bus]:
            return f"{load:.0f} persons and {wheels:.0f} wheelchairs are more than fit in"
        for k in np.flatnonzero(np.isfinite(floats[:, RIDE])).tolist():
            begin = plans.position(bus, int(ints[k, RIDER]), Action.PICKUP)
            ride = floats[k, START] - floats[begin, START]
            if begin > k or begin == NONE or ride > floats[k, RIDE] + late_before:
                return f"rider {ints[k, RIDER]} would ride {ride:.0f} s, longer than {floats[k, RIDE]:.0f} s"
        return ""

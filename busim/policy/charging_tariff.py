"""Charging by price: a linear program over the slots of the day, solved again on a rolling horizon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from busim.core.charge_plan import ChargeProblem, plan_charging
from busim.core.plans import LATEST
from busim.core.tariff import price_at
from busim.core.view import View
from busim.model.network import Floats
from busim.model.orders import Charge, Order
from busim.model.specs import ScenarioSpec
from busim.policy.fields import parameter
from busim.policy.plug_times import has_time, quickest
from busim.units import HOUR_S, MINUTE_S

SLOT_S = 900
_LEAST_SHARE = 0.05  # of a battery: less is not worth the way


@dataclass(frozen=True)
class Tariff:
    """Charge when it is cheap: a linear program over buses and quarter hours, solved again as the day goes by.

    It reckons with what driving and standing will need, the plugs, the price of each quarter hour, the peak, and the
    price at which what is missing in the evening is bought back overnight. A bus without work then charges what the
    program has for it now and in the slots that follow.
    """

    until: float = parameter(0.95, "charge that no battery is filled beyond", low=0.05, high=1.0)
    floor: float = parameter(
        0.40, "charge that the plan keeps at all times: what a busy hour may take beyond the mean", low=0.0, high=1.0
    )
    km_per_hour: float = parameter(16.0, "distance that a bus in service drives in an hour", low=0.0, high=60.0)
    least_min: float = parameter(10.0, "time to spare below which no charge is begun", low=0.0, unit="min")
    free_from: float = parameter(
        0.80,
        "charge from which riders may end the charge: a charge cut short is made up at a dearer hour",
        low=0.0,
        high=1.0,
    )
    round_min: float = parameter(30.0, "time after which the program is solved again", low=5.0, high=240.0, unit="min")

    @property
    def every_s(self) -> int:
        """Solve once in a round."""
        return int(self.round_min * MINUTE_S)

    def unsupported(self, spec: ScenarioSpec) -> str:
        """Tell if the shares do not lie in order."""
        if not spec.charging.reserve <= self.floor < self.until:
            return f"needs reserve <= floor < until, got {spec.charging.reserve}, {self.floor}, {self.until}"
        return ""

    def plan(self, view: View, rng: np.random.Generator) -> Mapping[str, Any]:  # noqa: ARG002
        """Solve the program from now until the last shift ends; gives the energy of each bus and slot [B, S, kWh]."""
        ends = self._shift_ends(view)
        slots = int(np.ceil(max(0.0, float(ends.max(initial=view.now)) - view.now) / SLOT_S))
        if slots == 0 or not len(view.chargers.node):
            return {"first": view.now, "kwh": np.zeros((len(ends), 0))}
        begin = view.now + SLOT_S * np.arange(slots, dtype=np.float64)
        works = begin[None, :] < ends[:, None]
        plugs, power = (
            view.chargers.plugs,
            np.minimum(view.chargers.power_kw * view.chargers.plugs, view.chargers.limit_kw),
        )
        fastest = np.minimum(view.charge_kw, (power / plugs).max())
        electricity, held = view.electricity, self._held(view)
        problem = ChargeProblem(
            energy=held,
            floor=np.minimum(self.floor * view.battery_kwh, held),
            battery=np.maximum(self.until * view.battery_kwh, held),
            use=works * self._use_kw(view)[:, None] * (SLOT_S / HOUR_S),
            most=works * fastest[:, None] * (SLOT_S / HOUR_S),
            price=price_at(electricity, begin) / electricity.overnight_efficiency,
            capacity=np.full(slots, power.sum() * (SLOT_S / HOUR_S)),
            target=self.until * view.battery_kwh,
            end_price=electricity.overnight_per_kwh / electricity.overnight_efficiency,
            peak_price=electricity.demand_per_kw * (HOUR_S / SLOT_S),
        )
        return {"first": view.now, "kwh": plan_charging(problem)}

    def _held(self, view: View) -> Floats:
        return np.array([max(0.0, view.energy_now(bus)) for bus in range(len(view.battery_kwh))])

    def _use_kw(self, view: View) -> Floats:
        use: Floats = view.fleet.per_second * HOUR_S + view.fleet.per_metre * 1000 * self.km_per_hour
        return use

    @staticmethod
    def _shift_ends(view: View) -> Floats:
        """Give the end of each bus's shift, as its plan says; now for a bus that is off [B]."""
        size = view.plans.length
        last = view.plans.floats[np.arange(len(size)), np.maximum(size - 1, 0), LATEST]
        ends: Floats = np.where((size > 0) & np.isfinite(last), last, float(view.now))
        return ends

    def idle(self, view: View, bus: int, rng: np.random.Generator) -> tuple[Order, ...]:  # noqa: ARG002
        """Charge what the program has for this slot and those that follow without a gap."""
        planned = view.memory.get("kwh")
        if planned is None or not planned.shape[1]:
            return ()
        slot = int((view.now - view.memory["first"]) // SLOT_S)
        row = planned[bus, slot:]
        gaps = np.flatnonzero(row < 1e-6)
        wanted = float(row[: gaps[0] if len(gaps) else len(row)].sum())
        size = float(view.battery_kwh[bus])
        until = min(self.until, view.charge(bus) + wanted / size)
        if until - view.charge(bus) < _LEAST_SHARE:
            return ()
        option = quickest(view, bus, until)
        if option is None or option.start > option.arrive or not has_time(view, bus, option, self.least_min):
            return ()
        return (Charge(bus, option.site, until, free_from=self.free_from),)
